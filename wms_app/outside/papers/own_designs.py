"""The user's own label designs: kept as files, in force once they are sound, older ones kept too.

`labels/<name>.toml` in the user's data folder goes before the shipped design of that name. A file
that fails any check is not used: labels are then drawn from the shipped design.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from wms_app.base import clock
from wms_app.base.places import labels, user_data
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.papers.design import design_of, shipped_text
from wms_app.outside.papers.elements import Design
from wms_app.outside.papers.proof import prove

_KEPT = re.compile(r"^(?P<name>.+)-(?P<at>\d{8}-\d{6})(?:-\d+)?$")
_MOMENT = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Version:
    """An older design of the user's: its file and when another took its place (UTC)."""

    path: Path
    until: datetime


def names() -> tuple[str, ...]:
    """The designs that there are; the user may change each, but not add others."""
    return tuple(sorted(path.stem for path in labels().glob("*.toml")))


def own_design(name: str) -> Design | None:
    """The user's own design when there is one that passes every check."""
    path = _path(name)
    if not path.is_file():
        return None
    outcome = _checked(name, path.read_text("utf-8"))
    return outcome if isinstance(outcome, Design) else None


def trouble(name: str) -> Refused | None:
    """Why the user's own design is not in force; None when it is, or when there is none."""
    path = _path(name)
    if not path.is_file():
        return None
    outcome = _checked(name, path.read_text("utf-8"))
    return outcome if isinstance(outcome, Refused) else None


def text_in_force(name: str) -> str:
    """The text of the file that labels are drawn from."""
    own = own_design(name)
    return _path(name).read_text("utf-8") if own else shipped_text(name)


def has_own(name: str) -> bool:
    """Whether the user has a file of that name, sound or not."""
    return _path(name).is_file()


def save(name: str, text: str) -> Design:
    """Put a design in force; the one before is kept. Refused: it fails a check; nothing changes."""
    design = design_of(name, text)
    prove(design)
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, "utf-8")
    _keep(name)
    fresh.replace(path)
    return design


def use_shipped(name: str) -> None:
    """Draw from the shipped design again; the user's own is kept among the versions."""
    _keep(name)


def versions(name: str) -> tuple[Version, ...]:
    """The user's older designs of that name, newest first."""
    found = []
    for path in _folder().joinpath("kept").glob("*.toml"):
        match = _KEPT.match(path.stem)
        if match and match["name"] == name:
            until = datetime.strptime(match["at"], _MOMENT).replace(tzinfo=UTC)
            found.append(Version(path, until))
    return tuple(sorted(found, key=lambda one: (one.until, one.path.stem), reverse=True))


def go_back(name: str, stem: str) -> Design:
    """Put an older design in force again; the one before is kept. Refused: it is gone or broken."""
    version = next((one for one in versions(name) if one.path.stem == stem), None)
    if version is None:
        raise Refused(
            "no_version",
            _("That version of the label design is not there any more."),
            _("Choose another one."),
        )
    return save(name, version.path.read_text("utf-8"))


def _keep(name: str) -> None:
    """Move the user's file to the older ones, under the moment's name."""
    path = _path(name)
    if not path.is_file():
        return
    kept = _folder() / "kept"
    kept.mkdir(parents=True, exist_ok=True)
    stem = f"{name}-{clock.now().strftime(_MOMENT)}"
    target, copy = kept / f"{stem}.toml", 1
    while target.exists():
        copy += 1
        target = kept / f"{stem}-{copy}.toml"
    path.replace(target)


def _folder() -> Path:
    return user_data() / "labels"


def _path(name: str) -> Path:
    return _folder() / f"{name}.toml"


@lru_cache(maxsize=64)
def _checked(name: str, text: str) -> Design | Refused:
    """The design, or why it is refused; proving draws every example, so it is done once a text."""
    try:
        design = design_of(name, text)
        prove(design)
    except Refused as refusal:
        return refusal
    return design
