"""The store: its shape through the versions, and what it refuses to open."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from tests.postgres import Server
from wms_app.app import keep_copy, make_tables, open_store
from wms_app.base import migrations
from wms_app.base.backup import look_into
from wms_app.base.db import Store
from wms_app.base.months import LEDGERS, make_months, months_ahead
from wms_app.base.refusal import Refused
from wms_app.base.schema import Base
from wms_app.floor.catalog.model import Client


def set_version(store: Store, version: str) -> None:
    with store.engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_the_steps_make_the_tables_that_the_rooms_know(store: Store) -> None:
    with store.read() as tx:
        context = MigrationContext.configure(
            tx.conn,
            opts={
                "include_object": lambda thing, name, kind, *_: (
                    not (
                        kind == "table"
                        and str(name).startswith(tuple(f"{one}_" for one in LEDGERS))
                    )
                )
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_last_step_is_the_version_that_the_program_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_a_store_up_to_date_is_left_alone(store: Store) -> None:
    store.check()
    store.create(before=lambda: pytest.fail("nothing was to be changed"))


def test_a_store_of_a_newer_program_is_refused(store: Store) -> None:
    set_version(store, "9999")
    with pytest.raises(Refused) as refusal:
        store.check()
    assert refusal.value.code == "newer_store"
    with pytest.raises(Refused, match="newer Dock"):
        store.create(before=lambda: pytest.fail("nothing may be changed"))


def test_an_empty_store_says_how_its_tables_are_made(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with pytest.raises(Refused) as refusal:
        store.check()
    assert refusal.value.code == "no_tables"
    store.close()


def test_an_older_store_is_changed_only_when_a_copy_is_kept(store: Store) -> None:
    set_version(store, "0000")
    with pytest.raises(Refused) as refusal:
        store.create()
    assert refusal.value.code == "older_store"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_store_of_the_first_version_is_brought_up_to_date_with_what_is_in_it(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: Server | None = request.getfixturevalue(kind) if kind == "postgres" else None
    url = server.database() if server else f"sqlite:///{tmp_path / 'old.sqlite'}"
    store = open_store(url)
    with store.engine.connect() as conn, conn.execution_options(dock_write=True).begin():
        config = Config()
        config.set_main_option("script_location", str(migrations.FOLDER))
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
        conn.execute(
            text(
                "INSERT INTO warehouses VALUES (1, 'LAX1', '', 'UTC', 'A4', 'USD', '', '', '', '',"
                " '', 'US', '', 1)"
            )
        )
        conn.execute(
            text(
                "INSERT INTO clients VALUES (1, 'NW', 'Northwind', 1, 'fixed', false, true, false,"
                " false, 0)"
            )
        )
    copies: list[str] = []
    store.create(before=lambda: copies.append("kept"))
    assert copies == ["kept"]
    store.check()
    with store.read() as tx:
        found = tx.first(select(Client.code, Client.own_labels, Client.packing_slip))
    assert tuple(found or ()) == ("NW", True, False)
    store.close()
    if server:
        server.drop(url)


def test_two_programs_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    stores = [open_store(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make_tables, stores))
    for store in stores:
        store.check()
        store.close()


def test_two_programs_make_the_tables_of_a_postgres_store_once(postgres: Server) -> None:
    url = postgres.database()
    stores = [open_store(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Store.create, stores))
    for store in stores:
        store.check()
        store.close()
    postgres.drop(url)


def test_the_copy_before_an_upgrade_is_a_whole_backup(store: Store) -> None:
    if not store.sqlite:
        pytest.skip("a Postgres store is copied by pg_dump, see test_backup.py")
    copy = keep_copy(store)
    assert look_into(copy).operations == 0
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def test_the_ledgers_have_their_months_ahead_and_a_place_for_the_rest(postgres: Server) -> None:
    url = postgres.database(postgres.template)
    store = open_store(url)
    with store.engine.begin() as conn:
        assert months_ahead(conn) > 6
        assert make_months(conn) == []
        conn.execute(text("DROP TABLE journal_rest"))
        conn.execute(
            text(
                "DO $$DECLARE one text; BEGIN FOR one IN SELECT inhrelid::regclass FROM pg_inherits"
                " WHERE inhparent = 'movements'::regclass LOOP EXECUTE 'DROP TABLE ' || one;"
                " END LOOP; END$$"
            )
        )
        assert months_ahead(conn) == 0
    store.create()
    with store.engine.begin() as conn:
        assert months_ahead(conn) > 6
    store.close()
    postgres.drop(url)
