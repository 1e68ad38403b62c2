"""What the packer is told after each step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from wms_app.base.conversation import Answer
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, ngettext
from wms_app.floor.catalog.names import split_name
from wms_app.floor.packing.bench import Bench, Goods
from wms_app.floor.packing.cartons import Box, Piece, holds
from wms_app.floor.packing.labelled import LabelResult
from wms_app.floor.packing.short import Lacking
from wms_app.floor.packing.view import PackView, money
from wms_app.floor.picking.news import to_short_shelf
from wms_app.outside.carriers.carrier import carrier_words


def begun(bench: Bench, view: PackView) -> Answer:
    """An order came to the bench, or came back to it."""
    if bench.inside:
        words = _("Order {number} again: {inside} of {total} in the box.")
        total = bench.inside + bench.left
        return Answer("ok", words.format(number=bench.number, inside=bench.inside, total=total))
    words = ngettext("{count} piece to pack.", "{count} pieces to pack.", bench.left)
    box = view.box
    box_words = _("Box: {box}").format(box=f"{box.code} {box.words}") if box else ""
    return Answer("ok", words.format(count=bench.left), box_words)


def closed_already(bench: Bench) -> Answer:
    """A parcel that is closed already: its label can be asked for, or printed again."""
    if bench.parcel.state == "sealed":
        words = _("That parcel is closed and waits for its label.")
        return Answer("warn", words, _("F3 asks for it."))
    return Answer("warn", _("That order is packed."), _("F2 prints its label again."))


def put_in(line: Goods, step: str) -> Answer:
    """Pieces of a line went into the box."""
    name = split_name(line.name)[0]
    if step == "weigh":
        return Answer("done", _("Everything is in."), _("Put the box on the scale."))
    if not line.left:
        return Answer("ok", _("{name} — all in").format(name=name))
    words = ngettext("{name} — one more", "{name} — {count} more", line.left)
    return Answer("ok", words.format(name=name, count=line.left))


def taken_out(line: Goods, pieces: int) -> Answer:
    """Pieces of a line came out of the box again."""
    words = ngettext("{name} taken out again", "{count} × {name} taken out again", pieces)
    return Answer("ok", words.format(count=pieces, name=split_name(line.name)[0]))


def carton(box: Box | None, pieces: Sequence[Piece]) -> Answer:
    """Another carton was chosen; a warning when it does not seem to hold everything."""
    if box is None:
        return Answer("ok", _("No carton: the goods ship in their own box."))
    if not holds(box, pieces):
        words = _("Carton {code} looks too small or too weak for all of it.")
        return Answer("warn", words.format(code=box.code), _("Go on if it fits, or press F6."))
    return Answer("ok", _("Carton {code}.").format(code=box.code))


def set_aside(bench: Bench) -> Answer:
    """The order left the bench as it is."""
    words = _("Order {number} is set aside.")
    return Answer("ok", words.format(number=bench.number), _("Scan it again to go on with it."))


def short(bench: Bench, lacking: Lacking, instruction: str) -> Answer:
    """Something is not there; what that leads to, and where the goods go."""
    words = ngettext("{count} piece is short.", "{count} pieces are short.", bench.left)
    back = _("Put everything back into tote {tote}.").format(tote=lacking.tote)
    said = [back] if lacking.tote and bench.inside else []
    match lacking.then:
        case "list" if lacking.tote:
            comes = _("List {code} brings what is short; set the tote aside until then.")
            said.append(comes.format(code=lacking.code))
        case "list":
            said.append(_("List {code} brings all of it.").format(code=lacking.code))
        case "waits":
            said.insert(0, _("Order {number} waits for stock.").format(number=bench.number))
            said.append(to_short_shelf(lacking.tote))
        case "goes_on":
            said = [_("The order goes on without."), f"{instruction}."]
        case "packed":
            said = [_("The order goes without; its boxes are closed already.")]
    return Answer("warn", words.format(count=bench.left), " ".join(said).strip())


def on_hold(bench: Bench) -> Answer:
    """The packer put the order on hold."""
    return Answer(
        "done",
        _("Order {number} is on hold.").format(number=bench.number),
        _("Put its goods on the hold shelf. A clerk lets it go in Orders."),
    )


def busy(bench: Bench) -> Refused:
    """Another order was scanned while this one has pieces in its box."""
    return Refused(
        "busy",
        _("Order {number} is on the bench, {inside} of {total} in the box.").format(
            number=bench.number, inside=bench.inside, total=bench.inside + bench.left
        ),
        _("Finish it, or set it aside with F3."),
    )


def labelled(label: LabelResult) -> Answer:
    """The label was bought, and printed if the printer is there."""
    if label.unsure:
        words = _("The printer went away: did the label come out?")
        return Answer("warn", words, _("F4: it came out. F2: print it again."))
    if label.problem:
        return Answer(
            "warn",
            _("The label is bought, but not printed."),
            _("{problem} F2 prints it.").format(problem=label.problem),
        )
    price = money(label.price_minor, label.currency)
    said = f"{carrier_words(label.carrier)} {label.service} · {price} · {label.tracking}"
    return Answer("done", _("Stick the label on."), said)


def maybe_out(number: str) -> str:
    """A label that waited was sent when its printer went away."""
    words = _("{number}: the printer went away, did the label come out?")
    return f"{words.format(number=number)} {_('F4: it came out. F3: print it again.')}"


def not_labelled(kind: Literal["warn", "bad"], problem: str) -> Answer:
    """The parcel is closed and its label has to wait."""
    return Answer(
        kind,
        _("Closed, but there is no label: {problem}").format(problem=problem),
        _("Set it aside and go on with the next tote. F3 asks for the label again."),
    )


def with_waiting(refusal: Refused, waiting: Sequence[tuple[int, str]]) -> Refused:
    """An empty tote may be one that was just packed when the station stopped: say what waits."""
    if refusal.code != "empty_tote" or not waiting:
        return refusal
    numbers = ", ".join(number for _parcel, number in waiting[:5])
    words = _("Closed already, and their labels wait: {orders}. F3 prints them.")
    return Refused(refusal.code, refusal.text, words.format(orders=numbers))


def asked_again(made: int, problems: list[str]) -> Answer:
    """The labels of all waiting parcels were asked for once more."""
    words = ngettext("{count} label printed.", "{count} labels printed.", made)
    detail = " ".join(problems[:3])
    return Answer("warn" if problems else "done", words.format(count=made), detail)


def in_tote(bench: Bench, tote: str) -> Answer:
    """The goods beside the box lie in a tote."""
    text = _("Tote {tote} carries {order}.").format(tote=tote, order=bench.number)
    return Answer("ok", text, _("Put its goods into it. They wait there until you pack them."))


def without_photograph(answer: Answer, why: str) -> Answer:
    """An answer that also says why there is no photograph, when there is none."""
    if not why:
        return answer
    missing = _("No photograph: {why}").format(why=why)
    kind: Literal["warn", "bad"] = "bad" if answer.kind == "bad" else "warn"
    return Answer(kind, answer.text, f"{answer.detail} {missing}".strip())


def slip_of(number: str) -> str:
    """What the packing slip of an order is called among the printed papers."""
    return _("packing slip {order}").format(order=number)


def slip_printed(where: str) -> Answer:
    """The packer asked for the packing slip."""
    return Answer("done", _("Put the packing slip into the box."), where)


def with_slip(answer: Answer) -> Answer:
    """An answer to an order whose client wants a packing slip in its box."""
    slip = _("Put the packing slip into the box.")
    return Answer(answer.kind, answer.text, _both(answer.detail, slip))


def without_slip(answer: Answer, why: str) -> Answer:
    """The slip that the client wants did not come out."""
    missing = _("No packing slip: {why} F2 prints it.").format(why=why)
    return Answer("warn", answer.text, _both(answer.detail, missing))


def _both(detail: str, more: str) -> str:
    return f"{detail} · {more}" if detail else more
