"""Work through the rooms' own conversations, as the people of the simulated day do it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from wms_app.app import Station
from wms_app.base.db import Store
from wms_app.base.who import Who
from wms_app.office.day.eyes import Eyes
from wms_app.office.day.person import Person, Tally
from wms_app.office.day.stages import Floor
from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.scale import SimulatedScale
from wms_app.settings import Settings

CLUMSY = 0.08
MOST_PARCELS = 4


class NoPaper:
    """A label printer that has printed everything at once: papers are not what the storm tests."""

    speaks: Kind = "zpl"

    def send(self, paper: str, name: str, content: bytes, kind: Kind) -> str:
        """Nothing is kept."""
        return "nowhere"


class Rooms:
    """One station's rooms; what is refused is normal here, others were quicker."""

    def __init__(self, store: Store, who: Who, papers: Path, chance: Random) -> None:
        scale = SimulatedScale()
        settings = Settings(scale="simulated", papers=str(papers))
        self.station = Station(store, settings, NoPaper(), scale)
        self.station.sign_in(who)
        self._chance = chance
        self._eyes = Eyes(store, who.warehouse_id)
        self._floor = Floor(self._eyes, scale)
        self.work: tuple[Callable[[], None], ...] = (
            self.release,
            self.walk,
            self.walk,
            self.walk_labels,
            self.pack,
            self.pack,
            self.put_back,
            self.count,
            self.stage,
            self.load,
        )

    def person(self, room: str) -> Person:
        """Somebody who begins a conversation."""
        return Person(self.station.presenters()[room](), Tally(), self._chance, CLUMSY)

    def release(self) -> None:
        """Allocate and release everything."""
        self._floor.release(self.person("release"))

    def walk(self) -> None:
        """One pick list from its first bin to its last tote."""
        if lists := self._eyes.lists("pick-list")[:4]:
            self._floor.walk(self.person("pick"), self._chance.choice(lists))

    def walk_labels(self) -> None:
        """One label-first list."""
        if lists := self._eyes.lists("label-first")[:4]:
            self._floor.walk_labels(self.person("labels"), self._chance.choice(lists))

    def pack(self) -> None:
        """One tote, from its first piece to its last label."""
        if totes := self._eyes.totes()[:4]:
            self._floor.pack(self.person("pack"), self._chance.choice(totes))

    def put_back(self) -> None:
        """What lies on the put-back shelf."""
        self._floor.put_back(self.person("putback"))

    def count(self) -> None:
        """Every bin in doubt."""
        self._floor.count(self.person("count"))

    def stage(self) -> None:
        """A few parcels into their lanes."""
        if parcels := self._eyes.parcels("labelled")[:MOST_PARCELS]:
            self._floor.stage(self.person("stage"), parcels)

    def load(self) -> None:
        """A few parcels onto their trucks, which leave."""
        if parcels := self._eyes.parcels("staged")[:MOST_PARCELS]:
            self._floor.load(self.person("pickup"), parcels)
