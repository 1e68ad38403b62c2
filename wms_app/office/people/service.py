"""Users: making them, proving who they are, badges and PINs."""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, insert, select, update

from wms_app.base import journal
from wms_app.base.codes import own
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import LANGUAGES, _
from wms_app.base.who import ROLES, Role, Who
from wms_app.floor.catalog.model import Warehouse
from wms_app.office.people.model import User

MIN_PIN = 4
_BADGE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def add_user(tx: Tx, name: str, role: Role, pin: str, language: str = "en") -> int:
    """Add a person; gives their id. Refused: no name, a name that is taken, a PIN too short."""
    name = name.strip()
    if not name or len(name) > 80:
        raise Refused("bad_name", _("A person needs a name of at most 80 letters."))
    if role not in ROLES:
        raise Refused("bad_role", _("There is no role {role}.").format(role=role))
    if language not in LANGUAGES:
        raise Refused("bad_language", _("There is no language {code}.").format(code=language))
    if tx.scalar(select(User.id).where(func.lower(User.name) == name.lower())) is not None:
        raise Refused("name_taken", _("{name} is here already.").format(name=name))
    values = {"name": name, "role": role, "language": language, "pin_hash": _hash(pin)}
    number = int(tx.execute(insert(User).values(values).returning(User.id)).scalar_one())
    journal.record(tx, "user_added", "user", [number], detail={"role": role})
    tx.changed("user")
    return number


def change_pin(tx: Tx, user_id: int, pin: str) -> None:
    """Give a person another PIN."""
    tx.execute(update(User).where(User.id == user_id).values(pin_hash=_hash(pin)))
    journal.record(tx, "pin_changed", "user", [user_id])


def change_user(
    tx: Tx,
    user_id: int,
    *,
    role: Role | None = None,
    language: str | None = None,
    active: bool | None = None,
) -> None:
    """Change what is given. Refused: taking away the last admin who can sign in."""
    before = tx.first(select(User.role, User.active).where(User.id == user_id))
    if before is None:
        raise Refused("no_user", _("There is no such person."))
    changes = {"role": role, "language": language, "active": active}
    values = {field: value for field, value in changes.items() if value is not None}
    tx.execute(update(User).where(User.id == user_id).values(values))
    admins = select(func.count()).where(User.role == "admin", User.active.is_(True))
    if not tx.scalar(admins):
        raise Refused(
            "last_admin",
            _("Someone must be able to administer the warehouse."),
            _("Make another person admin first."),
        )
    journal.record(tx, "user_changed", "user", [user_id], before=before.role, detail=values)
    tx.changed("user")


def new_badge(tx: Tx, user_id: int) -> str:
    """Make a badge for a person and give the code to print; the one before stops working.

    Only a digest of it is kept: it can't be printed again, only made anew.
    """
    secret = "".join(secrets.choice(_BADGE_LETTERS) for _i in range(16))
    tx.execute(update(User).where(User.id == user_id).values(badge_digest=_digest(secret)))
    journal.record(tx, "badge_made", "user", [user_id])
    return own("USER", secret)


def by_badge(tx: Tx, secret: str) -> int:
    """The person whose badge this is. Refused: a badge of nobody, or of someone who left."""
    found = tx.first(
        select(User.id, User.active).where(User.badge_digest == _digest(secret.upper()))
    )
    if found is None:
        raise Refused(
            "unknown_badge",
            _("That badge is of nobody here."),
            _("Sign in by name and PIN, and ask for a new badge."),
        )
    _check_active(found.active)
    return int(found.id)


def by_pin(tx: Tx, name: str, pin: str) -> int:
    """The person with this name and PIN. Refused in the same words whichever is wrong."""
    found = tx.first(
        select(User.id, User.pin_hash, User.active).where(
            func.lower(User.name) == name.strip().lower()
        )
    )
    if found is None or not _fits(found.pin_hash, pin):
        raise Refused("wrong_pin", _("That name and PIN do not go together."), _("Try once more."))
    _check_active(found.active)
    return int(found.id)


def who(tx: Tx, user_id: int, station: str, warehouse_id: int) -> Who:
    """The person as the one who acts at a station."""
    user = tx.first(select(User.name, User.role, User.language).where(User.id == user_id))
    zone = tx.scalar(select(Warehouse.zone).where(Warehouse.id == warehouse_id))
    if user is None:
        raise Refused("no_user", _("There is no such person."))
    return Who(user_id, user.name, user.role, station, warehouse_id, user.language, zone or "UTC")


def anyone(tx: Tx) -> bool:
    """Whether anybody can sign in; a store without people is asked to make its admin."""
    return tx.scalar(select(User.id).where(User.active.is_(True)).limit(1)) is not None


def _hash(pin: str) -> str:
    if len(pin) < MIN_PIN:
        raise Refused(
            "short_pin",
            _("A PIN has at least {count} digits or letters.").format(count=MIN_PIN),
            _("Choose a longer one."),
        )
    return _hasher().hash(pin)


def _fits(pin_hash: str, pin: str) -> bool:
    try:
        return _hasher().verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _check_active(active: bool) -> None:
    if not active:
        raise Refused(
            "not_active", _("That person does not work here any more."), _("Ask a supervisor.")
        )
