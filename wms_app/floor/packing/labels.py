"""The label of the parcel on the bench: asked for, printed again, or known to have come out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from wms_app.base.conversation import Answer
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _
from wms_app.floor.packing import answers
from wms_app.floor.packing.labelled import BenchPapers, LabelResult

Waiting = Sequence[tuple[int, str]]


class BenchLabels:
    """What was said of labels last: of the parcel on the bench, or of those that wait.

    `result` is the label that was asked for, `problem` says why there is none. `unsure_of` is the
    parcel of whose label a person must say whether it came out, 0 for none.
    """

    def __init__(self, papers: BenchPapers) -> None:
        self._papers = papers
        self.clear()

    def clear(self) -> None:
        """Another order comes to the bench, or none."""
        self.result: LabelResult | None = None
        self.problem = ""
        self.unsure_of = 0

    def ask(self, parcel_id: int, operation: str) -> Answer:
        """Ask for the label of a closed parcel; it prints again when it is there already.

        Refused: the order may not go on.
        """
        try:
            self._have(parcel_id, self._papers.label(parcel_id, operation))
        except Down as down:
            return self._none("warn", down.text)
        except Refused as refusal:
            if refusal.code in ("cancelled", "held", "called_off"):
                raise
            return self._none("bad", f"{refusal.text} {refusal.detail}".strip())
        assert self.result is not None
        return answers.labelled(self.result)

    def came_out(self, operation: str) -> Answer:
        """The label whose printer went away is in the packer's hand.

        Refused: of no label is that unknown.
        """
        if not self.unsure_of:
            raise Refused("printed", _("Of no label is it unknown whether it came out."))
        parcel_id = self.unsure_of
        self._have(parcel_id, self._papers.came_out(parcel_id, operation))
        assert self.result is not None
        return answers.labelled(self.result)

    def ask_waiting(self, waiting: Waiting, operation: str) -> Answer:
        """Ask again for the labels that wait, until a carrier or the printer is away, or until it
        is not known whether one came out."""
        made, self.unsure_of = 0, 0
        problems: list[str] = []
        for place, (parcel_id, number) in enumerate(waiting):
            try:
                had = self._papers.label(parcel_id, f"{operation}-{place}")
            except Down as down:
                problems.append(down.text)
                break
            except Refused as refusal:
                problems.append(f"{number}: {refusal.text}")
                continue
            if not had.problem:
                made += 1
                continue
            if had.unsure:
                self.unsure_of = parcel_id
                problems.append(answers.maybe_out(number))
                break
            if had.problem in problems:  # the printer is still away: the rest would wait for it too
                break
            problems.append(had.problem)
        return answers.asked_again(made, problems)

    def _have(self, parcel_id: int, result: LabelResult) -> None:
        self.result, self.problem = result, ""
        self.unsure_of = parcel_id if result.unsure else 0

    def _none(self, kind: Literal["warn", "bad"], problem: str) -> Answer:
        self.problem = problem
        return answers.not_labelled(kind, problem)
