"""Who does a thing, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["picker", "packer", "clerk", "supervisor", "admin"]
ROLES: tuple[Role, ...] = ("picker", "packer", "clerk", "supervisor", "admin")


@dataclass(frozen=True)
class Who:
    """The person, their role, the station they stand at and the warehouse it stands in."""

    user_id: int
    name: str
    role: Role
    station: str
    warehouse_id: int
    language: str = "en"
    zone: str = "UTC"

    @property
    def supervises(self) -> bool:
        """Whether the person may override, approve and move other people's work."""
        return self.role in ("supervisor", "admin")
