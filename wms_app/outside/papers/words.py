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
)
