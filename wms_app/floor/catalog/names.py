"""Names of goods in two languages: the first part for one reader, the rest for the other."""

from __future__ import annotations

import re

_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def split_name(name: str) -> tuple[str, str]:
    """What comes before the first Chinese letter, and the rest; one language stays whole.

    >>> split_name("Silicone mug, blue 硅胶杯 蓝色")
    ('Silicone mug, blue', '硅胶杯 蓝色')
    >>> split_name("竹砧板")
    ('竹砧板', '')
    """
    found = _CHINESE.search(name)
    if found is None or not name[: found.start()].strip():
        return name, ""
    return name[: found.start()].strip(), name[found.start() :].strip()
