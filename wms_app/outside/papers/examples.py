"""Values to try a design with: short ones, Chinese, Cyrillic, the longest. All are invented."""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.base.codes import own, sscc
from wms_app.base.texts import mark
from wms_app.outside.papers.command_sheet import command_sheet_values

USUAL, CHINESE, CYRILLIC, LONG = mark("Usual"), mark("Chinese"), mark("Cyrillic"), mark("Longest")

Values = dict[str, str]


@dataclass(frozen=True)
class Example:
    """What a label may have to hold; the title is translated when it is shown."""

    title: str
    values: Values


_LONG_CHINESE = "高硼硅玻璃双层隔热水杯礼盒装（含杯刷与备用密封圈）深海蓝色大容量办公室家用"
_LONG_RUSSIAN = "Набор керамических кружек с двойными стенками и силиконовой крышкой, тёмно-синий"
_LONG_NAME = "Verwaltungsgesellschaft für grenzüberschreitenden Versandhandel Nordwest mbH & Co. KG"

_SHIPPING: Values = {
    "carrier": "Acme Parcel",
    "service": "express",
    "from_name": "Northgate Trading Ltd",
    "from_lines": "12 Dock Road\nSpringfield, IL 62701",
    "to_name": "Maria Lindqvist",
    "to_lines": "45 Elm Street, Apt 3\nPortland, OR 97201",
    "to_country": "UNITED STATES",
    "tracking": "ACME00012345678",
    "order_number": "WEB-100234",
    "client": "NORTH",
    "weight": "1.250 kg",
    "piece": "1/2",
    "date": "2026-11-25",
    "lane": "EXP 4",
}
_NUMBER = sscc("03401234", 12)
_PACKING: Values = {
    "order_number": "WEB-100234",
    "client": "Northgate Trading",
    "to_name": "Maria Lindqvist",
    "to_lines": "45 Elm Street, Apt 3\nPortland, OR 97201",
    "lines": "1\tMug, blue\tMUG-BL\n2\tTea towel\tTOWEL-2",
    "pieces": "3",
    "date": "2026-11-25",
    "code": "WEB-100234",
}
_PALLET: Values = {
    "sscc": sscc("9340123", 7),
    "from_name": "Northgate Trading Ltd",
    "goods": "Mug, blue",
    "client": "NORTH",
    "date": "2026-11-25",
}
_RETURN: Values = {
    "order_number": "WEB-100234",
    "client": "NORTH",
    "to_name": "Dock Warehouse NJ1",
    "to_lines": "12 Dock Road\nSpringfield, IL 62701",
    "code": own("ORDER", "100234"),
    "from_name": "Maria Lindqvist",
    "from_lines": "45 Elm Street, Apt 3\nPortland, OR 97201",
}


def _example(title: str, first: Values, **others: str) -> Example:
    return Example(title, first | others)


def _bin(title: str, code: str, **others: str) -> Example:
    values = {"bin": code, "code": own("BIN", code), "check": own("BIN", code)[-1]}
    return Example(title, values | others)


def _tote(title: str, name: str, warehouse: str) -> Example:
    return Example(title, {"tote": name, "code": own("TOTE", name), "warehouse": warehouse})


def _person(title: str, name: str, role: str, warehouse: str) -> Example:
    values = {"name": name, "role": role, "warehouse": warehouse}
    return Example(title, values | {"code": own("USER", "U-42-7K3M9Q")})


def _list(title: str, name: str, **others: str) -> Example:
    return Example(title, {"list": name, "code": own("LIST", name), "labels": "48"} | others)


def _lines(name: str, sku: str, count: int = 8) -> str:
    return "\n".join(f"{number * 37}\t{name}\t{sku}-{number}" for number in range(1, count + 1))


