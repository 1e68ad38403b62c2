"""A document of many pages as many documents of one."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any


def one_by_one(content: bytes) -> list[bytes]:
    """Each page of a PDF as a PDF of its own."""
    pypdfium2: Any = import_module("pypdfium2")
    whole = pypdfium2.PdfDocument(content)
    parts = []
    for number in range(len(whole)):
        part, file = pypdfium2.PdfDocument.new(), io.BytesIO()
        part.import_pages(whole, [number])
        part.save(file)
        parts.append(file.getvalue())
        part.close()
    whole.close()
    return parts
