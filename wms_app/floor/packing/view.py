"""What the pack screen shows, made of what lies on the bench."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from wms_app.base import clock, texts
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.catalog.names import split_name
from wms_app.floor.packing.address import city_line, country_name
from wms_app.floor.packing.bench import Bench, Goods
from wms_app.floor.packing.labelled import LabelResult
from wms_app.floor.packing.weight import judge
from wms_app.outside.carriers.carrier import carrier_words

Step = Literal["tote", "items", "weigh", "label", "stick", "stopped"]
State = Literal["todo", "now", "done", "bad"]
PRIORITY = 5


@dataclass(frozen=True)
class PackItem:
    """One line of the box: what it is, how many of how many are in."""

    state: State
    name: str
    other_name: str
    code: str
    count: str
    fragile: bool


@dataclass(frozen=True)
class OrderCard:
    """Whose order it is and when it must leave; `hurry` when that is less than two hours away."""

    number: str
    whose: str
    priority: str
    ship_by: str
    hurry: bool
    ship_to: tuple[str, ...]


@dataclass(frozen=True)
class BoxCard:
    """The carton in hand: its words, inner size in mm, and blocks (label, width, height, done)."""

    code: str
    words: str
    size_mm: tuple[int, int, int] | None = None
    blocks: tuple[tuple[str, int, int, bool], ...] = ()


@dataclass(frozen=True)
class WeightCard:
    """`fits`: whether the weight agrees with the contents; None before it is weighed."""

    grams: str
    expected: str
    fits: bool | None


@dataclass(frozen=True)
class PackView:
    """Everything the pack screen draws. `weighs`: a stable weight on the scale closes the box."""

    step: Step
    eyebrow: str
    instruction: str
    context: str = ""
    order: OrderCard | None = None
    box: BoxCard | None = None
    weight: WeightCard | None = None
    carrier: tuple[str, ...] = ()
    items: tuple[PackItem, ...] = ()
    waiting: tuple[tuple[int, str], ...] = ()
    ready: int = 0
    expects_repeat: bool = False
    weighs: bool = False


def empty_view(ready: int, waiting: tuple[tuple[int, str], ...]) -> PackView:
    """An empty bench: what waits, and what to scan."""
    context = (
        ngettext(
            "{count} order is ready to be packed", "{count} orders are ready to be packed", ready
        )
        if ready
        else _("Nothing is ready yet: orders come here when their picking is done.")
    )
    return PackView(
        "tote",
        _("Pack"),
        _("Scan a tote"),
        context.format(count=ready),
        waiting=waiting,
        ready=ready,
    )


def bench_view(
    bench: Bench, who: Who, step: Step, label: LabelResult | None, problem: str
) -> PackView:
    """The order on the bench at this step."""
    instruction, context = _instruction(bench, step, label, problem)
    parcel = bench.parcel
    place = _("Pack · tote {tote}").format(tote=bench.tote) if bench.tote else _("Pack")
    if parcel is not None and parcel.number > 1:
        place += " · " + _("box {number}").format(number=parcel.number)
    return PackView(
        step,
        place,
        instruction,
        context,
        _order_card(bench, who),
        _box_card(bench),
        _weight_card(bench),
        _carrier(bench, label),
        _items(bench, step),
        expects_repeat=step == "items",
        weighs=step == "weigh",
    )


def _instruction(
    bench: Bench, step: Step, label: LabelResult | None, problem: str
) -> tuple[str, str]:
    if step == "stopped":
        return _stopped(bench)
    if step == "weigh":
        return _("Put it on the scale"), _("everything is in · or type the weight with F7")
    if step == "label":
        return _("Closed, no label yet"), problem or _("F3 asks for the label again")
    if step == "stick":
        return _("Stick the label on"), _after_label(bench, label)
    total = bench.inside + bench.left
    said = _("{inside} of {total} in the box").format(inside=bench.inside, total=total)
    current = _current(bench)
    if current is None:
        return _("Scan the next item"), said
    more = ngettext("one more **{name}**", "{count} more **{name}**", current.left).format(
        count=current.left, name=split_name(current.name)[0]
    )
    first = _("Scan the first item") if not bench.inside else _("Scan the next item")
    return first, f"{said} · {more}"


def _stopped(bench: Bench) -> tuple[str, str]:
    if bench.state == "cancelled":
        return _("Stop: cancelled"), _("Put the goods on the put-back shelf.")
    return _("Stop: on hold"), _("Set the goods aside. A clerk can let the order go.")


def _after_label(bench: Bench, label: LabelResult | None) -> str:
    if label is not None and label.unsure:
        return _("did it come out? F4 it did · F2 prints it again")
    if label is not None and label.problem:
        return _("not printed: {problem} · F2 prints it").format(problem=label.problem)
    if bench.left:
        return ngettext(
            "then scan into the next box: {count} piece is left",
            "then scan into the next box: {count} pieces are left",
            bench.left,
        ).format(count=bench.left)
    return _("then scan the next tote")


def _current(bench: Bench) -> Goods | None:
    """The goods that are asked for: what was begun first, then in the order of the lines."""
    open_lines = [one for one in bench.goods if one.left > 0]
    begun = [one for one in open_lines if one.here]
    return next(iter(begun or open_lines), None)


def _items(bench: Bench, step: Step) -> tuple[PackItem, ...]:
    current = _current(bench) if step == "items" else None
    items = []
    for one in bench.goods:
        here, of = one.here, one.here + one.left
        if step in ("label", "stick", "stopped"):
            here, of = one.packed, one.picked
        elif not of:
            continue  # all of it lies in a box that is closed already
        state: State = "done" if here >= of else "now" if one is current else "todo"
        name, other = split_name(one.name)
        items.append(PackItem(state, name, other, one.barcode, f"{here} / {of}", one.fragile))
    return tuple(items)


def _order_card(bench: Bench, who: Who) -> OrderCard:
    to = bench.ship_to
    lines = [to.name, to.line1, to.line2, city_line(to.city, to.region, to.postal_code, to.country)]
    if to.country:
        lines.append(country_name(to.country))
    if not to.needs_address:
        lines.append(_("collected, or the seller's own label"))
    words, hurry = ship_by_words(bench.ship_by, who.zone)
    return OrderCard(
        bench.number,
        f"{bench.channel.title()} · {bench.client}",
        _("PRIORITY") if bench.priority >= PRIORITY else "",
        words,
        hurry,
        tuple(line for line in lines if line),
    )


def ship_by_words(ship_by: datetime | None, zone: str) -> tuple[str, bool]:
    """Until when an order must leave and how long that is, and whether that is soon."""
    if ship_by is None:
        return "", False
    left = ship_by - clock.now()
    at = clock.local(ship_by, zone)
    today = at.date() == clock.local(clock.now(), zone).date()
    when = at.strftime("%H:%M") if today else at.strftime("%m-%d %H:%M")
    if left < timedelta(0):
        return _("late since {time}").format(time=when), True
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    span = _("{hours} h {minutes:02d}").format(hours=hours, minutes=minutes)
    return _("ship by {time} · {left}").format(time=when, left=span), left < timedelta(hours=3)


def _box_card(bench: Bench) -> BoxCard:
    carton = bench.carton
    if carton is None:
        if bench.own_box:
            return BoxCard(_("Own box"), _("ships as it is"))
        if bench.parcels_needed > 1:
            words = _("no carton holds it all: about {count} boxes, F5 closes one")
            return BoxCard("–", words.format(count=bench.parcels_needed))
        return BoxCard("–", _("sizes not known: choose with F6, or any box"))
    size = carton.sides
    words = _("{length} × {width} × {height} mm").format(
        length=size[0], width=size[1], height=size[2]
    )
    if bench.advised is not None and bench.advised.id == carton.id:
        words += " · " + _("advised")
    return BoxCard(carton.code, words, size, _blocks(bench))


def _blocks(bench: Bench) -> tuple[tuple[str, int, int, bool], ...]:
    """The goods as blocks seen from the front, numbered as the list is."""
    blocks: list[tuple[str, int, int, bool]] = []
    for number, one in enumerate(bench.goods, 1):
        width, height = sorted(one.size_mm)[-1], sorted(one.size_mm)[0]
        if width and one.here + one.left:
            blocks.append((str(number), width, max(height, 20), one.here > 0 and not one.left))
    return tuple(blocks[:6])


def _weight_card(bench: Bench) -> WeightCard:
    inside, parcel = bench.contents, bench.parcel
    grams = parcel.grams if parcel is not None else 0
    if not inside.goods or not inside.known:
        words = _("not known: nothing is compared") if inside.goods else ""
        return WeightCard(_grams(grams) if grams else "", words, None)
    expected = _("expected {grams} ± {tolerance}").format(
        grams=f"{inside.expected_g:,}", tolerance=inside.tolerance_g
    )
    fits = judge(inside, grams) is None if grams else None
    return WeightCard(_grams(grams) if grams else "", expected, fits)


def _grams(grams: int) -> str:
    return _("{grams} g").format(grams=f"{grams:,}")


def _carrier(bench: Bench, label: LabelResult | None) -> tuple[str, ...]:
    if label is None:
        return (bench.service,)
    price = money(label.price_minor, label.currency)
    return (f"**{carrier_words(label.carrier)} {label.service}** · {price}", label.tracking)


def money(minor: int, currency: str) -> str:
    """An amount in the person's language.

    >>> money(841, "USD")
    '$8.41'
    """
    from babel.numbers import format_currency, get_currency_precision

    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency or "USD", locale=texts.language())
