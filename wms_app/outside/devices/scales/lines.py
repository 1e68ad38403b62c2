"""Scales that write lines: MT-SICS, A&D, CAS with 22 bytes, and a plain number with its unit."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from wms_app.outside.devices.scales.said import (
    LONGEST,
    MOVING,
    OVER,
    UNDER,
    Said,
    parity_holds,
    said,
    seven_bits,
    unit_of,
)


class _Lines(ABC):
    """Cuts a stream at CR and LF. The first line's beginning was not seen: it is thrown away.

    So is the rest of a line that is too long. Every line's parity must hold.
    """

    def __init__(self) -> None:
        self._kept = b""
        self._whole = False  # whether the beginning of the kept line was seen

    def feed(self, data: bytes) -> list[Said]:
        """See `Parser`."""
        found = []
        *lines, self._kept = re.split(rb"[\r\n\x8a\x8d]", self._kept + data)
        for line in lines:
            if self._whole and parity_holds(line):
                frame = self.line(seven_bits(line).decode("ascii"))
                if frame is not None:
                    found.append(frame)
            self._whole = True
        if len(self._kept) > LONGEST:
            self._kept, self._whole = b"", False
        return found

    @abstractmethod
    def line(self, text: str) -> Said | None:
        """What a whole line says; None for one of another language."""


class MtSics(_Lines):
    """Mettler Toledo's standard interface, level 0: `S S     100.00 g`, the value in ten places."""

    _WEIGHT = re.compile(r"S ([SD]) ([ ]*-?[0-9]+(?:\.[0-9]+)?) ([A-Za-z]{1,3})")

    def __init__(self) -> None:
        super().__init__()
        self._whole = True  # the beginning is told by its letters and the fixed width

    def line(self, text: str) -> Said | None:
        """See `Parser`."""
        found = self._WEIGHT.fullmatch(text)
        if found:
            ten_places = len(found[2]) == 10
            return said(found[2], unit_of(found[3]), found[1] == "S") if ten_places else None
        return {"S I": MOVING, "S +": OVER, "S -": UNDER}.get(text)


class AandD(_Lines):
    """A&D's standard format: `ST,+00123.45  g`, nine places for the value, three for the unit."""

    _WEIGHT = re.compile(r"(ST|US),([+-][0-9.]{8})([ A-Za-z]{3})")
    _OVER = re.compile(r"OL,([+-])[-+ 0-9.E]{8,14}[ A-Za-z]{0,3}")

    def __init__(self) -> None:
        super().__init__()
        self._whole = True

    def line(self, text: str) -> Said | None:
        """See `Parser`."""
        over = self._OVER.fullmatch(text)
        if over:
            return UNDER if over[1] == "-" else OVER
        found = self._WEIGHT.fullmatch(text)
        if found is None:
            return None
        return said(found[2], unit_of(found[3]), found[1] == "ST")


class Cas:
    """CAS, 22 bytes: `ST,GS,` two bytes of lamps, `,`, eight places, a space, the unit, CR LF.

    The lamps may be any byte, line ends and commas too, so that the frame is known by its length.
    """

    _FRAME = re.compile(
        rb"(ST|US|OL),(GS|NT),[\x00-\x7f]{2},([-+ 0-9.]{8}) (kg| g|g |lb|oz|KG|LB|OZ)\r\n"
    )
    _LENGTH = 22

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> list[Said]:
        """See `Parser`."""
        self._kept += data
        found, plain, end = [], seven_bits(self._kept), 0
        for match in self._FRAME.finditer(plain):
            end = match.end()
            raw = self._kept[match.start() : end]
            if not parity_holds(raw[:6] + raw[8:]):
                continue
            if match[1] == b"OL":
                found.append(OVER)
                continue
            unit = unit_of(match[4].decode("ascii"))
            frame = said(match[3].decode("ascii"), unit, match[1] == b"ST", net=match[2] == b"NT")
            if frame is not None:
                found.append(frame)
        self._kept = self._kept[max(end, len(plain) - self._LENGTH + 1) :]
        return found


class Plain(_Lines):
    """Any scale that writes a number and its unit: `ST,GS,   245.6 g`, `   0.355 kg   ?G`.

    Before the number only a state, a sign, or the word gross or net is understood; a count, a
    tare, a total or a price is no weight. Whether it moves is believed where the line says it
    (ST, US, or the column of the question mark before G or N), else unknown.
    """

    _WEIGHT = re.compile(
        r"(?:(?P<state>ST|US|OL)\s*,\s*(?:(?P<net>GS|NT)\s*,?)?)?"
        r"\s*(?P<word>[A-Z]{0,4}(?:Gross|GROSS|Net|NET))?:?\s*"
        r"(?P<number>[+-]?\s*(?:[0-9]{1,7}(?:\.[0-9]{1,5})?|\.[0-9]{1,5}))\s*(?P<unit>[A-Za-z]{1,3})"
        r"(?P<tail>\s+(?P<moves>\?)?\s*(?P<kind>[GN])|\s+(?P<lone>\?))?\s*"
    )

    def line(self, text: str) -> Said | None:
        """See `Parser`."""
        if re.fullmatch(r"OL\s*,.*", text):
            return OVER
        found = self._WEIGHT.fullmatch(text)
        if found is None:
            return None
        stable: bool | None = None
        if found["state"]:
            stable = found["state"] == "ST"
        if found["kind"] or found["lone"]:
            stable = stable is not False and not (found["moves"] or found["lone"])
        net = found["net"] == "NT" or found["kind"] == "N" or "net" in (found["word"] or "").lower()
        return said(found["number"], unit_of(found["unit"]), stable, net=net)
