"""The workstation: rooms hung into the window, the person signed in, counts and strip kept live."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from queue import SimpleQueue
from threading import Event
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from wms_app.app import Station, make_tables
from wms_app.base import gs1, outbox, texts
from wms_app.base.codes import Scan
from wms_app.base.conversation import Presenter, Progress
from wms_app.base.db import Store
from wms_app.base.news import Listener
from wms_app.base.refusal import Down
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.desk import style
from wms_app.desk.camera import SIZE as PREVIEW_SIZE
from wms_app.desk.camera import CameraPreview
from wms_app.desk.frame import HeaderInfo, Room, Told, Window
from wms_app.desk.scanner import Habit
from wms_app.desk.screen import Screen
from wms_app.desk.tidy import Tidy
from wms_app.desk.work import Worker
from wms_app.office.people.presenter import SignInPresenter
from wms_app.office.people.screen import SignInScreen
from wms_app.office.people.words import FIRST, ROOMS, role_words
from wms_app.outside.devices.printers.state import State
from wms_app.outside.devices.scanners.choosing import Scanners
from wms_app.outside.printing.station import StationPrinter
from wms_app.settings import Settings, change, load

LOOK_EVERY_MS = 500
ASK_SECONDS = 15  # how long a Postgres that says nothing is believed to be there
WEIGH_EVERY_MS = 200
PRINTER_EVERY_MS = 2_000
LOOK_THROUGH_EVERY_MS = 100
SETTLE_EVERY_MS = 60_000
SIGN_IN = "sign-in"


def run(store: Store) -> int:
    """Open the workstation on a store; gives the exit status."""
    settings = load()
    texts.use(settings.language)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Dock")
    style.apply(app, "dark" if settings.theme == "dark" else "light")
    workstation = Workstation(store, settings)
    workstation.window.first_painted.connect(_leave_loaded)
    workstation.window.show()
    if os.environ.get("DOCK_BENCH_START"):
        workstation.window.told.connect(lambda _told: _say_painted(workstation.window))
    status = app.exec()
    workstation.close()
    return int(status)


def _leave_loaded() -> None:
    """What was loaded for the start stays, and need not be looked through for garbage."""
    gc.freeze()


def _say_painted(window: Window) -> None:
    """The first screen is there with what it shows: paint it now and say so."""
    window.repaint()
    sys.stdout.write("painted\n")
    sys.stdout.flush()
    app = QApplication.instance()
    assert app is not None
    QTimer.singleShot(0, app.quit)


class Workstation(QObject):
    """One window on one store, for one person at a time."""

    heard = Signal(str)  # a code from a scanner that is no keyboard
    chosen = Signal(object)  # Settings, changed in Setup

    def __init__(self, store: Store, settings: Settings) -> None:
        super().__init__()
        self.station = Station.of(store, settings)
        self.station.on_change = self.chosen.emit
        self._tidy = Tidy(self)
        self.station.look_through()
        self._settings = settings
        self._seen = -1
        self._listener: Listener | None = None
        self._heard = Event()  # something changed, or the store went away or came back
        self._looked = 0.0
        self._complete = False  # whether every table is known and made
        self.worker = Worker()
        self.worker.start()
        habit = _habit(settings)
        self.window = Window(self._rooms(), self.worker, self._header(), "find", habit)
        self.window.talk.was_applied = store.was_applied
        self.window.told.connect(self._told)
        self.window.signed_out.connect(self._signed_out)
        self.window.language_chosen.connect(self._language_chosen)
        self.window.theme_chosen.connect(self._theme_chosen)
        self.heard.connect(self.window.scanner.feed)
        self.chosen.connect(self._use)
        self._before_camera: SimpleQueue[str] = SimpleQueue()  # codes, as its thread reads them
        self.preview = CameraPreview(self.window.shell.rooms)
        self.window.shell.header.tapped.connect(self._tapped)
        self.window.camera_wanted.connect(partial(self._tapped, "camera"))
        self._camera_timer = QTimer(self)
        self._camera_timer.timeout.connect(self._look_through)
        self._camera_timer.start(LOOK_THROUGH_EVERY_MS)
        self.scanners = Scanners(settings.scanners, self.heard.emit)
        self.station.scanners = self.scanners
        self._use_signals(settings)
        self.window.resize(1280, 800)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_EVERY_MS)
        self._scale_timer = QTimer(self)
        self._scale_timer.timeout.connect(self._weigh)
        self._scale_timer.start(WEIGH_EVERY_MS)
        self._printer_timer = QTimer(self)
        self._printer_timer.timeout.connect(self._watch_printer)
        self._printer_timer.start(PRINTER_EVERY_MS)
        self._settle_timer = QTimer(self)
        self._settle_timer.timeout.connect(self._settle)
        self._settle_timer.start(SETTLE_EVERY_MS)

    def close(self) -> None:
        """Finish what is asked, then let go of the store."""
        for timer in (
            self._timer,
            self._scale_timer,
            self._printer_timer,
            self._settle_timer,
            self._camera_timer,
        ):
            timer.stop()
        if self._listener is not None:
            self._listener.stop()
        self.worker.stop()
        self.scanners.close()
        self.station.scale.close()
        self.station.camera.close()
        self.station.store.close()
        self._tidy.stop()

    def _header(self) -> HeaderInfo:
        devices = [("store", _("store")), ("scale", _("scale")), ("labels", _("labels"))]
        if self._settings.scanners:
            devices.insert(1, ("scanner", _("scanner")))
        if self.station.camera.here:
            devices.append(("camera", _("camera")))
        return HeaderInfo("", self.station.settings.station_name(), tuple(devices))

    def _sign_in_presenter(self) -> SignInPresenter:
        store = self.station.store
        if not store.sqlite or store.empty():
            make_tables(store)
        name = self.station.settings.station_name()
        return SignInPresenter(store, name, self.station.sign_in, _load_sample)

    def _rooms(self) -> list[Room]:
        def room(
            name: str,
            title: Callable[[], str],
            screen: Callable[[], Screen],
            group: int = 0,
            attention: bool = False,
        ) -> Room:
            begin = partial(self._begin, name)
            return Room(name, title, begin, screen, group, attention)

        return [
            Room(SIGN_IN, lambda: _("Sign in"), self._sign_in_presenter, SignInScreen),
            room("today", lambda: _("Today"), _screen("office.today", "TodayScreen")),
            room(
                "orders",
                lambda: _("Orders"),
                _screen("floor.orders", "OrdersScreen"),
                attention=True,
            ),
            room("release", lambda: _("Release"), _screen("floor.waves", "ReleaseScreen")),
            room("pick", lambda: _("Pick"), _screen("floor.picking", "PickScreen")),
            room("labels", lambda: _("Label first"), _screen("floor.labelling", "LabelWalkScreen")),
            room("pack", lambda: _("Pack"), _screen("floor.packing", "PackScreen")),
            room("stage", lambda: _("Stage"), _screen("floor.staging", "StageScreen")),
            room("pickup", lambda: _("Pickup"), _screen("floor.handover", "PickupScreen")),
            room("putback", lambda: _("Put back"), _screen("floor.cancelling", "PutBackScreen"), 1),
            room("count", lambda: _("Count"), _screen("floor.counting", "CountScreen"), 1),
            room("find", lambda: _("Find"), _screen("office.find", "FindScreen"), 2),
            room("setup", lambda: _("Setup"), _screen("office.setup", "SetupScreen"), 2),
        ]

    def _begin(self, room: str) -> Presenter:
        if not self._complete:
            make_tables(self.station.store)
            self._complete = True
        return self.station.presenters()[room]()

    def _told(self, told: Told) -> None:
        if told.verb != "refresh":
            self.station.camera.offer_again()  # what lies there may be what is wanted now
        signed = getattr(told.view, "signed", None) if told.room == SIGN_IN else None
        if isinstance(signed, Who):
            self._enter(signed)
        elif told.verb == "act":
            self._heard.set()
            self._look()  # what was just done shows in the counts without waiting for its turn

    def _enter(self, who: Who) -> None:
        self.window.use_language(who.language)
        allowed = ROOMS[who.role]
        self.window.shell.header.show_info(replace(self._header(), warehouse=self.station.place))
        self.window.sign_in(_person(who), allowed, FIRST[who.role])
        self.window.show_device("labels", "ok")
        self._seen = -1
        if self._listener is None:
            self._listener = self.station.store.listen(self._heard.set, self._heard.set)
        self._heard.set()
        self._look()
        self._settle()
        self.station.camera.start(self._before_camera.put)

    def _see(self, raw: str) -> None:
        """A code lies before the camera: it counts when the step on the screen wants just it."""
        camera, shell = self.station.camera, self.window.shell
        if self.station.who is None or shell.prompt.question is not None:
            camera.ignore(raw)
            return
        scan = Scan(gs1.without_identifier(gs1.unbroken(raw)))
        taken = partial(shell.line.show_scan, scan.raw)
        self.window.talk.see(scan, taken, partial(camera.ignore, raw))

    def _look_through(self) -> None:
        """What the camera reads, how it is, and its picture where somebody wants to see it."""
        if not self.station.camera.here:
            return
        while not self._before_camera.empty():
            self._see(self._before_camera.get())
        try:
            picture = self.station.camera.picture()
        except Down as down:
            self.window.show_device("camera", "down", down.text)
            self.preview.show_words(down.text)
            return
        self.window.show_device("camera", "off" if picture is None else "ok")
        if picture is not None and self.preview.isVisible():
            from wms_app.outside.devices.camera.live import small

            ratio = self.preview.devicePixelRatioF()
            wide, high = (round(side * ratio) for side in PREVIEW_SIZE)
            codes = [gs1.without_identifier(raw) for raw in self.station.camera.in_sight()]
            self.preview.show_picture(*small(picture, wide, high), codes)

    def _tapped(self, device: str) -> None:
        if device == "camera" and self.station.camera.here:
            self.preview.toggle()

    def _use(self, settings: Settings) -> None:
        """The station's devices were changed in Setup."""
        if _habit(settings) != _habit(self._settings):
            self.window.scanner.use(_habit(settings))
        self._settings = settings
        if settings.scanners != self.scanners.setting:
            self.scanners.choose(settings.scanners)
        if settings.camera != self.station.camera.setting:
            self.station.camera.choose(settings.camera)
        self._use_signals(settings)
        self.window.sounds.load()
        header = self.window.shell.header
        header.show_info(replace(self._header(), warehouse=self.station.place))

    def _use_signals(self, settings: Settings) -> None:
        self.window.sounds.on, self.window.sounds.volume = settings.sound, settings.volume / 100
        self.window.edge.on = settings.flash

    def _weigh(self) -> None:
        """The devices in the strip: scanners, the live weight; a parcel that lies still is weighed
        at once."""
        if self._settings.scanners:
            trouble = " ".join(self.scanners.troubles())
            self.window.show_device("scanner", "down" if trouble else "ok", trouble)
        try:
            reading = self.station.scale.read()
        except Down as down:
            self.window.show_device("scale", "down", down.text)
            return
        if reading is None:
            self.window.show_device("scale", "off")
            return
        if reading.trouble:
            self.window.show_device("scale", "warn", reading.trouble_words)
            return
        text = f"{reading.grams / 1000:.3f} kg"
        self.window.show_device("scale", "ok" if reading.stable else "moving", text)
        waits = self.window.current == "pack" and getattr(self.window.view, "weighs", False)
        if waits and reading.counts and self.worker.idle():
            self.window.talk.act("weigh")

    def _watch_printer(self) -> None:
        """How the label printer is, asked beside the work."""
        printer = self.station.printer
        if self.station.who is None or not isinstance(printer, StationPrinter):
            return
        self.worker.pool(printer.watch, self._show_printer, self._no_printer)

    def _show_printer(self, told: tuple[str, State | None]) -> None:
        _setting, state = told
        if state is not None and self.station.who is not None:
            self.window.show_device("labels", "warn" if state.troubles else "ok", state.words)

    def _no_printer(self, error: BaseException) -> None:
        if isinstance(error, Down) and self.station.who is not None:
            self.window.show_device("labels", "down", error.text)

    def _settle(self) -> None:
        """Labels of unknown outcome are looked up, unwanted ones given back, beside the work."""
        who, station = self.station.who, self.station
        if who is None:
            return

        def job() -> None:
            from wms_app.floor.labelling.pending import resume, void_pending

            resume(station.store, who, station.carriers)
            void_pending(station.store, who, station.carriers)

        self.worker.pool(job, _nothing, _nothing)

    def _signed_out(self) -> None:
        self.station.who = None
        self.window.use_language(self._settings.language)

    def _language_chosen(self, language: str) -> None:
        """The station keeps what was chosen at it, not what its people speak anyway."""
        who = self.station.who
        if who is not None:
            self.window.shell.header.show_person(_person(who))
        if who is None or language != who.language:
            self._keep(language=language)

    def _theme_chosen(self, theme: str) -> None:
        self._keep(theme=theme)

    def _keep(self, **changes: Any) -> None:
        self._settings = change(**changes)

    def _look(self) -> None:
        """See whether anybody changed the store; if so, count again and draw again.

        An embedded store is asked its version; Postgres says so by itself, and is asked now and
        then whether it is still there.
        """
        if not self.worker.idle() or self.station.who is None:
            return
        told = self._heard.is_set()
        if self._listener is not None and not told and monotonic() - self._looked < ASK_SECONDS:
            if self.station.store.untold:
                self.worker.submit(self.station.store.tell, _nothing, _nothing)
            return
        self._heard.clear()
        self._looked = monotonic()
        news = partial(self._news, told and self._listener is not None)
        self.worker.submit(news, self._show_news, self._no_news)

    def _news(self, changed: bool) -> tuple[int, dict[str, int], int] | None:
        from wms_app.office.today.service import waiting

        self.station.store.tell()
        version = self.station.store.version()
        who = self.station.who
        if who is None or (version == self._seen and not changed):
            return None
        with self.station.store.read() as tx:
            return version, waiting(tx, who.warehouse_id), outbox.waiting(tx, who.warehouse_id)

    def _show_news(self, news: tuple[int, dict[str, int], int] | None) -> None:
        self.window.show_device("store", "ok")
        if self.window.talk.waits_for_the_store():
            self.window.talk.look_up()
        if news is None:
            return
        first = self._seen == -1
        self._seen, counts, messages = news
        self.window.show_counts(counts)
        self.window.show_waiting(messages)
        if not first:
            self.window.refresh()

    def _no_news(self, _error: BaseException) -> None:
        self._heard.set()  # ask again soon
        self.window.show_device("store", "down")


def _load_sample(store: Store, progress: Progress | None) -> str:
    from wms_app.office.setup.sample import load_sample

    return load_sample(store, progress, today=True)


def _habit(settings: Settings) -> Habit:
    """How the station's scanner types."""
    return Habit(
        settings.scanner_prefix,
        settings.scanner_suffix,
        settings.scanner_gap_ms,
        layout=settings.scanner_layout,
        separator=settings.scanner_separator,
    )


def _person(who: Who) -> str:
    """Who is signed in, as the header says it."""
    return f"{who.name} · {role_words(who.role)}"


def _nothing(_result: object) -> None:
    """What was settled shows by itself; what could not be is tried again in a minute."""


def _screen(room: str, name: str) -> Callable[[], Screen]:
    """How to make the screen `name` of `room`; it is imported when the room is entered."""

    def make() -> Screen:
        module = import_module(f"wms_app.{room}.screen")
        made = getattr(module, name)()
        assert isinstance(made, Screen)
        return made

    return make
