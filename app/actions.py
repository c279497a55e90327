"""Every action of the window, once. Menus, toolbar, help sheet and tests read this table.

A row names its handler by the path from the main window (``transport.toggle``), and says by
``needs`` what must be there for it to be of use: the window enables and disables by that alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from PyQt5.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PyQt5.QtWidgets import QMainWindow

CONTEXT = "actions"
RECORDING = "recording"
"""A recording is open."""
TURNS = "turns"
"""The recording has at least one turn."""
BUSY = "busy"
"""Work is under way that can be cancelled."""
IDLE = "idle"
"""No such work is under way."""


def _(text: str) -> str:
    return str(QT_TRANSLATE_NOOP(CONTEXT, text))


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the person can do.

    Attributes:
        id: stable name, also the QAction's object name.
        menu: the menu that lists it, one of :data:`MENUS`.
        text: menu text with its mnemonic.
        handler: attribute path from the main window to what runs.
        keys: shortcuts as portable text; the first is the one that menus show.
        tip: what it does, in one sentence: tooltip, status line and help sheet.
        needs: what must be there for it to be enabled.
        icon: file in assets/icons; actions with one are on the toolbar, in the table's order.
        checkable: it is a mode that is on or off; the handler takes the new state.
        group: actions of a menu with different groups are parted by a line.
    """

    id: str
    menu: str
    text: str
    handler: str
    keys: tuple[str, ...]
    tip: str
    needs: frozenset[str] = frozenset()
    icon: str = ""
    checkable: bool = False
    group: int = 0

    @property
    def label(self) -> str:
        """The translated text without mnemonic and dots, as help and screen readers say it."""
        return tr(self.text).replace("&", "").rstrip("….")


def tr(text: str) -> str:
    """A text of this table in the person's language."""
    return QCoreApplication.translate(CONTEXT, text)


FILE, PLAY, GO, VIEW, HELP = MENUS = (_("&File"), _("&Play"), _("&Go"), _("&View"), _("&Help"))
_OPEN = frozenset({RECORDING})
_WITH_TURNS = frozenset({RECORDING, TURNS})
_AT_REST = frozenset({RECORDING, IDLE})

