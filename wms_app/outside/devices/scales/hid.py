"""USB scales of the HID point-of-sale class (usage page 0x8D): six bytes a report."""

from __future__ import annotations

from wms_app.outside.devices.scales.said import FAULT, MOVING, OVER, UNDER, Said, scaled

_REPORT, _LENGTH = 3, 6
_UNITS = {2: "g", 3: "kg", 11: "oz", 12: "lb"}
# No scale shows finer than a ten-thousandth or coarser than thousands of its unit.
_EXPONENTS = range(-4, 4)


class HidPos:
    """Report 3: status, unit, power of ten (signed), the number (16 bits, low byte first).

    Status 1 fault, 2 stable at zero, 3 moving, 4 stable, 5 under zero, 6 over, 7 to be
    calibrated, 8 to be zeroed. Each piece that is fed is one report, as the system hands them out.
    """

    def feed(self, data: bytes) -> list[Said]:
        """See `Parser`."""
        frame = _frame(data) if len(data) == _LENGTH and data[0] == _REPORT else None
        return [frame] if frame is not None else []


def _frame(report: bytes) -> Said | None:
    status, unit = report[1], _UNITS.get(report[2])
    if status in (1, 5, 6, 7, 8):
        return {5: UNDER, 6: OVER}.get(status, FAULT)
    if status == 3:
        return MOVING
    exponent = int.from_bytes(report[3:4], "little", signed=True)
    if status not in (2, 4) or unit is None or exponent not in _EXPONENTS:
        return None
    grams, worth = scaled(int.from_bytes(report[4:6], "little"), exponent, unit)
    if status == 2 and grams:
        return None
    return Said(grams, worth, True)
