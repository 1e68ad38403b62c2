"""A device that was found, and what it may be used for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Use = Literal["scanner", "scale", "camera", "printer"]


@dataclass(frozen=True)
class Found:
    """One device: `at` where, `name` as it calls itself, `uses`: the setting for each use."""

    at: str
    name: str
    uses: Mapping[Use, str]
