"""Signing in: by badge, or by name and PIN; the first person of a new store becomes its admin."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select

from wms_app.base.codes import Item, Number, Own, Scan, new_id
from wms_app.base.conversation import Action, Answer, Progress
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Role, Who
from wms_app.floor.catalog.model import Warehouse
from wms_app.office.people import service
from wms_app.office.people.model import User

Step = Literal["badge", "pin", "admin_name", "admin_pin", "in"]
TRIES, PAUSE_SECONDS = 5, 30


@dataclass(frozen=True)
class Person:
    """One who may sign in, as the screen lists them."""

    id: int
    name: str
    role: str


@dataclass(frozen=True)
class SignInView:
    """`step` is what is asked now; `signed` is who came in, None until then."""

    step: Step
    warehouse: str
    station: str
    people: tuple[Person, ...] = ()
    chosen: Person | None = None
    can_load_sample: bool = False
    hint: str = ""
    signed: Who | None = None


class SignInPresenter:
    """Scan a badge; or choose a name and type its PIN.

    `load_sample` fills an empty store with the sample warehouse; offered until someone is here.
    """

    progress: Progress | None = None

    def __init__(
        self,
        store: Store,
        station: str,
        signed_in: Callable[[Who], None],
        load_sample: Callable[[Store, Progress | None], str] | None = None,
    ) -> None:
        self._store = store
        self._station = station
        self._signed_in = signed_in
        self._load_sample = load_sample
        self._wrong: list[float] = []
        self._admin_name = ""
        self.view = SignInView("badge", "", station)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What may be done at this step."""
        match self.view.step:
            case "admin_name":
                name = Action("admin_name", "F2", _("First admin"), "text", _("Your name"))
                sample = Action("load_sample", "F5", _("Load the sample warehouse"))
                return (name, sample) if self.view.can_load_sample else (name,)
            case "admin_pin":
                asks = _("Choose a PIN of at least four digits")
                return (Action("admin_pin", "F2", _("PIN"), "secret", asks), self._back())
            case "pin":
                assert self.view.chosen is not None
                asks = _("PIN of {name}").format(name=self.view.chosen.name)
                return (Action("pin", "F2", _("PIN"), "secret", asks), self._back())
            case _:
                return ()

    def open(self) -> None:
        """See who may sign in."""
        with self._store.read() as tx:
            warehouse = tx.first(select(Warehouse.id, Warehouse.code).order_by(Warehouse.id))
            rows = tx.rows(
                select(User.id, User.name, User.role).where(User.active).order_by(User.name)
            )
        self._warehouse_id = int(warehouse.id) if warehouse else 1
        people = tuple(Person(row.id, row.name, row.role) for row in rows)
        self.view = SignInView(
            "badge" if people else "admin_name",
            warehouse.code if warehouse else "",
            self._station,
            people,
            can_load_sample=warehouse is None and not people and self._load_sample is not None,
        )

    def refresh(self) -> None:
        """Look again who may sign in, unless someone is in the middle of it."""
        if self.view.step == "badge":
            self.open()

    def scan(self, scan: Scan) -> Answer:
        """A badge signs in at once; a typed number or name chooses a person."""
        match scan.code:
            case Own("USER", secret):
                return self._enter(scan.id, lambda tx: service.by_badge(tx, secret))
            case Number(value) if self.view.step == "badge" and self.view.people:
                return self._choose(value - 1)
            case Item(text) if self.view.step == "badge" and self.view.people:
                names = [person.name.lower() for person in self.view.people]
                if text.lower() in names:
                    return self._choose(names.index(text.lower()))
        raise Refused(
            "not_a_badge",
            _("That is not a badge."),
            _("Scan your badge, or choose your name."),
        )

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """`person` chooses by id; `pin`, `admin_name`, `admin_pin` take what was typed."""
        operation = operation or new_id()
        match action:
            case "person":
                ids = [str(person.id) for person in self.view.people]
                return self._choose(ids.index(value) if value in ids else -1)
            case "pin" if self.view.chosen is not None:
                return self._by_pin(operation, self.view.chosen.name, value)
            case "admin_name" if self.view.step == "admin_name" and value.strip():
                self._admin_name = value.strip()
                self.view = replace(self.view, step="admin_pin")
                return Answer("ok", _("Welcome, {name}.").format(name=self._admin_name))
            case "admin_pin" if self.view.step == "admin_pin":
                return self._first_admin(operation, value)
            case "load_sample" if self.view.can_load_sample and self._load_sample:
                hint = self._load_sample(self._store, self.progress)
                self.open()
                self.view = replace(self.view, hint=hint)
                return Answer("done", _("The sample warehouse is loaded."), hint)
            case "back":
                self.open()
                return Answer("ok", _("Scan your badge, or choose your name."))
        raise Refused("not_now", _("That can't be done at this step."))

    def _back(self) -> Action:
        return Action("back", "F9", _("Back"))

    def _choose(self, index: int) -> Answer:
        if not 0 <= index < len(self.view.people):
            raise Refused("no_person", _("There is no such name in the list."))
        chosen = self.view.people[index]
        self.view = replace(self.view, step="pin", chosen=chosen)
        return Answer("ok", _("{name}: type your PIN.").format(name=chosen.name))

    def _by_pin(self, operation: str, name: str, pin: str) -> Answer:
        self._wrong = [
            moment for moment in self._wrong if time.monotonic() - moment < PAUSE_SECONDS
        ]
        if len(self._wrong) >= TRIES:
            raise Refused(
                "too_many_tries",
                _("Too many wrong PINs."),
                _("Wait half a minute, or scan your badge."),
            )
        try:
            return self._enter(operation, lambda tx: service.by_pin(tx, name, pin))
        except Refused:
            self._wrong.append(time.monotonic())
            raise

    def _first_admin(self, operation: str, pin: str) -> Answer:
        role: Role = "admin"

        def work(tx: Tx) -> int:
            if service.anyone(tx):
                raise Refused("not_first", _("This warehouse has its admin already."))
            return service.add_user(tx, self._admin_name, role, pin)

        self._store.write(operation, self._nobody(), "first_admin", work)
        return self._enter(new_id(), lambda tx: service.by_pin(tx, self._admin_name, pin))

    def _enter(self, operation: str, find: Callable[[Tx], int]) -> Answer:
        with self._store.read() as tx:  # argon2 takes its time: never inside a write
            user_id = find(tx)
            who = service.who(tx, user_id, self._station, self._warehouse_id)
        self._store.write(operation, who, "signed_in", lambda _tx: None)
        self._wrong.clear()
        self.view = replace(self.view, step="in", signed=who)
        self._signed_in(who)
        return Answer("done", _("Welcome, {name}.").format(name=who.name))

    def _nobody(self) -> Who:
        return Who(0, "nobody", "admin", self._station, self._warehouse_id)
