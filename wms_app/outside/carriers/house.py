"""The house carrier: our own fleet, or any carrier that is booked by hand, by our own rate card.

Nothing is sold by anybody outside: a label is a number and a price that follow from the shipment
alone, so that the same key always gives the same label and nothing has to be looked up or voided
elsewhere.
"""

from __future__ import annotations

from wms_app.base.codes import sscc
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.carriers.carrier import Bought, Rate, Shipment
from wms_app.outside.carriers.rates import RateCard

# Without a GS1 company prefix of one's own. GS1 keeps the prefixes 020-029, 040-049 and 200-299 for
# numbers that circulate inside one company (GS1 General Specifications, 1.4, "restricted
# circulation numbers"), so such an SSCC can't be mistaken for somebody else's.
INTERNAL_PREFIX = "2990000"
COLLECTED = "collected"


def tracking_number(company_prefix: str, serial: int) -> str:
    """The SSCC-18 of our `serial`-th label: extension digit, company prefix, serial, check digit.

    The extension digit counts on when the serials behind the prefix are used up, as the General
    Specifications (3.2) leave it to the company. Refused: `sscc_full`, when they all are.
    """
    prefix = company_prefix or INTERNAL_PREFIX
    if not (prefix.isascii() and prefix.isdigit() and 4 <= len(prefix) <= 12):
        raise Refused(
            "bad_prefix",
            _("“{prefix}” is no GS1 company prefix.").format(prefix=prefix),
            _("Give 4 to 12 digits, or leave it empty."),
        )
    room = 16 - len(prefix)
    extension, rest = divmod(serial, 10**room)
    if serial < 0 or extension > 9:
        raise Refused(
            "sscc_full",
            _("All numbers behind the company prefix {prefix} are used.").format(prefix=prefix),
            _("Enter another prefix for this warehouse."),
        )
    return sscc(f"{extension}{prefix}", rest)


class House:
    """A carrier by rate card; tracking numbers are SSCC-18 of our own."""

    def __init__(self, rates: RateCard, company_prefix: str = "", currency: str = "USD") -> None:
        self.rates = rates
        self.company_prefix = company_prefix
        self.currency = currency

    def rate(self, shipment: Shipment) -> tuple[Rate, ...]:
        """Every service of the rate card that goes there with this weight, cheapest first."""
        if not shipment.addressed:
            return (self._price(shipment),)
        offers = []
        for service in self.rates.services:
            try:
                offers.append(self._look_up(shipment, service))
            except Refused:
                continue
        return tuple(sorted(offers, key=lambda offer: offer.price_minor))

    def buy(self, key: str, shipment: Shipment) -> Bought:  # noqa: ARG002
        """The label of this shipment; `key` adds nothing to `shipment.reference` here."""
        rate = self._price(shipment)
        number = tracking_number(self.company_prefix, shipment.reference)
        return Bought(number, rate.service, rate.zone, rate.price_minor, rate.currency)

    def find(self, key: str) -> Bought | None:  # noqa: ARG002
        """Nothing was ever sold elsewhere: buying again gives the same label."""
        return None

    def void(self, tracking: str) -> None:
        """Nobody has to be told."""

    def _price(self, shipment: Shipment) -> Rate:
        if not shipment.addressed:  # collected, or the seller's own label: nothing to charge
            return Rate(shipment.service, COLLECTED, 0, self.currency, 0)
        return self._look_up(shipment, shipment.service)

    def _look_up(self, shipment: Shipment, service: str) -> Rate:
        to = shipment.ship_to
        return self.rates.rate(service, to.country, to.postal_code, shipment.grams)
