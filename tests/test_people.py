"""People sign in by badge or by name and PIN, and the first one becomes the admin."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders import Floor
from wms_app.base.codes import Scan, new_id
from wms_app.base.db import Store, Tx
from wms_app.base.operations import Operation
from wms_app.base.refusal import Refused
from wms_app.base.who import Role, Who
from wms_app.office.people import service
from wms_app.office.people.model import User
from wms_app.office.people.presenter import SignInPresenter
from wms_app.office.people.words import FIRST, ROOMS


def at_the_door(store: Store) -> tuple[SignInPresenter, list[Who]]:
    came_in: list[Who] = []
    presenter = SignInPresenter(store, "P1", came_in.append)
    presenter.open()
    return presenter, came_in


def add(floor: Floor, name: str, role: Role = "packer", pin: str = "4711") -> int:
    return floor.do(lambda tx: service.add_user(tx, name, role, pin))


def test_the_first_person_of_a_new_store_becomes_its_admin(store: Store) -> None:
    door, came_in = at_the_door(store)
    assert door.view.step == "admin_name"
    door.act("admin_name", "Ana Ruiz")
    with pytest.raises(Refused) as refusal:
        door.act("admin_pin", "12")
    assert refusal.value.code == "short_pin"
    door.act("admin_pin", "482915")
    assert [(who.name, who.role) for who in came_in] == [("Ana Ruiz", "admin")]


def test_a_badge_signs_in_at_once_and_the_journal_names_who(floor: Floor) -> None:
    number = add(floor, "Li Na")
    badge = floor.do(lambda tx: service.new_badge(tx, number))
    door, came_in = at_the_door(floor.store)
    door.scan(Scan(badge))
    assert came_in[0].name == "Li Na"
    with floor.store.read() as tx:
        last = tx.first(select(Operation.who, Operation.verb).order_by(Operation.id.desc()))
    assert last is not None
    assert tuple(last) == ("Li Na", "signed_in")


def test_only_a_digest_of_the_badge_is_kept_and_a_new_one_ends_the_old(floor: Floor) -> None:
    number = add(floor, "Li Na")
    old = floor.do(lambda tx: service.new_badge(tx, number))
    new = floor.do(lambda tx: service.new_badge(tx, number))
    with floor.store.read() as tx:
        assert new.split(".")[1] not in str(tx.rows(select(User.badge_digest)))
    door, _came_in = at_the_door(floor.store)
    with pytest.raises(Refused) as refusal:
        door.scan(Scan(old))
    assert refusal.value.code == "unknown_badge"


def test_name_and_pin_sign_in_and_a_wrong_pin_does_not(floor: Floor) -> None:
    add(floor, "Chen Wei", "picker", "8080")
    door, came_in = at_the_door(floor.store)
    door.scan(Scan("chen wei"))
    with pytest.raises(Refused) as refusal:
        door.act("pin", "8081")
    assert refusal.value.code == "wrong_pin"
    door.act("pin", "8080")
    assert came_in[0].role == "picker"


def test_guessing_pins_is_stopped_after_a_few_tries(floor: Floor) -> None:
    add(floor, "Chen Wei", "picker", "8080")
    door, came_in = at_the_door(floor.store)
    door.scan(Scan("1"))
    codes = []
    for guess in range(6):
        with pytest.raises(Refused) as refusal:
            door.act("pin", f"000{guess}")
        codes.append(refusal.value.code)
    assert codes == ["wrong_pin"] * 5 + ["too_many_tries"]
    assert not came_in


def test_who_left_can_not_sign_in_and_the_last_admin_can_not_leave(floor: Floor) -> None:
    admin, packer = add(floor, "Ana Ruiz", "admin"), add(floor, "Li Na")
    badge = floor.do(lambda tx: service.new_badge(tx, packer))
    floor.do(lambda tx: service.change_user(tx, packer, active=False))
    door, _came_in = at_the_door(floor.store)
    with pytest.raises(Refused) as refusal:
        door.scan(Scan(badge))
    assert refusal.value.code == "not_active"
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: service.change_user(tx, admin, role="clerk"))
    assert refusal.value.code == "last_admin"


def test_two_people_never_share_a_name(floor: Floor) -> None:
    add(floor, "Li Na")
    with pytest.raises(Refused) as refusal:
        add(floor, "li na")
    assert refusal.value.code == "name_taken"


def test_a_second_station_can_not_make_itself_admin(store: Store) -> None:
    door, _came_in = at_the_door(store)
    door.act("admin_name", "Mallory")

    def work(tx: Tx) -> int:
        return service.add_user(tx, "Ana Ruiz", "admin", "482915")

    store.write(new_id(), Who(0, "setup", "admin", "P2", 1), "first_admin", work)
    with pytest.raises(Refused) as refusal:
        door.act("admin_pin", "123456")
    assert refusal.value.code == "not_first"


def test_every_role_has_rooms_and_begins_in_one_of_them() -> None:
    assert all(FIRST[role] in rooms for role, rooms in ROOMS.items())
