"""The language of the person: our words and Qt's own, changed together."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from wms_app.base import texts


class Tongue:
    """Keeps Qt's translator of the language that is spoken."""

    def __init__(self) -> None:
        self._translator: QTranslator | None = None

    def speak(self, language: str) -> None:
        """Speak `language` (a key of `texts.LANGUAGES`) from now on."""
        texts.use(language)
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{language}", folder):
            QCoreApplication.installTranslator(translator)
            self._translator = translator
