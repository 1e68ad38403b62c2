"""One thread for the conversation, a pool for the network and the printer.

The conversation's jobs run one after another in the order in which they were asked for; none is
dropped. Results come back on the GUI thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")
Job = Callable[[], Any]
Done = Callable[[Any], None]
Failed = Callable[[BaseException], None]
_TURN_SECONDS = 0.0005


class Worker(QObject):
    """Runs jobs away from the GUI thread.

    `submit`: the one conversation thread (the store's connection lives there), first in first out.
    `pool`: what waits for the network or a printer, several at once, in no order.
    """

    idle_now = Signal()
    _came_back = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._waiting = 0
        self._thread = _Thread(self._queue)
        self._pool: ThreadPoolExecutor | None = None
        self._came_back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._stopped = False

    def start(self) -> None:
        """Start the conversation thread.

        While it computes, the GUI thread waits for its turn at every painted widget; with Python's
        usual 5 ms a picture of the window took 200 ms, with half a millisecond it takes 27.
        """
        sys.setswitchinterval(_TURN_SECONDS)
        self._thread.start()

    def submit(self, job: Job, done: Done, failed: Failed) -> None:
        """Queue `job`; `done(result)` or `failed(error)` is called on the GUI thread."""
        self._waiting += 1
        self._queue.put(lambda: self._perform(job, self._counted(done), self._counted(failed)))

    def pool(self, job: Job, done: Done, failed: Failed) -> None:
        """Run `job` beside the conversation; for what never touches the conversation's store."""
        if self._stopped:
            return  # nobody is there any more to hear of it
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(4, "errand")
        self._pool.submit(self._perform, job, done, failed)

    def idle(self) -> bool:
        """Whether every submitted job has come back."""
        return self._waiting == 0

    def stop(self) -> None:
        """Finish what is queued, then end the threads."""
        if not self._stopped:
            self._stopped = True
            self._queue.put(None)
            if self._thread.isRunning():
                self._thread.wait()
            if self._pool is not None:
                self._pool.shutdown()

    def _perform(self, job: Job, done: Done, failed: Failed) -> None:
        try:
            result = job()
        except BaseException as error:  # every end is told; who asked decides what it is
            self._tell(failed, error)
        else:
            self._tell(done, result)

    def _tell(self, call: Done, value: Any) -> None:
        self._came_back.emit((call, value))

    def _deliver(self, delivery: tuple[Done, Any]) -> None:
        call, value = delivery
        call(value)

    def _counted(self, call: Done) -> Done:
        def counted(value: Any) -> None:
            self._waiting -= 1
            call(value)
            if self._waiting == 0:
                self.idle_now.emit()

        return counted


class _Thread(QThread):
    """Takes jobs from the queue until it gets None."""

    def __init__(self, queue: SimpleQueue[Callable[[], None] | None]) -> None:
        super().__init__()
        self._queue = queue
        self.setObjectName("conversation")

    def run(self) -> None:
        while (job := self._queue.get()) is not None:
            job()
