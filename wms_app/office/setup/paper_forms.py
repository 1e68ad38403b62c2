"""The papers that Setup prints: what each asks, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.packing import order_papers
from wms_app.office.setup import goods_papers, papers

MOST_COPIES = 500
UN_NUMBERS = ("UN3481", "UN3480", "UN3091", "UN3090")

Answers = dict[str, str]


@dataclass(frozen=True)
class PaperAsk:
    """One field of a paper's form; `choices` as (value, words) make it a list."""

    name: str
    words: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class PaperForm:
    """A paper: its words, what it is for, the use by which its printer is chosen, what it asks.

    `draw(tx, warehouse_id, answers)` gives the PDF, for a printer of the answer "dpi".
    `numbered`: each gets a number of its own, the first of which is the answer "first".
    """

    key: str
    title: str
    purpose: str
    use: str
    asks: tuple[PaperAsk, ...]
    draw: Callable[[Tx, int, Answers], bytes]
    size: str = "label"
    numbered: bool = False


def forms() -> tuple[PaperForm, ...]:
    """Every paper that Setup prints, in the order in which they are offered."""
    copies = PaperAsk("copies", _("How many"), "1")
    order = PaperAsk("order", _("Order number"))
    lot, expires = PaperAsk("lot", _("Lot")), PaperAsk("expires", _("Expires"), hint="2027-03-31")
    sku = PaperAsk("sku", _("SKU or barcode"))
    return (
        PaperForm(
            "bin_labels", _("Bin labels"), _("one for every bin, in walk order"), "bin",
            (PaperAsk("zone", _("Zone"), hint=_("empty for all")),
             PaperAsk("arrow", _("Arrow"), "", _arrows())),
            lambda tx, house, said: papers.bin_labels(
                tx, house, said["zone"], said["arrow"], dpi(said)
            ),
        ),
        PaperForm(
            "tote_labels", _("Tote labels"), _("for the totes that pickers carry"), "tote",
            (PaperAsk("range", _("From - to: 1-20"), "1-20"),),
            lambda _tx, _house, said: papers.tote_range(said["range"], dpi(said)),
        ),
        PaperForm(
            "sku_labels", _("SKU labels"), _("for goods that came without a barcode"), "sku",
            (sku, copies, lot, expires), _sku_labels,
        ),
        PaperForm(
            "packing_slip", _("Packing slip"), _("what is in the box, for the buyer"), "other",
            (order,),
            lambda tx, house, said: order_papers.packing_slip(
                tx, house, said["order"], dpi(said)
            ),
        ),
        PaperForm(
            "return_label", _("Return label"), _("for goods that come back"), "other",
            (order,),
            lambda tx, house, said: order_papers.return_label(
                tx, house, said["order"], dpi(said)
            ),
        ),
        PaperForm(
            "pallet_labels", _("Pallet labels"), _("GS1 labels, each with a number of its own"),
            "other",
            (PaperAsk("sku", _("SKU or barcode"), hint=_("empty: mixed goods")),
             PaperAsk("pieces", _("Pieces on a pallet")), lot, expires, copies),
            _pallets, numbered=True,
        ),
        PaperForm(
            "fragile_marks", _("Fragile marks"), _("glass and arrows, to be seen from afar"),
            "other", (copies, PaperAsk("note", _("Note"))),
            lambda _tx, _house, said: goods_papers.fragile_marks(
                said["note"], count(said), dpi(said)
            ),
        ),
        PaperForm(
            "lithium_marks", _("Lithium battery marks"), _("for parcels with lithium batteries"),
            "other",
            (PaperAsk("un", _("UN number"), UN_NUMBERS[0], tuple((un, un) for un in UN_NUMBERS)),
             PaperAsk("design", _("Size"), "lithium",
                      (("lithium", "100 x 100 mm"), ("lithium-small", "100 x 70 mm"))),
             PaperAsk("phone", _("Telephone")), copies),
            lambda _tx, _house, said: goods_papers.lithium_marks(
                said["design"], said["un"], said["phone"], count(said), dpi(said)
            ),
        ),
        PaperForm(
            "command_sheet", _("Command sheet"), _("undo, short, hold ... as codes"),
            "command_sheet", (copies,), _command_sheets, "A4",
        ),
    )  # fmt: skip


def form_of(key: str) -> PaperForm | None:
    """The paper of that key."""
    return next((form for form in forms() if form.key == key), None)


def count(said: Answers) -> int:
    """How many were asked for. Refused: no number, or too many."""
    text = said["copies"].strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_COPIES):
        raise Refused(
            "bad_copies",
            _("“{value}” can't be printed.").format(value=text),
            _("Write a number from 1 to {most}.").format(most=MOST_COPIES),
        )
    return int(text)


def dpi(said: Answers) -> int:
    """How fine the chosen printer prints, as whoever prints has put it among the answers."""
    return int(said["dpi"])


def _arrows() -> tuple[tuple[str, str], ...]:
    return (
        ("", _("none")),
        ("up", _("up")),
        ("down", _("down")),
        ("left", _("to the left")),
        ("right", _("to the right")),
    )


def _sku_labels(tx: Tx, _house: int, said: Answers) -> bytes:
    lot, expires = said["lot"], said["expires"]
    return goods_papers.sku_labels(tx, said["sku"], count(said), lot, expires, dpi(said))


def _pallets(tx: Tx, house: int, said: Answers) -> bytes:
    load = goods_papers.Load(said["sku"], said["pieces"], said["lot"], said["expires"])
    return goods_papers.pallet_labels(tx, house, load, int(said["first"]), count(said), dpi(said))


def _command_sheets(_tx: Tx, _house: int, said: Answers) -> bytes:
    from wms_app.outside.papers.command_sheet import command_sheet_pdf

    return command_sheet_pdf(dpi(said), count(said))
