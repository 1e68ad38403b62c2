"""A thing's card: the facts that matter, what belongs to it, and its whole story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.office.find.facts import FoundFact
from wms_app.office.find.lookup import Hit
from wms_app.office.find.outbound_cards import lane_card, order_card, parcel_facts, pickup_card
from wms_app.office.find.shelf_cards import bin_card, list_card, sku_card, tote_card
from wms_app.office.find.states import state_words
from wms_app.office.find.story import StoryLine, story


@dataclass(frozen=True)
class FoundCard:
    """One thing with all that is known of it; `with_it` are the things that belong to it."""

    noun: str
    number: int
    title: str
    sub: str
    state: str
    facts: tuple[FoundFact, ...]
    with_it: tuple[Hit, ...]
    story: tuple[StoryLine, ...]


def card_of(tx: Tx, noun: str, number: int) -> FoundCard:
    """The card of a thing. Refused: there is none."""
    made = _MAKERS[noun](tx, number) if noun in _MAKERS else None
    if made is None:
        raise Refused("not_found", _("There is no such thing any more."), _("Look again."))
    title, sub, state, facts, with_it = made
    lines = tuple(story(tx, noun, number))
    shown = tuple(
        replace(fact, lines=tuple(line for line in fact.lines if line))
        for fact in facts
        if any(fact.lines)
    )
    return FoundCard(noun, number, title, sub, state, shown, tuple(with_it), lines)


def title_of(card: FoundCard) -> str:
    """A card's name with its state: "114-394 · packed"."""
    return f"{card.title} · {state_words(card.noun, card.state)}" if card.state else card.title


_MAKERS: dict[str, Any] = {
    "order": order_card,
    "parcel": parcel_facts,
    "sku": sku_card,
    "bin": bin_card,
    "tote": tote_card,
    "list": list_card,
    "lane": lane_card,
    "pickup": pickup_card,
}
