"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """What changes, on both stores."""
    ${upgrades if upgrades else "op.execute(sa.text(''))"}
