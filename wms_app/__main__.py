"""`wms`, also as `python -m wms_app`: the window at once, everything else through the command."""

from __future__ import annotations

import sys


def main() -> None:
    """Open the workstation when nothing was asked; the command itself takes time to load."""
    if len(sys.argv) > 1:
        from wms_app.cli import main as command

        command()
        return
    from wms_app.base.refusal import Down, Refused

    try:
        sys.exit(_workstation())
    except (Refused, Down) as bad_news:
        detail = bad_news.detail if isinstance(bad_news, Refused) else ""
        sys.stderr.write(f"{bad_news} {detail}".rstrip() + "\n")
        sys.exit(1)


def _workstation() -> int:
    from wms_app.base import texts
    from wms_app.opening import run_window
    from wms_app.settings import load

    settings = load()
    texts.use(settings.language)
    return run_window(settings.store_url())


if __name__ == "__main__":
    main()
