"""How the workstation opens: what is loaded, and in which order, until its first screen stands."""

from __future__ import annotations


def run_window(url: str) -> int:
    """Open the workstation on a store; gives the exit status.

    What signing in needs is loaded first and the rooms behind the first screen; what has no Qt in
    it before Qt, behind which every import takes longer; and garbage is not looked for until the
    window stands.
    """
    import gc

    gc.disable()
    import wms_app.office.people.presenter  # noqa: F401
    from wms_app.base.db import Store
    from wms_app.window import run

    return run(Store(url))
