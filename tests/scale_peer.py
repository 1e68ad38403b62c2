"""Scales played at the other end of a pseudo-terminal: they answer, stream, and are pulled out."""

from __future__ import annotations

import os
import pty
import random
import select
import threading
import tty
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from wms_app.outside.devices.scales.protocols import BY_NAME
from wms_app.outside.devices.scales.said import GRAMS, with_even_parity

Encode = Callable[[int, bool], bytes]


def mt_sics(grams: int, stable: bool) -> bytes:
    return b"S %s %10s g\r\n" % (b"S" if stable else b"D", b"%d.0" % grams)


def continuous(grams: int, stable: bool, *, check: bool = True) -> bytes:
    """Kilograms with three decimals, in steps of 1 g."""
    status = bytes((0x2D, 0x30 | (grams < 0) << 1 | (not stable) << 3, 0x20))
    frame = b"\x02" + status + b"%6d     0\r" % abs(grams)
    return frame + bytes((-sum(frame) & 0x7F,)) if check else frame


def cas(grams: int, stable: bool) -> bytes:
    lamps = b"\x01\xc5" if stable else b"\x01\x85"  # a lamp's byte uses its eighth bit
    sign = b"-" if grams < 0 else b" "
    number = sign + b"%7.3f" % (abs(grams) / 1000)
    return (b"ST" if stable else b"US") + b",GS," + lamps + b"," + number + b" kg\r\n"


def a_and_d(grams: int, stable: bool) -> bytes:
    sign = b"-" if grams < 0 else b"+"
    return b"%s,%s%08.2f  g\r\n" % (b"ST" if stable else b"US", sign, abs(grams))


def nci(grams: int, stable: bool, *, ecr: bool = False) -> bytes:
    status = bytes((0x30 | (not stable) | (grams == 0) << 1, 0x30 | (grams < 0)))
    return b"\n%7.3fKG\r\n" % (grams / 1000) + (b"S" if ecr else b"") + status + b"\r\x03"


def nci_ecr(grams: int, stable: bool) -> bytes:
    return nci(grams, stable, ecr=True)


def toledo_8217(grams: int, stable: bool) -> bytes:
    if not stable or grams < 0:
        return b"\x02?" + bytes((0x40 | (not stable) | (grams < 0) << 2,)) + b"\r"
    return b"\x02%6.3f\r" % (grams / 1000)


def lines(grams: int, stable: bool) -> bytes:
    return b"%8.3f kg   %sG\r\n" % (grams / 1000, b" " if stable else b"?")


def hid(grams: int, stable: bool) -> bytes:
    status = 5 if grams < 0 else 3 if not stable else 4 if grams else 2
    return bytes((3, status, 2, 0)) + max(grams, 0).to_bytes(2, "little")


SPEAKS: dict[str, Encode] = {
    "mt-sics": mt_sics,
    "toledo-continuous": continuous,
    "cas": cas,
    "a-and-d": a_and_d,
    "nci": nci,
    "nci-ecr": nci_ecr,
    "toledo-8213": toledo_8217,
    "toledo-8217": toledo_8217,
    "lines": lines,
}


def grams_by_hand(number: str, unit: str) -> int:
    """The same sum as the parsers' by another way: halves found by comparing, not by `round`."""
    exact = Fraction(number) * GRAMS[unit]
    low = exact.numerator // exact.denominator
    rest = exact - low
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1)
    return low + up


class Peer:
    """One scale on one port, a link in `folder` that stays when it is pulled out and put back.

    `even`: a line of 7 bits and even parity; questions with another parity are not understood.
    """

    def __init__(self, folder: Path, language: str, *, even: bool = False) -> None:
        self.port = folder / "ttyScale"
        self.language = language
        self.even = even
        self.dumb = False  # switched off, the cable still in
        self._load = (0, True)
        self._chance = random.Random(language)
        self._thread: threading.Thread | None = None
        self.plug()

    def put(self, grams: int, *, stable: bool = True) -> None:
        self._load = (grams, stable)

    def plug(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port.unlink(missing_ok=True)
        self.port.symlink_to(os.ttyname(self._slave))
        self._out = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Pulled out, in the middle of a frame if one is on its way."""
        if self._thread is None:
            return
        self._out.set()
        self._thread.join()
        self._thread = None
        os.close(self._master)
        os.close(self._slave)
        self.port.unlink()

    def _play(self) -> None:
        ask = BY_NAME[self.language].ask
        question = with_even_parity(ask) if self.even else ask
        heard = b""
        while not self._out.is_set():
            ready, _w, _x = select.select([self._master], [], [], 0.02)
            heard += os.read(self._master, 64) if ready else b""
            if self.dumb or (ask and not heard.endswith(question)):
                continue
            heard = b""
            self._write(SPEAKS[self.language](*self._load))

    def _write(self, frame: bytes) -> None:
        frame = with_even_parity(frame) if self.even else frame
        while frame and not self._out.wait(0.001):
            cut = self._chance.randint(1, len(frame))
            os.write(self._master, frame[:cut])
            frame = frame[cut:]
