"""The words that stand in label designs, here for the translators: they read Python, not TOML."""

from __future__ import annotations

from wms_app.base.texts import mark

LABEL_WORDS = (
    mark("From"),
    mark("Ship to"),
    mark("Parcel"),
    mark("Weight"),
    mark("Order"),
    mark("Client"),
    mark("FRAGILE"),
    mark("Tote"),
    mark("Check"),
    mark("Pieces"),
    mark("Pieces in all"),
    mark("Goods"),
    mark("SKU"),
    mark("RETURN"),
    mark("Return to"),
    mark("Handle with care"),
    mark("Label-first batch"),
    mark("Labels"),
    mark("Zone"),
    mark("Start at bin"),
    mark("Scan instead of typing"),
)
TITLES = (
    mark("Badge"),
    mark("Batch header"),
    mark("Bin label"),
    mark("Command sheet"),
    mark("Fragile mark"),
    mark("Lithium battery mark"),
    mark("Lithium battery mark, small"),
    mark("Packing slip"),
    mark("Pallet label"),
    mark("Return label"),
    mark("Shipping label"),
    mark("SKU label"),
    mark("Tote label"),
)
