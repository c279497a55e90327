"""The language of the window: the system's or a chosen one, from assets/translations."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QCoreApplication, QLibraryInfo, QLocale, QSettings, QTranslator

from app.preferences import stored

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "translations"
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""By code, as people who speak them call them. English is in the source."""

_loaded: list[QTranslator] = []


def wanted(settings: QSettings) -> str:
    """The code of the language to use: the chosen one, else the system's if it is there."""
    chosen = str(stored(settings, "language") or "")
    if chosen in LANGUAGES:
        return chosen
    for name in QLocale.system().uiLanguages():
        code = name.replace("_", "-").partition("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"


def use_language(code: str) -> None:
    """Let all windows made from now on speak this language, Qt's own dialogs too."""
    application = QCoreApplication.instance()
    if application is None:
        return
    system = QLocale.system()
    regional = system.name().partition("_")[0] == code
    QLocale.setDefault(system if regional else QLocale(code))
    while _loaded:
        application.removeTranslator(_loaded.pop())
    if code == "en" or code not in LANGUAGES:
        return
    qt = QLibraryInfo.location(QLibraryInfo.LibraryLocation.TranslationsPath)
    for name, folder in ((f"qtbase_{code}", qt), (f"voicelanes_{code}", str(FOLDER))):
        translator = QTranslator()
        if translator.load(name, folder):
            application.installTranslator(translator)
            _loaded.append(translator)
