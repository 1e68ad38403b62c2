"""What the bench expects next of a camera, which sees everything that lies about."""

from __future__ import annotations

from wms_app.base.codes import Code, Item, Own
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.who import Who
from wms_app.floor.packing.bench import Bench
from wms_app.floor.packing.scanned import goods_meant, order_meant
from wms_app.floor.packing.view import Step


def expected(tx: Tx, who: Who, bench: Bench | None, step: Step, code: Code) -> bool:
    """Whether the step wants this code: goods that still belong into the box; between two orders a
    tote or a list whose goods wait to be packed."""
    more = step == "items" or (step == "stick" and bench is not None and bench.left > 0)
    try:
        if isinstance(code, Item) and more and bench is not None:
            return goods_meant(tx, bench, code)[1] > 0
        between = step in ("tote", "label", "stick")
        if isinstance(code, Own) and code.kind in ("TOTE", "LIST") and between:
            return order_meant(tx, who, code) != (bench.order_id if bench is not None else 0)
    except Refused:
        return False
    return False
