"""The store goes away in the middle of a scan: the window lives, says so, and goes on by itself."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot
from sqlalchemy import make_url, text

from tests.at_the_window import at_the_window
from tests.builders import SKUS
from tests.day_at_the_window import furnish
from tests.journeys import released
from tests.postgres import Server
from tests.wire import Wire
from wms_app.app import open_store
from wms_app.base.codes import own
from wms_app.office.verify.service import verify

MUG = SKUS[0][2]
TAKES = b"\0\0\0\4take"  # the verb of a piece taken, as a value goes over the wire


def test_the_window_lives_through_a_broken_line(
    postgres: Server, tmp_path: Path, qtbot: QtBot
) -> None:
    url = postgres.database(postgres.template)
    wire = Wire(make_url(url).port or 5432)
    beside = open_store(url)
    floor = furnish(beside)
    floor.add_stock("MUG", "A-01-1", 5)
    code = released(floor, floor.add_order({"MUG": 2}))
    through = make_url(url).set(port=wire.port).render_as_string(hide_password=False)
    with at_the_window(open_store(through), tmp_path, qtbot) as hand:
        hand.sign_in("Chen Wei")
        hand.go("pick")
        hand.scan(own("LIST", code))
        hand.scan(own("BIN", "A-01-1"))
        wire.lose_answer_to(b"COMMIT", and_stay_pulled=True, after=TAKES)
        hand.scan(MUG)
        hand.hears("warn", "went away before it answered", "Don't scan it again")
        hand.keep("away-unknown")
        hand.scan(MUG)
        hand.hears("warn", "still away", "this one was not taken")
        hand.keep("away-refused")
        wire.plug()
        hand.until(lambda: hand.window.shell.header.state("store") == "ok")
        hand.until(lambda: not hand.window.talk.waits_for_the_store())
        hand.settle()
        hand.keep("away-back")
        assert picked(url) == 1
        hand.scan(MUG)
        assert picked(url) == 2
    with beside.read() as tx:
        assert verify(tx) == []
    beside.close()
    wire.close()
    postgres.drop(url)


def picked(url: str) -> int:
    """How many pieces the store says are picked, asked on another line."""
    store = open_store(url)
    with store.read() as tx:
        count = int(tx.conn.execute(text("SELECT sum(picked) FROM order_lines")).scalar_one())
    store.close()
    return count
