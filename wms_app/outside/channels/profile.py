"""Column profiles: how somebody's own order file or catalog is to be read (TOML)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from wms_app.base.places import resources, user_data
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.channels.table import Table

ORDER_FIELDS = (
    "client,channel,order_number,sku,quantity,ordered_at,ship_by,service,priority,paid,name,phone,"
    "line1,line2,city,state,postal_code,country,unit_price,currency,own_label,carrier,tracking"
).split(",")
SKU_FIELDS = (
    "client,sku,name,barcodes,weight_g,length_mm,width_mm,height_mm,ships_in_own_box,fragile,"
    "lot,expiry,min_stock,hs_code,origin,value,currency"
).split(",")
FIELDS = {"orders": tuple(ORDER_FIELDS), "skus": tuple(SKU_FIELDS)}
CHOICES = {
    "kind": ("orders", "skus"),
    "date_order": ("day-first", "month-first", "iso"),
    "address": ("required", "absent"),
    "repeated_rows": ("hold", "merge", "drop"),
}
_KEYS = (*CHOICES, "date_formats", "columns", "fixed", "cancelled", "not_goods", "skipped")
_RULES = ("cancelled", "not_goods", "skipped")


@dataclass(frozen=True)
class RowRule:
    """Which rows something is true of: by how the cell of one column looks."""

    column: str
    starts_with: str = ""
    equals: tuple[str, ...] = ()
    matches: re.Pattern[str] | None = None

    def says(self, cell: str) -> bool:
        """Whether this is one of those rows."""
        if self.starts_with:
            return cell.startswith(self.starts_with)
        if self.matches:
            return self.matches.search(cell) is not None
        return cell in self.equals


@dataclass(frozen=True)
class Profile:
    """How a file is read: our field = their column, and what their file does not have.

    `skipped` names rows that are no lines at all, such as totals and footers.
    """

    name: str
    kind: str = "orders"
    date_order: Literal["day-first", "month-first", "iso"] = "iso"
    date_formats: tuple[str, ...] = ()
    address: Literal["required", "absent"] = "required"
    repeated_rows: Literal["hold", "merge", "drop"] = "hold"
    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    cancelled: RowRule | None = None
    not_goods: RowRule | None = None
    skipped: RowRule | None = None

    @property
    def native(self) -> bool:
        """Whether this is our own format."""
        return not self.name


def native(kind: str) -> Profile:
    """Our own format: every column has our own name."""
    return Profile("", kind, columns={name: name for name in FIELDS[kind]})


def saved() -> dict[str, Path]:
    """The profiles that can be named: shipped ones, and the user's own, which win."""
    found: dict[str, Path] = {}
    for folder in (resources() / "profiles", resources() / "sample", own_folder()):
        for file in sorted(folder.glob("*.toml")):
            found[file.stem] = file
    return found


def own_folder() -> Path:
    """Where the user's own profiles lie."""
    return user_data() / "profiles"


def keep(path: Path, name: str = "") -> Path:
    """Save a profile (checked first) under a name among the user's own; gives where it lies."""
    read(path)
    own_folder().mkdir(parents=True, exist_ok=True)
    target = own_folder() / f"{name or path.stem}.toml"
    target.write_bytes(path.read_bytes())
    return target


def find(name: str, kind: str) -> Profile:
    """The profile of that path or saved name, for that kind of file. Refused: none, or another."""
    path = Path(name)
    if not path.is_file():
        known = saved()
        path = known.get(name.removesuffix(".toml"), path)
    if not path.is_file():
        raise Refused(
            "no_profile",
            _("There is no profile {name}.").format(name=name),
            _("Saved ones: {names}").format(names=", ".join(sorted(known))),
        )
    profile = read(path)
    if profile.kind != kind:
        raise Refused(
            "other_kind",
            _("Profile {name} reads {kind}, not {wanted}.").format(
                name=profile.name, kind=profile.kind, wanted=kind
            ),
            _('Its first line says kind = "{kind}".').format(kind=profile.kind),
        )
    return profile


def read(path: Path) -> Profile:
    """Read a profile. Refused: no TOML, unknown keys or fields (each by name), wrong values."""
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise _bad(path, str(error)) from error
    _only(path, content, _KEYS, _("key"))
    for key, choices in CHOICES.items():
        if key in content and content[key] not in choices:
            raise _bad(path, f"{key} = {content[key]!r}; {_('expected')}: {', '.join(choices)}")
    kind = content.get("kind", "orders")
    for table in ("columns", "fixed"):
        _only(path, _texts(path, table, content.get(table, {})), FIELDS[kind], _("field"))
    return Profile(
        name=path.stem,
        kind=kind,
        date_order=content.get("date_order", "iso"),
        date_formats=_formats(path, content.get("date_formats", [])),
        address=content.get("address", "required"),
        repeated_rows=content.get("repeated_rows", "hold"),
        columns=content.get("columns", {}),
        fixed={name: str(value) for name, value in content.get("fixed", {}).items()},
        **{name: _rule(path, name, content.get(name)) for name in _RULES},
    )


