"""The seller's own label: cut out of a page, read, brought to its order, used instead of buying."""

from __future__ import annotations

import io
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select
from typer.testing import CliRunner

from tests import sellers
from tests.bench import Counting, Tray, address_of_the_house, picked, read_back, sealed
from tests.builders import Floor
from tests.parcels import verified
from tests.pictures import turned
from tests.sellers import LABEL, Sold, alone, four_up, pdf, save, scan_of, ups
from wms_app.base.codes import new_id
from wms_app.base.db import Store
from wms_app.base.refusal import Refused
from wms_app.cli import app
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.catalog.model import Client
from wms_app.floor.labelling import own_label, service
from wms_app.floor.labelling.model import Label, OwnLabel
from wms_app.floor.labelling.own_label_numbers import (
    Printed,
    carrier_of_number,
    known_number,
    says,
    tracking_of,
    zpl_codes,
)
from wms_app.floor.labelling.own_label_paper import as_pdf
from wms_app.floor.labelling.pending import void_pending
from wms_app.floor.orders.intake import take_in as take_in_orders
from wms_app.floor.orders.model import Hold, Order, OrderLine
from wms_app.floor.packing import service as packing
from wms_app.outside.devices.camera.vision import picture_of

ZebrafyZPL: Any = import_module("zebrafy").ZebrafyZPL

COLUMNS = "client,channel,order_number,sku,quantity,name,line1,city,state,postal_code,country"


def bringing(floor: Floor, number: str, tracking: str = "", **values: Any) -> int:
    """An order whose seller sends the label; its number may be known before."""
    return floor.add_order({"MUG": 1}, number, own_label=True, own_tracking=tracking, **values)


def take(floor: Floor, path: Path, **options: Any) -> own_label.Taken:
    return own_label.take_in(floor.store, floor.who("clerk"), path, **options)


def kept(floor: Floor) -> dict[str, tuple[str, str]]:
    """Order number -> (carrier, tracking) of every label that is kept."""
    with floor.store.read() as tx:
        rows = tx.rows(
            select(Order.number, OwnLabel.carrier, OwnLabel.tracking)
            .join(OwnLabel, OwnLabel.order_id == Order.id)
            .order_by(Order.number, OwnLabel.id)
        )
        return {row.number: (row.carrier, row.tracking) for row in rows}


def content_of(floor: Floor, number: str) -> bytes:
    with floor.store.read() as tx:
        found = select(OwnLabel.content).join(Order, Order.id == OwnLabel.order_id)
        return bytes(tx.scalar(found.where(Order.number == number)))


def reads(picture: Any) -> set[str]:
    plain = zxingcpp.TextMode.Plain
    return {one.text for one in zxingcpp.read_barcodes(picture, text_mode=plain)}


def four(floor: Floor) -> list[Sold]:
    """Four orders with their numbers known before, and their labels."""
    labels = [Sold(ups(n), f"A-{n}", qr=f"https://platform.example/{n}") for n in range(1, 5)]
    for one in labels:
        bringing(floor, one.order, one.tracking)
    return labels


def dotted(picture: Any, dpi: int = 300) -> bytes:
    made = io.BytesIO()
    Image.fromarray(picture).save(made, "PNG", dpi=(dpi, dpi))
    return made.getvalue()


# Pages are cut apart


@pytest.mark.parametrize("way", ["pdf", "scan", "askew", "upside down", "on its side"])
def test_four_labels_on_one_page_go_to_their_four_orders(
    floor: Floor, tmp_path: Path, way: str
) -> None:
    labels = four(floor)
    page = four_up(labels)
    made = {
        "pdf": lambda: page,
        "scan": lambda: dotted(scan_of(page)),
        "askew": lambda: dotted(turned(scan_of(four_up(labels, scissors=False)), 3)),
        "upside down": lambda: dotted(np.rot90(scan_of(page), 2)),
        "on its side": lambda: dotted(np.rot90(scan_of(page))),
    }[way]()
    file = save(tmp_path, "labels.pdf" if way == "pdf" else "labels.png", made)
    taken = take(floor, file)
    assert taken.findings == []
    assert (taken.labels, taken.taken, taken.refused) == (4, 4, 0)
    assert kept(floor) == {one.order: ("ups", one.tracking) for one in labels}
    for one in labels:  # each has its own label and nothing of its neighbours'
        content = content_of(floor, one.order)
        assert reads(picture_of(content, "label")) == {one.tracking, one.qr}
        assert len(content) < 150_000


