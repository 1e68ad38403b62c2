"""Pieces taken at a stop, with as few questions as what is known of it allows."""

from __future__ import annotations

from wms_app.base.db import Tx
from wms_app.floor.picking import service
from wms_app.floor.picking.walk import Stop, Walk, WalkLater, walk_known, walk_later


def take(
    tx: Tx, walk: Walk, stop: Stop, pieces: int, walker_id: int, *, shown: bool
) -> Walk | WalkLater:
    """Take pieces of a stop of the walk that this person walks; gives the walk after it.

    `shown`: the walk is what a screen shows, and was not read for it. Refused: as `service.take`
    and `service.take_shown` do.
    """
    if walk.sure(tx, stop, pieces, walker_id):
        moved = service.take_known(tx, stop, pieces)
        picked, done = moved or (False, False)
        taken = stop.picked + pieces
        return walk_known(tx, walk, stop, taken, order_picked=picked, list_done=done)
    if shown:
        service.take_shown(tx, stop, pieces, walker_id)
    else:
        service.take(tx, stop.pick_id, pieces, walker_id)
    return walk_later(tx, walk)
