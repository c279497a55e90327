"""What the Help menu says of the program itself."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import QLabel, QMessageBox, QPlainTextEdit, QTextBrowser

from app.help import about
from core.models.manifest import shipped_models
from core.version import described


def test_about_shows_version_models_and_licences(window: Any) -> None:
    window.actions_by_id["about"].trigger()
    dialog = window.findChild(about.AboutDialog)
    assert described() in dialog.findChild(QLabel, "version").text()
    models, works = (
        dialog.findChild(QTextBrowser, name).toPlainText() for name in ("models", "works")
    )
    shipped = shipped_models()
    for file in (shipped.encoder, shipped.decoder, shipped.speech):
        assert file.file in models
        assert file.licence in models
    assert "PyQt5" in works
    assert "Redistribution and use" in dialog.findChild(QPlainTextEdit).toPlainText()
    dialog.close()


@pytest.mark.parametrize("page", ["", "https://example.org/versions"])
def test_new_versions_are_looked_for_by_the_person_alone(
    window: Any, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toString()))
    monkeypatch.setattr(about, "releases", lambda: page)
    window.actions_by_id["new_version"].trigger()
    (box,) = (b for b in window.findChildren(QMessageBox) if described() in b.text())
    assert page in box.informativeText()
    assert shown == []
    box.buttons()[0].click()
    assert shown == ([page] if page else [])