def test_a_label_as_large_as_a_page_is_not_torn(floor: Floor, tmp_path: Path) -> None:
    one = four(floor)[0]
    large = np.kron(scan_of(alone(one)), np.ones((2, 2), np.uint8))
    taken = take(floor, save(tmp_path, "large.png", dotted(large)))
    assert (taken.labels, taken.taken) == (1, 1)
    assert reads(picture_of(content_of(floor, "A-1"), "label")) == {one.tracking, one.qr}


def test_a_packing_slip_beside_the_label_is_left_away(floor: Floor, tmp_path: Path) -> None:
    one = four(floor)[0]
    slip = Sold("", "PACKING SLIP")
    file = save(tmp_path, "slip.pdf", pdf([[(one, 5.0, 150.0), (slip, 100.0, 4.0)]]))
    assert take(floor, file).taken == 1
    height, width = picture_of(content_of(floor, "A-1"), "label").shape[:2]
    assert abs(width / 600 * 25.4 - 85) < 6
    assert abs(height / 600 * 25.4 - 127) < 6


def test_a_file_may_have_a_label_on_each_page(floor: Floor, tmp_path: Path) -> None:
    labels = four(floor)
    steps: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        steps.append((done, total))
        return done < 3

    file = save(tmp_path, "many.pdf", alone(*labels))
    assert take(floor, file, progress=progress).stopped
    assert steps == [(1, 4), (2, 4), (3, 4)]
    assert len(kept(floor)) == 3
    again = take(floor, file)
    assert (again.taken, again.unchanged) == (1, 3)


def test_labels_in_the_printers_language_are_taken_apart(floor: Floor, tmp_path: Path) -> None:
    labels = four(floor)
    taken = take(floor, save(tmp_path, "labels.zpl", sellers.zpl(*labels)))
    assert (taken.labels, taken.taken) == (4, 4)
    content = content_of(floor, "A-2")
    assert content.count(b"^XA") == 1
    assert labels[1].tracking.encode() in content
    assert b"^JUS" not in content  # what sets the printer up is no label


def test_a_label_that_is_one_drawing_in_zpl_is_read_from_its_pixels(
    floor: Floor, tmp_path: Path
) -> None:
    from wms_app.floor.labelling.own_label_paper import as_zpl

    one = four(floor)[0]
    take(floor, save(tmp_path, "one.pdf", alone(one)))
    drawing = as_zpl(content_of(floor, "A-1"))
    assert one.tracking.encode() not in drawing
    taken = take(floor, save(tmp_path, "one.zpl", drawing), dry_run=True)
    assert (taken.taken, taken.findings) == (1, [])


# To which order


def test_without_a_known_number_the_order_number_on_the_label_decides(
    floor: Floor, tmp_path: Path
) -> None:
    bringing(floor, "114-3941689")
    bringing(floor, "114-3941690")
    label = Sold(ups(8), "114-3941690")
    assert take(floor, save(tmp_path, "x.pdf", alone(label))).taken == 1
    assert kept(floor) == {"114-3941690": ("ups", label.tracking)}


def test_a_picture_is_brought_to_its_order_by_the_name_of_its_file(
    floor: Floor, tmp_path: Path
) -> None:
    bringing(floor, "#1041")
    label = Sold(ups(9))
    file = save(tmp_path, "1041.png", dotted(scan_of(alone(label))))
    assert take(floor, file).taken == 1
    assert kept(floor) == {"#1041": ("ups", label.tracking)}