ACTIONS: tuple[Action, ...] = (
    Action("open", FILE, _("&Open recording…"), "choose_recording", ("Ctrl+O",),
           _("Open an audio or video file and find out who speaks when"), icon="open"),
    Action("listen_again", FILE, _("&Listen again"), "listen_again", ("F5",),
           _("Find the turns of this recording once more"), _AT_REST, group=1),
    Action("cancel", FILE, _("S&top listening"), "cancel", ("Ctrl+.",),
           _("Stop the work under way; the turns found so far stay"), frozenset({BUSY}), group=1),
    Action("save", FILE, _("&Save turns as…"), "save_turns", ("Ctrl+S", "Ctrl+Shift+E"),
           _("Write the turns as RTTM, CSV, JSON, text or Audacity labels"), _AT_REST,
           icon="save", group=2),
    Action("close", FILE, _("&Close recording"), "close_recording", ("Ctrl+W",),
           _("Close this recording; the file itself is never changed"), _OPEN, group=3),
    Action("quit", FILE, _("&Quit"), "close", ("Ctrl+Q",), _("Close Voicelanes"), group=3),

    Action("play", PLAY, _("&Play or pause"), "transport.toggle", ("Space",),
           _("Play from the playhead, or pause; plays the selected time if there is one"),
           _OPEN, icon="play"),
    Action("play_turn", PLAY, _("&Loop this turn"), "transport.loop_turn", ("Shift+Space",),
           _("Play the selected turn, or the one at the playhead, over and over"), _WITH_TURNS),
    Action("step_back", GO, _("Step &back"), "transport.step_back", ("Left",),
           _("One second back"), _OPEN),
    Action("step_forward", GO, _("Step &forward"), "transport.step_forward", ("Right",),
           _("One second forward"), _OPEN),
    Action("previous_edge", GO, _("Previous turn &edge"), "transport.previous_edge",
           ("Ctrl+Left", "Alt+Left"), _("Back to where a turn starts or ends"), _WITH_TURNS,
           group=1),
    Action("next_edge", GO, _("Next turn e&dge"), "transport.next_edge",
           ("Ctrl+Right", "Alt+Right"), _("On to where a turn starts or ends"), _WITH_TURNS,
           group=1),
    Action("previous_turn", GO, _("&Previous turn"), "transport.previous_turn", ("P",),
           _("Select the turn before and go to its start"), _WITH_TURNS, group=2),
    Action("next_turn", GO, _("&Next turn"), "transport.next_turn", ("N",),
           _("Select the next turn and go to its start"), _WITH_TURNS, group=2),
    Action("start", GO, _("&Start of recording"), "transport.to_start", ("Home",),
           _("Go to the start of the recording"), _OPEN, group=3),
    Action("end", GO, _("End of &recording"), "transport.to_end", ("End",),
           _("Go to the end of the recording"), _OPEN, group=3),
    Action("go_to", GO, _("&Go to time…"), "go_to_time", ("Ctrl+G", "Ctrl+J"),
           _("Type a time and go there"), _OPEN, group=3),

    Action("zoom_in", VIEW, _("Zoom &in"), "timeline.zoom_in", ("Ctrl+1", "Ctrl++", "Ctrl+="),
           _("Show less time, larger"), _OPEN, icon="zoom-in"),
    Action("zoom_out", VIEW, _("Zoom &out"), "timeline.zoom_out", ("Ctrl+3", "Ctrl+-"),
           _("Show more time, smaller"), _OPEN, icon="zoom-out"),
    Action("fit", VIEW, _("&Fit"), "timeline.fit", ("Ctrl+F",),
           _("Show the whole recording"), _OPEN, icon="fit"),
    Action("zoom_normal", VIEW, _("&Normal zoom"), "timeline.zoom_normal", ("Ctrl+2",),
           _("Show as much time as is good to read"), _OPEN),
    Action("zoom_selection", VIEW, _("Zoom to &selection"), "transport.zoom_to_selection",
           ("Ctrl+E",), _("Show just the selected time or turn"), _OPEN),
    Action("scroll_back", VIEW, _("Scroll &back"), "transport.scroll_back", ("PgUp",),
           _("One screen back in time"), _OPEN, group=1),
    Action("scroll_forward", VIEW, _("Scroll for&ward"), "transport.scroll_forward", ("PgDown",),
           _("One screen on in time"), _OPEN, group=1),
    Action("follow", VIEW, _("Follow the &playhead"), "transport.set_follow", ("F",),
           _("Keep the playhead in view; scrolling by hand suspends it"), _OPEN,
           checkable=True, group=2),
    Action("escape", VIEW, _("&Clear selection, then fit"), "transport.escape", ("Esc",),
           _("First clears the selection and ends a loop, then shows the whole recording"),
           _OPEN, group=2),

    Action("shortcuts", HELP, _("&Keyboard and mouse"), "show_help", ("F1", "?"),
           _("Show every shortcut")),
    Action("log_folder", HELP, _("Open &log folder"), "open_log_folder", (),
           _("Show the folder with the log of this program"), group=1),
    Action("about", HELP, _("&About Voicelanes"), "show_about", (),
           _("Version and licence"), group=2),
)  # fmt: skip

MOUSE: tuple[tuple[str, str], ...] = (
    (_("Click"), _("Move the playhead there")),
    (_("Click a turn"), _("Select it")),
    (_("Double-click a turn"), _("Play just that turn, over and over")),
    (_("Drag"), _("Select a stretch of time")),
    (_("Wheel"), _("Scroll in time")),
    (_("Ctrl+wheel"), _("Zoom about the pointer")),
    (_("Drop a file"), _("Open it")),
)
"""What the mouse does on the timeline, for the help sheet."""


def key_names(action: Action) -> list[str]:
    """The shortcuts as this system writes them."""
    return [QKeySequence(k).toString(QKeySequence.NativeText) for k in action.keys]


def build(window: QMainWindow) -> dict[str, QAction]:
    """A QAction for each row, connected to its handler and added to the window."""
    made = {}
    for row in ACTIONS:
        action = QAction(tr(row.text), window)
        action.setObjectName(row.id)
        action.setShortcuts([QKeySequence(k, QKeySequence.PortableText) for k in row.keys])
        # one window, and Space must not reach a dialog's button by way of the application
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        keys = ", ".join(key_names(row))
        action.setToolTip(f"{tr(row.tip)} ({keys})" if keys else tr(row.tip))
        action.setStatusTip(tr(row.tip))
        handler = attrgetter(row.handler)(window)
        if row.checkable:
            action.setCheckable(True)
            action.toggled.connect(handler)
        else:
            # triggered's "checked" is no argument of a handler
            action.triggered.connect(lambda _checked, run=handler: run())
        if row.id == "quit":
            action.setMenuRole(QAction.MenuRole.QuitRole)
        elif row.id == "about":
            action.setMenuRole(QAction.MenuRole.AboutRole)
        window.addAction(action)
        made[row.id] = action
    return made


def enable(actions: Mapping[str, QAction], there: frozenset[str]) -> None:
    """Enable exactly the actions whose needs are met by what is there."""
    for row in ACTIONS:
        actions[row.id].setEnabled(row.needs <= there)
