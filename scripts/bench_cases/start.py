"""How soon the window stands on the screen, beside the smallest window with the same libraries."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_cases.measure import Case, case

GOAL = 1.5
_EMPTY = """
import sys
import sqlalchemy.orm
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", flush=True)
        QTimer.singleShot(0, app.quit)
app = QApplication(sys.argv[:1])
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""


def start(rounds: int) -> list[Case]:
    """From the start of the process to the first painted screen."""
    with TemporaryDirectory() as place:
        given = {**os.environ, "DOCK_DATA": place, "DOCK_BENCH_START": "1"}
        # Both start with their modules compiled, as everywhere but the first time.
        given.pop("PYTHONDONTWRITEBYTECODE", None)
        given["PYTHONPYCACHEPREFIX"] = str(Path(place) / "compiled")
        if not os.environ.get("DISPLAY"):
            given["QT_QPA_PLATFORM"] = "offscreen"
        ours = [sys.executable, "-m", "wms_app"]
        empty = [sys.executable, "-c", _EMPTY]
        for command in (ours, empty):
            _painted(command, given)  # once for the files to be in memory
        pairs = [(_painted(ours, given), _painted(empty, given)) for _round in range(rounds)]
    return [case("start.window", pairs, "ms", "less", GOAL)]


def _painted(command: list[str], given: dict[str, str]) -> float:
    """Milliseconds until the process says that it has painted."""
    root = Path(__file__).resolve().parents[2]
    begin = time.perf_counter()
    with subprocess.Popen(
        command, env=given, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "painted":
                taken = 1000 * (time.perf_counter() - begin)
                process.stdout.read()
                return taken
    raise RuntimeError(f"{command[1:3]} painted nothing")
