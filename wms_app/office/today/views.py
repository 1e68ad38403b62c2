"""What the supervisor's screen draws: the board, a list of orders, a card, or the evening."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from wms_app.office.find.cards import FoundCard
from wms_app.office.today.attention import Need
from wms_app.office.today.behind import OrderRow
from wms_app.office.today.closing import Balance

Level = Literal["board", "orders", "card", "closing"]
Table = Literal["client", "channel", "carrier"]
TABLES: tuple[Table, ...] = ("client", "channel", "carrier")


@dataclass(frozen=True)
class StageFigure:
    """A stage's number; opening it asks for `stage:<name>`."""

    name: str
    label: str
    count: int
    note: str = ""


@dataclass(frozen=True)
class HourBar:
    """Parcels packed in an hour ("14"); a forecast is what the pace promises."""

    hour: str
    parcels: int
    forecast: bool = False


@dataclass(frozen=True)
class TableRow:
    """A line of the table by client, channel or carrier: figures in the order of its columns.

    `on_time`: the share of the last seven days, None when nothing left or it is not kept.
    """

    key: str
    name: str
    figures: tuple[int, ...]
    late: int = 0
    on_time: float | None = None


@dataclass(frozen=True)
class TodayView:
    """`level` says what is shown; the board's figures are there at every level.

    `fetch(after, limit)` reads the orders of the list, page by page; it may be called off the
    thread that draws.
    """

    level: Level = "board"
    headline: str = ""
    sub: str = ""
    closed_by: str = ""
    stages: tuple[StageFigure, ...] = ()
    hours: tuple[HourBar, ...] = ()
    table: Table = "client"
    rows: tuple[TableRow, ...] = ()
    needs: tuple[Need, ...] = ()
    list_title: str = ""
    fetch: Callable[[int, int], Sequence[OrderRow]] | None = field(default=None, compare=False)
    card: FoundCard | None = None
    balance: Balance | None = None
    expects_repeat: bool = False
