"""The supervisor's conversation: the day, the orders behind each number, export, the evening."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from wms_app.base import clock
from wms_app.base.codes import Own, Scan, new_id
from wms_app.base.conversation import Action, Answer, commanded
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.staging.board import zone_of
from wms_app.office.find.cards import card_of, title_of
from wms_app.office.find.lookup import look_up
from wms_app.office.today import behind, closing
from wms_app.office.today.attention import needs
from wms_app.office.today.behind import OrderRow
from wms_app.office.today.days import STAGES, Day, day_words, hours_shown, stage_words
from wms_app.office.today.figures import notes, on_time
from wms_app.office.today.pace import Pace, headline, pace
from wms_app.office.today.report import write_report
from wms_app.office.today.service import Outbound, outbound
from wms_app.office.today.views import TABLES, HourBar, StageFigure, Table, TableRow, TodayView
from wms_app.outside.carriers.carrier import carrier_words

CARDS = ("order", "parcel", "sku", "bin", "tote", "list", "lane", "pickup")
FORMATS = (
    ("xlsx", "XLSX"),
    ("pdf", "PDF"),
    ("csv", "CSV"),
    ("json", "JSON"),
)
LATE_READ = 200  # late orders that the board reads; the list behind the number has all


class TodayPresenter:
    """Walk: look; open a number to its orders, an order to its story; go back; close the day."""

    def __init__(self, store: Store, who: Who, papers: Path) -> None:
        self.store = store
        self.who = who
        self.papers = papers
        self._day: date | None = None
        self._table: Table = "client"
        self._trail: list[str] = []
        self._last: tuple[str, Answer] | None = None
        self.view = TodayView()

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the level allows; closing asks for a reason when the day does not add up."""
        back = Action("back", "F9", _("Back"))
        if self.view.level == "closing":
            return (back, *self._closing())
        if self.view.level != "board":
            return (back,)
        following = TABLES[(TABLES.index(self._table) + 1) % len(TABLES)]
        found = [
            Action("export", "Ctrl+E", _("Export"), "choice", _("As what?"), FORMATS),
            Action("close_day", "Ctrl+D", _("Close the day")),
            Action("table", "F4", _by_words(following)),
            Action("day_before", "F5", _("Day before")),
        ]
        if self._day is not None:
            found.append(Action("day_after", "F6", _("Day after")))
        return tuple(found)

    def _closing(self) -> tuple[Action, ...]:
        balance = self.view.balance
        if balance is None or self.view.closed_by:
            return ()
        question = _("Close {day}? That is done once and stays in the journal.")
        sure = question.format(day=self.view.sub)
        if not balance.gaps:
            return (Action("close_now", "Ctrl+D", _("Close the day"), confirm=sure),)
        why = _("It does not add up. Why is it closed all the same?")
        return (Action("close_now", "Ctrl+D", _("Close all the same"), "text", why),)

    def open(self) -> None:
        """The board of today."""
        self._day, self._trail = None, []
        self.refresh()

    def refresh(self) -> None:
        """Count again; the level stays."""
        with self.store.read() as tx:
            self._show(tx)

    def scan(self, scan: Scan) -> Answer:
        """Anything scanned here opens its card."""
        code = scan.code
        if isinstance(code, Own) and code.kind == "CMD":
            return self.act(commanded(self.actions, code.value), operation=scan.id)
        with self.store.read() as tx:
            hits = look_up(tx, self.who.warehouse_id, scan)
        if len(hits) > 1:
            raise Refused(
                "ambiguous",
                _("{count} things answer to {code}.").format(count=len(hits), code=scan.raw),
                _("Ctrl+K lists them."),
            )
        return self._open(hits[0].key)

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """`open` takes what is behind a number ("stage:packed", "late", "order:17"); `export` a
        format or the path of a file."""
        if operation and self._last and self._last[0] == operation:
            return self._last[1]
        operation = operation or new_id()
        does: dict[str, Callable[[], Answer]] = {
            "open": lambda: self._open(value),
            "back": self._back,
            "table": self._turn_table,
            "day_before": lambda: self._move_day(-1),
            "day_after": lambda: self._move_day(1),
            "export": lambda: self._export(value),
            "close_day": lambda: self._open("closing"),
            "close_now": lambda: self._close(value, operation),
        }
        if action not in does:
            raise Refused("no_action", _("That can't be done here."))
        answer = does[action]()
        self._last = (operation, answer)
        return answer

    def counted(self) -> Outbound:
        """The whole day that is shown, as the report has it."""
        with self.store.read() as tx:
            day = self._shown_day(tx)
            return outbound(tx, self.who.warehouse_id, self._date(tx, day.zone), day.zone)

    def _open(self, key: str) -> Answer:
        if not key:
            raise Refused("no_list", _("There is no list behind that number."))
        self._trail.append(key)
        try:
            with self.store.read() as tx:  # the board behind it need not be counted again
                self.view = self._level(tx, self._shown_day(tx), _board_of(self.view))
        except Refused:
            self._trail.pop()
            raise
        card = self.view.card
        if self.view.level == "card" and card is not None:
            return Answer("ok", title_of(card), card.sub)
        if self.view.level == "closing":
            return self._evening()
        return Answer("ok", self.view.list_title)

    def _evening(self) -> Answer:
        if self.view.closed_by:
            return Answer("ok", _("Closed by {who}.").format(who=self.view.closed_by))
        gaps = self.view.balance.gaps if self.view.balance else ()
        if not gaps:
            return Answer("done", _("Everything adds up."), _("Ctrl+D closes the day."))
        words = ngettext(
            "{count} thing does not add up.", "{count} things do not add up.", len(gaps)
        )
        return Answer("warn", words.format(count=len(gaps)), gaps[0].text)

    def _back(self) -> Answer:
        if self._trail:
            self._trail.pop()
        self.refresh()
        return Answer("ok", self.view.list_title or self.view.headline)

    def _turn_table(self) -> Answer:
        self._table = TABLES[(TABLES.index(self._table) + 1) % len(TABLES)]
        self.refresh()
        return Answer("ok", _by_words(self._table))

    def _move_day(self, days: int) -> Answer:
        with self.store.read() as tx:
            zone = zone_of(tx, self.who.warehouse_id)
            today = clock.local(tx.now, zone).date()
            day = self._date(tx, zone) + timedelta(days=days)
            self._day = day if day < today else None
            self._show(tx)
        return Answer("ok", self.view.sub)

    def _export(self, value: str) -> Answer:
        counted = self.counted()
        if value in dict(FORMATS):
            path = self.papers / f"outbound-{counted.date.isoformat()}.{value}"
        else:
            path = Path(value).expanduser()
        write_report(counted, path)
        return Answer("done", _("The day was written."), str(path))

    def _close(self, reason: str, operation: str) -> Answer:
        def work(tx: Tx) -> dict[str, int]:
            day = self._shown_day(tx)
            return closing.close_day(tx, day, self._date(tx, day.zone), reason)

        figures: dict[str, int] = self.store.write(operation, self.who, "close_day", work)
        self._trail = []
        self.refresh()
        left = ngettext("{count} parcel left.", "{count} parcels left.", figures["left"])
        return Answer("done", _("The day is closed."), left.format(count=f"{figures['left']:,}"))

    def _date(self, tx: Tx, zone: str) -> date:
        return self._day or clock.local(tx.now, zone).date()

    def _shown_day(self, tx: Tx) -> Day:
        zone = zone_of(tx, self.who.warehouse_id)
        return Day.of(self.who.warehouse_id, self._date(tx, zone), zone)

    def _show(self, tx: Tx) -> None:
        day = self._shown_day(tx)
        which = self._date(tx, day.zone)
        counted = outbound(tx, day.warehouse_id, which, day.zone, LATE_READ)
        speed = pace(tx, day.warehouse_id)
        board = TodayView(
            headline=self._headline(counted, speed),
            sub=_sub(which, counted),
            closed_by=closing.closed_by(tx, day.warehouse_id, which),
            stages=_stages(counted, notes(tx, day, counted, speed) if not self._day else {}),
            hours=_hours(counted, speed, day.zone) if not self._day else _hours_of(counted),
            table=self._table,
            rows=_rows(counted, self._table, on_time(tx, day)),
            needs=needs(tx, day, counted) if not self._day else (),
        )
        self.view = self._level(tx, day, board)

    def _level(self, tx: Tx, day: Day, board: TodayView) -> TodayView:
        if not self._trail:
            return board
        key = self._trail[-1]
        noun, _colon, number = key.partition(":")
        if noun in CARDS and number.isdigit():
            return replace(board, level="card", card=card_of(tx, noun, int(number)))
        if key == "closing":
            return replace(board, level="closing", balance=closing.balance(tx, day))
        behind.condition(tx, day, key)  # refuses a key that names nothing

        def fetch(after: int, limit: int) -> Sequence[OrderRow]:
            with self.store.read() as reading:
                return behind.orders_behind(reading, day, key, after, limit)

        return replace(board, level="orders", list_title=behind.title_of(key), fetch=fetch)

    def _headline(self, counted: Outbound, speed: Pace) -> str:
        if self._day is not None:
            words = ngettext("{count} order left", "{count} orders left", _out(counted))
            return words.format(count=f"{_out(counted):,}")
        leaving = counted.stages["packed"] + counted.stages["staged"]
        return headline(speed, leaving, counted.now, counted.zone)


