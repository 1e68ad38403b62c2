"""One station of the storm: a process that works, sends things twice, and may be killed."""

from __future__ import annotations

import json
import re
import socket
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path
from random import Random
from typing import Any

from tests.storm import breaking
from tests.storm.diary import Diary
from tests.storm.glance import Glance
from tests.storm.orders import new_file, take_in_file
from tests.storm.rooms import NoPaper, Rooms
from tests.storm.verbs import VERBS, Args, moved
from tests.storm.watched import WatchedStore, tell_retries
from wms_app.app import carriers_of
from wms_app.base.codes import new_id
from wms_app.base.refusal import Down, Refused
from wms_app.base.who import Role, Who
from wms_app.floor.labelling.service import label_parcel
from wms_app.floor.packing.model import Parcel

ROOM_CHANCE = 0.12
AGAIN, BOTH, TWIN = 0.06, 0.12, 0.22  # up to each: sent again, by two threads, by two stations
ORDERS, LABELS = 6, 16  # weights beside those of VERBS


@dataclass(frozen=True)
class Post:
    """Where a station stands: plain data, so that a fresh process can be given it."""

    url: str
    folder: Path
    number: int
    stations: int
    seed: int
    broken: str = ""
    last_words: bool = False

    @property
    def stop(self) -> Path:
        """When this file is there, everybody goes home."""
        return self.folder / "stop"


def work(post: Post) -> None:
    """Work until the day ends; what was sent before a kill is sent again first."""
    breaking.apply(post.broken)
    Station(post).run()


class Station:
    """The people and the devices of one post."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.chance = Random(post.seed)
        self.diary = Diary(post.folder, post.number)
        tell_retries(self.diary)
        self.store = WatchedStore(post.url, self.diary)
        self.who = _person(post.number)
        self.carriers = carriers_of(self.store, 1)
        self.rooms = Rooms(self.store, self.who, post.folder / "papers", self.chance)
        self.ear = _ear(post.folder, post.number)

    def run(self) -> None:
        """The day."""
        for line in self.diary.unended():
            self.send(line["id"], line["verb"], line["args"], line["by"])
        if self.post.last_words:
            return
        while not self.post.stop.exists() and not _left_alone():
            self._hear()
            if self.chance.random() < ROOM_CHANCE:
                self.guarded("room", self.chance.choice(self.rooms.work))
            else:
                self._something()
        self.store.close()

    def send(self, key: str, verb: str, args: Args, by: int) -> None:
        """Send one operation as person `by` and say how it ended."""

        accepted = self.guarded(verb, lambda: self._do(key, verb, args, _person(by)))
        self.diary.say("end", id=key, moved=moved(verb, args) if accepted else None)

    def guarded(self, verb: str, sent: Callable[[], Any]) -> bool:
        """Run something; gives whether it was accepted. Anything but bad news is a finding."""
        try:
            sent()
        except Refused as refusal:
            self.diary.say("refused", verb=verb, code=refusal.code)
            return False
        except Down as down:
            if down.what == "store":  # nobody takes it away here
                self.diary.say("broke", verb=verb, trace=down.text)
            else:
                self.diary.say("down", verb=verb, what=down.what)
            return False
        except Exception:
            self.diary.say("broke", verb=verb, trace=_where(traceback.format_exc()))
            return False
        return True

    def _something(self) -> None:
        """One operation, chosen by weight among what there is to do."""
        chosen: list[tuple[str, Args]] = []

        def choose() -> None:
            with self.store.read() as tx:
                see = Glance(tx, self.chance)
                for verb in self._verbs():
                    args = self._choose(see, verb)
                    if args is not None:
                        chosen.append((verb, args))
                        return

        self.guarded("look", choose)
        for verb, args in chosen:
            key = new_id()
            self.diary.say("do", id=key, verb=verb, args=args, by=self.post.number)
            self._as_people_send(key, verb, args)

    def _verbs(self) -> list[str]:
        names = [*VERBS, "orders", "label"]
        weights = [verb.weight for verb in VERBS.values()] + [ORDERS, LABELS]
        return self.chance.choices(names, weights, k=6)

    def _choose(self, see: Glance, verb: str) -> Args | None:
        if verb == "orders":
            return new_file(see, f"{self.post.number}-{new_id()[-6:]}")
        if verb == "label":
            found = see.one(Parcel, Parcel.state == "sealed")
            return None if found is None else {"parcel": found}
        return VERBS[verb].choose(see)

    def _as_people_send(self, key: str, verb: str, args: Args) -> None:
        """Mostly once; again; twice at the same moment, here or from another station."""
        luck = self.chance.random()
        if luck > TWIN or (luck > BOTH and self.post.stations == 1):
            self.send(key, verb, args, self.post.number)
            return
        self.diary.say("again", id=key)
        if luck < AGAIN:
            self.send(key, verb, args, self.post.number)
            self.send(key, verb, args, self.post.number)
        elif luck < BOTH:
            twin = threading.Thread(target=self.send, args=(key, verb, args, self.post.number))
            twin.start()
            self.send(key, verb, args, self.post.number)
            twin.join()
        else:
            self._tell_another(key, verb, args)
            self.send(key, verb, args, self.post.number)

    def _tell_another(self, key: str, verb: str, args: Args) -> None:
        others = [n for n in range(self.post.stations) if n != self.post.number]
        words = json.dumps([key, verb, args, self.post.number]).encode()
        with suppress(OSError):  # it was killed and is not back yet, or has enough to hear
            self.ear.sendto(words, str(_ear_file(self.post.folder, self.chance.choice(others))))

    def _hear(self) -> None:
        """Send what another station is sending at this moment."""
        while True:
            try:
                words = self.ear.recv(65536)
            except BlockingIOError:
                return
            key, verb, args, by = json.loads(words)
            self.send(key, verb, args, by)

    def _do(self, key: str, verb: str, args: Args, who: Who) -> None:
        if verb == "orders":
            take_in_file(self.store, who, self.post.folder, key, args)
        elif verb == "label":
            label_parcel(self.store, who, self.carriers, NoPaper(), args["parcel"], key)
        else:
            self.store.write(key, who, verb, lambda tx: VERBS[verb].do(tx, args))


def _where(trace: str) -> str:
    """Where in the house it broke, and the first words of the error."""
    lines = trace.splitlines()
    house = [line.strip() for line in lines if "wms_app/" in line]
    error = next(
        (line for line in reversed(lines) if re.match(r"[\w.]+(Error|Exception)\b", line)), ""
    )
    return " < ".join([error[:300], *reversed(house[-3:])])


def _left_alone() -> bool:
    """Whether who began the storm is gone without a word."""
    weather = parent_process()
    return weather is not None and not weather.is_alive()


def _person(number: int) -> Who:
    """Two thirds are supervisors: others may not take a list over, and must be refused."""
    role: Role = "picker" if number % 3 == 2 else "supervisor"
    return Who(100 + number, f"Person {number}", role, f"S-{number}", 1, "en", "UTC")


def _ear_file(folder: Path, number: int) -> Path:
    return folder / f"ear-{number:02d}"


def _ear(folder: Path, number: int) -> socket.socket:
    file = _ear_file(folder, number)
    file.unlink(missing_ok=True)
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(file))
    ear.setblocking(False)
    return ear
