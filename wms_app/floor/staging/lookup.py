"""Which parcel a scan means: by its tracking number, with or without AI 00, or by our own code."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, select

from wms_app.base.codes import Code, Item, Number, Own, Sscc
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.labelling.model import LIVE, Label
from wms_app.floor.packing.model import Parcel


@dataclass(frozen=True)
class Scanned:
    """A parcel, and the label whose number was scanned (None: the parcel's own code was)."""

    parcel_id: int
    order_id: int
    label_id: int | None = None


def parcel_scanned(tx: Tx, warehouse_id: int, code: Code) -> Scanned:
    """The parcel that `code` means in this warehouse. Refused: it means none."""
    text = _text(code)
    found = _by_own_code(tx, warehouse_id, code) or _by_tracking(tx, warehouse_id, text)
    if found is None:
        raise Refused(
            "unknown_parcel",
            _("{code} is no parcel of this warehouse.").format(code=text),
            _("Scan the shipping label's tracking number."),
        )
    return found


def _text(code: Code) -> str:
    match code:
        case Sscc(digits):
            return digits
        case Item(text=text):
            return text
        case Number(value):
            return str(value)
        case Own(kind, value):
            return f"{kind}.{value}"


def _by_own_code(tx: Tx, warehouse_id: int, code: Code) -> Scanned | None:
    if not isinstance(code, Own) or code.kind != "PARCEL" or not code.value.isdigit():
        return None
    statement = select(Parcel.id, Parcel.order_id).where(
        Parcel.id == int(code.value), Parcel.warehouse_id == warehouse_id
    )
    found = tx.first(statement)
    return Scanned(found.id, found.order_id) if found else None


def _by_tracking(tx: Tx, warehouse_id: int, text: str) -> Scanned | None:
    """A number is unique per carrier only; of two, the one that lives is meant."""
    found = tx.first(
        select(Parcel.id, Parcel.order_id, Label.id)
        .join(Label, Label.parcel_id == Parcel.id)
        .where(Label.tracking == text, Label.warehouse_id == warehouse_id)
        .order_by(case((Label.state.in_(LIVE), 0), else_=1), Label.id.desc())
        .limit(1)
    )
    return Scanned(*found) if found else None


def refuse_old_label(tx: Tx, scanned: Scanned) -> None:
    """Refused: the number that was scanned is of a label that the parcel does not bear any more."""
    if scanned.label_id is None:
        return
    label = tx.first(select(Label.tracking, Label.state).where(Label.id == scanned.label_id))
    if label is None or label.state not in LIVE:
        raise Refused(
            "old_label",
            _("{tracking} is an old label that was given up.").format(
                tracking=label.tracking if label else ""
            ),
            _("Take it off, and stick on the new label from the pack bench."),
        )
