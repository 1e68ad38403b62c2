"""The only place where things are wired together: the store and its nouns, rooms, window."""

from __future__ import annotations

import getpass
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wms_app.base.db import Store
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.settings import Settings

if TYPE_CHECKING:
    from wms_app.base.conversation import Presenter, Progress
    from wms_app.office.setup.devices import Own
    from wms_app.outside.carriers.carrier import Carrier
    from wms_app.outside.devices.camera.choosing import ChosenCamera
    from wms_app.outside.devices.printer import LabelPrinter
    from wms_app.outside.devices.scale import Scale
    from wms_app.outside.devices.scanners.choosing import Scanners


def open_store(url: str) -> Store:
    """Open a store with every room's tables known to it; nothing is made or changed."""
    know_tables()
    return Store(url)


def know_tables() -> None:
    """Load every room's nouns, so that the store knows all its tables."""
    import wms_app.base.journal
    import wms_app.base.outbox
    import wms_app.floor.allocation.model
    import wms_app.floor.cancelling.model
    import wms_app.floor.catalog.model
    import wms_app.floor.handover.model
    import wms_app.floor.labelling.model
    import wms_app.floor.orders.model
    import wms_app.floor.packing.model
    import wms_app.floor.picking.model
    import wms_app.floor.staging.model
    import wms_app.floor.stock.model
    import wms_app.floor.waves.model
    import wms_app.office.archive.model
    import wms_app.office.people.model
    import wms_app.outside.printing.model  # noqa: F401


def make_tables(store: Store) -> None:
    """Make an embedded store's tables or bring them up to date; a store of many is checked only."""
    know_tables()
    if store.sqlite:
        store.create(before=partial(keep_copy, store))
    else:
        store.check()


def keep_copy(store: Store) -> Path:
    """A backup beside the embedded store (else with the user's data), named by the moment."""
    from wms_app.base import clock
    from wms_app.base.backup import back_up
    from wms_app.base.places import user_data

    name = f"before-upgrade-{clock.now():%Y%m%d-%H%M%S}"
    file = store.url.database if store.sqlite else None
    copy = Path(f"{file}.{name}") if file else user_data() / f"{name}.dump"
    back_up(store, copy)
    return copy


def carriers_of(store: Store, warehouse_id: int) -> Mapping[str, Carrier]:
    """The carriers that a warehouse ships with, by code: the house carrier by its rate card."""
    from sqlalchemy import select

    from wms_app.floor.catalog.model import Warehouse
    from wms_app.outside.carriers.house import House
    from wms_app.outside.carriers.rates import rates_of

    with store.read() as tx:
        found = tx.first(
            select(Warehouse.rates, Warehouse.company_prefix, Warehouse.currency).where(
                Warehouse.id == warehouse_id
            )
        )
    rates, prefix, currency = (
        (found.rates, found.company_prefix, found.currency)
        if found
        else (
            "",
            "",
            "USD",
        )
    )
    return {"house": House(rates_of(rates), prefix, currency)}


def warehouse_code(store: Store, warehouse_id: int) -> str:
    """What the warehouse is called in the strip."""
    from sqlalchemy import select

    from wms_app.floor.catalog.model import Warehouse

    with store.read() as tx:
        return str(tx.scalar(select(Warehouse.code).where(Warehouse.id == warehouse_id)) or "")


def _no_camera() -> ChosenCamera:
    from wms_app.outside.devices.camera.choosing import ChosenCamera

    return ChosenCamera("")


