"""The building: bins along the walk, lanes, people, and the house carrier's rate card."""

from __future__ import annotations

from sample_warehouse.tables import Row, columns

WAREHOUSE = "LAX1"
BIN_COLUMNS = columns("warehouse,bin,zone,kind,walk")
LANE_COLUMNS = columns("lane,carrier,service,cutoff")
PEOPLE_COLUMNS = columns("name,role,language,pin")
RATE_COLUMNS = columns("service,zone,countries,postal_prefixes,max_g,price_minor,currency,days")

_AISLES = {"A": "ABCD", "B": "EFGH"}
_BAYS = 12
_PICK_LEVELS = (1, 2, 3)
_RESERVE_LEVEL = 4

_PEOPLE = (
    ("Admin", "admin", "en", "2580"),
    ("Ana Ruiz", "supervisor", "en", "1111"),
    ("Chen Wei", "picker", "zh_CN", "2222"),
    ("Pete Novak", "picker", "en", "3333"),
    ("Li Na", "packer", "zh_CN", "4444"),
    ("Sam Okafor", "packer", "en", "5555"),
    ("Omar Diaz", "clerk", "en", "6666"),
)

# Zones as a carrier in Los Angeles would draw them, by the first three digits of the ZIP code;
# together they cover 000 to 999 once.
_US_ZONES = (
    ("US-2", "900-935", 1),
    ("US-3", "936-939;950-953", 1),
    ("US-4", "850-865;889-899;940-949;954-966", 2),
    ("US-5", "800-849;866-888;970-994", 3),
    ("US-6", "590-599;680-693;730-799", 4),
    ("US-7", "350-397;400-589;600-679;694-729", 5),
    ("US-8", "000-349;398-399;967-969;995-999", 6),
)
_ABROAD = (
    ("CA", "CA", 700, 7),
    ("MX", "MX", 750, 8),
    ("EU", "GB;DE;FR;IT;ES;NL;BE;AT;IE;PL;SE;DK;PT;CH", 1_400, 10),
    ("CIS", "RU;KZ;BY;AM;KG", 1_600, 18),
    ("ASIA", "CN;HK;TW;JP;KR;SG;AU;NZ", 1_500, 9),
)
# An upper weight, and what a parcel of up to that weight costs in the nearest zone.
_STEPS = (
    (250, 410),
    (500, 470),
    (1_000, 590),
    (2_000, 760),
    (3_000, 890),
    (5_000, 1_120),
    (10_000, 1_590),
    (20_000, 2_480),
    (30_000, 3_350),
)


def bins() -> list[Row]:
    """Pick bins and the reserve above, walked up one aisle and down the next; then the dock."""
    rows: list[Row] = []
    for zone, aisles in _AISLES.items():
        for aisle in aisles:
            upward = (ord(aisle) - ord("A")) % 2 == 0
            bays = range(1, _BAYS + 1)
            for bay in bays if upward else reversed(bays):
                for level in (*_PICK_LEVELS, _RESERVE_LEVEL):
                    kind = "reserve" if level == _RESERVE_LEVEL else "pick"
                    rows.append(_bin(f"{aisle}-{bay:02d}-{level}", zone, kind, rows))
    for kind, name, count in (
        ("receiving", "RECV", 4),
        ("pack", "PACK", 4),
        ("staging", "STAGE", 6),
        ("quarantine", "QUAR", 2),
    ):
        for number in range(1, count + 1):
            rows.append(_bin(f"{name}-{number:02d}", "DOCK", kind, rows))
    return rows


def lanes() -> list[Row]:
    """One lane for each service of the house carrier, with the hour of its truck."""
    return [
        {"lane": "EXP-15", "carrier": "house", "service": "express", "cutoff": "15:30"},
        {"lane": "STD-17", "carrier": "house", "service": "standard", "cutoff": "17:00"},
    ]


def people() -> list[Row]:
    """The people of the demonstration; their PINs are printed in its README."""
    return [dict(zip(PEOPLE_COLUMNS, person, strict=True)) for person in _PEOPLE]


def rates() -> list[Row]:
    """Prices that rise with weight and distance; express costs more and takes fewer days."""
    rows = []
    for service, factor in (("standard", 100), ("express", 185)):
        for index, (zone, prefixes, days) in enumerate(_US_ZONES):
            for max_g, base in _STEPS:
                price = base * (100 + 14 * index) // 100 + index * max_g // 250
                rows.append(_rate(service, zone, "US", prefixes, max_g, price * factor, days))
        for zone, countries, extra, days in _ABROAD:
            for max_g, base in _STEPS:
                price = base + extra + extra * max_g // 1_000
                rows.append(_rate(service, zone, countries, "", max_g, price * factor, days))
    return rows


def _bin(name: str, zone: str, kind: str, before: list[Row]) -> Row:
    walk = str((len(before) + 1) * 10)
    return {"warehouse": WAREHOUSE, "bin": name, "zone": zone, "kind": kind, "walk": walk}


def _rate(
    service: str,
    zone: str,
    countries: str,
    prefixes: str,
    max_g: int,
    price_hundredths: int,
    days: int,
) -> Row:
    if service == "express":
        days = (days + 1) // 2
    values = (
        service,
        zone,
        countries,
        prefixes,
        max_g,
        -(-price_hundredths // 500) * 5,
        "USD",
        days,
    )
    return dict(zip(RATE_COLUMNS, map(str, values), strict=True))