def test_the_name_of_a_file_says_nothing_of_the_many_labels_in_it(
    floor: Floor, tmp_path: Path
) -> None:
    bringing(floor, "#1041")
    file = save(tmp_path, "1041.pdf", alone(Sold(ups(1)), Sold(ups(2))))
    taken = take(floor, file)
    assert [one.code for one in taken.findings] == ["no_order", "no_order"]
    assert [one.field for one in taken.findings] == ["page 1", "page 2"]
    assert kept(floor) == {}


def test_a_usps_label_says_its_number_behind_the_postcode(floor: Floor, tmp_path: Path) -> None:
    number = "9400111899223197428497"
    assert known_number(f"42078701{number}") == number
    assert carrier_of_number(number) == "usps"
    bringing(floor, "U-1", number)
    label = Sold(f"42078701{number}", module_mm=0.25)
    assert take(floor, save(tmp_path, "u.pdf", alone(label))).taken == 1
    assert kept(floor) == {"U-1": ("usps", number)}


@pytest.mark.parametrize(
    ("label", "code", "words"),
    [
        (Sold(ups(7), "NOBODY"), "no_order", "Take the order in first"),
        (Sold(ups(7), "GONE"), "cancelled", "was cancelled"),
        (Sold(ups(7), "BUYS"), "brings_none", "does not bring its own label"),
        (Sold(ups(7), "KNOWN"), "other_tracking", "expected was"),
        (Sold(ups(7), "A1 B2"), "two_orders", "A1, B2"),
        (Sold("", "A1"), "no_tracking", "Which number"),
        (Sold("123456789012", "A1"), "no_carrier", "Whose label"),
    ],
)
def test_a_label_that_is_not_certain_is_refused_by_page_and_with_what_to_do(
    floor: Floor, tmp_path: Path, label: Sold, code: str, words: str
) -> None:
    for number in ("A1", "B2"):
        bringing(floor, number)
    bringing(floor, "KNOWN", ups(6))
    floor.add_order({"MUG": 1}, "BUYS")
    gone = bringing(floor, "GONE")
    floor.do(lambda tx: cancel(tx, gone, "test"))
    taken = take(floor, save(tmp_path, "one.pdf", alone(label)))
    (found,) = taken.findings
    assert (found.code, found.row, found.field) == (code, 1, "page 1")
    assert words in f"{found.text} {found.expected}"
    assert kept(floor) == {}


def test_one_bad_label_on_a_page_does_not_stop_the_others(floor: Floor, tmp_path: Path) -> None:
    labels = [*four(floor)[:3], Sold(ups(77), "STRANGE", qr="https://platform.example/77")]
    taken = take(floor, save(tmp_path, "labels.pdf", four_up(labels)))
    assert (taken.taken, taken.refused) == (3, 1)
    (found,) = taken.findings
    assert found.field == "page 1, lower right"
    assert ups(77) in found.value


def test_a_carrier_that_nothing_names_can_be_said_for_the_file(
    floor: Floor, tmp_path: Path
) -> None:
    bringing(floor, "A1")
    file = save(tmp_path, "a.pdf", alone(Sold("123456789012", "A1")))
    assert take(floor, file, carrier="SpeedX").taken == 1
    assert kept(floor) == {"A1": ("speedx", "123456789012")}


def test_a_number_that_is_on_another_order_is_refused(floor: Floor, tmp_path: Path) -> None:
    bringing(floor, "A1")
    bringing(floor, "B2")
    take(floor, save(tmp_path, "a.pdf", alone(Sold(ups(5), "A1"))))
    taken = take(floor, save(tmp_path, "b.pdf", alone(Sold(ups(5), "B2"))))
    assert [one.code for one in taken.findings] == ["anothers"]
    assert "belongs to order A1" in taken.findings[0].text
    assert kept(floor) == {"A1": ("ups", ups(5))}


