"""What a scan means at the bench: which order, which goods of it, which carton."""

from __future__ import annotations

from sqlalchemy import select

from wms_app.base.codes import Code, Item, Number, Own
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.catalog.lookup import Match, skus_for
from wms_app.floor.catalog.model import Client, Sku
from wms_app.floor.catalog.names import split_name
from wms_app.floor.packing import bench as benches
from wms_app.floor.packing.bench import Bench, Goods
from wms_app.floor.packing.cartons import Box


def order_meant(tx: Tx, who: Who, code: Code) -> int:
    """The order that a tote, order, list or parcel code stands for.

    Refused: a code of another kind, one that nobody knows, an empty tote, a list with nothing
    ready.
    """
    if isinstance(code, Own):
        return _order_of_own(tx, who, code)
    text = code.text if isinstance(code, Item) else ""
    known, order_id = benches.order_in_tote(tx, who.warehouse_id, text)
    if known:
        return _of_tote(text, order_id)
    order_id = benches.order_called(tx, who.warehouse_id, text)
    if order_id:
        return order_id
    if isinstance(code, Item) and skus_for(tx, code):
        raise Refused(
            "tote_first",
            _("Those are goods. Scan the tote first."),
            _("Nothing was changed."),
        )
    raise Refused(
        "no_tote",
        _("{code} is no tote or order.").format(code=text or _("That")),
        _("Scan a tote, an order or a pick list."),
    )


def _order_of_own(tx: Tx, who: Who, code: Own) -> int:
    if code.kind == "TOTE":
        return _of_tote(code.value, benches.order_in_tote(tx, who.warehouse_id, code.value)[1])
    if code.kind == "ORDER" and code.value.isdigit():
        return int(code.value)
    if code.kind == "PARCEL" and code.value.isdigit():
        return benches.parcel_order(tx, who.warehouse_id, int(code.value))
    if code.kind == "LIST":
        known, order_id = benches.next_on_list(tx, who.warehouse_id, code.value)
        if order_id:
            return order_id
        raise Refused(
            "list_not_ready",
            _("Nothing on list {code} is ready to be packed.").format(code=code.value)
            if known
            else _("There is no list {code}.").format(code=code.value),
            _("Scan a tote."),
        )
    raise Refused(
        "wrong_kind",
        _("{code} is no tote or order.").format(code=code.value),
        _("Scan a tote, an order or a pick list."),
    )


def _of_tote(code: str, order_id: int) -> int:
    if order_id:
        return order_id
    raise Refused(
        "empty_tote",
        _("Tote {code} carries no order.").format(code=code.upper()),
        _("Its goods were packed, or never picked. Scan another tote."),
    )


def goods_meant(tx: Tx, bench: Bench, item: Item) -> tuple[Goods, int]:
    """The line of the order that goods belong to, and the pieces that the code stands for.

    A code that several clients use means the goods of this order's client. Refused: unknown, not
    in this order, all in the box, more than was picked.
    """
    matches = skus_for(tx, item)
    if not matches:
        raise Refused(
            "unknown_code",
            _("{code} is not known.").format(code=item.text),
            _wanted(bench),
        )
    mine = {one.sku_id: one for one in bench.goods}
    fitting = [match for match in matches if match.sku_id in mine]
    if not fitting:
        raise _wrong_item(tx, bench, matches)
    match = fitting[0]
    line = _with_room([one for one in bench.goods if one.sku_id == match.sku_id])
    if not line.left:
        raise Refused(
            "too_many",
            _("All {count} {name} are in the box already.").format(
                count=line.picked, name=split_name(line.name)[0]
            ),
            _("Put this one aside: it is one more than was picked."),
        )
    if match.quantity > line.left:
        raise Refused(
            "too_many",
            _("That code stands for {count} pieces; {left} are left to pack.").format(
                count=match.quantity, left=line.left
            ),
            _("Open the case and scan single pieces."),
        )
    return line, match.quantity


def _with_room(lines: list[Goods]) -> Goods:
    return max(lines, key=lambda one: one.left > 0)


def _wrong_item(tx: Tx, bench: Bench, matches: list[Match]) -> Refused:
    of_client = [match for match in matches if match.client_id == bench.client_id]
    found = tx.first(
        select(Sku.name, Client.name.label("client"), Sku.client_id)
        .join(Client, Client.id == Sku.client_id)
        .where(Sku.id == (of_client or matches)[0].sku_id)
    )
    assert found is not None
    name = split_name(found.name)[0]
    if found.client_id != bench.client_id:
        name = _("{name} of {client}").format(name=name, client=found.client)
    return Refused(
        "wrong_item",
        _("That is {name}; it is not in this order.").format(name=name),
        _wanted(bench),
    )


def _wanted(bench: Bench) -> str:
    names = [split_name(one.name)[0] for one in bench.goods if one.left]
    if not names:
        return _("Everything is in the box. Nothing was changed.")
    return _("Nothing was changed. Still to come: {names}.").format(names=", ".join(names[:3]))


def lots_for(line: Goods, pieces: int, lot: str) -> list[tuple[str, int]]:
    """From which picked lots the pieces are: the lot that was scanned, else first to expire first.

    The lot on the package of goods that are kept without lots says nothing. Refused: a lot that was
    not picked for this order, or more of it than was picked.
    """
    if lot and any(name for name, _pieces in line.lots):
        if lot not in dict(line.lots):
            picked = ", ".join(name or _("none") for name, _pieces in line.lots)
            raise Refused(
                "wrong_lot",
                _("That is lot {lot}; lot {picked} was picked.").format(lot=lot, picked=picked),
                _("Nothing was changed. Put it aside and look for the right one."),
            )
        if line.free_in(lot) < pieces:
            raise Refused(
                "too_many",
                _("All pieces of lot {lot} are in the box already.").format(lot=lot),
                _("Look for the other lots that were picked."),
            )
        return [(lot, pieces)]
    chosen = []
    for name, _count in line.lots:
        take = min(pieces, line.free_in(name))
        if take > 0:
            chosen.append((name, take))
            pieces -= take
    return chosen


def carton_meant(bench: Bench, text: str) -> Box | None:
    """The carton whose code was scanned or typed, if it is one."""
    return next((box for box in bench.boxes if box.code.upper() == text.upper()), None)


def goods_or_number(store: Store, bench: Bench, now: Goods | None, code: Number, raw: str) -> Code:
    """Some SKUs are called by a short number: it is goods, unless it can be how many."""
    if now is not None and code.value <= now.here + now.left:
        return code
    item = Item(raw.strip())
    with store.read() as tx:
        meant = {match.sku_id for match in skus_for(tx, item)}
    return item if meant & {goods.sku_id for goods in bench.goods} else code