_EXAMPLES: dict[str, tuple[Example, ...]] = {
    "shipping": (
        _example(USUAL, _SHIPPING),
        _example(
            CHINESE,
            _SHIPPING,
            to_name="李小明先生",
            sscc=_NUMBER,
            tracking=_NUMBER,
            to_lines="上海市浦东新区世纪大道1234号\n5号楼 602室 200120",
            from_name="深圳市湾区供应链有限公司",
            pick_bin="A-03-2",
            pick_item="陶瓷马克杯 蓝色",
        ),
        _example(
            CYRILLIC,
            _SHIPPING,
            to_name="Анна Петрова-Водкина",
            fragile="fragile",
            to_lines="улица Академика Королёва, дом 12\n127427 Москва",
        ),
        _example(
            LONG,
            _SHIPPING,
            to_name=_LONG_NAME,
            from_name=_LONG_NAME,
            client=_LONG_NAME,
            to_lines=f"{_LONG_NAME}\n{_LONG_RUSSIAN}\n{_LONG_CHINESE}",
            service=_LONG_NAME,
            from_lines=f"{_LONG_NAME}\n{_LONG_RUSSIAN}",
            to_phone="+86 138 0000 0000 ext. 12345",
            to_country="SAINT HELENA, ASCENSION AND TRISTAN DA CUNHA",
            carrier=_LONG_NAME,
            order_number="114-3941689-8772232-114-3941689-8772232",
            tracking="1Z999AA10123456784",
            weight="29.999 kg",
            piece="12/12",
            lane="STD 1234",
            fragile="fragile",
            pick_bin="A-01-02-03-04",
            pick_item=_LONG_CHINESE,
        ),
    ),
    "bin": (
        _bin(USUAL, "A-01-02", zone="A", kind="pick", warehouse="NJ1"),
        _bin(CHINESE, "B-12-3", zone="二楼", kind="拣货位", warehouse="新泽西", arrow="up"),
        _bin(CYRILLIC, "C-7", zone="Б", kind="резерв", warehouse="Нью-Джерси", arrow="left"),
        _bin(
            LONG,
            "MEZZANINE2-A-012-034-05",
            zone="QUARANTINE",
            kind="quarantine",
            warehouse="SAN-BERNARDINO-2",
            arrow="down",
        ),
    ),
    "tote": (
        _tote(USUAL, "T-0042", "NJ1"),
        _tote(CHINESE, "T-0043", "新泽西一号仓"),
        _tote(CYRILLIC, "T-0044", "Нью-Джерси"),
        _tote(LONG, "TOTE-MEZZANINE-0001", "SAN-BERNARDINO-2"),
    ),
    "badge": (
        _person(USUAL, "Wei Zhang", "Picker", "NJ1"),
        _person(CHINESE, "张伟", "拣货员", "新泽西一号仓"),
        _person(CYRILLIC, "Анна Петрова-Водкина", "Упаковщик", "Нью-Джерси"),
        _person(LONG, _LONG_NAME, "Supervisor of the night shift", "SAN-BERNARDINO-2"),
    ),
    "list": (
        _list(USUAL, "L-0007", zone="A", first_bin="A-01-02", warehouse="NJ1", created="08:00"),
        _list(CHINESE, "L-0008", zone="二楼", warehouse="新泽西一号仓"),
        _list(CYRILLIC, "L-0009", zone="Б", warehouse="Нью-Джерси"),
        _list(
            LONG,
            "L-20261125-000123",
            labels="12500",
            zone="QUARANTINE",
            created="2026-11-25 08:00",
            first_bin="MEZZANINE2-A-012-034-05",
            warehouse="SAN-BERNARDINO-2",
        ),
    ),
    "sku": (
        _example(USUAL, {"sku": "MUG-BL", "name": "Mug, blue", "code": "4006381333931"}),
        _example(
            CHINESE,
            {"sku": "杯-蓝", "name": "陶瓷马克杯 蓝色", "code": "X00ABCDEFG"},
            client="湾区供应链",
            lot="批-12",
            expires="2027-03-31",
        ),
        _example(
            CYRILLIC,
            {"sku": "КР-1", "name": "Кружка керамическая", "code": "012345678905"},
            client="СЕВЕР",
        ),
        _example(
            LONG,
            {"sku": "NORTHGATE-KITCHEN-MUG-DOUBLE-WALL-BLUE-450ML", "name": _LONG_CHINESE},
            code="NORTHGATE-KITCHEN-MUG-DOUBLE-WALL-BLUE-450ML",
            lot="LOT-2026-11-25-0001",
            square="NORTHGATE-KITCHEN-MUG-DOUBLE-WALL-BLUE-450ML",
            expires="2027-03-31",
        ),
    ),
    "packing": (
        _example(USUAL, _PACKING),
        _example(
            CHINESE,
            _PACKING,
            client="湾区供应链",
            to_name="李小明先生",
            to_lines="上海市浦东新区世纪大道1234号\n5号楼 602室 200120",
            lines="1\t陶瓷马克杯 蓝色\t杯-蓝\n2\t茶巾 两条装\t茶巾-2",
        ),
        _example(
            CYRILLIC,
            _PACKING,
            to_name="Анна Петрова-Водкина",
            to_lines="улица Академика Королёва, дом 12\n127427 Москва",
            lines="1\tКружка керамическая\tКР-1",
        ),
        _example(
            LONG,
            _PACKING,
            client=_LONG_NAME,
            to_name=_LONG_NAME,
            pieces="1332",
            page="12 / 12",
            to_lines=f"{_LONG_RUSSIAN}\n{_LONG_CHINESE}",
            note=_LONG_RUSSIAN,
            order_number="114-3941689-8772232-114-3941689-8772232",
            code="114-3941689-8772232-114-3941689-8772232",
            lines=_lines(f"{_LONG_CHINESE} {_LONG_RUSSIAN}", "NORTHGATE-KITCHEN-MUG-DOUBLE-WALL"),
        ),
    ),
    "pallet": (
        _example(USUAL, _PALLET),
        _example(
            CHINESE,
            _PALLET,
            goods="陶瓷马克杯 蓝色",
            client="湾区供应链",
            pieces="480",
            content="(02)04006381333931(37)0480",
            weight="312 kg",
        ),
        _example(CYRILLIC, _PALLET, goods="Кружка керамическая", client="СЕВЕР"),
        _example(
            LONG,
            _PALLET,
            goods=_LONG_RUSSIAN,
            from_name=_LONG_NAME,
            client=_LONG_NAME,
            pieces="123456",
            content="(02)04006381333931(37)123456",
            weight="1249.999 kg",
            batch="(10)LOT1234567",
            lot="LOT1234567",
            expires="2027-03-31",
        ),
    ),
    "return": (
        _example(USUAL, _RETURN),
        _example(
            CHINESE,
            _RETURN,
            to_name="新泽西一号仓 退货组",
            from_name="李小明先生",
            client="湾区供应链",
            from_lines="上海市浦东新区世纪大道1234号\n5号楼 602室 200120",
            date="2026-11-25",
        ),
        _example(CYRILLIC, _RETURN, to_name="Склад возвратов", from_name="Анна Петрова-Водкина"),
        _example(
            LONG,
            _RETURN,
            to_name=_LONG_NAME,
            to_lines=f"{_LONG_NAME}\n{_LONG_RUSSIAN}",
            to_country="SAINT HELENA, ASCENSION AND TRISTAN DA CUNHA",
            from_name=_LONG_NAME,
            from_lines=f"{_LONG_RUSSIAN}\n{_LONG_CHINESE}",
            client=_LONG_NAME,
            code=own("ORDER", "9223372036854775807"),
            order_number="114-3941689-8772232-114-3941689-8772232",
        ),
    ),
    "fragile": (
        _example(USUAL, {}),
        _example(CHINESE, {"note": "内有玻璃制品，请轻拿轻放"}),
        _example(CYRILLIC, {"note": "Осторожно: стекло"}),
        _example(LONG, {"note": f"{_LONG_NAME} {_LONG_RUSSIAN}"}),
    ),
    "lithium": (
        _example(USUAL, {"un": "UN3481"}),
        _example(LONG, {"un": "UN3090", "phone": "+86 755 0000 0000, +1 555 0100 0100"}),
    ),
    "commands": (_example(USUAL, command_sheet_values()),),
}
_EXAMPLES["lithium-small"] = _EXAMPLES["lithium"]


def examples(name: str) -> tuple[Example, ...]:
    """The examples of a design that the house has."""
    return _EXAMPLES[name]