def _board_of(view: TodayView) -> TodayView:
    """The board with its figures as they are, without what was opened over it."""
    return replace(view, level="board", list_title="", fetch=None, card=None, balance=None)


def _out(counted: Outbound) -> int:
    return sum(client["out"] for client in counted.by_client.values())


def _sub(which: date, counted: Outbound) -> str:
    came = ngettext("{count} order in", "{count} orders in", counted.orders_in)
    return f"{day_words(which)} · {came.format(count=f'{counted.orders_in:,}')}"


def _by_words(table: Table) -> str:
    words = {
        "client": _("By client"),
        "channel": _("By channel"),
        "carrier": _("By carrier"),
    }
    return words[table]


def _stages(counted: Outbound, said: dict[str, str]) -> tuple[StageFigure, ...]:
    """Every stage that has something to say; received and cancelled only when there are any."""
    quiet = ("received", "cancelled")
    return tuple(
        StageFigure(stage, stage_words(stage), counted.stages[stage], said.get(stage, ""))
        for stage in STAGES
        if counted.stages[stage] or stage not in quiet
    )


def _hours_of(counted: Outbound) -> tuple[HourBar, ...]:
    packed = {hour: n["packed"] for hour, n in counted.by_hour.items() if n["packed"]}
    return tuple(HourBar(hour, packed.get(hour, 0)) for hour in hours_shown(list(packed)))


