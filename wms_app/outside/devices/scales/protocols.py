"""The languages of scales by name: how each is asked and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wms_app.outside.devices.scales.hid import HidPos
from wms_app.outside.devices.scales.lines import AandD, Cas, MtSics, Plain
from wms_app.outside.devices.scales.nci import Nci
from wms_app.outside.devices.scales.said import Parser
from wms_app.outside.devices.scales.toledo import Toledo8217, ToledoContinuous


@dataclass(frozen=True)
class Language:
    """`ask`: what makes the scale answer; empty when it speaks by itself.

    `make(unit)` gives a fresh parser; only a language with `needs_unit` looks at the unit.
    `seven`: factory setting is 7 bits with even parity.
    """

    name: str
    title: str
    ask: bytes
    make: Callable[[str], Parser]
    seven: bool = False
    needs_unit: bool = False


def _8213(unit: str) -> Parser:
    return Toledo8217(unit, tells_motion=False)


# The strictest first: what two of them could read is the former's.
SERIAL = (
    Language("mt-sics", "MT-SICS", b"SI\r\n", lambda _unit: MtSics()),
    Language("toledo-continuous", "Toledo continuous", b"", lambda _unit: ToledoContinuous()),
    Language("cas", "CAS", b"", lambda _unit: Cas()),
    Language("a-and-d", "A&D", b"Q\r\n", lambda _unit: AandD(), seven=True),
    Language("nci", "NCI", b"W\r", lambda _unit: Nci(), seven=True),
    Language("nci-ecr", "NCI-ECR", b"W\r", lambda _unit: Nci(), seven=True),
    Language("toledo-8213", "Toledo 8213", b"W", _8213, seven=True, needs_unit=True),
    Language("toledo-8217", "Toledo 8217", b"W", Toledo8217, seven=True, needs_unit=True),
    Language("lines", "number and unit", b"", lambda _unit: Plain()),
)
HID = Language("hid", "USB HID", b"", lambda _unit: HidPos())
BY_NAME = {language.name: language for language in SERIAL}
# 8213 and 8217 can't be told apart by listening; the former's rules are the stricter ones.
FOUND_BY_LISTENING = tuple(one for one in SERIAL if one.name not in ("nci-ecr", "toledo-8217"))
FOUND_BY_ASKING = tuple(one for one in FOUND_BY_LISTENING if one.ask)
