"""Setup's page of devices: those that the station has, those that are found, a test of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wms_app.base.codes import Scan
from wms_app.base.conversation import Action, Answer
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.devices.camera import choosing as cameras
from wms_app.outside.devices.found import Found, Use
from wms_app.outside.devices.printers.choosing import LABELS, SHEETS
from wms_app.outside.devices.scales import choosing as scales
from wms_app.outside.devices.scanners.choosing import ports_of


@dataclass(frozen=True)
class Own:
    """A device that the station has: its setting, and how it is or what it said last."""

    use: Use
    setting: str
    says: str


@dataclass(frozen=True)
class StationChoice:
    """`facts` of the form, by field; `own`: the station's devices; `find`: those of the machine;
    `save`: keep what was changed, in the types of the settings; `printers`: which prints what."""

    facts: Callable[[], dict[str, str]]
    own: Callable[[], Sequence[Own]]
    find: Callable[[], Sequence[Found]]
    save: Callable[[dict[str, Any]], None]
    printers: Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class DeviceLine:
    """A row: what opens it, its cells; `off` where it is not used."""

    key: str
    cells: tuple[str, str, str]
    off: bool = False


class DevicesPage:
    """The conversation about devices. Rows are known by `own:SETTING` or `found:PLACE`."""

    def __init__(self, here: StationChoice) -> None:
        self._here = here
        self._found: Sequence[Found] | None = None  # looked for when the page is first shown

    def lines(self) -> tuple[DeviceLine, ...]:
        """The station's devices with what they say now, then those that nobody uses."""
        mine = [
            DeviceLine(f"own:{one.setting}", (use_words(one.use), one.setting, one.says))
            for one in self._here.own()
        ]
        others = [
            DeviceLine(f"found:{one.at}", (one.name, one.at, _("not used")), off=True)
            for one in self._unused()
        ]
        return (*mine, *others)

    def facts(self) -> dict[str, str]:
        """What the form begins with."""
        return self._here.facts()

    def actions(self, chosen: str) -> tuple[Action, ...]:
        """What can be done with the chosen device."""
        own, found = self._own(chosen), self._one(chosen)
        made: list[Action] = []
        if own is not None:
            made.append(Action("device_test", "F2", _("Test")))
        made.append(Action("device_find", "F3", _("Look for devices")))
        made.append(Action("learn", "F4", _("Learn a scanner")))
        if found is not None:
            made += [
                Action(name, f"F{key}", words)
                for key, (name, words) in enumerate(_offers(found), start=5)
            ]
        if own is not None and own.use != "printer" and own.setting not in ("keyboard", "typed"):
            made.append(Action("device_drop", "F8", _("Use no more")))
        return tuple(made)

    def act(self, action: str, chosen: str) -> Answer:
        """One of `actions`. `Down`: the tested device is away."""
        if action == "device_find":
            self._found = None
            count = sum(1 for line in self.lines() if line.off)
            return Answer("done", _("Looked. Devices that are not used: {n}").format(n=count))
        own, found = self._own(chosen), self._one(chosen)
        if action == "device_test" and own is not None:
            return self._test(own)
        if action == "device_drop" and own is not None:
            self._here.save(self._without(own))
            return Answer("done", _("{device} is used no more.").format(device=own.setting))
        if found is not None and action.startswith("use_"):
            self._here.save(self._with(found, action.removeprefix("use_")))
            return Answer("done", _("{name} is used from now on.").format(name=found.name))
        raise Refused("not_now", _("That can't be done here."))

    def save(self, form: Mapping[str, str]) -> Answer:
        """The form. Refused: see `taken`."""
        self._here.save(taken(form))
        return Answer("done", _("Saved."), _("This is how an answer sounds and looks now."))

    def hear(self, scan: Scan) -> Answer:
        """A scanner was tried here."""
        code = scan.raw.replace("\x1d", "·")
        return Answer("done", _("Heard: {code}").format(code=code), _("The scanner works."))

    def _test(self, own: Own) -> Answer:
        if own.use == "scanner":
            words = own.says if own.setting != "keyboard" else ""
            return Answer("ok", _("Scan any code: what arrives is shown here."), words)
        fresh = next((one for one in self._here.own() if one.setting == own.setting), own)
        return Answer("ok", fresh.says, own.setting)

    def _without(self, own: Own) -> dict[str, Any]:
        if own.use == "scanner":
            kept = [one for one in self._scanners() if one != own.setting]
            return {"scanners": ",".join(kept)}
        return {"scale": "typed"} if own.use == "scale" else {"camera": ""}

    def _with(self, found: Found, use: str) -> dict[str, Any]:
        if use == "scanner":
            return {"scanners": ",".join([*self._scanners(), found.uses["scanner"]])}
        if use in ("labels", "sheets"):
            papers = LABELS if use == "labels" else SHEETS
            setting = found.uses["printer"]
            return {"printers": {**self._here.printers(), **dict.fromkeys(papers, setting)}}
        return {"scale": found.uses["scale"]} if use == "scale" else {"camera": found.at}

    def _scanners(self) -> list[str]:
        return [
            one.setting
            for one in self._here.own()
            if one.use == "scanner" and one.setting != "keyboard"
        ]

    def _unused(self) -> list[Found]:
        if self._found is None:
            self._found = tuple(self._here.find())
        used = {_place(one.setting) for one in self._here.own()}
        return [
            one
            for one in self._found
            if not used & {_place(setting) for setting in one.uses.values()}
        ]

    def _own(self, chosen: str) -> Own | None:
        return next((one for one in self._here.own() if f"own:{one.setting}" == chosen), None)

    def _one(self, chosen: str) -> Found | None:
        return next((one for one in self._unused() if f"found:{one.at}" == chosen), None)


