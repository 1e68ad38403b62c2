"""`wms doctor`: can this machine run the workstation, and if not, what to do."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from wms_app.base.db import Store
from wms_app.base.operations import Operation
from wms_app.base.places import labels, resources, user_data
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _
from wms_app.office.people.model import User
from wms_app.outside.devices.camera.choosing import see
from wms_app.outside.devices.printers.choosing import printer_of
from wms_app.outside.devices.scales.hearing import hear
from wms_app.outside.devices.scanners.choosing import ports_of

ROOM_BYTES = 500_000_000
SLOW_DISK_MS = 50.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was found, and what to do if it is not well."""

    name: str
    well: bool
    text: str

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


@dataclass(frozen=True)
class Devices:
    """What the station's settings say of its devices."""

    scale: str = "typed"
    camera: str = ""
    scanners: str = ""
    printers: Mapping[str, str] = field(default_factory=dict)


def look(store: Store, papers: Path, devices: Devices | None = None) -> Iterator[Check]:
    """Look at everything the workstation needs, one after the other."""
    devices = devices or Devices()
    checks: tuple[tuple[str, Callable[[], tuple[bool, str]]], ...] = (
        ("python", _python),
        ("window", _window),
        ("fonts", _fonts),
        ("labels", _labels),
        ("data folder", lambda: _folder(user_data())),
        ("papers", lambda: _folder(papers)),
        ("disk", lambda: _disk(store)),
        ("store", lambda: _store(store)),
        ("people", lambda: _people(store)),
        ("scanners", lambda: _scanners(devices.scanners)),
        ("scale", lambda: (True, hear(devices.scale))),
        ("printers", lambda: _printers(devices.printers, papers)),
        ("camera", lambda: (True, see(devices.camera))),
    )
    for name, check in checks:
        try:
            yield Check(name, *check())
        except (Down, Refused) as bad:
            yield Check(name, False, bad.text)
        except OSError as error:
            words = _("This can't be read or written: {error}").format(error=_told(error))
            yield Check(name, False, words)
        except Exception as error:  # a doctor tells what is wrong, whatever it is
            yield Check(name, False, f"{type(error).__name__}: {error}")


def _told(error: OSError) -> str:
    """What the system says of it, and of which file."""
    return ": ".join(str(part) for part in (error.filename, error.strerror) if part)


def _python() -> tuple[bool, str]:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return sys.version_info >= (3, 11), _("Python {version}").format(version=found)


def _window() -> tuple[bool, str]:
    try:
        core = importlib.import_module("PySide6.QtCore")
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return False, _(
            "Qt can't start: {error}. Install the system libraries with scripts/run."
        ).format(error=error)
    here = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.name == "nt"
    words = _("Qt {version}").format(version=core.qVersion())
    return True, words if here else _("{qt}; no display here, only commands").format(qt=words)


def _fonts() -> tuple[bool, str]:
    found = sorted(file.name for file in (resources() / "fonts").glob("*.ttf"))
    return bool(found), ", ".join(found) or _("The shipped fonts are missing: install Dock again.")


def _labels() -> tuple[bool, str]:
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.own_designs import trouble

    names = sorted(file.stem for file in labels().glob("*.toml"))
    for name in names:
        load_design(name)
        if (broken := trouble(name)) is not None:
            return False, _("not used, the shipped one is: {problem}").format(problem=broken.text)
    return bool(names), _("{count} label designs are sound").format(count=len(names))


def _folder(folder: Path) -> tuple[bool, str]:
    with tempfile.NamedTemporaryFile(dir=folder):
        return True, str(folder)


def _disk(store: Store) -> tuple[bool, str]:
    place = Path(store.url.database).parent if store.sqlite and store.url.database else user_data()
    free = shutil.disk_usage(place).free
    with tempfile.NamedTemporaryFile(dir=place) as file:
        took = []
        for _turn in range(5):
            started = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - started) * 1000)
    worst = sorted(took)[2]
    words = _("{free} GB free, a safe write takes {ms} ms").format(
        free=round(free / 1e9, 1), ms=round(worst, 1)
    )
    return free > ROOM_BYTES and worst < SLOW_DISK_MS, words


def _store(store: Store) -> tuple[bool, str]:
    if store.sqlite:
        store.examine()
    with store.read() as tx:
        count = tx.scalar(select(func.count()).select_from(Operation))
        last = tx.scalar(select(Operation.at).order_by(Operation.id.desc()).limit(1))
    words = _("{kind}, {count} operations, the last at {last}").format(
        kind=store.engine.dialect.name, count=count, last=last.isoformat() if last else "-"
    )
    return True, words


def _scanners(setting: str) -> tuple[bool, str]:
    """Whether the ports are there; what a scanner says is heard when somebody scans."""
    ports = ports_of(setting)
    if not ports:
        return True, _("Scanners type like a keyboard.")
    files = [port.name for port in ports if port.name.startswith("/")]
    gone = [name for name in files if not Path(name).exists()]
    if gone:
        return False, _("Not there: {ports}. Plug the scanner in.").format(ports=", ".join(gone))
    return True, ", ".join(port.name for port in ports)


def _printers(settings: Mapping[str, str], papers: Path) -> tuple[bool, str]:
    """How each printer is that prints anything here."""
    if not settings:
        return True, _("No printer: papers are kept as files.")
    well, words = True, []
    for setting in sorted(set(settings.values())):
        try:
            trouble = printer_of(setting, papers).look().words
        except (Down, Refused) as bad:
            trouble = bad.text
        well = well and not trouble
        words.append(f"{setting}: {trouble or _('ready')}")
    return well, "; ".join(words)


def _people(store: Store) -> tuple[bool, str]:
    with store.read() as tx:
        count = tx.scalar(select(func.count()).where(User.active.is_(True)))
    if count:
        return True, _("{count} people can sign in").format(count=count)
    return False, _("Nobody can sign in yet: start the workstation and make the admin.")
