"""Somebody else's ZPL: only what draws goes to our printer, at the size that it prints.

A carrier's program may set up a printer for whoever prints next: its darkness, its media, its
width, its network. Commands are let through by name (ZPL II Programming Guide, chapter "ZPL
Commands"); every other command is left out, with what is behind it. What draws and yet outlasts its
label (home, orientation, mirror, reverse, default font, code page) is put back after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wms_app.base.refusal import Refused
from wms_app.base.texts import _

PAPER_MM = (102.0, 153.0)  # a label of 4 x 6 inch, with what may hang over its edge
DPIS = (203, 300, 600)
_DRAWS = frozenset(
    "^XA ^XZ ^A@ ^BY ^CF ^CI ^FB ^FC ^FD ^FE ^FH ^FM ^FN ^FO ^FP ^FR ^FS ^FT ^FV ^FW ^FX ^GB ^GC"
    " ^GD ^GE ^GF ^GS ^IM ^LH ^LR ^PM ^PO ^SN ^SF ^TB ^XG ^PW ^LL ~DG ~DY".split()
)
_SIZES = ("^PW", "^LL")  # read, and left out: a printer of ours knows its paper
_MEMORY = re.compile(rb"\s*[ER]:", re.IGNORECASE)  # R is gone with the power, E is not
_COMMAND = re.compile(rb"[\^~][^\^~]*")
_AFTER = b"^XA^LH0,0^PON^PMN^LRN^FWN^CI0^CFA^BY2,3,10^XZ\n"
_FORMAT = re.compile(rb"\^XA.*?\^XZ", re.DOTALL)
_PLACE = re.compile(rb"\s*(\d+)?\s*(?:,\s*(\d+))?")


@dataclass(frozen=True)
class Cleaned:
    """A program that only draws, and the names of the commands that were left out of it."""

    program: bytes
    left_out: tuple[str, ...]


def cleaned(program: bytes, dpi: int) -> Cleaned:
    """What of a program may go to a printer of `dpi` dots per inch: one label.

    Refused: no label or several in it, prefixes that were changed (^CC, ^CT, ^CD), a label that is
    larger than the paper at that resolution, or was made for another one.
    """
    if len(_FORMAT.findall(program)) == 0:
        raise _bad(_("no whole label is in it"))
    kept, out = [], dict[str, None]()
    for command in _commands(program):
        name = name_of(command)
        if name in ("^CC", "~CC", "^CT", "~CT", "^CD", "~CD"):
            raise _bad(_("it changes the signs of its own commands"))
        if (name == "^MU" and command[3:4].upper() not in (b"", b"D")) or (
            name == "^JM" and command[3:4].upper() == b"B"
        ):
            raise _bad(_("it counts in another unit than dots"))
        if _may_pass(name, command):
            kept.append(command if name not in ("^XA", "^XZ") else command[:3])
        else:
            out[name] = None
    _check_size(program, dpi)
    text = b"".join(kept)
    labels = [one for one in _FORMAT.findall(text) if re.search(rb"\^(FD|FV|GF|GB|XG|IM)", one)]
    if len(labels) != 1:
        raise _bad(_("it holds {count} labels, not one").format(count=len(labels)))
    return Cleaned(text.rstrip() + b"\n" + _AFTER, tuple(out))


def name_of(command: bytes) -> str:
    """What a command is called: its sign and two letters; fonts are ^A and barcodes ^B."""
    return command[:3].decode("latin-1").upper()


def _commands(program: bytes) -> Iterator[bytes]:
    """The commands in their order; what stands before the first is none."""
    start = re.search(rb"[\^~]", program)
    for found in _COMMAND.finditer(program, start.start() if start else len(program)):
        yield found.group()


def _may_pass(name: str, command: bytes) -> bool:
    if name in _SIZES:
        return False
    if name in ("~DG", "~DY"):  # a picture for this label; what stays in the printer is not wanted
        found = _MEMORY.match(command[3:])
        return found is None or found.group().strip().upper().startswith(b"R")
    font = name.startswith("^A") and (name[2:].isalnum() or name == "^A@")
    return font or name.startswith("^B") or name in _DRAWS


def _check_size(program: bytes, dpi: int) -> None:
    """By what it says of its size, else by where its fields stand."""
    wide, long = (_last_number(program, sign) for sign in (rb"\^PW", rb"\^LL"))
    places = [_numbers(found) for found in re.findall(rb"\^F[OT]([^\^~]*)", program)]
    right = max([x for x, _y in places], default=0)
    bottom = max([y for _x, y in places], default=0)
    fits = [one for one in DPIS if _fits(one, max(wide, right), max(long, bottom))]
    if dpi not in fits:
        finest = next(iter(fits), 0)
        if not finest:
            raise _bad(_("it is larger than a label of 100 x 150 mm"))
        raise _bad(
            _("it was made for a printer of {made} dots per inch, and ours has {ours}").format(
                made=finest, ours=dpi
            )
        )
    if wide and long and 25.4 * max(wide, long) / dpi < 0.75 * PAPER_MM[1] and dpi > DPIS[0]:
        finer = [one for one in DPIS if one < dpi and _fills(one, wide, long)]
        if finer:
            raise _bad(
                _("it was made for a printer of {made} dots per inch, and ours has {ours}").format(
                    made=finer[0], ours=dpi
                )
            )


def _fits(dpi: int, dots_wide: int, dots_long: int) -> bool:
    wide, long = (25.4 * dots / dpi for dots in (dots_wide, dots_long))
    across, along = PAPER_MM
    return (wide <= across and long <= along) or (wide <= along and long <= across)


def _fills(dpi: int, dots_wide: int, dots_long: int) -> bool:
    """Whether a label of so many dots is about as large as the paper at that resolution."""
    return 0.9 * PAPER_MM[1] <= 25.4 * max(dots_wide, dots_long) / dpi <= PAPER_MM[1]


def _last_number(program: bytes, sign: bytes) -> int:
    found = re.findall(sign + rb"\s*(\d+)", program)
    return int(found[-1]) if found else 0


def _numbers(place: bytes) -> tuple[int, int]:
    found = _PLACE.match(place)
    x, y = found.groups() if found else (None, None)
    return int(x or 0), int(y or 0)


def _bad(why: str) -> Refused:
    return Refused(
        "foreign_zpl",
        _("The carrier's label can't be printed here: {why}.").format(why=why),
        _("Ask the carrier for a label of 4 x 6 inch for this printer, or for a PDF."),
    )
