"""The words of the house in the language of the person who is signed in.

gettext catalogs lie in `resources/translations/<language>/LC_MESSAGES/dock.po`; they are read
straight from the `.po` text, so that no compiled file can be stale. One process serves one
person, so the language is the process's.
"""

from __future__ import annotations

import gettext as _gettext
from functools import lru_cache
from typing import Any

from wms_app.base.places import resources

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
_chosen = "en"


def use(language: str) -> None:
    """Speak `language` (a key of LANGUAGES) from now on."""
    global _chosen
    if language not in LANGUAGES:
        language = "en"
    _chosen = language


def language() -> str:
    """The language spoken now."""
    return _chosen


def _(text: str) -> str:
    """`text` in the language spoken now; English, as written, where it is not translated."""
    return _catalog(_chosen).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The plural form of `one`/`many` that fits `count`."""
    return _catalog(_chosen).ngettext(one, many, count)


def mark(text: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return text


Kept = str | dict[str, Any]
"""A sentence as the store keeps it: what `keep` makes of it, a marked text, or own words."""


def keep(text: str, **facts: Any) -> Kept:
    """A sentence to be kept, which others may read in their language: `text`, marked, with facts.

    Facts are plain data, told as they are, or what `keep` gave.
    """
    return {"text": text, "facts": facts}


def told(kept: Kept) -> str:
    """A kept sentence in the language spoken now; own words as they are."""
    if isinstance(kept, str):
        return _(kept) if kept else ""
    text, facts = kept["text"], kept["facts"]
    return _(text).format(
        **{name: told(fact) if isinstance(fact, dict) else fact for name, fact in facts.items()}
    )


@lru_cache(maxsize=8)
def _catalog(language: str) -> _gettext.NullTranslations:
    file = resources() / "translations" / language / "LC_MESSAGES" / "dock.po"
    if language == "en" or not file.exists():
        return _gettext.NullTranslations()
    import io

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    binary = io.BytesIO()
    with file.open("rb") as source:
        write_mo(binary, read_po(source, locale=language))
    binary.seek(0)
    return _gettext.GNUTranslations(binary)
