"""What was found in a file, row by row, in words that a person can act on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from wms_app.base.texts import Kept


@dataclass(frozen=True)
class Finding:
    """One thing seen in one row of a file; `row` counts as a spreadsheet does, the header is 1.

    `code` is a stable snake_case word, `text` says in the person's language what follows from it.
    """

    row: int
    field: str
    value: str
    expected: str
    code: str
    text: str
    order_number: str = ""

    def to_json(self) -> dict[str, Any]:
        """The finding as plain data."""
        return asdict(self)


class BadCell(Exception):
    """A cell can't be what its column needs: `code` of the finding, and what was `expected`."""

    def __init__(self, field: str, value: str, expected: Kept, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.value = value
        self.expected = expected
        self.code = code