@dataclass
class Station:
    """What one station works with: its store, its devices, and who stands there."""

    store: Store
    settings: Settings
    printer: LabelPrinter
    scale: Scale
    who: Who | None = None
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    place: str = ""
    camera: ChosenCamera = field(default_factory=_no_camera)
    scanners: Scanners | None = None
    on_change: Callable[[Settings], None] = lambda _settings: None

    @classmethod
    def of(cls, store: Store, settings: Settings, papers: Path | None = None) -> Station:
        """The station as its settings say; `papers` is where papers go instead."""
        from wms_app.outside.devices.printer import FolderPrinter
        from wms_app.outside.devices.scales.choosing import ChosenScale
        from wms_app.outside.printing.station import StationPrinter

        folder = papers or settings.papers_folder()
        station = cls(store, settings, FolderPrinter(folder), ChosenScale(settings.scale))
        # Papers that were asked for in a folder go there, whatever the settings say.
        chosen: dict[str, str] | None = {} if papers else None
        station.printer = StationPrinter(
            store,
            lambda: station.settings.printers if chosen is None else chosen,
            folder,
            lambda: station.who or console(store),
        )
        return station

    def look_through(self) -> None:
        """Have the camera that the settings name; it takes no picture before it is started."""
        from wms_app.outside.devices.camera.choosing import ChosenCamera

        self.camera = ChosenCamera(self.settings.camera)

    def sign_in(self, who: Who) -> None:
        """`who` stands here from now on."""
        self.who = who
        self.carriers = carriers_of(self.store, who.warehouse_id)
        self.place = warehouse_code(self.store, who.warehouse_id)

    def choose_scale(self, setting: str) -> None:
        """Weigh on another scale from now on, after the next start too. Refused: names none."""
        from wms_app.outside.devices.scales.choosing import ChosenScale

        assert isinstance(self.scale, ChosenScale)
        self.scale.choose(setting)
        self.change(scale=setting)

    def change(self, **changes: Any) -> None:
        """Keep these settings of the station; the window takes them up."""
        from wms_app.settings import change

        change(**changes)
        self.settings = replace(self.settings, **changes)
        self.on_change(self.settings)

    def change_devices(self, changes: Mapping[str, Any]) -> None:
        """The same, and weigh and print by them at once. Refused: a setting that names none."""
        if changes.get("scale", self.settings.scale) != self.settings.scale:
            self.choose_scale(changes["scale"])
        if "printers" in changes:
            self.choose_printers(changes["printers"])
        rest = {name: value for name, value in changes.items() if name not in ("scale", "printers")}
        if rest:
            self.change(**rest)

    def facts(self) -> dict[str, str]:
        """What the form of devices in Setup begins with."""
        kept = self.settings
        return {
            "scanners": kept.scanners or "keyboard",
            "scale": kept.scale,
            "camera": kept.camera or "none",
            "sound": "yes" if kept.sound else "no",
            "volume": str(kept.volume),
            "flash": "yes" if kept.flash else "no",
        }

    def devices(self) -> list[Own]:
        """What stands here, and how each is or what it said last."""
        from wms_app.office.setup.devices import Own
        from wms_app.outside.devices.camera.choosing import seen_now
        from wms_app.outside.devices.printers.choosing import uses_words
        from wms_app.outside.devices.scale import said_now
        from wms_app.outside.devices.scanners.choosing import scanners_say, typing_words

        kept = self.settings
        own = [Own("scanner", "keyboard", typing_words(kept.scanner_prefix, kept.scanner_suffix))]
        own += [
            Own("scanner", name, says) for name, says in scanners_say(kept.scanners, self.scanners)
        ]
        own.append(Own("scale", kept.scale, said_now(self.scale)))
        if self.camera.here:
            own.append(Own("camera", kept.camera, seen_now(self.camera)))
        for setting in dict.fromkeys(kept.printers.values()):
            own.append(Own("printer", setting, uses_words(kept.printers, setting)))
        return own

    def choose_printers(self, printers: Mapping[str, str]) -> None:
        """Print on these from now on, after the next start too. Refused: one names no printer."""
        from wms_app.outside.devices.printers.choosing import printer_of

        chosen = {use: setting.strip() for use, setting in printers.items() if setting.strip()}
        for setting in chosen.values():
            printer_of(setting, self.settings.papers_folder())
        self.change(printers=chosen)

    def presenters(self) -> dict[str, Callable[[], Presenter]]:
        """How to begin the conversation of each room, for the person who stands here."""
        from wms_app.floor.cancelling.presenter import PutBackPresenter
        from wms_app.floor.cancelling.service import cancel
        from wms_app.floor.counting.presenter import CountPresenter
        from wms_app.floor.handover.presenter import PickupPresenter
        from wms_app.floor.labelling.at_bench import bench_papers
        from wms_app.floor.labelling.own_label_card import read_labels
        from wms_app.floor.labelling.presenter import LabelWalkPresenter
        from wms_app.floor.orders.presenter import OrdersPresenter
        from wms_app.floor.packing.presenter import PackPresenter
        from wms_app.floor.picking.presenter import PickPresenter
        from wms_app.floor.staging.presenter import StagePresenter
        from wms_app.floor.waves.presenter import ReleasePresenter
        from wms_app.office.find.presenter import FindPresenter
        from wms_app.office.setup.devices import StationChoice
        from wms_app.office.setup.presenter import SetupPresenter
        from wms_app.office.today.presenter import TodayPresenter
        from wms_app.outside.devices.finding import find

        assert self.who is not None
        store, who, printer, carriers = self.store, self.who, self.printer, self.carriers
        papers = bench_papers(store, who, carriers, printer)
        here = StationChoice(
            self.facts, self.devices, find, self.change_devices, lambda: self.settings.printers
        )
        return {
            "today": lambda: TodayPresenter(store, who, self.settings.papers_folder()),
            "orders": lambda: OrdersPresenter(store, who, cancel, partial(read_labels, store, who)),
            "release": lambda: ReleasePresenter(store, who, printer),
            "pick": lambda: PickPresenter(store, who),
            "labels": lambda: LabelWalkPresenter(store, who, carriers, printer),
            "pack": lambda: PackPresenter(store, who, self.scale, papers, self.camera),
            "stage": lambda: StagePresenter(store, who),
            "pickup": lambda: PickupPresenter(store, who, printer),
            "putback": lambda: PutBackPresenter(store, who),
            "count": lambda: CountPresenter(store, who),
            "setup": lambda: SetupPresenter(store, who, printer, here, self.choose_printers),
            "find": lambda: FindPresenter(store, who, printer),
        }


