"""One simulated person: scans what is asked, and sometimes something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from wms_app.base.codes import Scan, new_id
from wms_app.base.conversation import Answer, Presenter
from wms_app.base.refusal import Down, Refused


@dataclass
class Tally:
    """What all simulated people did together."""

    scans: int = 0
    actions: int = 0
    wrong_scans: int = 0
    refused_wrong: int = 0
    repeated: int = 0
    unexpected: list[str] = field(default_factory=list)


class Person:
    """Holds one conversation. `clumsy` is how often they scan wrong, or twice."""

    def __init__(self, presenter: Presenter, tally: Tally, chance: Random, clumsy: float) -> None:
        self.talk = presenter
        self._tally = tally
        self._chance = chance
        self._clumsy = clumsy
        presenter.open()

    @property
    def view(self) -> Any:
        """What stands on the screen."""
        return self.talk.view

    def scan(self, raw: str) -> Answer | None:
        """Scan what is asked; what is refused all the same is noted as unexpected."""
        scan = Scan(raw)
        self._tally.scans += 1
        try:
            answer = self.talk.scan(scan)
            if self._chance.random() < self._clumsy:  # a bouncing trigger
                self._tally.repeated += 1
                if self.talk.scan(scan) != answer:
                    self.note(f"{raw}: the same reading again had another answer")
        except (Refused, Down) as bad:
            self.note(f"{raw}: {bad}")
            return None
        return answer

    def may_err(self, wrong: Callable[[], str]) -> None:
        """Now and then scan what `wrong` gives; it must be refused. "" is nothing to scan."""
        if self._chance.random() < self._clumsy and (raw := wrong()):
            self.err(raw)

    def err(self, raw: str) -> None:
        """Scan something wrong; anything but a refusal is noted as unexpected."""
        self._tally.wrong_scans += 1
        try:
            self.talk.scan(Scan(raw))
        except Refused:
            self._tally.refused_wrong += 1
        except Down as down:
            self.note(f"{raw}: {down}")
        else:
            self.note(f"{raw}: a wrong scan was taken")

    def note(self, words: str) -> None:
        """What should not have happened; the day goes on."""
        self._tally.unexpected.append(words)

    def act(self, action: str, value: str = "") -> Answer | None:
        """Press a key; what is refused is noted as unexpected."""
        self._tally.actions += 1
        try:
            return self.talk.act(action, value, new_id())
        except (Refused, Down) as bad:
            self.note(f"{action}: {bad}")
            return None

    def can(self, action: str) -> bool:
        """Whether the key bar offers it."""
        return any(one.name == action for one in self.talk.actions)
