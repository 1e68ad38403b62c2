"""Taking clients, SKUs, bins and cartons in from files; the same file again changes nothing.

Every file is read and checked whole before anything is written; bad rows are named and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from wms_app.base import journal
from wms_app.base.codes import new_id
from wms_app.base.conversation import Progress
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, told
from wms_app.base.who import Who
from wms_app.floor.catalog import cells
from wms_app.floor.catalog.model import BIN_KINDS, Bin, Carton, Client, Warehouse
from wms_app.outside.channels import profile as profiles
from wms_app.outside.channels.findings import BadCell, Finding
from wms_app.outside.channels.profile import SKU_FIELDS, Places, Profile, place
from wms_app.outside.channels.table import Table, open_table

FIRST_WAREHOUSE = "MAIN"
SIDES = ("length", "width", "height")
_CLIENT_FLAGS = ("own_labels", "packing_slip")
COLUMNS = {
    "clients": ("client", "name", *_CLIENT_FLAGS, "photograph", "photograph_over"),
    "skus": tuple(SKU_FIELDS),
    "bins": ("warehouse", "bin", "zone", "kind", "walk"),
    "stock": ("client", "sku", "bin", "lot", "expires", "quantity"),
    "cartons": (
        "carton",
        "name",
        *(f"{place}_{side}_mm" for place in ("inner", "outer") for side in SIDES),
        "empty_g",
        "max_g",
    ),
}
REQUIRED = {
    "clients": ("client", "name"),
    "skus": ("client", "sku", "name"),
    "bins": ("warehouse", "bin", "kind"),
    "stock": ("client", "sku", "bin", "quantity"),
    "cartons": ("carton", "inner_length_mm", "inner_width_mm", "inner_height_mm"),
}


@dataclass
class Taken:
    """What a file came to, in rows."""

    kind: str
    file: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused_rows: int = 0
    not_goods: int = 0
    dry_run: bool = False
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, row: int, bad: BadCell) -> None:
        """Leave a row out, and say why."""
        self.refused_rows += 1
        self.say(row, bad.field, bad.value, told(bad.expected), bad.code, _("refused"))

    def say(self, row: int, name: str, value: str, expected: str, code: str, text: str) -> None:
        """Note something about a row."""
        self.findings.append(Finding(row, name, value, expected, code, text))

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {**asdict(self), "findings": [finding.to_json() for finding in self.findings]}


Rows = list[tuple[int, dict[str, str]]]
Write = Callable[[Tx, Taken, Rows], None]


def take_in(
    store: Store,
    who: Who,
    kind: str,
    path: Path,
    *,
    profile: Profile | None = None,
    client: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Taken:
    """Take a file of `kind` (a key of COLUMNS, but stock) in; gives what came of it.

    Refused before anything is written: no such file, missing columns, a file that can't be read.
    """
    writers: dict[str, Write] = {
        "clients": _clients,
        "skus": _skus,
        "bins": _bins,
        "cartons": _cartons,
    }
    taken, rows = read_rows(kind, path, profile, client, dry_run)
    run(store, who, kind, lambda tx: writers[kind](tx, taken, rows), dry_run)
    if progress:
        progress(taken.rows, taken.rows)
    return taken


def read_rows(
    kind: str, path: Path, profile: Profile | None, client: str, dry_run: bool
) -> tuple[Taken, Rows]:
    """The rows of a file as field -> text, and what is known of it so far."""
    table = open_table(path)
    columns = COLUMNS[kind]
    used = profile or Profile("", kind, columns={name: name for name in columns})
    required = [name for name in REQUIRED[kind] if not (name == "client" and client)]
    places = place(used, table, required)
    taken = Taken(kind, table.name, dry_run=dry_run)
    if used.native:
        for column in places.unknown:
            known = _("a column that is known")
            taken.say(table.header_row, column, "", known, "unknown_column", _("ignored"))
    return taken, list(_rows(table, used, places, columns, client, taken))


def _rows(
    table: Table,
    profile: Profile,
    places: Places,
    columns: Sequence[str],
    client: str,
    taken: Taken,
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells_of in table.rows():
        taken.rows += 1

        def cell(at: int, row: Sequence[str] = cells_of) -> str:
            return row[at].strip() if 0 <= at < len(row) else ""

        if profile.skipped and profile.skipped.says(cell(places.skipped)):
            continue
        if profile.cancelled and profile.cancelled.says(cell(places.cancelled)):
            continue
        if profile.not_goods and profile.not_goods.says(cell(places.not_goods)):
            taken.not_goods += 1
            continue
        known = {
            name: cell(places.of.get(name, -1)) or places.fixed.get(name, "") for name in columns
        }
        if "client" in known:
            known["client"] = known["client"] or client
        yield number, known


def run(store: Store, who: Who, kind: str, work: Callable[[Tx], None], dry_run: bool) -> None:
    """Do `work` in one write, or do it and take it back when it is only to say what would come."""

    def dry(tx: Tx) -> None:
        work(tx)
        raise _Back

    try:
        store.write(new_id(), who, f"import_{kind}", dry if dry_run else work)
    except _Back:
        return


class _Back(Exception):
    """A dry run takes everything back."""


def client_named(tx: Tx, code: str, name: str = "") -> int:
    """The client with this code, made if it is not here."""
    found = tx.scalar(select(Client.id).where(Client.code == code))
    if found is not None:
        return int(found)
    values = {"code": code, "name": name or code, "warehouse_id": _home(tx)}
    number = int(tx.execute(insert(Client).values(values).returning(Client.id)).scalar_one())
    journal.record(tx, "client_added", "client", [number])
    tx.changed("client")
    return number


def _home(tx: Tx) -> int:
    """The first warehouse; a placeholder until the first bins name it."""
    found = tx.scalar(select(Warehouse.id).order_by(Warehouse.id).limit(1))
    return int(found) if found is not None else warehouse_named(tx, FIRST_WAREHOUSE)


def warehouse_named(tx: Tx, code: str) -> int:
    """The warehouse with this code, made if it is not here; the first one takes the placeholder."""
    found = tx.scalar(select(Warehouse.id).where(Warehouse.code == code))
    if found is not None:
        return int(found)
    waiting = tx.scalar(select(Warehouse.id).where(Warehouse.code == FIRST_WAREHOUSE))
    bins = waiting and tx.scalar(select(Bin.id).where(Bin.warehouse_id == waiting).limit(1))
    if waiting is not None and not bins:
        tx.execute(update(Warehouse).where(Warehouse.id == waiting).values(code=code))
        return int(waiting)
    row = insert(Warehouse).values(code=code).returning(Warehouse.id)
    number = int(tx.execute(row).scalar_one())
    journal.record(tx, "warehouse_added", "warehouse", [number])
    return number


def _needed(known: dict[str, str], names: Sequence[str]) -> None:
    for name in names:
        if not known[name]:
            raise BadCell(name, "", _("a value"), "missing")


def _clients(tx: Tx, taken: Taken, rows: Rows) -> None:
    home = _home(tx)
    there = {row.code: row for row in tx.rows(select(*Client.__table__.c))}
    fresh: dict[str, dict[str, Any]] = {}
    for number, known in rows:
        try:
            _needed(known, REQUIRED["clients"])
            rules = _client_rules(known)
        except BadCell as bad:
            taken.refuse(number, bad)
            continue
        code, facts = known["client"][:40], {"name": known["name"][:200], **rules}
        if code in there:
            if all(getattr(there[code], name) == value for name, value in facts.items()):
                taken.unchanged += 1
                continue
            taken.changed += 1
            tx.execute(update(Client).where(Client.id == there[code].id).values(**facts))
        else:
            taken.added += code not in fresh
            no = (*_CLIENT_FLAGS, "photograph_all", "photograph_fragile")
            fresh[code] = {
                "code": code,
                "warehouse_id": home,
                **dict.fromkeys(no, False),
                "photograph_over_minor": 0,
                **facts,
            }
    _insert(tx, Client, list(fresh.values()))


def _client_rules(known: dict[str, str]) -> dict[str, Any]:
    """The rules that a row states; an empty cell leaves a rule as it is."""
    rules: dict[str, Any] = {}
    for name in _CLIENT_FLAGS:
        if known[name]:
            rules[name] = cells.flag(name, known[name])
    if which := known["photograph"].lower():
        if which not in ("no", "fragile", "all"):
            raise BadCell("photograph", which, "no, fragile, all", "bad_photograph")
        rules["photograph_all"] = which == "all"
        rules["photograph_fragile"] = which == "fragile"
    if over := known["photograph_over"]:
        rules["photograph_over_minor"] = cells.money("photograph_over", over, "")
    return rules


def _bins(tx: Tx, taken: Taken, rows: Rows) -> None:
    houses: dict[str, int] = {}
    there = {
        (row.warehouse_id, row.code): row
        for row in tx.rows(select(Bin.id, Bin.warehouse_id, Bin.code, Bin.zone, Bin.kind, Bin.walk))
    }
    fresh: dict[tuple[int, str], dict[str, Any]] = {}
    changed = []
    for number, known in rows:
        try:
            _needed(known, REQUIRED["bins"])
            kind = known["kind"].lower()
            if kind not in BIN_KINDS:
                raise BadCell("kind", known["kind"], ", ".join(BIN_KINDS), "bad_kind")
            code = known["bin"].upper()
            if len(code) > 40 or not all(c.isascii() and (c.isalnum() or c == "-") for c in code):
                expected = _("letters, digits and hyphens, at most 40")
                raise BadCell("bin", known["bin"], expected, "bad_bin")
            walk = cells.whole("walk", known["walk"])
        except BadCell as bad:
            taken.refuse(number, bad)
            continue
        house = houses.setdefault(known["warehouse"], 0) or warehouse_named(tx, known["warehouse"])
        houses[known["warehouse"]] = house
        facts = {"zone": known["zone"][:20], "kind": kind, "walk": walk}
        found = there.get((house, code))
        if found is None:
            taken.added += (house, code) not in fresh
            fresh[(house, code)] = {"warehouse_id": house, "code": code, **facts}
        elif (found.zone, found.kind, found.walk) == tuple(facts.values()):
            taken.unchanged += 1
        else:
            taken.changed += 1
            changed.append({"of": found.id, **facts})
    _insert(tx, Bin, list(fresh.values()))
    if changed:
        names = ("zone", "kind", "walk")
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        rows_of = [{"of": row["of"], **{f"new_{n}": row[n] for n in names}} for row in changed]
        tx.execute(update(Bin).where(Bin.id == bindparam("of")).values(values), rows_of)


def _cartons(tx: Tx, taken: Taken, rows: Rows) -> None:
    house = tx.who.warehouse_id
    there = {
        row.code: row
        for row in tx.rows(select(*Carton.__table__.c).where(Carton.warehouse_id == house))
    }
    fresh: dict[str, dict[str, Any]] = {}
    for number, known in rows:
        try:
            _needed(known, REQUIRED["cartons"])
            facts: dict[str, Any] = {
                name: cells.whole(name, known[name]) for name in COLUMNS["cartons"][2:]
            }
            for side in SIDES:
                facts[f"outer_{side}_mm"] = facts[f"outer_{side}_mm"] or facts[f"inner_{side}_mm"]
            if not all(facts[f"inner_{side}_mm"] for side in SIDES):
                raise BadCell("inner_length_mm", "0", _("a size in mm"), "bad_number")
            facts["max_g"] = facts["max_g"] or 30_000
            facts["name"] = known["name"][:120]
        except BadCell as bad:
            taken.refuse(number, bad)
            continue
        code = known["carton"][:20]
        found = there.get(code)
        if found is None:
            taken.added += code not in fresh
            fresh[code] = {"warehouse_id": house, "code": code, **facts}
        elif all(getattr(found, name) == value for name, value in facts.items()):
            taken.unchanged += 1
        else:
            taken.changed += 1
            tx.execute(update(Carton).where(Carton.id == found.id).values(facts))
    _insert(tx, Carton, list(fresh.values()))


def _skus(tx: Tx, taken: Taken, rows: Rows) -> None:
    from wms_app.floor.catalog.skus import take_skus

    take_skus(tx, taken, rows)


def _insert(tx: Tx, model: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        tx.execute(insert(model), rows)
        tx.changed(model.__tablename__)


def profile_named(name: str) -> Profile | None:
    """The SKU profile of that name or path; None for our own columns."""
    return profiles.find(name, "skus") if name else None


def refuse_unknown(kind: str) -> Refused:
    """There is no such kind of file."""
    return Refused("no_kind", _("There is no import of {kind}.").format(kind=kind))
