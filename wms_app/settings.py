"""Where the store is, and how this station speaks, looks and prints.

Read from `settings.toml` in the user's data folder (`DOCK_DATA` moves it); `DOCK_STORE` names the
store. Credentials are never kept here: they go to the keyring or the environment.
"""

from __future__ import annotations

import os
import socket
import tomllib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import tomli_w

from wms_app.base.places import user_data
from wms_app.base.refusal import Refused
from wms_app.base.texts import _


@dataclass(frozen=True)
class Settings:
    """One station's settings; `papers` is where PDFs go.

    `scale`: "typed", "simulated", "hid:/dev/hidraw0", "serial:/dev/ttyUSB0" (its language is
    found), or more exactly "serial:COM3:toledo-8217:lb:9600" (see outside/devices/scales).
    `camera`: "" none, "0" the first one, "/dev/video0", "rtsp://...", "film:FILE", "folder:FOLDER".
    `scanners`: those that are no keyboards, "serial:/dev/ttyACM0,serial:COM3:115200". `sound`,
    `volume` (percent) and `flash` (of the window's edge) go with every answer.

    `scanner_*`: how the scanner that types does it (see desk/scanner.py), learned in Setup.
    `printers`: which printer prints what, by kind of paper: {"shipping": "zpl:192.168.1.50"} (see
    outside/devices/printers/choosing.py); what is not named is kept in the folder.
    """

    store: str = ""
    station: str = ""
    language: str = "en"
    theme: str = "light"
    sound: bool = True
    volume: int = 70
    flash: bool = True
    scale: str = "typed"
    camera: str = ""
    papers: str = ""
    scanners: str = ""
    printers: dict[str, str] = field(default_factory=dict)
    scanner_prefix: str = ""
    scanner_suffix: str = ""
    scanner_gap_ms: int = 35
    scanner_layout: Literal["auto", "us", "as_typed"] = "auto"
    scanner_separator: str = ""

    def store_url(self) -> str:
        """The store to open: DOCK_STORE, then the settings, then the embedded one."""
        embedded = f"sqlite:///{user_data() / 'dock.sqlite'}"
        return os.environ.get("DOCK_STORE") or self.store or embedded

    def station_name(self) -> str:
        """The name by which the journal knows this station."""
        return self.station or socket.gethostname().split(".")[0]

    def papers_folder(self) -> Path:
        """Where labels and documents are kept when no printer takes them; made if missing."""
        folder = Path(self.papers) if self.papers else user_data() / "papers"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def load() -> Settings:
    """The settings of this user. Refused: a file that can't be read, naming it and why."""
    file = user_data() / "settings.toml"
    if not file.exists():
        return Settings()
    try:
        known = tomllib.loads(file.read_text("utf-8"))
        return replace(Settings(), **{k: v for k, v in known.items() if k in asdict(Settings())})
    except (OSError, ValueError, TypeError) as error:
        raise Refused(
            "bad_settings",
            _("The settings in {file} can't be read: {error}").format(file=file, error=error),
            _("Mend or remove the file."),
        ) from error


def save(settings: Settings) -> None:
    """Keep the settings; the file is replaced whole."""
    file = user_data() / "settings.toml"
    fresh = file.with_suffix(".new")
    fresh.write_text(tomli_w.dumps(asdict(settings)), "utf-8")
    fresh.replace(file)


def change(**changes: Any) -> Settings:
    """Change these of the settings that are kept now, and only these; gives all of them.

    Windows and commands change settings beside each other: nobody writes back what was read long
    ago.
    """
    settings = replace(load(), **changes)
    save(settings)
    return settings
