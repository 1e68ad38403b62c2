"""A whole bench that is not there: scanner, scale, label printer and camera."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from tests.scale_peer import SPEAKS, Peer
from tests.scanner_peer import ScannerPeer
from wms_app.outside.devices.simulated.printer import SimulatedPrinter

HELP = """scan CODE ...        the scanner reads codes        weigh GRAMS    put a load on the scale
load GRAMS           the same, still swinging       empty          take it off
paper out|in         the roll of the printer        head open|closed
pause on|off         the printer's own button
unplug DEVICE        scanner, scale, printer, camera
plug DEVICE          put it back
photo FILE           lay a picture before the camera
quit                 the end"""


class BenchPeers:
    """The devices of one bench in `folder`; what the printer prints is kept in `folder`/printed.

    `drawn` makes a picture of a label (ZPL), where something on this machine can.
    """

    def __init__(
        self,
        folder: Path,
        language: str = "mt-sics",
        drawn: Callable[[bytes, Path], object] = lambda _zpl, _file: None,
    ) -> None:
        if language not in SPEAKS:
            raise ValueError(f"no scale speaks {language}: {', '.join(SPEAKS)}")
        self.pictures, self.printed = folder / "camera", folder / "printed"
        for made in (self.pictures, self.printed):
            made.mkdir(parents=True, exist_ok=True)
        self._put_away = folder / "camera-unplugged"
        self._drawn = drawn
        self._labels = 0
        self.scanner = ScannerPeer(folder)
        self.scale = Peer(folder, language)
        self.printer = SimulatedPrinter(on_label=self._keep)

    def settings(self) -> dict[str, object]:
        """What a station's settings say of these devices."""
        return {
            "scanners": f"serial:{self.scanner.port}",
            "scale": f"serial:{self.scale.port}:{self.scale.language}",
            "camera": f"folder:{self.pictures}",
            "printers": {"shipping": f"zpl:127.0.0.1:{self.printer.port}"},
        }

    def do(self, line: str) -> str:
        """One command of HELP; gives what is to be said, "" for nothing."""
        words = shlex.split(line)
        if not words:
            return ""
        verb, given = words[0], words[1:]
        match verb, given:
            case "scan", [_, *_]:
                for code in given:
                    self.scanner.send(code.encode() + b"\r\n")
            case (("weigh" | "load"), [grams]) if grams.isdigit():
                self.scale.put(int(grams), stable=verb == "weigh")
            case "empty", []:
                self.scale.put(0)
            case "paper", ["out" | "in" as where]:
                self.printer.paper_out = where == "out"
            case "head", ["open" | "closed" as how]:
                self.printer.head_open = how == "open"
            case "pause", ["on" | "off" as how]:
                self.printer.paused = how == "on"
            case "unplug", ["camera"] if self.pictures.exists():
                self.pictures.rename(self._put_away)
            case "plug", ["camera"] if self._put_away.exists():
                self._put_away.rename(self.pictures)
            case (("plug" | "unplug"), ["scanner" | "scale" | "printer" as device]):
                getattr(getattr(self, device), verb)()
            case "photo", [name] if Path(name).is_file():
                (self.pictures / Path(name).name).write_bytes(Path(name).read_bytes())
            case _:
                return HELP
        return ""

    def close(self) -> None:
        """Put everything away."""
        self.scanner.unplug()
        self.scale.unplug()
        self.printer.close()

    def _keep(self, zpl: bytes) -> None:
        self._labels += 1
        file = self.printed / f"{self._labels:04d}.zpl"
        file.write_bytes(zpl)
        self._drawn(zpl, file.with_suffix(".png"))
