"""The seller's own labels: taken in from files, kept with their orders, used instead of buying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, exists, insert, select, update

from wms_app.base import journal, lock
from wms_app.base.codes import new_id
from wms_app.base.conversation import Progress
from wms_app.base.db import AnyRow, Store, Tx
from wms_app.base.moves import move_all
from wms_app.base.prepared import Prepared
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.base.texts import _, mark
from wms_app.base.who import Who
from wms_app.floor.labelling.model import LIVE, MOVES, Label, OwnLabel
from wms_app.floor.labelling.own_label_match import Match, Seen, match
from wms_app.floor.orders import holds
from wms_app.floor.orders.model import OPEN, Hold, Order
from wms_app.floor.packing.model import Parcel
from wms_app.outside.channels.findings import Finding

OWN = "own"  # the zone of a label that the seller brought: nothing was bought

_free = Prepared(
    select(OwnLabel.id, OwnLabel.carrier, OwnLabel.tracking)
    .where(
        OwnLabel.order_id == bindparam("of_order"),
        ~exists().where(Label.own_label_id == OwnLabel.id, Label.state.in_(LIVE)),
    )
    .order_by(OwnLabel.id)
)


@dataclass(frozen=True)
class OneLabel:
    """One label out of a file: what can be read of it, its paper, and where it stood."""

    seen: Seen
    kind: str
    content: bytes
    sheet: int
    place: str


@dataclass
class Taken:
    """What a file of labels came to; a finding's row is its page, its field the place there, and
    what is expected is what to do."""

    file: str
    labels: int = 0
    taken: int = 0
    unchanged: int = 0
    refused: int = 0
    stopped: bool = False
    dry_run: bool = False
    findings: list[Finding] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {**asdict(self), "findings": [finding.to_json() for finding in self.findings]}


def take_in(
    store: Store,
    who: Who,
    path: Path,
    *,
    carrier: str = "",
    client: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Taken:
    """Take in every label of a file; each is one transaction, so that the same file can be done
    again. `dry_run` only says what would come of it.

    Refused: a file that can't be read at all. A label that can't be taken in is a finding, which
    names its page and place.
    """
    from wms_app.floor.labelling.own_label_reading import labels_of

    taken = Taken(path.name, dry_run=dry_run)
    for one, done, total in labels_of(path):
        taken.labels += 1
        try:
            _take_one(store, who, path.name, one, carrier, client, taken)
        except Refused as refused:
            taken.refused += 1
            taken.findings.append(_finding(one, refused))
        if progress and not progress(done, total):
            taken.stopped = done < total
            break
    return taken


def _take_one(
    store: Store, who: Who, file: str, one: OneLabel, carrier: str, client: str, taken: Taken
) -> None:
    with store.read() as tx:
        found = match(tx, who.warehouse_id, one.seen, carrier, client)
        known = _known(tx, found)
        _refuse_anothers(tx, known, found)
    if known is not None and known.content == one.content:
        taken.unchanged += 1
        return
    check_paper(one.kind, one.content, found.tracking)
    if not taken.dry_run:
        work = partial(keep, found=found, one=one, file=file)
        store.write(new_id(), who, "own_label", work)
    taken.taken += 1


def keep(tx: Tx, found: Match, one: OneLabel, file: str) -> None:
    """Keep a label with its order; one that is here already under its number is replaced.

    Refused: the order was cancelled or has left, the number is another order's, or the label is on
    a parcel already.
    """
    (order,) = lock.rows(tx, Order, [found.order_id], Order.state, Order.warehouse_id)
    if order.state not in OPEN:
        raise Refused(
            "not_open",
            _("Order {number} is not in the house any more.").format(number=found.order_number),
            _("Its label is not needed."),
        )
    known = _known(tx, found)
    _refuse_anothers(tx, known, found)
    values = {"kind": one.kind, "content": one.content, "file": file[:260], "place": one.place}
    if known is not None:
        tx.execute(update(OwnLabel).where(OwnLabel.id == known.id).values(**values))
    else:
        fresh = {
            "warehouse_id": order.warehouse_id,
            "order_id": found.order_id,
            "carrier": found.carrier,
            "tracking": found.tracking,
            "added_at": tx.now,
            "added_by": tx.who.name,
        }
        tx.execute(insert(OwnLabel).values(**fresh, **values))
    detail = {"carrier": found.carrier, "tracking": found.tracking, "file": file[:80]}
    journal.record(tx, "own_label_kept", "order", [found.order_id], detail=detail)
    for hold_id in _waiting_holds(tx, found.order_id):
        holds.lift(tx, hold_id)
    tx.changed("label")


def _known(tx: Tx, found: Match) -> AnyRow | None:
    """The label that is kept under this carrier's number; `used`: it is on a living parcel."""
    used = exists().where(Label.own_label_id == OwnLabel.id, Label.state.in_(LIVE))
    return tx.first(
        select(
            OwnLabel.id,
            OwnLabel.order_id,
            OwnLabel.content,
            Order.number,
            used.label("used"),
        )
        .join(Order, Order.id == OwnLabel.order_id)
        .where(OwnLabel.carrier == found.carrier, OwnLabel.tracking == found.tracking)
    )


