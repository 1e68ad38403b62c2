"""How the store would find the rows of a statement: by which indexes, and what it reads whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from wms_app.base.db import Store


@dataclass(frozen=True)
class Plan:
    """The store's own words, and what they say of tables and indexes."""

    steps: tuple[str, ...]

    def reads_all_of(self, table: str) -> bool:
        """Whether every row of the table is read."""
        whole = re.compile(rf"(^SCAN|Seq Scan on) {table}\b")
        return any(whole.search(step) for step in self.steps)

    def uses(self, index: str) -> bool:
        """Whether rows are looked up by that index."""
        return any(index in step for step in self.steps)


def plan_of(store: Store, statement: Any) -> Plan:
    """The plan of a select. Postgres would read our few rows whole: it is told not to."""
    with store.read() as tx:
        sql = str(statement.compile(tx.conn, compile_kwargs={"literal_binds": True}))
        if store.sqlite:
            found = [str(row[3]) for row in tx.conn.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
        else:
            tx.conn.execute(text("SET LOCAL enable_seqscan = off"))
            found = [str(row[0]) for row in tx.conn.execute(text(f"EXPLAIN (COSTS off) {sql}"))]
    return Plan(tuple(found))
