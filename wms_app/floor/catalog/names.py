"""Names of goods in two languages: the reader's own part first."""

from __future__ import annotations

import re

from wms_app.base.texts import language

_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def split_name(name: str) -> tuple[str, str]:
    """What comes before the first Chinese letter, and the rest; for who reads Chinese the other
    way round. One language stays whole.

    >>> split_name("Silicone mug, blue 硅胶杯 蓝色")
    ('Silicone mug, blue', '硅胶杯 蓝色')
    >>> split_name("竹砧板")
    ('竹砧板', '')
    """
    found = _CHINESE.search(name)
    if found is None or not name[: found.start()].strip():
        return name, ""
    parts = name[: found.start()].strip(), name[found.start() :].strip()
    return parts[::-1] if language().startswith("zh") else parts
