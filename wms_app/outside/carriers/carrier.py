"""What every carrier can be asked, whoever it is: a price, a label, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

INITIALS = 4  # a carrier whose code is so short is called by its initials: UPS, DHL


def carrier_words(code: str) -> str:
    """A carrier as people call it: codes are kept in small letters."""
    return code.upper() if len(code) <= INITIALS else code.title()


@dataclass(frozen=True)
class Address:
    """Where a parcel comes from or goes to; `country` is the ISO code of two letters."""

    name: str
    lines: tuple[str, ...]
    city: str
    region: str
    postal_code: str
    country: str
    phone: str = ""


@dataclass(frozen=True)
class Shipment:
    """One parcel to be carried.

    `reference` is a number of ours that no other shipment of this store has. Grams as weighed,
    outer size in mm (0 where it is not known). `addressed` is False when the parcel is collected
    or travels under a label that the seller brings.
    """

    reference: int
    order_number: str
    service: str
    ship_from: Address
    ship_to: Address
    grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    addressed: bool = True


@dataclass(frozen=True)
class Rate:
    """What one service would cost, in minor units of `currency`; `days` on the way."""

    service: str
    zone: str
    price_minor: int
    currency: str
    days: int


@dataclass(frozen=True)
class Bought:
    """A label that was sold. `label` is the carrier's own drawing of it (ZPL or PDF), or None
    when we draw it ourselves."""

    tracking: str
    service: str
    zone: str
    price_minor: int
    currency: str
    label: bytes | None = None


class Carrier(Protocol):
    """One carrier. Every call may raise `Down`: it is away, or the outcome is not known."""

    def rate(self, shipment: Shipment) -> tuple[Rate, ...]:
        """What the carrier offers for this parcel, cheapest first; empty when it takes none."""

    def buy(self, key: str, shipment: Shipment) -> Bought:
        """Buy the label named `key`; the same key again gives the same label and costs nothing.

        Refused: what the carrier won't carry. `Down` leaves open whether it was sold.
        """

    def find(self, key: str) -> Bought | None:
        """The label that was sold under `key`, or None when none was."""

    def void(self, tracking: str) -> None:
        """Give a label back; one that was given back before is no error. Refused: too late."""
