"""What a line of the journal says to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wms_app.base.texts import _, told
from wms_app.floor.orders.gate import hold_words


def noun_words(noun: str) -> str:
    """What kind of thing it is."""
    words = {
        "order": _("Order"),
        "parcel": _("Parcel"),
        "label": _("Label"),
        "list": _("Pick list"),
        "count": _("Count"),
        "pickup": _("Truck"),
        "putback": _("Put-back"),
        "sku": _("SKU"),
        "bin": _("Bin"),
        "tote": _("Tote"),
        "lane": _("Lane"),
        "day": _("Day"),
    }
    return words.get(noun, noun)


def deed_words(noun: str, verb: str) -> str:
    """What happened to a thing: the verb of its journal line."""
    return _OF_NOUN().get((noun, verb)) or _ANY().get(verb) or verb.replace("_", " ")


def _OF_NOUN() -> dict[tuple[str, str], str]:  # noqa: N802 (a table, translated when read)
    return {
        ("parcel", "opened"): _("parcel begun"),
        ("pickup", "opened"): _("truck opened"),
        ("list", "released"): _("list made"),
        ("list", "open"): _("list given back"),
        ("list", "done"): _("list walked to its end"),
        ("list", "void"): _("list called off"),
        ("label", "intended"): _("label asked for"),
        ("label", "bought"): _("label bought"),
        ("label", "failed"): _("label not sold"),
        ("label", "to_void"): _("label given up"),
        ("label", "voided"): _("label voided at the carrier"),
        ("label", "printed"): _("label printed"),
        ("label", "reprinted"): _("label printed again"),
        ("putback", "done"): _("goods put back"),
        ("pickup", "void"): _("truck closed empty"),
        ("parcel", "open"): _("parcel opened again"),
        ("parcel", "staged"): _("put into its lane"),
        ("parcel", "labelled"): _("labelled"),
        ("parcel", "void"): _("parcel given up"),
        ("order", "received"): _("taken in"),
        ("order", "staged"): _("all parcels in their lanes"),
        ("order", "packed"): _("all pieces packed"),
        ("order", "picked"): _("all pieces picked"),
        ("order", "allocated"): _("stock promised"),
        ("order", "short"): _("waits for stock"),
        ("order", "released"): _("given to the floor"),
        ("day", "day_closed"): _("day closed"),
    }


def _ANY() -> dict[str, str]:  # noqa: N802
    return {
        "held": _("held"),
        "hold_lifted": _("let go"),
        "cancelled": _("cancelled"),
        "handed_over": _("handed over to the carrier"),
        "took": _("picked pieces"),
        "put": _("put pieces back while picking"),
        "untook": _("took a pick back"),
        "short_pick": _("found too few in the bin"),
        "short_at_bench": _("found too few at the pack bench"),
        "tote_bound": _("into a tote"),
        "tote_unbound": _("tote is free"),
        "packed_piece": _("packed pieces"),
        "took_out": _("took pieces out of the parcel"),
        "taken_over": _("parcel taken over"),
        "sealed": _("sealed"),
        "loaded": _("loaded onto a truck"),
        "in_transit": _("left with the truck"),
        "departed": _("truck left"),
        "delivered": _("delivered"),
        "returned": _("returned"),
        "walking": _("walk begun"),
        "given": _("list given to a person"),
        "printed": _("printed"),
        "reprinted": _("printed again"),
        "promise_freed": _("promise of stock given back"),
        "put_back": _("pieces put back into a bin"),
        "put_back_undone": _("put-back undone"),
        "put_back_asked": _("put-back asked for"),
        "count_asked": _("count asked for"),
        "counted": _("counted"),
        "approved": _("count approved"),
        "found_short": _("too little stock"),
        "lost_by_count": _("promise lost by a count"),
        "put_back_in_bin": _("put back into its bin"),
        "label_bought": _("label bought"),
        "own_label_kept": _("the seller's label came"),
        "own_label_freed": _("the seller's label is free again"),
        "own_label_changed": _("whose label goes on it was changed"),
        "photographed": _("photographed"),
        "photograph_missing": _("not photographed"),
        "label_refused": _("the carrier refused a label"),
        "changed": _("changed"),
        "address_changed": _("address mended"),
    }


def detail_words(detail: Any) -> str:
    """The rest of a journal line: which lane, how many pieces, why."""
    if not isinstance(detail, Mapping):
        return ""
    said = [_one(str(key), value) for key, value in detail.items()]
    return " · ".join(text for text in said if text)


def _one(key: str, value: Any) -> str:
    if value is None or isinstance(value, Mapping | list) or key in _IDS:
        return ""
    if key == "reason":
        return told(hold_words(str(value)))
    words = {
        "why": _("why: {value}"),
        "lane": _("lane {value}"),
        "pickup": _("truck {value}"),
        "pieces": _("{value} pieces"),
        "tote": _("tote {value}"),
        "bin": _("bin {value}"),
        "to": _("to {value}"),
        "found": _("{value} found"),
        "damaged": _("{value} damaged"),
        "missing": _("{value} missing"),
        "parcels": _("{value} parcels"),
        "orders": _("{value} orders"),
        "vehicle": _("vehicle {value}"),
        "grams": _("{value} g"),
        "quantity": _("{value} pieces"),
    }
    said = told(value) if key == "why" else value  # codes are nobody's words
    return words[key].format(value=said) if key in words else f"{key}: {said}"


# Numbers of rows say nothing to a person.
_IDS = frozenset({"line", "pick", "parcel", "of", "order", "allocation", "stock", "warehouse"})


def moved_words(reason: str) -> str:
    """Why pieces came to a bin or left it (a reason of the stock's movements)."""
    words = {
        "opening": _("first stock"),
        "received": _("received"),
        "pick": _("picked"),
        "unpick": _("pick taken back"),
        "putback": _("put back"),
        "damaged": _("damaged"),
        "move": _("moved"),
        "count": _("counted"),
        "archive": _("brought forward from archived months"),
    }
    return words.get(reason, reason)
