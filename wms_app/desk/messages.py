"""The one place that catches: what a person can mend, what is away, and what is a bug."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from logging.handlers import RotatingFileHandler
from types import TracebackType
from uuid import uuid4

from wms_app.base.conversation import Answer
from wms_app.base.places import user_data
from wms_app.base.refusal import Down, Refused, Unknown
from wms_app.base.texts import _

_LOG_BYTES = 1_000_000
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_DIGITS = re.compile(r"\d{5,}")


@dataclass(frozen=True)
class Verdict:
    """What an error means: the answer, its code, what is down, and a bug's report id."""

    answer: Answer
    code: str = ""
    down: str = ""
    report: str = ""


def judge(error: BaseException, context: Mapping[str, str]) -> Verdict:
    """Turn any error into what the person is told; a bug is written to the log with `context`."""
    if isinstance(error, Refused):
        return Verdict(Answer("bad", error.text, error.detail), code=error.code)
    if isinstance(error, Unknown):
        detail = _("Don't scan it again: what came of it shows as soon as the store is back.")
        return Verdict(Answer("warn", error.text, detail), code="unknown", down=error.what)
    if isinstance(error, Down):
        detail = _("Nothing was changed. Scan again when it is back.")
        if error.what == "store":
            detail = _("Scan again when it is back.")  # its own words say what was saved
        return Verdict(Answer("warn", error.text, detail), code="down", down=error.what)
    report = write_report(error, context)
    return Verdict(
        Answer("bad", bug_words(report), _("Scan again, or ask a supervisor.")),
        code="bug",
        report=report,
    )


def bug_words(report: str) -> str:
    """What the person is told of a bug."""
    return _("Something went wrong in Dock; the store was not changed; report {report}.").format(
        report=report
    )


def write_report(error: BaseException, context: Mapping[str, str]) -> str:
    """Write the bug to the log and return the id under which it is found there.

    The log leaves the building when somebody asks for help: it holds where the program was, never
    what the data said. Quoted values and long numbers in the error's own words are left out.
    """
    report = uuid4().hex[:8].upper()
    frames = traceback.extract_tb(error.__traceback__)
    where = "\n".join(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    told = " ".join(f"{name}={value}" for name, value in context.items())
    try:
        log = _log()
    except OSError:  # no place to write it: whoever started the program sees it at least
        log = logging.getLogger("dock.unwritten")
    log.error(
        "report %s %s: %s %s\n%s", report, type(error).__name__, _without_data(error), told, where
    )
    return report


def catch_all(shown: Callable[[str], None]) -> None:
    """Catch what no one else did, in every thread; `shown(report id)` tells the person."""

    def main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        shown(write_report(error.with_traceback(trace), {"where": "window"}))

    def thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            write_report(args.exc_value, {"where": "thread"})

    sys.excepthook = main
    threading.excepthook = thread


@lru_cache(maxsize=1)
def _log() -> logging.Logger:
    folder = user_data() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    log = logging.getLogger("dock.reports")
    log.propagate = False
    writer = RotatingFileHandler(
        folder / "dock.log", maxBytes=_LOG_BYTES, backupCount=5, encoding="utf-8"
    )
    writer.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(writer)
    return log


def _without_data(error: BaseException) -> str:
    inner = getattr(error, "orig", None) or error  # SQLAlchemy's own words repeat the parameters
    first = str(inner).split("\n", 1)[0][:200]
    return _DIGITS.sub("#", _QUOTED.sub("'…'", first))
