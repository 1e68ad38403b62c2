"""Cuts a scanner's bytes into codes, wherever the stream was split on its way."""

from __future__ import annotations

QUIET_S = 0.08  # a scanner that ends its codes with nothing has sent it all after so long
BROKEN_S = 1.0  # one that ends them and says nothing for so long was cut off in the middle
LONGEST = 8192  # a QR code holds 7,089 digits; what is longer is noise
_ENDS = b"\r\n\t\x03"
_FRAMING = b"\x00\x02\x15\x06"  # NUL, STX, NAK, ACK: said around codes, never in them


class Splitter:
    """Codes end with CR, LF, CR and LF, Tab or ETX; else `quiet()` says that one has ended.

    Once a scanner has ended a code it ends them all: what it leaves without an end is half a code.

    GS (0x1D) stays: it separates the elements of GS1 codes. Bytes are read as UTF-8, or as
    Latin-1 where they are none. A code of more than `LONGEST` bytes is thrown away whole.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._too_long = False
        self._ends = False

    def feed(self, data: bytes) -> list[str]:
        """The codes that are complete with these bytes, in their order."""
        codes = []
        for byte in data:
            if byte in _ENDS:
                self._ends = True
                codes.append(self._take())
            elif byte not in _FRAMING and not self._too_long:
                self._held.append(byte)
                self._too_long = len(self._held) > LONGEST
        return [code for code in codes if code]

    def quiet(self, seconds: float) -> list[str]:
        """Nothing has come for so long: what is held is a code, or half of one that is lost."""
        if not self._held or seconds < (BROKEN_S if self._ends else QUIET_S):
            return []
        code = self._take()
        return [code] if code and not self._ends else []

    @property
    def waits(self) -> bool:
        """Whether a code is begun."""
        return bool(self._held)

    def lost(self) -> None:
        """The line broke: what had come of a code is none."""
        self._held.clear()
        self._too_long = False

    def _take(self) -> str:
        held, bad = bytes(self._held), self._too_long
        self.lost()
        if bad:
            return ""
        try:
            return held.decode()
        except UnicodeDecodeError:
            return held.decode("latin-1")
