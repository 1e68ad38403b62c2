"""How Alembic reaches the store: on the connection it is given, in that transaction."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,  # SQLite too: we begin its transactions ourselves
)
context.run_migrations()