@dataclass(frozen=True)
class Places:
    """Where each of our fields stands in the rows of one file."""

    of: Mapping[str, int]
    fixed: Mapping[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    cancelled: int = -1
    not_goods: int = -1
    skipped: int = -1

    def has(self, name: str) -> bool:
        """Whether the file or the profile says anything of this field."""
        return name in self.of or name in self.fixed


def place(profile: Profile, table: Table, required: Iterable[str]) -> Places:
    """Find the profile's columns in a file.

    Refused, by name: a required field that neither the file nor [fixed] has, the column of a row
    rule that is not there, a column of which there are two.
    """
    where = _header(profile, table)
    of = {name: where[_plain(column)] for name, column in profile.columns.items()
          if _plain(column) in where}  # fmt: skip
    lost = [n for n in required if n not in of and not profile.fixed.get(n)]
    rules = {name: _rule_place(getattr(profile, name), where) for name in _RULES}
    columns = [profile.columns.get(name, name) for name in lost]
    columns += [getattr(profile, name).column for name, at in rules.items() if at is None]
    if columns:
        raise Refused(
            "missing_columns",
            _("{file} has no column {columns}.").format(
                file=table.name, columns=", ".join(dict.fromkeys(columns))
            ),
            _("It has: {columns}. Nothing was taken in.").format(columns=", ".join(table.header)),
        )
    used = set(of.values())
    unknown = [name for at, name in enumerate(table.header) if name and at not in used]
    missing = [c for n, c in profile.columns.items() if n not in of and not profile.native]
    return Places(of, profile.fixed, tuple(unknown), tuple(missing),
                  **{name: at for name, at in rules.items() if at is not None})  # fmt: skip


def _header(profile: Profile, table: Table) -> dict[str, int]:
    rules = [getattr(profile, name) for name in _RULES]
    used = {_plain(column) for column in profile.columns.values()}
    used |= {_plain(rule.column) for rule in rules if rule is not None}
    where: dict[str, int] = {}
    for at, name in enumerate(table.header):
        if _plain(name) in where and _plain(name) in used:
            raise Refused(
                "column_twice",
                _("{file} has two columns {column}.").format(file=table.name, column=name),
                _("Remove or rename one of them. Nothing was taken in."),
            )
        where.setdefault(_plain(name), at)
    return where


def _plain(column: str) -> str:
    return " ".join(column.split()).casefold()


def _rule_place(rule: RowRule | None, where: Mapping[str, int]) -> int | None:
    return -1 if rule is None else where.get(_plain(rule.column))


def _rule(path: Path, name: str, content: Any) -> RowRule | None:
    if content is None:
        return None
    if not isinstance(content, dict) or "column" not in content:
        raise _bad(path, _("[{table}] needs a column").format(table=name))
    _only(path, content, ("column", "starts_with", "equals", "matches"), _("key"))
    ways = [key for key in ("starts_with", "equals", "matches") if key in content]
    if len(ways) != 1:
        raise _bad(
            path, _("[{table}] needs one of starts_with, equals, matches").format(table=name)
        )
    equals = content.get("equals", [])
    try:
        matches = re.compile(content["matches"]) if "matches" in content else None
    except (re.error, TypeError) as error:
        raise _bad(path, f"[{name}] matches: {error}") from error
    words = (equals,) if isinstance(equals, str) else tuple(str(word) for word in equals)
    return RowRule(str(content["column"]), str(content.get("starts_with", "")), words, matches)


def _formats(path: Path, content: Any) -> tuple[str, ...]:
    if not isinstance(content, list) or not all(isinstance(one, str) for one in content):
        raise _bad(path, _("date_formats must be a list of texts"))
    return tuple(content)


def _texts(path: Path, table: str, content: Any) -> dict[str, Any]:
    plain = isinstance(content, dict) and all(
        isinstance(value, (str, int, float)) for value in content.values()
    )
    if not plain:
        raise _bad(path, _("[{table}] must be lines of name = text").format(table=table))
    return content  # type: ignore[no-any-return]


def _only(path: Path, content: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    strange = [name for name in content if name not in known]
    if strange:
        raise Refused(
            "unknown_keys",
            _("Profile {file}: unknown {what} {names}.").format(
                file=path.name, what=what, names=", ".join(strange)
            ),
            _("Known: {names}").format(names=", ".join(known)),
        )


def _bad(path: Path, problem: str) -> Refused:
    return Refused(
        "bad_profile",
        _("Profile {file} can't be used: {problem}").format(file=path.name, problem=problem),
        _("Mend the profile. Nothing was taken in."),
    )
