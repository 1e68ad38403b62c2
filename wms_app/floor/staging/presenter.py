"""The conversation at the lanes: a parcel, then its lane; or a lane, then all its parcels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from wms_app.base.codes import Code, Item, Own, Scan
from wms_app.base.conversation import Action, Answer, ScanningRoom
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.staging import board, service
from wms_app.floor.staging.board import LaneRow, ParcelCard
from wms_app.floor.staging.lanes import lane_called, lanes
from wms_app.floor.staging.lookup import Scanned, parcel_scanned, refuse_old_label


@dataclass(frozen=True)
class StageView:
    """`big` is the lane to walk to, "" while none is known; `done` are the last ones, newest first.

    `sticky`: `big` was scanned first and takes every parcel scanned now.
    """

    instruction: str
    context: str = ""
    big: str = ""
    sticky: bool = False
    parcel: ParcelCard | None = None
    lanes: tuple[LaneRow, ...] = ()
    done: tuple[ParcelCard, ...] = ()
    coming: int = 0
    expects_repeat: bool = False


class StagePresenter(ScanningRoom):
    """Walk: scan the parcel, read its lane, carry it there, scan the lane's sign.

    Or scan the sign first: it stays, and every parcel scanned then goes into that lane.
    """

    def __init__(self, store: Store, who: Who) -> None:
        self.store = store
        self.who = who
        self._held: Scanned | None = None
        self._right = ""
        self._lane = ""
        self._mine: list[int] = []
        self.view = StageView("")

    @property
    def actions(self) -> tuple[Action, ...]:
        """Undo, and leaving the lane that was scanned first."""
        free = Action("any_lane", "F5", _("Other lanes"), sheet="next")
        undo = Action("undo", "F9", _("Put it down") if self._held else _("Undo"))
        found = (free,) if self._lane else ()
        return (*found, undo) if self._held or self._mine else found

    def open(self) -> None:
        """Start empty-handed; what was staged here before can still be undone."""
        self._held, self._lane = None, ""
        with self.store.read() as tx:
            self._mine = board.staged_by(tx, self.who)
            self._show(tx)

    def refresh(self) -> None:
        """Count again; the parcel in hand and the chosen lane stay."""
        with self.store.read() as tx:
            self._show(tx)

    def _scan(self, scan: Scan, code: Code) -> Answer:
        """A parcel or a lane."""
        lane = self._lane_in(code)
        return self._at_lane(lane, scan.id) if lane else self._at_parcel(code, scan.id)

    def _act(self, action: str, value: str, operation: str) -> Answer:  # noqa: ARG002
        """`undo` puts the parcel in hand down or takes the last one out of its lane again."""
        if action == "any_lane":
            self._lane = ""
            self.refresh()
            return Answer("ok", _("Any lane again."), _("Scan a parcel."))
        if action == "undo":
            return self._undo(operation)
        raise self._no_such(_("Scan a parcel or a lane."))

    def expects(self, code: Code) -> bool:
        """See `ScanningRoom`: a parcel that may go to its lane, or the lane of the one in hand."""
        if self._held:
            return code == Own("LANE", self._right)
        if isinstance(code, Own) and code.kind != "PARCEL":
            return False
        try:
            with self.store.read() as tx:
                scanned = _parcel(tx, self.who.warehouse_id, code)
                service.pass_to_lane(tx, scanned.parcel_id)
                refuse_old_label(tx, scanned)
        except Refused:
            return False
        return True

    def _lane_in(self, code: Code) -> str:
        """The lane that a scan means, "" when it is none; its bare code may be typed."""
        if isinstance(code, Own) and code.kind == "LANE":
            return code.value
        if not isinstance(code, Item):
            return ""
        with self.store.read() as tx:
            known = {lane.code for lane in lanes(tx, self.who.warehouse_id)}
        return code.text.upper() if code.text.upper() in known else ""

    def _at_lane(self, lane: str, scan_id: str) -> Answer:
        if self._held:
            return self._stage(self._held, lane, scan_id)
        with self.store.read() as tx:
            self._lane = lane_called(tx, self.who.warehouse_id, lane).code
            self._show(tx)
        return Answer(
            "ok", _("Lane {lane}.").format(lane=self._lane), _("Scan the parcels that go into it.")
        )

    def _at_parcel(self, code: Code, scan_id: str) -> Answer:
        with self.store.read() as tx:
            scanned = _parcel(tx, self.who.warehouse_id, code)
        if self._lane:
            return self._stage(scanned, self._lane, scan_id)
        if self._held and self._held.parcel_id != scanned.parcel_id:
            raise Refused(
                "lane_expected",
                _("That is another parcel. The one before still needs lane {lane}.").format(
                    lane=self._right
                ),
                _("Scan the sign of lane {lane}, or press F9 to put the parcel down.").format(
                    lane=self._right
                ),
            )
        with self.store.read() as tx:
            service.pass_to_lane(tx, scanned.parcel_id)
            refuse_old_label(tx, scanned)
            self._right = service.right_lane(tx, scanned.parcel_id).code
            self._held = scanned
            self._show(tx)
        return Answer(
            "ok",
            _("Carry it to lane {lane}.").format(lane=self._right),
            _("Scan the lane's sign there."),
        )

    def _stage(self, scanned: Scanned, lane: str, operation: str) -> Answer:
        def work(tx: Tx) -> None:
            service.stage(tx, scanned.parcel_id, lane)
            refuse_old_label(tx, scanned)

        self.store.write(operation, self.who, "stage", work)
        self._held = None
        self._mine = [number for number in self._mine if number != scanned.parcel_id]
        self._mine.append(scanned.parcel_id)
        self.refresh()
        card = self.view.done[0]
        return Answer(
            "done",
            _("{order} stands in lane {lane}.").format(order=card.order_number, lane=card.lane),
            _("Next parcel."),
        )

    def _undo(self, operation: str) -> Answer:
        if self._held:
            self._held = None
            self.refresh()
            return Answer("ok", _("Put down. Nothing was changed."), _("Scan a parcel."))
        if not self._mine:
            raise Refused("nothing_to_undo", _("There is nothing to undo."), _("Scan a parcel."))
        parcel_id = self._mine[-1]
        unstage: Callable[[Tx], None] = lambda tx: service.unstage(tx, parcel_id)  # noqa: E731
        self.store.write(operation, self.who, "unstage", unstage)
        self._mine.pop()
        with self.store.read() as tx:
            order = board.parcel_card(tx, parcel_id).order_number
            self._show(tx)
        return Answer(
            "ok", _("{order} is out of its lane again.").format(order=order), _("Scan a parcel.")
        )

    def _show(self, tx: Tx) -> None:
        rows = board.board(tx, self.who.warehouse_id)
        view = StageView(
            instruction=_("Scan a parcel"),
            lanes=rows,
            done=tuple(board.parcel_cards(tx, self._mine[::-1])),
            coming=sum(row.coming for row in rows),
        )
        if self._held:
            card = board.parcel_card(tx, self._held.parcel_id)
            view = replace(
                view,
                instruction=_("Carry it to lane {lane}").format(lane=self._right),
                context=_("Then scan the lane's sign."),
                big=self._right,
                parcel=card,
            )
        elif self._lane:
            here = next((row.standing for row in rows if row.code == self._lane), 0)
            view = replace(
                view,
                instruction=_("Scan every parcel for lane {lane}").format(lane=self._lane),
                context=_("**{count}** stand here now.").format(count=here),
                big=self._lane,
                sticky=True,
            )
        self.view = view


def _parcel(tx: Tx, warehouse_id: int, code: Code) -> Scanned:
    """The parcel in a scan; our codes of other things are refused with their own words."""
    if isinstance(code, Own) and code.kind != "PARCEL":
        raise Refused(
            "wrong_scan",
            _("That is no parcel and no lane: {kind} {code}.").format(
                kind=code.kind, code=code.value
            ),
            _("Scan the shipping label's tracking number, or a lane's sign."),
        )
    return parcel_scanned(tx, warehouse_id, code)