def test_bars_finer_than_the_printers_dots_are_refused(floor: Floor, tmp_path: Path) -> None:
    bringing(floor, "A1", ups(5))
    fine = Sold(ups(5), "A1", module_mm=0.09)
    taken = take(floor, save(tmp_path, "a.pdf", alone(fine)))
    assert [one.code for one in taken.findings] == ["too_fine"]
    assert kept(floor) == {}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("labels.pdf", b"%PDF-1.7 cut off", "broken_pdf"),
        ("labels.png", b"no picture", "no_picture"),
        ("labels.zpl", b"^XA^FDno end", "broken_zpl"),
        ("labels.docx", b"PK", "no_label_file"),
    ],
)
def test_a_file_that_holds_no_labels_is_refused_by_its_name(
    floor: Floor, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        take(floor, save(tmp_path, name, content))
    assert caught.value.code == code
    assert name in caught.value.text


def test_a_better_file_takes_the_place_of_the_first_one(floor: Floor, tmp_path: Path) -> None:
    bringing(floor, "A1", ups(5))
    take(floor, save(tmp_path, "a.pdf", alone(Sold(ups(5), "A1"))))
    before = content_of(floor, "A1")
    better = save(tmp_path, "b.pdf", alone(Sold(ups(5), "A1", buyer="The Same Buyer")))
    assert take(floor, better, dry_run=True).taken == 1
    assert content_of(floor, "A1") == before
    assert take(floor, better).taken == 1
    assert content_of(floor, "A1") != before
    assert len(kept(floor)) == 1


# Numbers on labels


def test_among_several_codes_only_a_certain_one_is_the_tracking_number() -> None:
    bars = [Printed("A-100", True), Printed("JD0099", True)]
    assert tracking_of([Printed(ups(3), True), *bars]) == ups(3)
    assert tracking_of([Printed("1234567890", True), Printed("https://x.example", False)]) == (
        "1234567890"
    )
    assert tracking_of([Printed("1234567890", True), Printed("0987654321", True)]) == ""
    assert tracking_of([Printed("ORDER12345", True), Printed("77777777", True)], "ORDER12345") == (
        "77777777"
    )


def test_a_longer_code_says_the_number_that_it_ends_with_only_when_that_is_long() -> None:
    fedex = Printed("9622001900000000000000794698754411", True)
    assert says(fedex, "794698754411")
    assert not says(fedex, "54411")
    assert not says(Printed("ABC794698754411", True), "794698754411")


def test_zpl_fields_are_read_with_their_escapes() -> None:
    made = rb"^XA^BY3^BCN,90^FH\^FD>;>842078701\39400^FS^BQN,2,5^FDQA,HTTP://X^FS^FO1,1^FDno^FS^XZ"
    assert [one.text for one in zpl_codes(made)] == ["420787019400", "HTTP://X"]


# Orders that bring their label


def orders_file(folder: Path, columns: str, *rows: str) -> Path:
    file = folder / "orders.csv"
    lines = [f"{COLUMNS},{columns}"]
    lines += [f"NW,shopify,{row}" for row in rows]
    file.write_text("\n".join(lines), "utf-8")
    return file


def taken_orders(floor: Floor, file: Path) -> dict[str, tuple[bool, str, str, int]]:
    take_in_orders(floor.store, floor.who("clerk"), file, cancel=cancel)
    with floor.store.read() as tx:
        rows = tx.rows(
            select(
                Order.number, Order.own_label, Order.own_carrier, Order.own_tracking, Order.holds
            )
        )
        return {row.number: tuple(row)[1:] for row in rows}


def test_an_order_file_says_which_orders_bring_their_label(floor: Floor, tmp_path: Path) -> None:
    buyer = "Sample Buyer,1 Example Street,Austin,TX,78701,US"
    file = orders_file(
        tmp_path,
        "own_label,carrier,tracking",
        f"1,MUG,1,{buyer},,,",
        f"2,MUG,2,{buyer},yes,,",
        f"3,MUG,3,{buyer},,FedEx,7946 9875 4411",
        "4,MUG,4,B***,***,***,,,US,yes,UPS,",
        f"5,MUG,5,{buyer},perhaps,,",
    )
    found = taken_orders(floor, file)
    assert found["1"] == (False, "", "", 0)
    assert found["2"] == (True, "", "", 0)
    assert found["3"] == (True, "fedex", "794698754411", 0)
    assert found["4"] == (True, "ups", "", 0)  # the address is the label's, masked here
    assert found["5"] == (False, "", "", 1)


def test_a_client_may_bring_all_labels(floor: Floor, tmp_path: Path) -> None:
    from wms_app.floor.catalog import intake

    clients = save(tmp_path, "clients.csv", b"client,name,own_labels\nNW,Northwind Home,yes\n")
    intake.take_in(floor.store, floor.who("admin"), "clients", clients)
    buyer = "Sample Buyer,1 Example Street,Austin,TX,78701,US"
    assert taken_orders(floor, orders_file(tmp_path, "phone", f"1,MUG,1,{buyer},"))["1"][0]
    with floor.store.read() as tx:
        assert tx.scalar(select(Client.own_labels))


# At the bench


class Bench:
    """A closed parcel with a mug of an order that brings its label, a printer, a carrier."""

    def __init__(self, floor: Floor, speaks: Any = "pdf") -> None:
        self.floor, self.carrier, self.printer = floor, Counting(), Tray(speaks)
        address_of_the_house(floor)
        self.sold = Sold(ups(42), "A1")
        self.parcel_id = sealed(floor, number="A1", own_label=True)

    def label(self, parcel_id: int = 0) -> Any:
        who, carriers = self.floor.who("packer"), {"house": self.carrier}
        return service.label_parcel(
            self.floor.store, who, carriers, self.printer, parcel_id or self.parcel_id, new_id()
        )


@pytest.fixture
def bench(floor: Floor) -> Bench:
    return Bench(floor)


def test_the_sellers_label_is_used_and_none_is_bought(bench: Bench, tmp_path: Path) -> None:
    take(bench.floor, save(tmp_path, "a.pdf", alone(bench.sold)))
    label = bench.label()
    assert (label.carrier, label.tracking, label.price_minor) == ("ups", bench.sold.tracking, 0)
    assert bench.carrier.sold == {}
    ((_name, paper),) = bench.printer.papers
    assert bench.sold.tracking in read_back(paper)
    page = pypdfium2.PdfDocument(paper)[0]
    assert [round(side * 25.4 / 72) for side in page.get_size()] == list(map(round, LABEL))
    assert verified(bench.floor)
    with bench.floor.store.read() as tx:
        assert tx.scalar(select(Label.state)) == "bought"


@pytest.mark.parametrize("way", ["pdf", "zpl", "a6"])
def test_a_label_printer_gets_it_in_its_own_language(
    floor: Floor, tmp_path: Path, way: str
) -> None:
    bench = Bench(floor, "zpl")
    if way == "zpl":
        take(floor, save(tmp_path, "a.zpl", sellers.zpl(bench.sold)))
    elif way == "a6":  # a little larger than our paper: it is made to fit
        page = pdf([[(bench.sold, 8.0, 10.0)]], sellers.A6)
        take(floor, save(tmp_path, "a.pdf", page))
    else:
        take(floor, save(tmp_path, "a.pdf", alone(bench.sold)))
    bench.label()
    ((_name, paper),) = bench.printer.papers
    if way == "zpl":
        assert [one.text for one in zpl_codes(paper)] == [bench.sold.tracking]
        return
    (image,) = ZebrafyZPL(paper.decode()).to_images()
    assert image.size == (800, 1200)
    assert bench.sold.tracking in reads(np.array(image.convert("L")))


def test_a_picture_without_a_size_fills_the_paper_and_is_not_stretched(
    floor: Floor, tmp_path: Path
) -> None:
    bringing(floor, "A1", ups(5))
    made = io.BytesIO()
    picture = scan_of(alone(Sold(ups(5), "A1")), 203)
    Image.fromarray(picture).save(made, "PNG")
    take(floor, save(tmp_path, "a.png", made.getvalue()))
    content = content_of(floor, "A1")
    page = pypdfium2.PdfDocument(as_pdf(content))[0].render(scale=203 / 72).to_numpy()[:, :, 0]
    ys, xs = np.nonzero(page < 128)
    inside = picture_of(content, "a")
    ink_y, ink_x = np.nonzero(inside < 128)
    drawn = (xs.max() - xs.min()) / (ys.max() - ys.min())
    assert abs(drawn - (ink_x.max() - ink_x.min()) / (ink_y.max() - ink_y.min())) < 0.02


def test_without_the_label_the_parcel_waits_and_is_labelled_when_it_comes(
    bench: Bench, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as caught:
        bench.label()
    assert caught.value.code == "no_own_label"
    assert bench.carrier.sold == {}
    with bench.floor.store.read() as tx:
        assert tx.scalars(select(Label.id)) == []
    take(bench.floor, save(tmp_path, "a.pdf", alone(bench.sold)))
    assert bench.label().tracking == bench.sold.tracking
    assert verified(bench.floor)


def test_a_label_that_was_given_up_goes_on_the_next_parcel_of_its_order(
    bench: Bench, tmp_path: Path
) -> None:
    take(bench.floor, save(tmp_path, "a.pdf", alone(bench.sold)))
    first = bench.label()

    def again(tx: Any) -> int:
        service.give_up(tx, bench.parcel_id)
        packing.void_parcel(tx, bench.parcel_id)
        order_id = int(tx.scalar(select(Order.id)))
        parcel_id = packing.start(tx, order_id)
        line = tx.first(select(OrderLine.id))
        packing.put(tx, parcel_id, line.id, 1)
        packing.seal(tx, parcel_id, 270, "typed")
        return parcel_id

    parcel_id = bench.floor.do(again, "packer")
    second = bench.label(parcel_id)
    assert second.tracking == first.tracking
    who, carriers = bench.floor.who("packer"), {"house": bench.carrier}
    assert void_pending(bench.floor.store, who, carriers) == 0
    assert verified(bench.floor)


def test_a_cancelled_orders_label_is_given_back_to_nobody(bench: Bench, tmp_path: Path) -> None:
    take(bench.floor, save(tmp_path, "a.pdf", alone(bench.sold)))
    bench.label()
    bench.floor.do(lambda tx: cancel(tx, int(tx.scalar(select(Order.id))), "test"))
    who, carriers = bench.floor.who("packer"), {"house": bench.carrier}
    void_pending(bench.floor.store, who, carriers)
    assert bench.carrier.voided == []
    with bench.floor.store.read() as tx:
        assert tx.scalars(select(Label.state)) == ["voided"]
    assert verified(bench.floor)


def test_an_order_in_two_parcels_takes_two_labels_one_each(floor: Floor, tmp_path: Path) -> None:
    address_of_the_house(floor)
    order_id = picked(floor, {"MUG": 2}, "A1", own_label=True)
    labels = [Sold(ups(1), "A1"), Sold(ups(2), "A1")]
    assert take(floor, save(tmp_path, "a.pdf", alone(*labels))).taken == 2
    printer, numbers = Tray(), []
    for _parcel in labels:

        def pack(tx: Any) -> int:
            parcel_id = packing.start(tx, order_id)
            packing.put(tx, parcel_id, int(tx.scalar(select(OrderLine.id))), 1)
            packing.seal(tx, parcel_id, 270, "typed")
            return parcel_id

        parcel_id = floor.do(pack, "packer")
        made = service.label_parcel(
            floor.store, floor.who("packer"), {}, printer, parcel_id, new_id()
        )
        numbers.append(made.tracking)
    assert numbers == [ups(1), ups(2)]
    assert verified(floor)


def test_a_label_first_order_waits_on_hold_until_its_label_comes(
    floor: Floor, tmp_path: Path
) -> None:
    from wms_app.floor.allocation.service import allocate
    from wms_app.floor.labelling.batch import label_orders
    from wms_app.floor.waves.service import release

    address_of_the_house(floor)
    floor.add_stock("BOARD", "A-01-1", 2)
    brings = floor.add_order({"BOARD": 1}, "A1", own_label=True)
    buys = floor.add_order({"BOARD": 1}, "B2")

    def work(tx: Any) -> None:
        allocate(tx, [brings, buys])
        release(tx, [brings, buys])

    floor.do(work)
    printer, carrier = Tray(), Counting()

    def labels() -> int:
        who = floor.who("picker")
        made = label_orders(floor.store, who, {"house": carrier}, printer, [brings, buys], new_id())
        return made.printed

    assert labels() == 1
    with floor.store.read() as tx:
        assert tx.scalar(select(Order.holds).where(Order.id == brings)) == 1
    take(floor, save(tmp_path, "a.pdf", alone(Sold(ups(3), "A1"))))
    with floor.store.read() as tx:
        assert tx.scalar(select(Order.holds).where(Order.id == brings)) == 0
        assert tx.scalar(select(Hold.lifted_by)) == "Ana"
    assert labels() == 1
    assert len(carrier.sold) == 1
    assert verified(floor)


# By command


def test_the_command_takes_files_and_names_file_page_and_place(
    floor: Floor, tmp_path: Path
) -> None:
    labels = [*four(floor)[:3], Sold(ups(77), "STRANGE", qr="https://platform.example/77")]
    good = save(tmp_path, "one.pdf", alone(labels[0]))
    page = save(tmp_path, "page.pdf", four_up(labels))
    store: Store = floor.store
    url = store.url.render_as_string(hide_password=False)
    said = CliRunner().invoke(app, ["import", "labels", str(good), str(page), "--store", url])
    assert said.exit_code == 1
    assert "one.pdf: 1 labels, 1 taken in, 0 unchanged, 0 refused." in said.stdout
    assert "page.pdf: 4 labels, 2 taken in, 1 unchanged, 1 refused." in said.stdout or (
        "page.pdf: 4 labels, 3 taken in" in said.stdout
    )
    assert "page.pdf, page 1, lower right:" in said.stderr


# In the clerk's room


def test_a_clerk_drops_a_file_of_labels_and_sees_what_can_not_be_used(
    floor: Floor, tmp_path: Path
) -> None:
    from functools import partial

    from wms_app.floor.labelling.own_label_card import read_labels
    from wms_app.floor.orders.presenter import OrdersPresenter

    labels = [*four(floor)[:3], Sold(ups(77), "STRANGE", qr="https://platform.example/77")]
    page = save(tmp_path, "page.pdf", four_up(labels))
    who = floor.who("clerk")
    room = OrdersPresenter(floor.store, who, cancel, partial(read_labels, floor.store, who))
    room.open()
    answer = room.act("open_file", str(page))
    assert answer.text == "Nothing is written yet."
    assert kept(floor) == {}
    assert room.view.file is not None
    assert "**3** go to their orders" in room.view.file.words
    assert [row[2] for row in room.view.file.findings] == ["page 1, lower right"]
    assert "take_in" in {action.name for action in room.actions}
    done = room.act("take_in")
    assert (done.kind, done.text) == ("warn", "3 labels taken in.")
    assert sorted(kept(floor)) == ["A-1", "A-2", "A-3"]
    room.refresh()
    assert room.view.file.taken_in


def test_a_clerk_says_of_an_order_that_its_seller_sends_the_label(
    floor: Floor, tmp_path: Path
) -> None:
    from wms_app.floor.orders.presenter import OrdersPresenter

    order_id = floor.add_order({"MUG": 1}, "LATE-1")
    file = save(tmp_path, "late.pdf", alone(Sold(ups(9), "LATE-1")))
    assert [one.code for one in take(floor, file).findings] == ["brings_none"]
    room = OrdersPresenter(floor.store, floor.who("clerk"), cancel)
    room.open()
    room.act("order", str(order_id))
    assert "Seller's label" in {action.label for action in room.actions}
    room.act("own_label")
    assert "Buy the label" in {action.label for action in room.actions}
    assert take(floor, file).taken == 1