def use_words(use: Use) -> str:
    """What a device is."""
    return {
        "scanner": _("Scanner"),
        "scale": _("Scale"),
        "camera": _("Camera"),
        "printer": _("Printer"),
    }[use]


def taken(form: Mapping[str, str]) -> dict[str, Any]:
    """The settings that a form says. Refused: scanners, a scale or a camera that can't be meant, a
    volume beyond 100."""
    ports_of(form["scanners"])
    volume = form["volume"].strip().removesuffix("%").strip()
    if not (volume.isascii() and volume.isdigit() and int(volume) <= 100):
        raise Refused(
            "bad_volume",
            _("“{volume}” is no volume.").format(volume=form["volume"]),
            _("Write a number from 0 to 100."),
        )
    camera = form["camera"].strip()
    return {
        "camera": "" if camera == "none" else cameras.known(camera),
        "scale": scales.known(form["scale"].strip()),
        "scanners": "" if form["scanners"].strip() == "keyboard" else form["scanners"].strip(),
        "sound": form["sound"] == "yes",
        "volume": int(volume),
        "flash": form["flash"] == "yes",
    }


def form_of(facts: str) -> dict[str, str]:
    """The fields of a form that was sent."""
    return {str(name): str(value) for name, value in json.loads(facts).items()}


def _offers(found: Found) -> list[tuple[str, str]]:
    """What a found device may become: the action and its words."""
    words: dict[Use, tuple[tuple[str, str], ...]] = {
        "scanner": (("use_scanner", _("It is a scanner")),),
        "scale": (("use_scale", _("It is a scale")),),
        "camera": (("use_camera", _("Use this camera")),),
        "printer": (
            ("use_labels", _("It prints labels")),
            ("use_sheets", _("It prints papers")),
        ),
    }
    return [offer for use in found.uses for offer in words[use]]


def _place(setting: str) -> str:
    """Where a setting's device is, without what it speaks: two settings of one port are equal."""
    kind, _colon, rest = setting.partition(":")
    if kind in ("serial", "hid"):
        return rest.split(":")[0] or kind
    return rest or setting
