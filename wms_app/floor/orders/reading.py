"""From rows to orders: what a file holds, before the store is asked anything."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from wms_app.base.conversation import Progress
from wms_app.base.texts import Kept, _, keep, mark, ngettext, told
from wms_app.floor.orders import cells, checks
from wms_app.outside.channels.findings import BadCell, Finding
from wms_app.outside.channels.profile import ORDER_FIELDS, Places, Profile, place
from wms_app.outside.channels.table import Table

REQUIRED = ("client", "channel", "order_number", "sku", "quantity")
ADDRESSED = ("name", "line1", "city", "country")
TOLD = ("name", "line1", "line2", "city", "state", "postal_code", "country")
Key = tuple[str, str, str]
_REPORT_EVERY = 5000


class Stopped(Exception):
    """The person cancelled before anything was written."""


@dataclass
class Line:
    """One SKU of an order, all its rows together."""

    sku: str
    quantity: int
    price_minor: int
    not_goods: bool


@dataclass
class Draft:
    """An order as the file tells it. `holds`: reason -> what is wrong, in words that are kept.

    `told` is the address cell by cell, as its first row had it. `own_label`: the seller sends the
    label, under the `carrier` and `tracking` number that are known before ("" when they are not).
    """

    key: Key
    row: int
    address: checks.Address
    country_text: str = ""
    phone: str = ""
    service: str = "standard"
    priority: int = 0
    paid: bool | None = True
    ordered_at: datetime | None = None
    ship_by: datetime | None = None
    currency: str = ""
    own_label: bool = False
    carrier: str = ""
    tracking: str = ""
    told: dict[str, str] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    rows: int = 0
    units: int = 0
    holds: dict[str, list[Kept]] = field(default_factory=dict)

    def hold(self, reason: str, words: Kept) -> None:
        """Note why the order may not move on."""
        said = self.holds.setdefault(reason, [])
        if words not in said:
            said.append(words)

    def content(self) -> str:
        """A digest of all that the channel said; the same order again has the same."""
        address = self.address
        parts = (
            *self.key,
            address.name,
            address.line1,
            address.line2,
            address.city,
            address.region,
            address.postal_code,
            self.country_text,
            self.phone,
            self.service,
            str(self.priority),
            str(self.paid),
            str(self.ordered_at),
            str(self.ship_by),
            self.currency,
            *[f"{x.sku}:{x.quantity}:{x.price_minor}" for x in self._sorted()],
        )
        if self.own_label:  # only then, so that what was taken in before stays the same
            parts = (*parts, "own label", self.carrier, self.tracking)
        return hashlib.sha1("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()

    def twin(self) -> str:
        """A digest of client, channel, buyer, goods and day; "" when the buyer is not known."""
        address = self.address
        buyer = (address.name, address.line1, address.postal_code)
        if not address.name or not address.line1 or self.ordered_at is None:
            return ""
        goods = [f"{line.sku}:{line.quantity}" for line in self._sorted()]
        parts = (*self.key[:2], *buyer, *goods, self.ordered_at.date().isoformat())
        text = "\x1f".join([" ".join(part.split()) for part in parts]).casefold()
        return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def _sorted(self) -> list[Line]:
        if len(self.lines) == 1:
            return list(self.lines.values())
        return sorted(self.lines.values(), key=lambda line: line.sku)


@dataclass
class Cancel:
    """Rows that call off an order, or part of it: SKU -> pieces (0 when the row does not say)."""

    row: int
    pieces: dict[str, int] = field(default_factory=dict)


@dataclass
class Reading:
    """All that a file holds."""

    rows: int = 0
    duplicates: int = 0
    refused_rows: int = 0
    not_goods: int = 0
    orders: dict[Key, Draft] = field(default_factory=dict)
    cancels: dict[Key, Cancel] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    broken: dict[Key, list[Kept]] = field(default_factory=dict)


class Reader:
    """Reads one file by one profile."""

    def __init__(
        self,
        table: Table,
        profile: Profile,
        zone: str,
        client: str = "",
        own_labels: Collection[str] = (),
    ) -> None:
        """`own_labels`: the clients all of whose orders bring their label."""
        needed = REQUIRED + (ADDRESSED if profile.address == "required" else ())
        if client:
            needed = tuple(name for name in needed if name != "client")
        self._places: Places = place(profile, table, needed)
        self._table = table
        self._columns = len(table.header)
        self._profile = profile
        self._zone = zone
        self._client = client
        self._own_labels = own_labels
        self._formats = cells.formats_of(profile)
        self._at = [
            (n, self._places.of[n]) for n in ORDER_FIELDS if self._places.of.get(n, -1) >= 0
        ]
        self._fixed = {name: profile.fixed.get(name, "") for name in ORDER_FIELDS}
        self._has_paid = self._places.has("paid")
        self.made = Reading()
        for column in self._places.unknown:
            self._say_column(column)

    def read(self, progress: Progress | None = None) -> Reading:
        """Every row, once. Stopped: the person cancelled."""
        seen: set[int] = set()
        for number, row in self._table.rows():
            made = self.made
            made.rows += 1
            if progress and made.rows % _REPORT_EVERY == 0:
                total = max(self._table.lines, made.rows)
                if not progress(made.rows // 2, total):
                    raise Stopped
            mark = hash(tuple(row))
            repeated = mark in seen
            seen.add(mark)
            made.duplicates += repeated
            self._row(number, row, repeated)
        for key, rows in self.made.broken.items():
            if key in self.made.orders:
                for words in rows:
                    self.made.orders[key].hold("quantity", words)
        return self.made

    def _row(self, number: int, row: Sequence[str], repeated: bool) -> None:
        profile, places = self._profile, self._places
        if profile.skipped and profile.skipped.says(_cell(row, places.skipped)):
            return
        known = self._fixed.copy()
        length = len(row)
        for name, at in self._at:
            if at < length and (text := row[at].strip()):
                known[name] = text
        known["client"] = known["client"] or self._client
        key = (known["client"], known["channel"], known["order_number"])
        extra = [cell for cell in row[self._columns :] if cell.strip()]
        if profile.cancelled and profile.cancelled.says(_cell(row, places.cancelled)):
            self._cancelled(number, key, known)
            return
        not_goods = bool(profile.not_goods and profile.not_goods.says(_cell(row, places.not_goods)))
        try:
            if extra:
                expected = keep(mark("no more cells than there are columns"))
                raise BadCell("row", extra[0], expected, "too_many_cells")
            self._order_row(number, key, known, not_goods, repeated)
        except BadCell as bad:
            self.made.refused_rows += 1
            words = keep(
                mark("row {row}: {field} “{value}”, expected {expected}"),
                row=number,
                field=bad.field,
                value=bad.value,
                expected=bad.expected,
            )
            self.made.broken.setdefault(key, []).append(words)
            self._say(number, bad.field, bad.value, bad.expected, bad.code, key[2], _("refused"))

    def _order_row(
        self, number: int, key: Key, known: dict[str, str], not_goods: bool, repeated: bool
    ) -> None:
        for name in REQUIRED:
            if not known[name]:
                raise BadCell(name, "", keep(mark("a value")), "missing")
        cells.order_number(known["order_number"])
        pieces = cells.quantity(known["quantity"])
        ordered_at = self._moment(known, "ordered_at")
        ship_by = self._moment(known, "ship_by")
        currency = known["currency"].upper()
        draft = self.made.orders.get(key)
        if draft is None:
            draft = self._draft(number, key, known)
            draft.ordered_at, draft.ship_by, draft.currency = ordered_at, ship_by, currency
            self.made.orders[key] = draft
        elif not repeated:
            self._agrees(number, draft, known)
        if repeated:
            self._repeated(number, draft)
            if self._profile.repeated_rows == "drop":
                return
        draft.rows += 1
        draft.units += pieces
        self.made.not_goods += not_goods
        line = draft.lines.get(known["sku"])
        if line is None:
            price = self._price(number, draft, known["unit_price"], currency, not_goods)
            draft.lines[known["sku"]] = Line(known["sku"], pieces, price, not_goods)
        else:
            line.quantity += pieces
            self._same_price(number, draft, line, known["unit_price"], currency)

    def _same_price(self, number: int, draft: Draft, line: Line, text: str, currency: str) -> None:
        """Another row of the same goods has their price, or none; the first one counts."""
        if not text:
            return
        price = self._price(number, draft, text, currency, line.not_goods)
        if price != line.price_minor:
            places = cells.minor_places(currency)
            first = f"{Decimal(line.price_minor).scaleb(-places):f} {currency}".strip()
            expected = _("{amount}, as in the first row of these goods").format(amount=first)
            words = _("accepted; the first price is kept")
            self._say(number, "unit_price", text, expected, "other_price", draft.key[2], words)

    def _draft(self, number: int, key: Key, known: dict[str, str]) -> Draft:
        country = checks.country_code(known["country"])
        address = checks.Address(
            known["name"],
            known["line1"],
            known["line2"],
            known["city"],
            known["state"],
            known["postal_code"].lstrip("'"),
            country,
        )
        draft = Draft(
            key,
            number,
            address,
            known["country"],
            known["phone"],
            known["service"].lower() or "standard",
            cells.priority(known["priority"]),
            told={name: known[name] for name in TOLD},
        )
        self._check_paid(number, draft, known["paid"])
        self._own_label(number, draft, known)
        self._check_place(number, draft)
        return draft

    def _own_label(self, number: int, draft: Draft, known: dict[str, str]) -> None:
        """Whether the seller sends the label: who knows its number has it already."""
        draft.carrier = known["carrier"].lower()[:40]
        draft.tracking = "".join(known["tracking"].split()).upper()
        said = cells.yes_no(known["own_label"]) if known["own_label"] else bool(draft.tracking)
        if said is None or len(draft.tracking) > 60:
            value = known["own_label"] if said is None else draft.tracking
            expected = keep(mark("yes or no") if said is None else mark("a tracking number"))
            name = "own_label" if said is None else "tracking"
            draft.hold("other", _it_must_be(name, expected))
            self._say(number, name, value[:80], expected, "bad_own_label", draft.key[2], _("held"))
            draft.tracking = draft.tracking[:60]
        draft.own_label = bool(said) or draft.key[0] in self._own_labels

    def _check_paid(self, number: int, draft: Draft, text: str) -> None:
        draft.paid = cells.paid(text) if self._has_paid and text else True
        if draft.paid is not True:
            draft.hold("payment", keep(mark("paid: “{value}”"), value=text))
            expected = _("yes, when it is paid")
            self._say(number, "paid", text, expected, "unpaid", draft.key[2], _("held"))

    def _agrees(self, number: int, draft: Draft, known: dict[str, str]) -> None:
        """A later row that says unpaid, or another address; its empty cells say nothing."""
        if draft.paid is True:
            self._check_paid(number, draft, known["paid"])
        other = [name for name, first in draft.told.items() if known[name] not in ("", first)]
        if other:
            expected = keep(mark("the same in every row of the order"))
            draft.hold("address", _it_must_be(other[0], expected))
            value = known[other[0]]
            self._say(number, other[0], value, expected, "rows_differ", draft.key[2], _("held"))

    def _check_place(self, number: int, draft: Draft) -> None:
        order = draft.key[2]
        text = draft.country_text
        if text and not draft.address.country:
            draft.hold("country", keep(mark("country: “{value}”"), value=text))
            expected = _("a country by code or name")
            self._say(number, "country", text, expected, "unknown_country", order, _("held"))
            return
        if self._profile.address == "absent" or draft.own_label:  # it stands on their label
            return
        address, mended = checks.mended(draft.address)
        if mended:
            self._say(
                number,
                mended,
                draft.address.postal_code,
                address.postal_code,
                "leading_zero",
                order,
                _("mended: a leading zero was lost"),
            )
            draft.address = address
        for problem in checks.problems(address):
            draft.hold("address", f"{problem.field}: {problem.expected}")
            self._say(
                number,
                problem.field,
                problem.value,
                problem.expected,
                problem.code,
                order,
                _("held"),
            )

    def _price(self, number: int, draft: Draft, text: str, currency: str, not_goods: bool) -> int:
        """A price; below nothing only where it is no goods (a discount).

        Prices are kept in whole minor units. A finer one (1.005 USD) does not stop the order, for
        nothing is charged by it here; it is rounded and the finding tells the clerk from what to
        what, so that the client can be asked before customs is told.
        """
        try:
            exact = cells.minor_units(text, currency)
            price = cells.whole_minor_units(exact)
            if price < 0 and not not_goods:
                raise BadCell("unit_price", text, keep(mark("an amount like 12.90")), "bad_price")
            if price != exact:
                self._say_rounded(number, draft, text, price, currency)
            return price
        except BadCell as bad:
            draft.hold("price", keep(mark("price: “{value}”"), value=text))
            self._say(number, bad.field, text, bad.expected, bad.code, draft.key[2], _("held"))
            return 0

    def _say_rounded(self, number: int, draft: Draft, text: str, price: int, currency: str) -> None:
        places = cells.minor_places(currency)
        expected = ngettext("at most {count} decimal", "at most {count} decimals", places).format(
            count=places
        )
        kept = f"{Decimal(price).scaleb(-places):f} {currency}".strip()
        words = _("accepted; kept as {amount}, rounded half to even").format(amount=kept)
        self._say(number, "unit_price", text, expected, "price_rounded", draft.key[2], words)

    def _repeated(self, number: int, draft: Draft) -> None:
        rule = self._profile.repeated_rows
        if rule == "hold":
            draft.hold("repeated_rows", keep(mark("row {row} stands twice"), row=number))
        words = {"hold": _("held"), "merge": _("merged"), "drop": _("dropped")}[rule]
        expected = _("each row once")
        self._say(number, "row", "", expected, "repeated_row", draft.key[2], words)

    def _moment(self, known: dict[str, str], name: str) -> datetime | None:
        if not known[name]:
            return None
        return cells.moment(known[name], name, self._formats, self._zone)

    def _cancelled(self, number: int, key: Key, known: dict[str, str]) -> None:
        if not key[2]:
            return
        cancel = self.made.cancels.setdefault(key, Cancel(number))
        pieces = cells.cancelled_quantity(known["quantity"])
        cancel.pieces[known["sku"]] = cancel.pieces.get(known["sku"], 0) + pieces

    def _say(
        self,
        row: int,
        name: str,
        value: str,
        expected: Kept,
        code: str,
        order: str,
        text: str,
    ) -> None:
        finding = Finding(row, name, value, told(expected), code, text, order)
        self.made.findings.append(finding)

    def _say_column(self, column: str) -> None:
        if self._profile.native:
            expected = _("a column that is known")
            self._say(
                self._table.header_row, column, "", expected, "unknown_column", "", _("ignored")
            )


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if 0 <= at < len(row) else ""


def stripped(key: Key, profile: Profile) -> Iterator[Key]:
    """The numbers that a cancelling row may mean: its own, and that without the marking prefix."""
    yield key
    prefix = profile.cancelled.starts_with if profile.cancelled else ""
    if prefix and key[2].startswith(prefix):
        yield (key[0], key[1], key[2][len(prefix) :])


def _it_must_be(field: str, expected: Kept) -> Kept:
    """What is wrong with a cell."""
    return keep("{field}: {expected}", field=field, expected=expected)
