"""The only place where things are wired together: the store and its nouns, rooms, window."""

from __future__ import annotations

from wms_app.base.db import Store


def open_store(url: str) -> Store:
    """Open a store with every room's tables known to it; nothing is made or changed."""
    import wms_app.base.journal
    import wms_app.base.outbox
    import wms_app.floor.allocation.model
    import wms_app.floor.cancelling.model
    import wms_app.floor.catalog.model
    import wms_app.floor.handover.model
    import wms_app.floor.labelling.model
    import wms_app.floor.orders.model
    import wms_app.floor.packing.model
    import wms_app.floor.picking.model
    import wms_app.floor.staging.model
    import wms_app.floor.stock.model
    import wms_app.floor.waves.model
    import wms_app.office.people.model  # noqa: F401

    return Store(url)
