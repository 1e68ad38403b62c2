"""The truths of the house, each as the select that finds the rows that break it.

They are written in SQL by hand, apart from the services that keep them, so that a mistake in a
service can't hide in the check. Both SQLite and Postgres run them.
"""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.base.texts import mark


@dataclass(frozen=True)
class Truth:
    """`broken_rows` selects the id of every row that breaks it."""

    code: str
    text: str
    noun: str
    broken_rows: str


_SUM_BY_LINE = """
SELECT l.id FROM order_lines l LEFT JOIN ({inner}) s ON s.line_id = l.id
WHERE l.{column} <> coalesce(s.total, 0)
"""
# The movements of an order that began in an archived month lie in files, wholly or in part.
_NOT_ARCHIVED = (
    " AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = l.order_id "
    "AND o.received_at < (SELECT max(a.until) FROM archives a WHERE a.removed))"
)


def _line_sum(column: str, inner: str) -> str:
    return _SUM_BY_LINE.format(column=column, inner=inner)


TRUTHS = (
    Truth(
        "stock_bounds",
        mark("Stock promises no more than it has: 0 <= allocated <= on hand."),
        "stock",
        "SELECT id FROM stock WHERE NOT (0 <= allocated AND allocated <= on_hand)",
    ),
    Truth(
        "stock_ledger",
        mark("On hand is the sum of the movements."),
        "stock",
        "SELECT s.id FROM stock s LEFT JOIN (SELECT stock_id, sum(quantity) AS total "
        "FROM movements GROUP BY stock_id) m ON m.stock_id = s.id "
        "WHERE s.on_hand <> coalesce(m.total, 0)",
    ),
    Truth(
        "stock_promises",
        mark("Allocated is the sum of the open allocations."),
        "stock",
        "SELECT s.id FROM stock s LEFT JOIN (SELECT stock_id, sum(quantity - picked) AS total "
        "FROM allocations WHERE state = 'open' GROUP BY stock_id) a ON a.stock_id = s.id "
        "WHERE s.allocated <> coalesce(a.total, 0)",
    ),
    Truth(
        "allocation_state",
        mark("An allocation is open while pieces of it are not taken, else done or freed."),
        "allocation",
        "SELECT id FROM allocations WHERE NOT (0 <= picked AND picked <= quantity) "
        "OR (state = 'open' AND picked >= quantity) OR (state = 'done' AND picked <> quantity) "
        "OR (state = 'freed' AND picked <> 0) OR state NOT IN ('open', 'done', 'freed')",
    ),
    Truth(
        "line_order",
        mark("Of every line: packed <= picked <= allocated <= ordered."),
        "line",
        "SELECT id FROM order_lines WHERE NOT (0 <= packed AND packed <= picked "
        "AND picked <= allocated AND allocated <= ordered)",
    ),
    Truth(
        "line_allocated",
        mark("A line's allocated pieces are those of its allocations."),
        "line",
        _line_sum(
            "allocated",
            "SELECT line_id, sum(quantity) AS total FROM allocations "
            "WHERE state <> 'freed' GROUP BY line_id",
        ),
    ),
    Truth(
        "line_picked",
        mark("A line's picked pieces are those taken from its allocations."),
        "line",
        _line_sum(
            "picked",
            "SELECT line_id, sum(picked) AS total FROM allocations GROUP BY line_id",
        ),
    ),
    Truth(
        "line_moved",
        mark("A line's picked pieces are those that left bins for it."),
        "line",
        _line_sum(
            "picked",
            "SELECT line_id, -sum(quantity) AS total FROM movements "
            "WHERE reason IN ('pick', 'unpick', 'putback') AND line_id IS NOT NULL "
            "GROUP BY line_id",
        )
        + _NOT_ARCHIVED,
    ),
    Truth(
        "line_packed",
        mark("A line's packed pieces are those in its parcels."),
        "line",
        _line_sum(
            "packed",
            "SELECT i.line_id, sum(i.quantity) AS total FROM parcel_items i "
            "JOIN parcels p ON p.id = i.parcel_id WHERE p.state <> 'void' GROUP BY i.line_id",
        ),
    ),
    Truth(
        "not_goods",
        mark("What is no goods is never allocated."),
        "line",
        "SELECT id FROM order_lines WHERE not_goods AND allocated <> 0",
    ),
    Truth(
        "loose_pieces",
        mark(
            "Picked pieces that are not packed lie in a tote of their order, in the picker's hands "
            "or at a pack bench."
        ),
        "order",
        # In the hands, until a tote is scanned; at a bench beside a box that was closed without. An
        # order that waited short may have left in part, with what its old tote carried.
        "SELECT DISTINCT l.order_id FROM order_lines l JOIN orders o ON o.id = l.order_id "
        "WHERE l.picked > l.packed AND o.state NOT IN ('cancelled') "
        "AND NOT EXISTS (SELECT 1 FROM totes t WHERE t.order_id = l.order_id) "
        "AND NOT EXISTS (SELECT 1 FROM parcels b WHERE b.order_id = l.order_id "
        "AND (b.state = 'open' OR (o.state = 'picked' AND b.state <> 'void'))) "
        "AND l.order_id IN (SELECT noun_id FROM (SELECT noun_id, verb, row_number() OVER "
        "(PARTITION BY noun_id ORDER BY id DESC) AS age FROM journal WHERE noun = 'order' "
        "AND verb IN ('tote_bound', 'tote_unbound', 'short')) totes "
        "WHERE age = 1 AND verb = 'tote_bound')",
    ),
    Truth(
        "put_backs",
        mark("Pieces of a cancelled order are in a bin again or have an open put-back task."),
        "order",
        "SELECT x.order_id FROM (SELECT l.order_id, sum(l.picked) AS picked FROM order_lines l "
        "JOIN orders o ON o.id = l.order_id WHERE o.state = 'cancelled' GROUP BY l.order_id) x "
        "LEFT JOIN (SELECT order_id, sum(quantity) AS open FROM put_backs WHERE state = 'open' "
        "GROUP BY order_id) b ON b.order_id = x.order_id WHERE x.picked <> coalesce(b.open, 0)",
    ),
    Truth(
        "order_once",
        mark("Client, channel and order number name one order."),
        "order",
        "SELECT max(id) FROM orders GROUP BY client_id, channel, number HAVING count(*) > 1",
    ),
    Truth(
        "operation_once",
        mark("An operation is applied once."),
        "operation",
        "SELECT max(id) FROM operations GROUP BY key HAVING count(*) > 1",
    ),
    Truth(
        "holds",
        mark("An order counts its open holds."),
        "order",
        "SELECT o.id FROM orders o LEFT JOIN (SELECT order_id, count(*) AS open FROM holds "
        "WHERE lifted_at IS NULL GROUP BY order_id) h ON h.order_id = o.id "
        "WHERE o.holds <> coalesce(h.open, 0)",
    ),
    Truth(
        "one_live_label",
        mark("A parcel has at most one live label."),
        "parcel",
        "SELECT parcel_id FROM labels WHERE state IN ('intended', 'bought') "
        "GROUP BY parcel_id HAVING count(*) > 1",
    ),
    Truth(
        "tracking_once",
        mark("A tracking number is unique per carrier."),
        "label",
        "SELECT max(id) FROM labels WHERE tracking <> '' GROUP BY carrier, tracking "
        "HAVING count(*) > 1",
    ),
    Truth(
        "labelled",
        mark("A parcel that is labelled or further has one bought label."),
        "parcel",
        "SELECT p.id FROM parcels p WHERE p.state IN ('labelled', 'staged', 'loaded', "
        "'in_transit', 'delivered', 'exception', 'returned') AND NOT EXISTS "
        "(SELECT 1 FROM labels l WHERE l.parcel_id = p.id AND l.state = 'bought' "
        "AND l.tracking <> '')",
    ),
    Truth(
        "void_label",
        mark("The label of a void parcel is void or about to be."),
        "parcel",
        "SELECT p.id FROM parcels p JOIN labels l ON l.parcel_id = p.id "
        "WHERE p.state = 'void' AND l.state = 'bought'",
    ),
    Truth(
        "on_the_truck",
        mark("A parcel is on one truck exactly when it is loaded or has left."),
        "parcel",
        "SELECT p.id FROM parcels p LEFT JOIN pickup_parcels t ON t.parcel_id = p.id "
        "WHERE (t.parcel_id IS NULL) = (p.state IN ('loaded', 'in_transit', 'delivered', "
        "'exception', 'returned'))",
    ),
    Truth(
        "in_the_lane",
        mark("A staged parcel stands in a lane."),
        "parcel",
        "SELECT p.id FROM parcels p LEFT JOIN staged_parcels s ON s.parcel_id = p.id "
        "WHERE p.state IN ('staged', 'loaded') AND s.parcel_id IS NULL",
    ),
    Truth(
        "departed",
        mark("Parcels have left exactly when their truck has."),
        "parcel",
        "SELECT p.id FROM parcels p JOIN pickup_parcels t ON t.parcel_id = p.id "
        "JOIN pickups u ON u.id = t.pickup_id WHERE (p.state = 'loaded') <> (u.state = 'open')",
    ),
    Truth(
        "cancelled_stays",
        mark("No parcel of a cancelled order is in the way out."),
        "parcel",
        "SELECT p.id FROM parcels p JOIN orders o ON o.id = p.order_id "
        "WHERE o.state = 'cancelled' AND p.state <> 'void'",
    ),
    Truth(
        "cancelled_moved",
        mark("No parcel was staged or loaded after its order was cancelled."),
        "parcel",
        # By the journal's order: a moment is taken before locks are waited for.
        "SELECT DISTINCT p.id FROM journal c JOIN parcels p ON p.order_id = c.noun_id "
        "JOIN journal j ON j.noun = 'parcel' AND j.noun_id = p.id AND j.id > c.id "
        "WHERE c.noun = 'order' AND c.after = 'cancelled' "
        "AND j.after IN ('staged', 'loaded', 'in_transit')",
    ),
    Truth(
        "held_moved",
        mark("No parcel was staged or loaded while its order was held."),
        "parcel",
        "WITH held AS (SELECT noun_id AS order_id, id, "
        "sum(CASE verb WHEN 'held' THEN 1 ELSE -1 END) "
        "OVER (PARTITION BY noun_id ORDER BY id) AS holds, "
        "lead(id) OVER (PARTITION BY noun_id ORDER BY id) AS until FROM journal "
        "WHERE noun = 'order' AND verb IN ('held', 'hold_lifted')) "
        "SELECT DISTINCT p.id FROM held h JOIN parcels p ON p.order_id = h.order_id "
        "JOIN journal j ON j.noun = 'parcel' AND j.noun_id = p.id AND j.id > h.id "
        "WHERE h.holds > 0 AND (h.until IS NULL OR j.id < h.until) "
        "AND j.after IN ('staged', 'loaded', 'in_transit') "
        # taking a parcel off the truck, back into its lane, is no step out
        "AND NOT (j.after = 'staged' AND 'loaded' = (SELECT b.after FROM journal b "
        "WHERE b.noun = 'parcel' AND b.noun_id = p.id AND b.id < j.id AND b.after <> '' "
        "ORDER BY b.id DESC LIMIT 1))",
    ),
    Truth(
        "whole_promise",
        mark("An order is allocated or released only with all its pieces promised."),
        "order",
        "SELECT DISTINCT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id "
        "JOIN clients c ON c.id = o.client_id WHERE o.state IN ('allocated', 'released') "
        "AND NOT l.not_goods AND NOT c.ships_in_parts AND l.allocated <> l.ordered",
    ),
    Truth(
        "nothing_promised",
        mark("An order that is received, cancelled or gone holds no open promise."),
        "order",
        "SELECT DISTINCT o.id FROM orders o JOIN allocations a ON a.order_id = o.id "
        "WHERE o.state IN ('received', 'picked', 'packed', 'staged', 'handed_over', 'delivered', "
        "'cancelled') AND a.state = 'open'",
    ),
    Truth(
        "released_on_a_list",
        mark("Every open promise of a released order is on a list."),
        "order",
        "SELECT DISTINCT o.id FROM orders o JOIN allocations a ON a.order_id = o.id "
        "WHERE o.state = 'released' AND a.state = 'open' AND NOT EXISTS "
        "(SELECT 1 FROM picks p WHERE p.allocation_id = a.id AND p.state = 'open')",
    ),
    Truth(
        "pick_state",
        mark("A pick is open exactly while its allocation is."),
        "pick",
        "SELECT p.id FROM picks p JOIN allocations a ON a.id = p.allocation_id "
        "WHERE (p.state = 'open' AND a.state <> 'open') "
        "OR (p.state = 'done' AND a.picked <> a.quantity)",
    ),
    Truth(
        "list_done",
        mark("A list is done when nothing on it is open, and not before."),
        "list",
        "SELECT w.id FROM pick_lists w WHERE w.state IN ('done', 'void') AND EXISTS "
        "(SELECT 1 FROM picks p WHERE p.pick_list_id = w.id AND p.state = 'open')",
    ),
    Truth(
        "picked_whole",
        mark("An order that is picked or further has all its pieces picked."),
        "order",
        "SELECT DISTINCT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id "
        "JOIN clients c ON c.id = o.client_id WHERE o.state IN ('picked', 'packed', 'staged', "
        "'handed_over', 'delivered') AND NOT l.not_goods "
        "AND (l.picked <> l.allocated OR (NOT c.ships_in_parts AND l.picked <> l.ordered))",
    ),
    Truth(
        "packed_whole",
        mark("An order that is packed or further has all its picked pieces in parcels."),
        "order",
        "SELECT DISTINCT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id "
        "WHERE o.state IN ('packed', 'staged', 'handed_over', 'delivered') "
        "AND l.packed <> l.picked",
    ),
    Truth(
        "parcels_agree",
        mark("An order is staged or handed over exactly with all its parcels."),
        "order",
        "SELECT DISTINCT o.id FROM orders o JOIN parcels p ON p.order_id = o.id "
        "WHERE p.state <> 'void' AND ((o.state = 'staged' AND p.state NOT IN ('staged', 'loaded', "
        "'in_transit', 'delivered', 'exception')) OR (o.state IN ('handed_over', 'delivered') "
        "AND p.state IN ('open', 'sealed', 'labelled', 'staged', 'loaded')))",
    ),
    Truth(
        "told",
        mark("The channel of every order that was handed over is told, once."),
        "order",
        "SELECT o.id FROM orders o WHERE o.state = 'handed_over' AND NOT EXISTS "
        "(SELECT 1 FROM outbox m WHERE m.key = 'shipped:' || o.id)",
    ),
)
