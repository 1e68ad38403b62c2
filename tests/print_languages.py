"""Printers of every language, played: what they are sent is kept and read back from its dots."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import zxingcpp


def codes(dots: Any) -> set[str]:
    """What a scanner reads from dots (1 is ink) that are spread to a picture."""
    picture = np.where(dots, 0, 255).astype(np.uint8).repeat(2, 0).repeat(2, 1)
    return {one.text for one in zxingcpp.read_barcodes(picture)}


class Peer:
    """A printer on the network that takes everything, and answers questions it knows."""

    def __init__(self, answers: dict[bytes, bytes], dies_after: int = 1 << 30) -> None:
        self.answers = answers
        self.dies_after = dies_after
        self.got = b""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self._server.accept()
            except OSError:
                return
            with line, suppress(OSError):
                while data := line.recv(1 << 16):
                    asked = [one for one in self.answers if data.endswith(one)]
                    self.got += data.removesuffix(asked[0]) if asked else data
                    for question in asked:
                        line.sendall(self.answers[question])
                    if len(self.got) >= self.dies_after:
                        break


@contextmanager
def peer(answers: dict[bytes, bytes], dies_after: int = 1 << 30) -> Iterator[Peer]:
    made = Peer(answers, dies_after)
    try:
        yield made
    finally:
        made.close()


def tspl_dots(program: bytes) -> Any:
    found = re.search(rb"BITMAP 0,0,(\d+),(\d+),0,", program)
    assert found is not None
    row, rows = int(found.group(1)), int(found.group(2))
    data = program[found.end() : found.end() + row * rows]
    assert program[found.end() + row * rows :] == b"\r\nPRINT 1,1\r\n"
    return 1 - np.unpackbits(np.frombuffer(data, np.uint8)).reshape(rows, row * 8)


def escpos_dots(program: bytes) -> Any:
    assert program.startswith(b"\x1b@")
    place, bands = 2, []
    while program[place : place + 4] == b"\x1dv0\x00":
        row = int.from_bytes(program[place + 4 : place + 6], "little")
        rows = int.from_bytes(program[place + 6 : place + 8], "little")
        data = program[place + 8 : place + 8 + row * rows]
        bands.append(np.unpackbits(np.frombuffer(data, np.uint8)).reshape(rows, row * 8))
        place += 8 + row * rows
    assert program[place:] == b"\x1dV\x42\x00"
    return np.concatenate(bands)


TSPL_READY = {b"\x1b!?": b"\x00"}
ESCPOS_READY = {b"\x10\x04\x02": b"\x12", b"\x10\x04\x04": b"\x12"}


def print_service(folder: Path) -> Path:
    """The two commands of CUPS that are asked, in `folder`; gives where what they took lies."""
    took = folder / "took"
    took.mkdir()
    (folder / "lp").write_text(
        f'#!/bin/sh\n[ -e "{took}/hang" ] && exec sleep 60\necho "$@" >> "{took}/asked"\n'
        f'cat > "{took}/paper"\necho "request id is LABELS-7 (1 file(s))"\n'
    )
    (folder / "lpstat").write_text(
        f'#!/bin/sh\n[ "$1" = -e ] && echo LABELS && exit 0\n'
        f'[ "$2" = LABELS ] || {{ echo "lpstat: Invalid destination name" >&2; exit 1; }}\n'
        f'[ -e "{took}/stopped" ] && echo "printer LABELS disabled since now" && exit 0\n'
        'echo "printer LABELS is idle.  enabled since now"\n'
    )
    for name in ("lp", "lpstat"):
        (folder / name).chmod(0o755)
    return took
