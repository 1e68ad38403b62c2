"""A label printer on a line of its own: it is asked how it is before and after each label.

The answer after a label is the proof that the printer has it: commands are taken in the order in
which they come. A line that breaks before the label was begun has printed nothing; one that breaks
later leaves it open.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass

from wms_app.base.refusal import Down
from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.printers.driver import Put, Sheet, away, unsure
from wms_app.outside.devices.printers.state import State
from wms_app.outside.devices.printers.wire import Place, Wire

ANSWER_S = 1.5
FULL_S = 4.0  # how long a full buffer is waited for
_TURN_S = 0.2


@dataclass(frozen=True)
class LinePrinter(ABC):
    """One printer at `place`; `wide_dots` is how wide its head prints."""

    place: Place
    dpi: int = 203
    wide_dots: int = 832

    @property
    @abstractmethod
    def speaks(self) -> Kind:
        """See `Driver`."""

    @property
    def backs_up(self) -> bool:
        """See `Driver`."""
        return True

    @abstractmethod
    def ask(self, line: Wire) -> State:
        """Its state. OSError: no answer, half of one, or one that is no state."""

    @abstractmethod
    def program(self, sheet: Sheet) -> bytes:
        """What is sent for a paper. Refused: what it can't print."""

    def look(self) -> State:
        """See `Driver`."""
        try:
            line = self.place.open()
            try:
                return self.ask(line)
            finally:
                line.close()
        except OSError as error:
            raise away(self.place.address, error) from error

    def put(self, sheet: Sheet) -> Put:
        """See `Driver`. A printer that can't print now is `Down`, and gets nothing more."""
        program = self.program(sheet)
        try:
            line = self.place.open()
        except OSError as error:
            raise away(self.place.address, error) from error
        try:
            self._ready(line)
            return self._sent(line, sheet.name, program)
        finally:
            line.close()

    def _ready(self, line: Wire) -> None:
        end = time.monotonic() + FULL_S
        while True:
            try:
                state = self.ask(line)
            except OSError as error:
                raise away(self.place.address, error) from error
            if state.prints:
                return
            if state.troubles != ("buffer_full",) or time.monotonic() > end:
                raise Down("printer", state.words)
            time.sleep(_TURN_S)

    def _sent(self, line: Wire, name: str, program: bytes) -> Put:
        try:
            line.write(program)
            after = self.ask(line)
        except OSError as error:
            raise unsure(name) from error
        return Put("sent" if after.held or after.troubles else "done", self.place.address)
