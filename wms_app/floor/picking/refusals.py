"""What a picker is told when a scan is not what the stop wants."""

from __future__ import annotations

from wms_app.base.codes import Code, Item, Number, Own, Sscc
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.names import split_name
from wms_app.floor.picking.walk import Stop
from wms_app.floor.picking.way import marked, way_words


def said(code: Code) -> str:
    """What a scan was, as a person names it."""
    match code:
        case Own("BIN", value):
            return _("bin {code}").format(code=value)
        case Own("TOTE", value):
            return _("tote {code}").format(code=value)
        case Own("LIST", value):
            return _("list {code}").format(code=value)
        case Own("USER", _value):
            return _("a badge")
        case Own(kind, value):
            return f"{kind} {value}"
        case Sscc(digits):
            return _("a shipping label, {digits}").format(digits=digits)
        case Number(value):
            return _("the number {number}").format(number=value)
        case Item(text=text):
            return text


def short_hint(bin_code: str) -> str:
    """What to do when the goods are not where they should be."""
    return _("Nothing was changed. If {bin} is empty, press F4 or scan SHORT.").format(bin=bin_code)


def wrong_bin(here: str, stop: Stop) -> Refused:
    """Another bin was scanned than the stop's: how to get to the right one."""
    return Refused(
        "wrong_bin",
        _("That is bin {here}. {way}").format(
            here=marked(here, stop.bin), way=way_words(here, stop.bin)
        ),
        short_hint(stop.bin),
    )


def bin_expected(what: str, stop: Stop) -> Refused:
    """Something else than a bin was scanned before the bin."""
    return Refused(
        "bin_expected",
        _("That is {what}. First scan bin {bin}.").format(what=what, bin=stop.bin),
        short_hint(stop.bin),
    )


def item_expected(code: Code, stop: Stop) -> Refused:
    """Something else than goods was scanned while pieces are to be taken."""
    name, _other = split_name(stop.name)
    return Refused(
        "item_expected",
        _("That is {what}. {left} more of {name} are to be taken here.").format(
            what=said(code), left=stop.left, name=name
        ),
        short_hint(stop.bin),
    )


def wrong_item(what: str, stop: Stop) -> Refused:
    """Other goods were scanned than the stop's; both are named."""
    name, _other = split_name(stop.name)
    return Refused(
        "wrong_item",
        _("That is {what}. Take {name} ({sku}).").format(what=what, name=name, sku=stop.sku),
        short_hint(stop.bin),
    )


def wrong_lot(lot: str, stop: Stop) -> Refused:
    """The right goods of another lot than the one that was promised."""
    return Refused(
        "wrong_lot",
        _("That is lot {got}. Take lot {want}.").format(
            got=marked(lot, stop.lot), want=marked(stop.lot, lot)
        ),
        short_hint(stop.bin),
    )


def too_many(pieces: int, stop: Stop) -> Refused:
    """A case, or a typed total, holds more than the stop still wants."""
    return Refused(
        "too_many",
        _("That is {pieces}; only {left} more are to be taken here.").format(
            pieces=pieces, left=stop.left
        ),
        _("Nothing was changed. Scan single pieces, or type the right number."),
    )


def no_piece_yet(number: int) -> Refused:
    """A number was typed before a piece of the stop was scanned."""
    return Refused(
        "scan_first",
        _("{number} of what? No piece was scanned at this stop yet.").format(number=number),
        _("Scan one piece, then type how many you took in all."),
    )


def too_few(number: int, stop: Stop) -> Refused:
    """The total typed is less than what was counted already."""
    return Refused(
        "too_few",
        _("{done} are counted here already, {number} is less.").format(
            done=stop.picked, number=number
        ),
        _("Press F9 to take back, or F4 if there are no more."),
    )


def wrong_tote(code: str, tote: str, order_number: str) -> Refused:
    """Pieces must go into the tote of their order."""
    return Refused(
        "wrong_tote",
        _("That is tote {got}. {order} lies in tote {want}.").format(
            got=marked(code, tote), order=order_number, want=marked(tote, code)
        ),
        _("Nothing was changed. Put them into {want} and scan it.").format(want=tote),
    )


def tote_expected(what: str, tote: str) -> Refused:
    """Something else was scanned while a tote is to be scanned; `tote` is "" for any free one."""
    next_step = (
        _("All pieces of this stop are taken: put them into tote {tote} and scan it.")
        if tote
        else _("All pieces of this stop are taken: put them into an empty tote and scan it.")
    )
    return Refused(
        "tote_expected",
        _("That is {what}, no tote.").format(what=what),
        next_step.format(tote=tote),
    )


def not_so_many(damaged: int, stop: Stop) -> Refused:
    """More pieces are said to be damaged than are still to be taken, or none."""
    return Refused(
        "not_damaged",
        _("{damaged} damaged? {left} are still to be taken here.").format(
            damaged=damaged, left=stop.left
        ),
        _("Say how many of those are damaged, at least 1."),
    )


def label_first(code: str) -> Refused:
    """A label-first list is walked in its own room."""
    return Refused(
        "label_first",
        _("List {code} goes label first.").format(code=code),
        _("Open Label first and scan it there."),
    )


def unknown_list(what: str) -> Refused:
    """Neither a list nor a tote that is under way."""
    return Refused(
        "unknown_list",
        _("{what} is no list, and no tote of one.").format(what=what),
        _("Scan the code at the top of a pick list."),
    )
