"""Which carton to take: pure, without a database.

For now by volume, longest side and weight, with padding around what is fragile; where every piece
lies in the box is not planned yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

FILL = 0.85  # how much of a carton's volume goods of mixed shapes fill in practice
PADDING_MM = 20  # on every side of a fragile piece


@dataclass(frozen=True)
class Piece:
    """So many pieces of one size and weight; 0 mm or 0 g where it is not known."""

    length_mm: int
    width_mm: int
    height_mm: int
    grams: int
    quantity: int = 1
    fragile: bool = False
    own_box: bool = False

    @property
    def sides(self) -> tuple[int, int, int]:
        """Its sides with padding, longest first."""
        padding = 2 * PADDING_MM if self.fragile else 0
        known = (self.length_mm, self.width_mm, self.height_mm)
        longest, middle, shortest = sorted((side + padding for side in known), reverse=True)
        return longest, middle, shortest


@dataclass(frozen=True)
class Box:
    """A carton that can be chosen; inner size in mm, empty and most weight in grams."""

    id: int
    code: str
    length_mm: int
    width_mm: int
    height_mm: int
    empty_g: int
    max_g: int

    @property
    def sides(self) -> tuple[int, int, int]:
        """Its inner sides, longest first."""
        longest, middle, shortest = sorted(
            (self.length_mm, self.width_mm, self.height_mm), reverse=True
        )
        return longest, middle, shortest

    @property
    def volume(self) -> int:
        """Inner volume in cubic millimetres."""
        return self.length_mm * self.width_mm * self.height_mm


def holds(box: Box, pieces: Sequence[Piece]) -> bool:
    """Whether every piece fits by itself, all fit by volume, and the weight is not too much."""
    each_fits = all(
        mine <= inner
        for piece in pieces
        for mine, inner in zip(piece.sides, box.sides, strict=True)
    )
    grams = sum(piece.grams * piece.quantity for piece in pieces) + box.empty_g
    alone = len(pieces) == 1 and pieces[0].quantity == 1
    share = 1.0 if alone else FILL
    return each_fits and grams <= box.max_g and volume(pieces) <= box.volume * share


def volume(pieces: Sequence[Piece]) -> int:
    """What the pieces take up together, in cubic millimetres."""
    total = 0
    for piece in pieces:
        longest, middle, shortest = piece.sides
        total += longest * middle * shortest * piece.quantity
    return total


def advise(boxes: Sequence[Box], pieces: Sequence[Piece]) -> Box | None:
    """The smallest carton that holds the pieces; None when none does: pack several parcels."""
    fitting = [box for box in boxes if holds(box, pieces)]
    return min(fitting, key=lambda box: (box.volume, box.code), default=None)


def own_box_alone(pieces: Sequence[Piece]) -> bool:
    """Whether the goods are one piece that ships in its own box: no carton is needed."""
    return len(pieces) == 1 and pieces[0].quantity == 1 and pieces[0].own_box


def boxes_needed(boxes: Sequence[Box], pieces: Sequence[Piece]) -> int:
    """Into about how many parcels the pieces go, filling one carton after the other, the biggest
    pieces first; a piece that fits no carton is a parcel of its own. For the person to decide."""
    singles = [replace(piece, quantity=1) for piece in pieces for _n in range(piece.quantity)]
    singles.sort(key=lambda piece: volume([piece]), reverse=True)
    open_parcels: list[list[Piece]] = []
    for piece in singles:
        for parcel in open_parcels:
            if advise(boxes, [*parcel, piece]) is not None:
                parcel.append(piece)
                break
        else:
            open_parcels.append([piece])
    return len(open_parcels)
