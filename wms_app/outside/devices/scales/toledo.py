"""Toledo's scales: 8217 and 8213 answer when asked, the continuous format never stops talking."""

from __future__ import annotations

import re

from wms_app.outside.devices.scales.said import (
    MOVING,
    OVER,
    UNDER,
    Said,
    parity_holds,
    said,
    scaled,
    seven_bits,
)

STX = 0x02
HELD_FRAMES = 5


class Toledo8217:
    """`STX weight [N] CR`, or `STX ? status CR` when there is no weight; 8213 has no status.

    The frame doesn't name its unit: whoever sets the scale up says it. Status bits: 0 moving,
    1 over, 2 negative, 3 outside the zero range, 4 centre of zero, 5 net. An 8217 gives a weight
    only when it stands still; an 8213 never says so (`tells_motion` False).
    """

    _WEIGHT = re.compile(rb"\x02( {0,4}[0-9]{1,4}\.[0-9]{1,3})(N?)\r|\x02\?([\x00-\x7f])\r")
    _LONGEST = 12

    def __init__(self, unit: str, *, tells_motion: bool = True) -> None:
        self._unit = unit
        self._stable: bool | None = True if tells_motion else None
        self._kept = b""

    def feed(self, data: bytes) -> list[Said]:
        """See `Parser`."""
        self._kept += data
        found, plain, end = [], seven_bits(self._kept), 0
        for match in self._WEIGHT.finditer(plain):
            end = match.end()
            if not parity_holds(self._kept[match.start() : end]):
                continue
            if match[3]:
                found.append(self._status(match[3][0]))
                continue
            number = match[1].decode("ascii")
            frame = said(number, self._unit, self._stable, net=bool(match[2]))
            if frame is not None:
                found.append(frame)
        self._kept = self._kept[max(end, len(plain) - self._LONGEST) :]
        return found

    @staticmethod
    def _status(bits: int) -> Said:
        if bits & 2:
            return OVER
        return UNDER if bits & 4 else MOVING


class ToledoContinuous:
    """`STX SWA SWB SWC weight(6) tare(6) CR [CHK]`, with no point in the digits.

    SWA: bits 0-2 place the point, 3-4 the division (1, 2, 5). SWB: bit 0 net, 1 negative, 2 out
    of range, 3 motion, 4 kg. SWC: bits 0-2 another unit (1 g, 3 oz), 4 ten times as fine. Bit 5
    of each is always 1. CHK is the two's complement of the 7-bit sum with STX and CR; a stream
    that has shown it is held to it for the next few frames.
    """

    _PLAIN = re.compile(rb"\x02([\x20-\x7f]{3})([ 0-9]{6})([ 0-9]{6})\r", re.DOTALL)
    _LENGTH = 17

    def __init__(self) -> None:
        self._kept = b""
        self._held = 0  # frames without a check that are not believed

    def feed(self, data: bytes) -> list[Said]:
        """See `Parser`. A frame waits for the byte after it: its check, or the next one's STX."""
        self._kept += data
        found: list[Said] = []
        while True:
            plain = seven_bits(self._kept)
            match = self._PLAIN.search(plain)
            if match is None:
                self._kept = self._kept[-self._LENGTH :]
                return found
            end = match.end()
            if end == len(plain):
                self._kept = self._kept[match.start() :]
                return found
            after = plain[end]
            right = (sum(plain[match.start() : end]) + after) & 0x7F == 0
            whole = right or (after == STX and not self._held)
            if after == STX:
                self._held = max(0, self._held - 1)
            elif right:
                self._held = HELD_FRAMES
            if whole and parity_holds(self._kept[match.start() : end]):
                frame = self._frame(match[1], match[2].decode("ascii"))
                if frame is not None:
                    found.append(frame)
            # An STX may be the check as well as the next beginning: it is looked at again.
            self._kept = self._kept[end if after == STX or not whole else end + 1 :]

    @staticmethod
    def _frame(status: bytes, digits: str) -> Said | None:
        a, b, c = status
        if not (a & b & c & 0x20) or not re.fullmatch(r" *[0-9]+", digits):
            return None
        unit = {0: "kg" if b & 16 else "lb", 1: "g", 3: "oz"}.get(c & 7)
        step = {1: 1, 2: 2, 3: 5}.get(a >> 3 & 3)
        if unit is None or c & 16:
            return None
        if b & 4:
            return UNDER if b & 2 else OVER
        grams, worth = scaled(int(digits), 2 - (a & 7), unit)
        division = worth * (step or 1)
        return Said(-grams if b & 2 else grams, division, not b & 8, net=bool(b & 1))
