"""What can be done in every room: help, sign out, find, theme, language, the next room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from wms_app.base import texts
from wms_app.base.conversation import Action
from wms_app.base.texts import _
from wms_app.desk import help as help_page
from wms_app.desk import style
from wms_app.desk.prompt import Question

if TYPE_CHECKING:
    from wms_app.desk.frame import Window


def house_actions(signed_in: bool) -> tuple[tuple[Action, ...], tuple[Action, ...]]:
    """The house's actions: those on the key bar, and those by key or command only."""
    everybody = (
        Action("theme", "Ctrl+T", _("Light or dark")),
        Action("full_screen", "F11", _("Full screen")),
        Action("more", "Ctrl+M", _("More")),
    )
    language = Action("language", "Ctrl+L", _("Language"))
    assistance = Action("help", "F1", _("Help"))
    if not signed_in:
        return (language, assistance), everybody
    silent = (
        Action("find", "Ctrl+K", _("Find")),
        Action("next_room", "Ctrl+PgDown", _("Next room")),
        Action("previous_room", "Ctrl+PgUp", _("Previous room")),
        Action("camera", "Ctrl+P", _("Camera picture")),
        language,
        *everybody,
    )
    return (assistance, Action("sign_out", "F12", _("Sign out"))), silent


def house_deeds(window: Window) -> Mapping[str, Callable[[], None]]:
    """What each of the house's actions does to `window`."""
    return {
        "help": lambda: _help(window),
        "sign_out": window.sign_out,
        "find": lambda: _find(window),
        "theme": lambda: window.use_theme("dark" if style.theme() == "light" else "light"),
        "language": lambda: _choose_language(window),
        "full_screen": lambda: _toggle_full_screen(window),
        "next_room": lambda: _step(window, 1),
        "previous_room": lambda: _step(window, -1),
        "camera": window.camera_wanted.emit,
        "more": lambda: _more(window),
    }


def _help(window: Window) -> None:
    title = window.rooms[window.current].title() if window.current else "Dock"
    text = help_page.page(window.current, window.commands.room, window.commands.house)
    window.shell.prompt.ask(Question("read", title, text=text), lambda _value: None)


def _more(window: Window) -> None:
    hidden = window.shell.keys.hidden_actions()
    if hidden:
        choices = tuple((action.name, action.label) for action in hidden)
        question = Question("choice", _("More"), choices=choices)
        window.shell.prompt.ask(question, window.commands.start)


def _find(window: Window) -> None:
    """Ask what to find, and let the finder's room find it; without one, the scan line is ready."""
    if window.finder not in window.allowed:
        window.shell.line.show()
        window.shell.line.setFocus()
        return

    def found(text: str) -> None:
        if window.current != window.finder:
            window.go(window.finder)
        window.ask(lambda: window.talk.act("find", text))

    question = Question("text", _("Find"), _("Scan or type an order, goods, a bin, a parcel."))
    window.shell.prompt.ask(question, found)


def _choose_language(window: Window) -> None:
    spoken = list(texts.LANGUAGES)
    if len(spoken) == 2:
        window.use_language(spoken[1 - spoken.index(texts.language())])
    else:
        question = Question("choice", _("Language"), choices=tuple(texts.LANGUAGES.items()))
        window.shell.prompt.ask(question, window.use_language)


def _toggle_full_screen(window: Window) -> None:
    if window.isFullScreen():
        window.showNormal()
    else:
        window.showFullScreen()


def _step(window: Window, by: int) -> None:
    if window.current in window.allowed:
        place = window.allowed.index(window.current) + by
        window.go(window.allowed[place % len(window.allowed)])
