"""Taking an order file in: what is new, what was here already, what a person must mend.

Whole orders only: each transaction takes a chunk of them, so an intake that was stopped, or killed,
can simply be done again; what is here already just so is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from wms_app.base import journal
from wms_app.base.bulk import bulk_work
from wms_app.base.codes import new_id
from wms_app.base.conversation import Progress
from wms_app.base.db import AnyRow, Store, Tx
from wms_app.base.prepared import PreparedInsert
from wms_app.base.texts import _, mark
from wms_app.base.who import Who
from wms_app.floor.catalog.model import Client, Sku, Warehouse
from wms_app.floor.orders import holds, reading
from wms_app.floor.orders.calling_off import write_cancels
from wms_app.floor.orders.known import CHUNK, CancelOrder, Known, there
from wms_app.floor.orders.model import OPEN, Hold, Intake, Order, OrderLine
from wms_app.floor.orders.reading import Draft, Key, Reader, Reading
from wms_app.outside.channels import profile as profiles
from wms_app.outside.channels.findings import Finding
from wms_app.outside.channels.profile import Profile
from wms_app.outside.channels.table import Table, open_table

_orders = PreparedInsert(
    Order,
    *"id warehouse_id client_id channel number state holds priority service ordered_at".split(),
    *"ship_by paid needs_address name phone line1 line2 city region postal_code country".split(),
    *"currency content twin received_at own_label own_carrier own_tracking".split(),
)
_order_lines = PreparedInsert(
    OrderLine,
    *"warehouse_id order_id sku_id sku_code not_goods ordered unit_price_minor".split(),
)


@dataclass(frozen=True)
class Summary:
    """What a file came to; see `to_json` for the document.

    `cancellations` are the orders that the file calls off, `called_off` those of them that were
    still to be called off: cancelled now, or held for a person because only a part is meant.
    """

    file: str
    rows: int = 0
    orders: int = 0
    accepted: int = 0
    held: int = 0
    lines: int = 0
    units: int = 0
    not_goods: int = 0
    cancellations: int = 0
    called_off: int = 0
    duplicates: int = 0
    refused_rows: int = 0
    unchanged: int = 0
    stopped: bool = False
    dry_run: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def changed_nothing(self) -> bool:
        """Whether everything was here already, the cancellations too."""
        return self.orders == self.unchanged and not self.called_off

    def to_json(self) -> dict[str, Any]:
        """One document: counts of rows and orders, and every finding."""
        return {**asdict(self), "findings": [finding.to_json() for finding in self.findings]}


@bulk_work()
def take_in(
    store: Store,
    who: Who,
    path: Path,
    profile: Profile | None = None,
    *,
    client: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
    cancel: CancelOrder,
) -> Summary:
    """Read an order file and take in what it holds; `dry_run` only says what would come of it.

    `cancel` calls an order off. Refused before anything is written: no such file, missing columns,
    a file that can't be read.
    """
    profile = profile or profiles.native("orders")
    table = open_table(path)
    zone = _zone(store, who)
    if not dry_run:
        _make_clients(store, who, profile)
    try:
        made = Reader(table, profile, zone, client, _label_bringers(store)).read(progress)
    except reading.Stopped:
        return Summary(table.name, stopped=True, dry_run=dry_run)
    known = _known(store, made, profile)
    stopped = _write_orders(store, who, known, profile, dry_run, progress)
    if not stopped:
        write_cancels(store, who, known, profile, dry_run, cancel)
    said = _summary(table, made, known, dry_run, stopped)
    if not dry_run and (known.changed or not _was_kept(store, who, table)):
        kept = {**replace(said, findings=()).to_json(), "findings": len(said.findings)}
        store.write(new_id(), who, "intake", lambda tx: _keep(tx, table, kept))
    return said


def _zone(store: Store, who: Who) -> str:
    with store.read() as tx:
        found = tx.scalar(select(Warehouse.zone).where(Warehouse.id == who.warehouse_id))
    return str(found or "UTC")


def _label_bringers(store: Store) -> set[str]:
    """The clients all of whose orders bring their shipping label."""
    with store.read() as tx:
        return set(tx.scalars(select(Client.code).where(Client.own_labels.is_(True))))


def _make_clients(store: Store, who: Who, profile: Profile) -> None:
    """A client that a profile names for the whole file is made when it is not here yet."""
    code = profile.fixed.get("client", "")
    if code:
        from wms_app.floor.catalog.intake import client_named

        with store.read() as tx:
            if tx.scalar(select(Client.id).where(Client.code == code)) is not None:
                return
        store.write(new_id(), who, "client_made", lambda tx: client_named(tx, code))


def _known(store: Store, made: Reading, profile: Profile) -> Known:
    with store.read() as tx:
        rows = tx.rows(select(Client.code, Client.id, Client.warehouse_id))
        clients = {row.code: (int(row.id), int(row.warehouse_id)) for row in rows}
        fixed = profile.fixed.get("client", "")
        if fixed and fixed not in clients:  # a dry run makes no client
            clients[fixed] = (0, 0)
        skus = {
            (row.client_id, row.code): int(row.id)
            for row in tx.rows(select(Sku.client_id, Sku.code, Sku.id))
        }
    known = Known(clients, skus, made)
    _refuse_unknown_clients(known)
    return known


def _refuse_unknown_clients(known: Known) -> None:
    made = known.made
    for key in [key for key in made.orders if key[0] not in known.clients]:
        draft = made.orders.pop(key)
        made.refused_rows += draft.rows
        made.not_goods -= sum(line.not_goods for line in draft.lines.values())
        made.findings.append(
            Finding(
                draft.row,
                "client",
                key[0],
                _("a client that is here: {clients}").format(
                    clients=", ".join(sorted(known.clients)[:10])
                ),
                "unknown_client",
                _("refused"),
                key[2],
            )
        )


def _write_orders(
    store: Store,
    who: Who,
    known: Known,
    profile: Profile,
    dry_run: bool,
    progress: Progress | None,
) -> bool:
    """Take the orders in, chunk by chunk; gives whether the person stopped it."""
    drafts = list(known.made.orders.values())
    for start in range(0, len(drafts), CHUNK):
        chunk = drafts[start : start + CHUNK]
        if dry_run:
            with store.read() as tx:
                _chunk(tx, known, chunk, profile, write=False)
        else:

            def work(tx: Tx, chunk: Sequence[Draft] = chunk) -> None:
                before = (known.accepted, known.held, known.unchanged, len(known.made.findings))
                try:
                    _chunk(tx, known, chunk, profile, write=True)
                except BaseException:
                    known.accepted, known.held, known.unchanged, said = before
                    del known.made.findings[said:]
                    raise

            store.write(new_id(), who, "take_in_orders", work)
        done = min(start + CHUNK, len(drafts))
        if progress and not progress(len(drafts) + done, 2 * len(drafts)):
            return done < len(drafts)
    return False


def _chunk(tx: Tx, known: Known, chunk: Sequence[Draft], profile: Profile, *, write: bool) -> None:
    here = there(tx, known, [draft.key for draft in chunk])
    fresh = []
    for draft in chunk:
        _check_skus(known, draft)
        found = here.get(draft.key)
        if found is None:
            fresh.append(draft)
        elif found.content == draft.content():
            known.unchanged += 1
        else:
            _changed(tx, known, draft, found, write=write)
    twins = {draft.key: draft.twin() for draft in fresh}
    _check_twins(tx, known, fresh, twins)
    known.accepted += sum(not draft.holds for draft in fresh)
    known.held += sum(bool(draft.holds) for draft in fresh)
    if write and fresh:
        _insert(tx, known, fresh, twins, profile)
        known.changed = True


def _check_skus(known: Known, draft: Draft) -> None:
    client_id = known.clients[draft.key[0]][0]
    for line in draft.lines.values():
        if not line.not_goods and (client_id, line.sku) not in known.skus:
            if "unknown_sku" not in draft.holds or line.sku not in draft.holds["unknown_sku"]:
                expected = _("a SKU of {client}").format(client=draft.key[0])
                _say(known, draft, "sku", line.sku, expected, "unknown_sku", _("held"))
            draft.hold("unknown_sku", line.sku)


def _changed(tx: Tx, known: Known, draft: Draft, found: AnyRow, *, write: bool) -> None:
    """The channel says something else now: a person decides, once for each new content."""
    content = draft.content()
    seen = tx.rows(select(Hold.detail).where(Hold.order_id == found.id, Hold.reason == "changed"))
    if any((row.detail or {}).get("content") == content for row in seen):
        known.unchanged += 1
        return
    expected = _("what was taken in before")
    if found.state not in OPEN:
        known.unchanged += 1
        text = _("noted; this order is not in the house any more")
        _say(known, draft, "order_number", draft.key[2], expected, "changed", text)
        return
    known.held += 1
    _say(known, draft, "order_number", draft.key[2], expected, "changed", _("held"))
    if write:
        words = [mark("the file says something else than when it was taken in")]
        holds.hold(tx, int(found.id), "changed", {"content": content, "words": words})
        known.changed = True


def _check_twins(tx: Tx, known: Known, fresh: Sequence[Draft], marks: Mapping[Key, str]) -> None:
    """The same buyer, goods and day under another number."""
    asked = [mark for mark in marks.values() if mark]
    if not asked:
        return
    rows = tx.rows(
        select(Order.client_id, Order.twin, Order.number)
        .where(
            Order.client_id.in_({known.clients[draft.key[0]][0] for draft in fresh}),
            Order.twin.in_(asked),
        )
        .order_by(Order.id.desc())
    )
    known.twins |= {(row.client_id, row.twin): row.number for row in rows}
    for draft in fresh:
        mark = marks[draft.key]
        place = (known.clients[draft.key[0]][0], mark)
        other = known.twins.setdefault(place, draft.key[2]) if mark else draft.key[2]
        if other != draft.key[2]:
            draft.hold("duplicate", other)
            expected = _("an order that is not {other} again").format(other=other)
            _say(known, draft, "order_number", draft.key[2], expected, "duplicate", _("held"))


def _insert(
    tx: Tx, known: Known, fresh: Sequence[Draft], twins: Mapping[Key, str], profile: Profile
) -> None:
    ids = tx.take_ids(Order, len(fresh))
    pairs = list(zip(ids, fresh, strict=True))
    rows = [_order_row(tx, known, i, draft, profile, twins[draft.key]) for i, draft in pairs]
    _orders.tell_each(tx, rows)
    _order_lines.tell_each(tx, [row for i, draft in pairs for row in _lines(known, i, draft)])
    held = [row for i, draft in pairs for row in _hold_rows(tx, known, i, draft)]
    if held:
        tx.execute(insert(Hold), held)
    journal.record(tx, "received", "order", ids, after="received")
    for reason in sorted({row["reason"] for row in held}):
        of = [row["order_id"] for row in held if row["reason"] == reason]
        journal.record(tx, "held", "order", of, detail={"reason": reason})
    tx.changed("order")


def _order_row(
    tx: Tx, known: Known, number: int, draft: Draft, profile: Profile, twin: str
) -> dict[str, Any]:
    address = draft.address
    client_id, warehouse_id = known.clients[draft.key[0]]
    return {
        "id": number,
        "warehouse_id": warehouse_id,
        "client_id": client_id,
        "channel": draft.key[1],
        "number": draft.key[2],
        "state": "received",
        "holds": len(draft.holds),
        "priority": draft.priority,
        "service": draft.service[:40],
        "ordered_at": draft.ordered_at,
        "ship_by": draft.ship_by,
        "paid": draft.paid is True,
        "needs_address": profile.address == "required" and not draft.own_label,
        "name": address.name[:200],
        "phone": draft.phone[:40],
        "line1": address.line1[:200],
        "line2": address.line2[:200],
        "city": address.city[:120],
        "region": address.region[:80],
        "postal_code": address.postal_code[:20],
        "country": address.country,
        "currency": draft.currency[:3],
        "content": draft.content(),
        "twin": twin,
        "received_at": tx.now,
        "own_label": draft.own_label,
        "own_carrier": draft.carrier if draft.own_label else "",
        "own_tracking": draft.tracking if draft.own_label else "",
    }


def _lines(known: Known, order_id: int, draft: Draft) -> list[dict[str, Any]]:
    client_id, warehouse_id = known.clients[draft.key[0]]
    return [
        {
            "warehouse_id": warehouse_id,
            "order_id": order_id,
            "sku_id": None if line.not_goods else known.skus.get((client_id, line.sku)),
            "sku_code": line.sku[:80],
            "not_goods": line.not_goods,
            "ordered": line.quantity,
            "unit_price_minor": line.price_minor,
        }
        for line in draft.lines.values()
    ]


def _hold_rows(tx: Tx, known: Known, order_id: int, draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "warehouse_id": known.clients[draft.key[0]][1],
            "order_id": order_id,
            "reason": reason,
            "detail": {"words": words},
            "placed_at": tx.now,
            "placed_by": tx.who.name,
        }
        for reason, words in draft.holds.items()
    ]


def _say(
    known: Known, draft: Draft, name: str, value: str, expected: str, code: str, text: str
) -> None:
    known.made.findings.append(Finding(draft.row, name, value, expected, code, text, draft.key[2]))


def _summary(table: Table, made: Reading, known: Known, dry_run: bool, stopped: bool) -> Summary:
    orders = list(made.orders.values())
    return Summary(
        file=table.name,
        rows=made.rows,
        orders=len(orders),
        accepted=known.accepted,
        held=known.held,
        lines=sum(draft.rows for draft in orders),
        units=sum(draft.units for draft in orders),
        not_goods=made.not_goods,
        cancellations=len(made.cancels),
        called_off=known.called_off,
        duplicates=made.duplicates,
        refused_rows=made.refused_rows,
        unchanged=known.unchanged,
        stopped=stopped,
        dry_run=dry_run,
        findings=tuple(sorted(made.findings, key=lambda finding: finding.row)),
    )


def _was_kept(store: Store, who: Who, table: Table) -> bool:
    """Whether this file's intake was written down, or was cut off after its last order."""
    here = (Intake.warehouse_id == who.warehouse_id, Intake.digest == table.digest)
    with store.read() as tx:
        return tx.scalar(select(Intake.id).where(*here).limit(1)) is not None


def _keep(tx: Tx, table: Table, summary: dict[str, Any]) -> None:
    values = {
        "warehouse_id": tx.who.warehouse_id,
        "at": tx.now,
        "file": table.name[:260],
        "digest": table.digest,
        "summary": summary,
    }
    number = int(tx.execute(insert(Intake).values(values).returning(Intake.id)).scalar_one())
    journal.record(tx, "taken_in", "intake", [number])
