"""Which carrier and service take a parcel, and why."""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.base.texts import _

HOUSE = "house"
STANDARD = "standard"
EXPRESS = "express"

# What channels call a service -> ours. What is not here is taken at its word, so that a rate card
# may have services of its own.
_SERVICES = {
    "": STANDARD,
    "economy": STANDARD,
    "ground": STANDARD,
    "regular": STANDARD,
    "standard shipping": STANDARD,
    "expedited": EXPRESS,
    "nextday": EXPRESS,
    "next day": EXPRESS,
    "next-day": EXPRESS,
    "overnight": EXPRESS,
    "secondday": EXPRESS,
    "second day": EXPRESS,
    "priority": EXPRESS,
    "prime": EXPRESS,
}


@dataclass(frozen=True)
class Choice:
    """A carrier's code and its service, and the reason as the journal keeps it."""

    carrier: str
    service: str
    asked: str

    @property
    def why(self) -> str:
        """The reason in the person's language."""
        if self.asked in ("", self.service):
            return _("the order asks for {service}").format(service=self.service)
        return _("the order asks for “{asked}”, which is {service} here").format(
            asked=self.asked, service=self.service
        )


def choose(asked: str) -> Choice:
    """The carrier and service for what the order asks for; the house carrier takes them all."""
    word = asked.strip().lower()
    return Choice(HOUSE, _SERVICES.get(word, word), asked.strip())
