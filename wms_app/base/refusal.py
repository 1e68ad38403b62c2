"""The two kinds of bad news that are not bugs: what a person can mend, and what is away."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was changed; the person can mend it.

    `code` is a stable snake_case word (tests and stations compare it), `text` says in the
    person's language what was scanned and what was expected, `detail` what to do next.
    """

    def __init__(self, code: str, text: str, detail: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.detail = detail

    def __reduce__(self) -> tuple[type[Refused], tuple[str, str, str]]:
        return (type(self), (self.code, self.text, self.detail))


class Down(Exception):
    """A carrier, channel, device or the database is away; the work waits and is tried again.

    `what` is the thing that is away ("store", "printer", "carrier:house"), `text` says so in
    the person's language together with how to go on without it.
    """

    def __init__(self, what: str, text: str) -> None:
        super().__init__(text)
        self.what = what
        self.text = text

    def __reduce__(self) -> tuple[type[Down], tuple[str, str]]:
        return (type(self), (self.what, self.text))


class Unknown(Down):
    """Gone before it answered: the same call is made again, with its id, when it is back."""
