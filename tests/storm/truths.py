"""What must be true after a storm, by a few lines of SQL that know nothing of the services.

They stand beside `wms verify`, which is asked too. Each is one statement, so that it sees one
moment, however many stations work on meanwhile.
"""

from __future__ import annotations

from sqlalchemy import select, text

from tests.storm.diary import essence
from wms_app.base.db import Tx
from wms_app.base.operations import Operation
from wms_app.office.verify.service import verify

# What it is -> the rows that break it.
OUR_OWN = {
    "stock bounds": "SELECT id FROM stock WHERE allocated < 0 OR allocated > on_hand",
    "stock is its movements": """
        SELECT s.id FROM stock s WHERE s.on_hand <>
        (SELECT coalesce(sum(m.quantity), 0) FROM movements m WHERE m.stock_id = s.id)""",
    # All that ever came (or was counted away) lies in a bin, in hands, in a box, or has left.
    "pieces are conserved": """
        SELECT sku_id FROM (
            SELECT s.sku_id AS sku_id, m.quantity AS n FROM movements m
                JOIN stock s ON s.id = m.stock_id WHERE m.reason NOT IN ('pick','unpick','putback')
            UNION ALL SELECT sku_id, -on_hand FROM stock
            UNION ALL SELECT l.sku_id, l.packed - l.picked FROM order_lines l
                JOIN orders o ON o.id = l.order_id WHERE o.state <> 'cancelled'
            UNION ALL SELECT i.sku_id, -i.quantity FROM parcel_items i
                JOIN parcels p ON p.id = i.parcel_id WHERE p.state <> 'void'
            UNION ALL SELECT sku_id, -quantity FROM put_backs WHERE state = 'open'
        ) pieces GROUP BY sku_id HAVING sum(n) <> 0""",
    "nothing cancelled was handed over": """
        SELECT c.order_id FROM cancellations c JOIN parcels p ON p.order_id = c.order_id
        WHERE p.state IN ('loaded', 'in_transit')
        UNION SELECT c.order_id FROM cancellations c JOIN orders o ON o.id = c.order_id
        WHERE o.state <> 'cancelled'""",
    "handed over once": """
        SELECT noun_id FROM journal WHERE noun = 'order' AND after IN ('handed_over', 'cancelled')
        GROUP BY noun_id HAVING count(*) > 1""",
    "no more pieces left than were ordered": """
        SELECT l.id FROM order_lines l JOIN parcel_items i ON i.line_id = l.id
        JOIN parcels p ON p.id = i.parcel_id AND p.state = 'in_transit'
        GROUP BY l.id, l.ordered HAVING sum(i.quantity) > l.ordered""",
    "one live label": """
        SELECT parcel_id FROM labels WHERE state IN ('intended', 'bought')
        GROUP BY parcel_id HAVING count(*) > 1""",
    "one message a cause": "SELECT max(id) FROM outbox GROUP BY key HAVING count(*) > 1",
    "operations are unique": "SELECT max(id) FROM operations GROUP BY key HAVING count(*) > 1",
    "an order is taken in once": """
        SELECT max(id) FROM orders GROUP BY client_id, channel, number HAVING count(*) > 1""",
    "a parcel's weight is of what is in it": """
        SELECT p.id FROM parcels p JOIN parcel_items i ON i.parcel_id = p.id
        JOIN skus s ON s.id = i.sku_id LEFT JOIN cartons c ON c.id = p.carton_id
        WHERE p.state NOT IN ('open', 'void') AND p.weight_by = 'scale'
        GROUP BY p.id, p.expected_g, c.empty_g
        HAVING p.expected_g <> sum(i.quantity * s.weight_g) + coalesce(c.empty_g, 0)""",
    "a list with nothing left to pick is done": """
        SELECT w.id FROM pick_lists w WHERE w.state IN ('open', 'walking') AND NOT EXISTS
        (SELECT 1 FROM picks p WHERE p.pick_list_id = w.id AND p.state = 'open')""",
    "a tote carries one living order": """
        SELECT t.id FROM totes t JOIN orders o ON o.id = t.order_id
        WHERE o.state IN ('packed', 'staged', 'handed_over')""",
    "one doubt a shelf": """
        SELECT stock_id FROM count_tasks WHERE state IN ('open', 'counted')
        GROUP BY stock_id HAVING count(*) > 1""",
}


def findings(tx: Tx) -> list[str]:
    """Everything that is not true in the store now, ours and `wms verify`'s."""
    found = [
        f"verify {one.code}: {one.count} {one.noun}, {list(one.ids[:5])}" for one in verify(tx)
    ]
    for name, broken in OUR_OWN.items():
        ids = [int(row[0]) for row in tx.conn.execute(text(broken))]
        if ids:
            found.append(f"sql {name}: {len(ids)}, {ids[:5]}")
    return found


class Ledger:
    """What the stations were told, against what the store holds."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[str, str]] = {}
        self._moved: dict[str, int] = {}
        self._checked: set[str] = set()
        self.found: list[str] = []

    def take(self, line: dict[str, object]) -> None:
        """One line of a diary: an acknowledged operation must always have the same answer."""
        if line["kind"] == "end" and line.get("moved") is not None:
            self._moved[str(line["id"])] = int(str(line["moved"]))
        if line["kind"] != "ack":
            return
        key, said = str(line["key"]), (str(line["verb"]), str(line["answer"]))
        before = self._answers.setdefault(key, said)
        if before != said:
            self.found.append(f"diary {key}: answered {said} and before {before}")

    def check(self, tx: Tx) -> list[str]:
        """Every acknowledged operation is in the store once, as it was answered, done once."""
        fresh = set(self._answers) - self._checked
        pieces = {
            int(number): int(total)
            for number, total in tx.conn.execute(
                text("SELECT operation_id, sum(quantity) FROM movements GROUP BY operation_id")
            )
        }
        columns = (Operation.id, Operation.key, Operation.verb, Operation.answer)
        rows = tx.conn.execute(select(*columns))
        seen: dict[str, int] = {}
        for number, key, verb, answer in rows:
            seen[key] = seen.get(key, 0) + 1
            if key in fresh and self._answers[key] != (verb, essence(answer)):
                self.found.append(f"diary {key}: the store keeps another answer of {verb}")
            if key in self._moved and pieces.get(number, 0) != self._moved[key]:
                self.found.append(f"diary {key}: {verb} moved {pieces.get(number, 0)} pieces")
        lost = [key for key in fresh if seen.get(key, 0) != 1]
        if lost:
            self.found.append(f"diary: {len(lost)} acknowledged not there once, {lost[:3]}")
        self._checked |= fresh
        return self.found