def _refuse_anothers(tx: Tx, known: AnyRow | None, found: Match) -> None:
    number = known.number if known is not None and known.order_id != found.order_id else ""
    if known is None:
        bought = select(Order.number).join(Parcel, Parcel.order_id == Order.id)
        number = tx.scalar(
            bought.join(Label, Label.parcel_id == Parcel.id).where(
                Label.carrier == found.carrier, Label.tracking == found.tracking
            )
        )
    if number:
        raise Refused(
            "anothers",
            _("The number {tracking} belongs to order {number}.").format(
                tracking=found.tracking, number=number
            ),
            _("One number is on one parcel only. Ask the seller for the right label."),
        )


def check_paper(kind: str, content: bytes, tracking: str) -> None:
    """Refused: a label whose number no printer of 203 dpi prints so that it can be scanned."""
    if kind == "zpl":
        return
    from wms_app.floor.labelling.own_label_paper import reads_back

    if not reads_back(content, tracking):
        raise Refused(
            "too_fine",
            _("The bars of {tracking} can't be scanned when they are printed.").format(
                tracking=tracking
            ),
            _("They are too fine or too faint for 100 × 150 mm. Ask for a larger label."),
        )


def _finding(one: OneLabel, refused: Refused) -> Finding:
    codes = ", ".join(code.text for code in one.seen.codes)[:80]
    return Finding(one.sheet, one.place, codes, refused.detail, refused.code, refused.text, "")


# Used at the bench instead of buying one


def free_label(tx: Tx, order_id: int) -> Any:
    """The next label of an order that its seller sent and that is on no parcel: id, carrier,
    tracking. The caller has passed the gate, so nobody else takes it meanwhile.

    Refused: there is none (any more).
    """
    _let_go_of_given_up(tx, order_id)
    found = _free.first(tx, of_order=order_id)
    if found is None:
        raise missing()
    return found


MISSING = mark("This order brings its own label, and it is not here yet.")


def missing() -> Refused:
    """The refusal when the seller's label is not here."""
    return Refused(
        "no_own_label",
        _(MISSING),
        _("Take the seller's file in (Orders, F3), then ask for the label again."),
    )


def without_label(tx: Tx, order_ids: Sequence[int]) -> list[int]:
    """Which of these orders bring their own label and have none that is free or in use."""
    return list(
        tx.scalars(
            select(Order.id)
            .where(
                among(Order.id, order_ids),
                Order.own_label.is_(True),
                ~exists().where(OwnLabel.order_id == Order.id),
            )
            .order_by(Order.id)
        )
    )


WAITS = "own_label_missing"  # in the detail of a hold that ends by itself when the label comes


def _waiting_holds(tx: Tx, order_id: int) -> list[int]:
    open_holds = tx.rows(
        select(Hold.id, Hold.detail).where(Hold.order_id == order_id, Hold.lifted_at.is_(None))
    )
    return [row.id for row in open_holds if (row.detail or {}).get(WAITS)]


def _let_go_of_given_up(tx: Tx, order_id: int) -> None:
    """Labels of this order that were given up are free again: no carrier has to be told."""
    given_up = tx.scalars(
        select(Label.id)
        .join(Parcel, Parcel.id == Label.parcel_id)
        .where(
            Parcel.order_id == order_id,
            Label.own_label_id.is_not(None),
            Label.state == "to_void",
        )
    )
    if given_up:
        void(tx, list(given_up))


def void(tx: Tx, label_ids: Sequence[int]) -> None:
    """A given up label of the seller's: its number is free for the next parcel of its order."""
    rows = tx.rows(select(Label.id, Label.tracking).where(among(Label.id, label_ids)))
    numbers = {row.id: row.tracking for row in rows if row.tracking}
    move_all(tx, Label, "label", list(label_ids), "voided", MOVES, tracking="")
    journal.record_each(
        tx, "own_label_freed", "label", {one: {"tracking": n} for one, n in numbers.items()}
    )
