"""Parts of the window die on the window's thread, whoever makes the garbage."""

from __future__ import annotations

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from wms_app.desk import tidy


class Part:
    """Something in a circle, as widgets and their owners are."""

    def __init__(self, died: list[int]) -> None:
        self.me = self
        weakref.finalize(self, lambda: died.append(threading.get_ident()))


def litter() -> None:
    for _count in range(5000):
        circle: list[object] = []
        circle.append(circle)


def test_another_threads_garbage_does_not_take_the_windows_parts_with_it(qtbot: QtBot) -> None:
    died: list[int] = []
    keeper = tidy.Tidy()
    try:
        Part(died)
        busy = threading.Thread(target=litter)
        busy.start()
        busy.join()
        assert died == [], "no thread collects by itself"
        qtbot.waitUntil(lambda: died == [threading.get_ident()], timeout=30_000)
    finally:
        keeper.stop()
    assert gc.isenabled()
