"""The ledgers lose the indexes that no question is asked by: each cost every scan a page."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """What time something was done follows from its place in a ledger (see `journal`)."""
    op.drop_index("ix_journal_at", "journal")
    op.drop_index("ix_journal_operation_id", "journal")
    op.drop_index("ix_movements_line", "movements")
    op.drop_index("ix_operations_warehouse_id_at", "operations")
