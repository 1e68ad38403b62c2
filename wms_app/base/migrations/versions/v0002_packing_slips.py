"""Clients may wish packing slips; today's trucks are found among all that ever left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """No client wishes one yet."""
    slip: sa.Column[bool] = sa.Column(
        "packing_slip", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("clients", slip)
    if op.get_bind().dialect.name == "postgresql":  # SQLite would have to make the table anew
        op.alter_column("clients", "packing_slip", server_default=None)
    op.drop_index("ix_pickups_state", "pickups")
    op.create_index("ix_pickups_state", "pickups", ["warehouse_id", "state", "departed_at"])
