"""What the Help menu shows of the program itself: version, models, licences, newer versions."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PyQt5.QtCore import QCoreApplication, Qt, QUrl
from PyQt5.QtGui import QDesktopServices, QFont, QIcon
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.style.icons import app_icon
from app.style.wording import decimal
from app.widgets.questions import Answer, ask
from core.errors import ModelError
from core.licences import Part, parts
from core.models.folders import current_models
from core.models.manifest import ModelFile
from core.version import described, releases

_LINE = "\n" + "=" * 72 + "\n"


class AboutDialog(QDialog):
    """Version and licence, the models that run, and the works that the program stands on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.setWindowTitle(_tr("About Voicelanes"))
        self.resize(640, 520)
        works = parts()
        pages = QTabWidget()
        pages.tabBar().setAccessibleName(self.windowTitle())
        pages.addTab(_models(), _tr("Models"))
        pages.addTab(_text(_table(works), _tr("Works of others"), "works"), _tr("Works of others"))
        pages.addTab(_licences(works), _tr("Licences"))
        buttons = QDialogButtonBox(QDialogButtonBox.Close)
        buttons.button(QDialogButtonBox.Close).setIcon(QIcon())
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(_head())
        column.addWidget(pages)
        column.addWidget(buttons)


def show_new_version(parent: QWidget) -> None:
    """Where newer versions are: a page for the person's browser, and never asked by the program."""
    here = _tr("This is Voicelanes {}.").format(described())
    page = releases()
    if not page:
        more = _tr(
            "Voicelanes never looks for new versions itself, and this one doesn't know a page that"
            " has them: ask where you got it."
        )
        ask(parent, here, more, (Answer("close", _tr("Close")),), lambda _: None)
        return
    more = _tr(
        "Voicelanes never looks for new versions itself. Your browser can show the page that has"
        " them: {}"
    ).format(page)
    answers = Answer("open", _tr("Open in the browser")), Answer("close", _tr("Close"))
    ask(parent, here, more, answers, lambda chosen: _open(page) if chosen == "open" else None)


def _open(page: str) -> None:
    QDesktopServices.openUrl(QUrl(page))


def _head() -> QHBoxLayout:
    icon = QLabel()
    icon.setPixmap(app_icon().pixmap(64, 64))
    name = QLabel(
        _tr("<b>Voicelanes {}</b><br>shows who speaks when").format(escape(described()))
        + "<br><br>"
        + _tr(
            "Everything runs on this computer: no account and no network.<br>"
            "Free software under the GNU General Public License, version 3 or later."
        )
    )
    name.setObjectName("version")
    name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    row = QHBoxLayout()
    row.addWidget(icon)
    row.addWidget(name, 1)
    return row


def _models() -> QTextBrowser:
    """A paragraph for each file of the models that run."""
    try:
        models = current_models()
    except ModelError as error:
        return _text(f"<p>{escape(str(error))}</p>", _tr("Models"), "models")
    files: Iterable[ModelFile | None] = (
        models.segmentation,
        models.speech,
        models.edges,
        models.encoder,
        models.decoder,
    )
    rows = "".join(
        f"<p><b>{escape(one.file)}</b>, {decimal(one.size / 1e6)} MB<br>"
        f"{_tr('Licence:')} {escape(one.licence)}<br>{_tr('Source:')} {escape(one.source)}<br>"
        f"{_tr('Trained on:')} {escape(one.trained_on)}</p>"
        for one in files
        if one is not None
    )
    return _text(rows, _tr("Models"), "models")


def _table(works: list[Part]) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.name)}</td><td>{escape(one.version)}</td>"
        f"<td>{escape(one.licence)}</td></tr>"
        for one in works
    )
    return f"<table cellpadding='3'>{rows}</table>"


def _licences(works: list[Part]) -> QPlainTextEdit:
    """The texts themselves, one after the other."""
    texts = [
        f"{one.name} {one.version}: {one.licence}\n\n" + "\n\n".join(one.texts) for one in works
    ]
    page = QPlainTextEdit(_LINE.join(texts))
    page.setAccessibleName(_tr("Licences"))
    page.setReadOnly(True)
    page.setLineWrapMode(QPlainTextEdit.NoWrap)
    font = QFont("monospace")
    font.setStyleHint(QFont.Monospace)
    page.setFont(font)
    return page


def _text(html: str, name: str, object_name: str) -> QTextBrowser:
    page = QTextBrowser()
    page.setAccessibleName(name)
    page.setObjectName(object_name)
    page.setHtml(html)
    return page


def _tr(text: str) -> str:
    return QCoreApplication.translate("about", text)