@dataclass(frozen=True)
class DayPlan:
    """What `wms day` is asked for; without `store` it takes a fresh sample in a temporary one."""

    store: str
    orders: tuple[Path, ...]
    profile: str
    out: Path
    seed: int


def run_the_day(plan: DayPlan, progress: Progress | None = None) -> dict[str, Any]:
    """The whole cycle by simulated people; papers go to `plan.out`. Gives what came of it."""
    plan.out.mkdir(parents=True, exist_ok=True)
    if plan.store:
        store = open_store(plan.store)
        make_tables(store)
        if not _has_warehouse(store):
            raise Refused(
                "no_warehouse",
                _("There is no warehouse in this store yet."),
                _("Open the workstation: F2 begins your own, F5 loads the sample."),
            )
        return _day_on(store, plan, None, progress)
    from wms_app.base import clock
    from wms_app.office.setup.sample import folder, load_sample, morning

    with tempfile.TemporaryDirectory() as place:
        store = open_store(f"sqlite:///{place}/sample.sqlite")
        store.create()
        clock.set_clock(morning())
        try:
            load_sample(store)
            return _day_on(store, plan, folder() / "cancellations.csv", progress)
        finally:
            clock.set_clock(None)
            store.close()


def _day_on(
    store: Store, plan: DayPlan, cancellations: Path | None, progress: Progress | None
) -> dict[str, Any]:
    from wms_app.base import clock
    from wms_app.floor.cancelling.file import cancel_file
    from wms_app.floor.cancelling.service import cancel
    from wms_app.floor.orders.intake import take_in
    from wms_app.office.day.service import Day
    from wms_app.office.today.report import write_report
    from wms_app.office.today.service import outbound
    from wms_app.outside.channels import profile as profiles
    from wms_app.outside.devices.scale import SimulatedScale

    who = console(store)
    station = Station.of(store, Settings(), plan.out)
    station.scale = scale = SimulatedScale()
    chosen = profiles.find(plan.profile, "orders") if plan.profile else None
    for file in plan.orders:
        take_in(store, who, file, chosen, cancel=cancel)

    def rooms(person: Who) -> Mapping[str, Callable[[], Presenter]]:
        station.sign_in(person)
        return station.presenters()

    half_way = partial(cancel_file, store, who, cancellations) if cancellations else None
    made = Day(store, rooms, scale, who, plan.seed, progress).run(plan.out, half_way)
    day = clock.local(clock.now(), who.zone).date()
    with store.read() as tx:
        said = outbound(tx, who.warehouse_id, day, who.zone)
    for ending in ("json", "xlsx", "pdf"):
        write_report(said, plan.out / f"outbound-{day.isoformat()}.{ending}")
    return {**made.to_json(), "report": said.as_json()}


def _has_warehouse(store: Store) -> bool:
    """Whether a warehouse was begun in the store."""
    from sqlalchemy import select

    from wms_app.floor.catalog.model import Warehouse

    with store.read() as tx:
        return tx.scalar(select(Warehouse.id).limit(1)) is not None


def console(store: Store) -> Who:
    """Who acts when a command is run: this machine's user, in the first warehouse."""
    from sqlalchemy import select

    from wms_app.floor.catalog.model import Warehouse

    with store.read() as tx:
        house = tx.first(select(Warehouse.id, Warehouse.zone).order_by(Warehouse.id).limit(1))
    number, zone = (int(house.id), str(house.zone)) if house else (1, "UTC")
    return Who(0, f"console {getpass.getuser()}", "admin", "console", number, "en", zone)
