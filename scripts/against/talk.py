"""Tryton as seen from here: its database made, its process started, told and heard."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench_cases.world import BINS_EACH, PLENTY, SKUS, Wanted
from sqlalchemy.engine import make_url

STOCK = {"bins_each": BINS_EACH, "plenty": PLENTY}


class Failed(Exception):
    """Tryton did not do what it was told."""


class Tryton:
    """The reference side, on a database of its own."""

    def __init__(self, programs: Path, folder: Path, url: str) -> None:
        address = make_url(url)
        self.database = str(address.database)
        self.name = "Tryton"
        config = folder / "trytond.conf"
        uri = address.set(drivername="postgresql", database="").render_as_string(False)
        config.write_text(f"[database]\nuri = {uri.rstrip('/')}/\npath = {folder}\n")
        self._errors = folder / "tryton.log"
        self._make(programs, folder, config)
        with self._errors.open("a") as errors:
            self._process = subprocess.Popen(
                [programs / "python", Path(__file__).with_name("tryton.py"), config, self.database],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._heard()
        self._tell("setup", skus=SKUS, **STOCK)

    def record(self, orders: Sequence[Wanted]) -> float:
        """Shipments recorded and waiting, in one transaction; the seconds."""
        told = [
            {"number": one.number, "lines": [(line.sku_id, line.pieces) for line in one.lines]}
            for one in orders
        ]
        return float(self._tell("record", orders=told)["seconds"])

    def step(self, step: str, orders: Sequence[Wanted]) -> float:
        """One step of all of them in one transaction; the seconds."""
        numbers = [one.number for one in orders]
        return float(self._tell("click", step=step, numbers=numbers)["seconds"])

    def settle(self) -> None:
        """Have Postgres count what was written."""
        self._tell("settle")

    def check(self) -> int:
        """Orders that are done. Failed: stock or a shipment is not what it must be."""
        said = self._tell("check", **STOCK)
        if said["wrong"]:
            raise Failed(f"Tryton: {'; '.join(said['wrong'])}")
        return int(said["done"])

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _make(self, programs: Path, folder: Path, config: Path) -> None:
        password = folder / "password"
        password.write_text("only for this run\n")
        words = ["-d", self.database, "-u", "stock", "--activate-dependencies"]
        done = subprocess.run(
            [programs / "trytond-admin", "-c", config, *words, "--email", "admin@example.com"],
            env={**os.environ, "TRYTONPASSFILE": str(password)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Failed(f"trytond-admin: {done.stderr.strip()[-600:]}")

    def _tell(self, do: str, **what: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self._process.stdin.flush()
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Failed(f"Tryton ended: {self._errors.read_text().strip()[-600:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer
