"""The shape of the store through the versions: each step forward, by Alembic.

`python -m alembic revision -m "what changes"` in the checkout begins a new step; its name goes
into `HEAD`, and a copy of the store is kept before it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, text

from wms_app.base.refusal import Refused
from wms_app.base.texts import _

HEAD = "0003"
FOLDER = Path(__file__).parent


def version_of(conn: Connection) -> str:
    """The version of the store's tables; "" for an empty store, "?" for one that names none."""
    if conn.dialect.name == "postgresql":
        names = (
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
            "AND relnamespace = current_schema()::regnamespace"
        )
    else:
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    there = set(conn.execute(text(names)).scalars())
    if "alembic_version" in there:
        return str(conn.execute(text("SELECT version_num FROM alembic_version")).scalar() or "?")
    return "?" if there else ""


def check(conn: Connection) -> None:
    """Refuse with words what is empty, older than this program, or newer."""
    version = version_of(conn)
    if version == HEAD:
        return
    if not version:
        raise Refused(
            "no_tables", _("This store is empty."), _("Make its tables with `wms init` first.")
        )
    if version.isdigit() and version > HEAD:
        raise Refused(
            "newer_store",
            _("This store was made by a newer Dock ({version}).").format(version=version),
            _("Update the program on this station."),
        )
    raise Refused(
        "older_store",
        _("This store was made by an older Dock ({version}).").format(version=version),
        _("Bring it up to date with `wms init`; a copy is kept first."),
    )


def upgrade(conn: Connection, before: Callable[[], object] | None = None) -> bool:
    """Bring the tables to `HEAD` in the open transaction; False when they are there already.

    `before` runs before a store with data in it is changed; without it that is refused. Two
    programs at once: the second waits and finds the work done.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(hashtext('dock migrations'))"))
    version = version_of(conn)
    if version == HEAD:
        return False
    if version:
        if before is None or not version.isdigit() or version > HEAD:
            check(conn)
        else:
            before()
    # Only where it is needed: no start of a station whose store is up to date waits for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    return True