def _hours(counted: Outbound, speed: Pace, zone: str) -> tuple[HourBar, ...]:
    """What was packed, then what the pace promises for the rest of this day."""
    done = _hours_of(counted)
    this_hour = f"{clock.local(counted.now, zone):%H}"
    known = {bar.hour for bar in done}
    coming = [
        HourBar(hour, parcels, forecast=True)
        for hour, parcels in speed.forecast(counted.now, zone)
        if hour not in known and hour > this_hour
    ]
    return (*done, *coming)


def _rows(counted: Outbound, table: Table, kept: dict[str, float]) -> tuple[TableRow, ...]:
    if table == "carrier":
        order = ("labelled", "waiting", "out", "units_out")
        return tuple(
            TableRow(f"carrier:{name}", carrier_words(name), tuple(n[x] for x in order))
            for name, n in counted.by_carrier.items()
        )
    if table == "channel":
        return tuple(
            TableRow(f"channel:{name}", name, (n["in"], n["open"], n["out"]), n["late"])
            for name, n in counted.by_channel.items()
        )
    return tuple(
        TableRow(
            f"client:{code}",
            counted.names.get(code, code),
            (n["in"], n["open"], n["out"]),
            n["late"],
            kept.get(code),
        )
        for code, n in counted.by_client.items()
    )
