"""Every action of the window, once. Menus, toolbar, help sheet and tests read this table.

A row names its handler by the path from the main window (``transport.toggle``), and says by
``needs`` what must be there for it to be of use: the window enables and disables by that alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from PyQt5.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction

if TYPE_CHECKING:
    from PyQt5.QtWidgets import QMainWindow

CONTEXT = "actions"
RECORDING = "recording"
"""A recording is open."""
TURNS = "turns"
"""The recording has at least one turn."""
COMPLETE = "complete"
"""The whole recording was heard: its turns can be changed."""
GIVABLE = "givable"
"""Turns can be given to other speakers: also while they are recorded."""
SPEAKERS = "speakers"
"""There is at least one speaker."""
EMPTY_LANE = "empty lane"
"""The lane of the current speaker has no turns."""
ASKED = "asked"
"""A speaker was recognised, or may be somebody who is known."""
TRACKS = "tracks"
"""The recording has more than one sound track."""
FOLDER = "folder"
"""A folder of recordings is open."""
COMPARED = "compared"
"""A reference is open to compare with."""
UNDO, REDO = "undo", "redo"
"""There is something to undo, or to redo."""
BUSY = "busy"
"""Work is under way that can be cancelled."""
IDLE = "idle"
"""No such work is under way."""
LIVE = "live"
"""The microphone is recorded, or will be in a moment."""
MICROPHONE = "microphone"
"""A recording can begin, pause or go on."""
SAVABLE = "savable"
"""No turns arrive at the moment."""


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
        submenu: title of the menu inside the menu that lists it, if any.
        value: what the handler is called with, if anything.
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
    submenu: str = ""
    value: int | None = None

    @property
    def label(self) -> str:
        """The translated text without mnemonic and dots, as help and screen readers say it."""
        return tr(self.text).replace("&", "").rstrip("….")


def tr(text: str) -> str:
    """A text of this table in the person's language."""
    return QCoreApplication.translate(CONTEXT, text)


FILE, RECORD, EDIT, SPEAKER, PLAY, GO, VIEW, HELP = MENUS = (
    *(_("&File"), _("&Record")),
    *(_("&Edit"), _("&Speakers"), _("&Play"), _("&Go"), _("&View"), _("&Help")),
)
NUMBERS = (
    *(_("Speaker &1"), _("Speaker &2"), _("Speaker &3"), _("Speaker &4"), _("Speaker &5")),
    *(_("Speaker &6"), _("Speaker &7"), _("Speaker &8"), _("Speaker &9")),
)
_OPEN = frozenset({RECORDING})
_WITH_TURNS = frozenset({RECORDING, TURNS})
_AT_REST = frozenset({RECORDING, IDLE})
_SAVABLE = frozenset({RECORDING, SAVABLE})
_EDITABLE = frozenset({RECORDING, COMPLETE})
_EDITABLE_TURNS = frozenset({RECORDING, COMPLETE, TURNS})
_GIVABLE = frozenset({RECORDING, GIVABLE})
_WITH_SPEAKERS = frozenset({RECORDING, SPEAKERS})
GIVE, EDGES, MARKERS = _("&Give to speaker"), _("M&ove an edge"), _("Mar&kers")
SPECTROGRAM = _("Spec&trogram")
MISTAKES, OVERLAPS = _("Mis&takes"), _("Overlapping spee&ch")

ACTIONS: tuple[Action, ...] = (
    Action("open", FILE, _("&Open recording…"), "opening.choose", ("Ctrl+O",),
           _("Open an audio or video file and find out who speaks when, or a saved meeting"),
           icon="open"),
    Action("open_folder", FILE, _("Open &folder…"), "folder.choose", ("Ctrl+Shift+O",),
           _("Find out who speaks when in all recordings of a folder")),
    Action("listen_again", FILE, _("Anal&yse again"), "meetings.listen_again", ("F5",),
           _("Find the turns of this recording once more"), _AT_REST, group=1),
    Action("sound_track", FILE, _("Sound trac&k…"), "sound_tracks.ask", (),
           _("Choose which of several sound tracks is heard, and find its turns"),
           frozenset({TRACKS}), group=1),
    Action("cancel", FILE, _("S&top analysing"), "cancel", ("Ctrl+.",),
           _("Stop the work under way; the turns found so far stay"), frozenset({BUSY}), group=1),
    Action("save", FILE, _("&Save"), "meetings.save", ("Ctrl+S",),
           _("Keep turns, names and markers in a meeting file beside the recording"), _SAVABLE,
           icon="save", group=2),
    Action("save_as", FILE, _("Save &as…"), "meetings.save_as", ("Ctrl+Shift+S",),
           _("Keep the meeting under another name or in another folder"), _SAVABLE, group=2),
    Action("import", FILE, _("&Import turns…"), "meetings.choose_import", (),
           _("Put turns from RTTM, Audacity labels, TextGrid, EAF or JSON on this recording"),
           _EDITABLE, group=2),
    Action("import_words", FILE, _("Import wor&ds…"), "word_import.choose", (),
           _("Lay a transcript on the turns: subtitles, Whisper, Vosk, ELAN, text with names"),
           _EDITABLE, group=2),
    Action("recognise_words", FILE, _("Recog&nise words…"), "word_recognition.ask", (),
           _("Let a recogniser on this machine write down what is said in the turns"),
           _EDITABLE_TURNS, group=2),
    Action("export", FILE, _("&Export…"), "exporting.ask", ("Ctrl+Shift+E",),
           _("Write the turns for other programs, a summary, a picture or the sound per speaker"),
           _AT_REST, icon="export", group=2),
    Action("compare", FILE, _("Compare &with a reference…"), "comparing.choose", (),
           _("Open right turns (RTTM and others): error rate, and where the mistakes are"),
           _OPEN, group=2),
    Action("settings", FILE, _("Settin&gs…"), "show_settings", ("Ctrl+,",),
           _("Theme, language, microphone, models, shortcuts"), group=4),
    Action("close", FILE, _("&Close recording"), "close_recording", ("Ctrl+W",),
           _("Close this recording; the file itself is never changed"), _OPEN, group=3),
    Action("quit", FILE, _("&Quit"), "close", ("Ctrl+Q",), _("Close Voicelanes"), group=3),

    Action("record", RECORD, _("&Record"), "capturing.record", ("Ctrl+R",),
           _("Record from the microphone and see who speaks meanwhile; again to pause, and go on"),
           frozenset({MICROPHONE}), icon="record"),
    Action("stop_recording", RECORD, _("&Stop recording"), "live.stop", ("Ctrl+Shift+R",),
           _("End the recording; it is saved, and a second pass listens to all of it"),
           frozenset({LIVE})),
    Action("mini_view", RECORD, _("M&ini view"), "capturing.show_mini", ("Ctrl+Shift+N",),
           _("A small window that stays in front while it is recorded, beside a call"),
           frozenset({LIVE})),
    Action("panel_capture", RECORD, _("&Microphone and level"), "capture.show_panel", (),
           _("Choose the microphone and see how loud it is, before anything is recorded"),
           checkable=True, group=1),
    Action("recordings_folder", RECORD, _("Recordings &folder…"), "capturing.choose_folder", (),
           _("Choose where recordings are kept"), group=1),

    Action("play", PLAY, _("&Play or pause"), "transport.toggle", ("Space",),
           _("Play from the playhead, or pause; plays the selected time if there is one"),
           _OPEN, icon="play"),
    Action("stop_playing", PLAY, _("S&top"), "transport.stop", ("Ctrl+Space",),
           _("Stop, and go back to where playing began"), _OPEN, icon="stop"),
    Action("skip_back", PLAY, _("Skip 5 s &back"), "transport.skip_back", (",",),
           _("Hear the last five seconds once more"), _OPEN, icon="back-5"),
    Action("skip_on", PLAY, _("Skip 5 s &forward"), "transport.skip_on", (".",),
           _("Five seconds on"), _OPEN, icon="on-5"),
    Action("play_turn", PLAY, _("&Loop selection or turn"), "transport.loop_selection",
           ("Shift+Space", "L"),
           _("Play the selected time or turn, or the turn at the playhead, over and over"),
           _OPEN, icon="loop"),
    Action("skip_silence", PLAY, _("Skip s&ilence"), "audition.set_skip_silence", ("Shift+S",),
           _("Jump over everything in which nobody speaks"), _WITH_TURNS, icon="skip-silence",
           checkable=True),
    Action("slower", PLAY, _("&Slower"), "transport.slower", ("<",),
           _("Play more slowly, down to half the speed, at the same pitch"), _OPEN, group=1),
    Action("faster", PLAY, _("F&aster"), "transport.faster", (">",),
           _("Play faster, up to twice the speed, at the same pitch"), _OPEN, group=1),
    Action("normal_speed", PLAY, _("&Normal speed"), "transport.normal_speed", ("Ctrl+0",),
           _("Play as it was said"), _OPEN, group=1),
    Action("play_sample", PLAY, _("Play a sample of this &voice"), "audition.play_sample", ("V",),
           _("Play some seconds in which the speaker of the selected turn or lane speaks alone"),
           _WITH_TURNS, group=2),
    Action("solo", PLAY, _("Play &only this voice"), "audition.solo", ("O",),
           _("Jump over everything that this speaker doesn't say; again to end that"),
           _WITH_SPEAKERS, group=2),
    Action("mute", PLAY, _("&Mute this voice"), "audition.mute", ("X",),
           _("Silence where just this speaker speaks; again to end that"),
           _WITH_SPEAKERS, group=2),
    Action("hear_all", PLAY, _("&Hear all voices"), "audition.hear_all", ("Shift+O",),
           _("No voice is muted or played alone any more"), _WITH_SPEAKERS, group=2),
    Action("undo", EDIT, _("&Undo"), "editing.undo", ("Ctrl+Z",),
           _("Take back the last change"), frozenset({UNDO})),
    Action("redo", EDIT, _("&Redo"), "editing.redo", ("Ctrl+Shift+Z", "Ctrl+Y"),
           _("Make the change again that was taken back"), frozenset({REDO})),
    Action("select_all", EDIT, _("Select &all turns"), "editing.select_all", ("Ctrl+A",),
           _("Select every turn"), _WITH_TURNS, group=1),
    Action("select_speaker", EDIT, _("Select all of this speak&er"), "editing.select_speaker",
           ("Ctrl+Shift+A",), _("Select every turn of the selected turn's speaker"),
           _WITH_TURNS, group=1),
    Action("extend_back", EDIT, _("Select the turn &before too"), "editing.extend_back",
           ("Shift+P",), _("Add the turn before to those that are selected"),
           _WITH_TURNS, group=1),
    Action("extend_on", EDIT, _("Select the ne&xt turn too"), "editing.extend_on", ("Shift+N",),
           _("Add the next turn to those that are selected"), _WITH_TURNS, group=1),
    Action("split", EDIT, _("&Split at the playhead"), "editing.split", ("S",),
           _("Cut the selected turn, or the one at the playhead, in two"),
           _EDITABLE_TURNS, group=2),
    Action("merge", EDIT, _("&Merge with next"), "editing.merge_next", ("M",),
           _("Make the selected turns one, or a turn and the next one of its speaker"),
           _EDITABLE_TURNS, group=2),
    Action("merge_previous", EDIT, _("Merge with &previous"), "editing.merge_previous",
           ("Shift+M",), _("Make a turn and the one before it of its speaker one"),
           _EDITABLE_TURNS, group=2),
    Action("delete", EDIT, _("&Delete turns"), "editing.delete", ("Del", "Backspace"),
           _("Nobody speaks in the selected turns"), _EDITABLE_TURNS, group=2),
    Action("edit_words", EDIT, _("Write what &is said"), "docks.write_words", ("W",),
           _("Write or correct the words of the selected turn, in the table"),
           _EDITABLE_TURNS, group=2),
    Action("draw", EDIT, _("New &turn"), "editing.draw", ("T",),
           _("A turn over the selected time, of the speaker whose lane was chosen last"),
           _EDITABLE, group=2),
    *(Action(f"give_{n}", EDIT, text, "editing.give", (str(n),),
             _("The selected turns are of this speaker; over selected time, draw a turn of theirs"),
             _GIVABLE, group=3, submenu=GIVE, value=n) for n, text in enumerate(NUMBERS, 1)),
    Action("give_new", EDIT, _("&New speaker"), "editing.give_new", ("0",),
           _("The selected turns, or the selected time, are of somebody new"),
           _GIVABLE, group=3, submenu=GIVE),
    Action("start_here", EDIT, _("&Start at the playhead"), "editing.start_here", ("[",),
           _("The selected turn starts here; without one, the selected time does"),
           _OPEN, group=3, submenu=EDGES),
    Action("end_here", EDIT, _("&End at the playhead"), "editing.end_here", ("]",),
           _("The selected turn ends here; without one, the selected time does"),
           _OPEN, group=3, submenu=EDGES),
    Action("start_earlier", EDIT, _("Start e&arlier"), "editing.start_earlier",
           ("Ctrl+Shift+Left",), _("The selected turn starts 50 ms earlier"),
           _EDITABLE_TURNS, group=3, submenu=EDGES),
    Action("start_later", EDIT, _("Start &later"), "editing.start_later",
           ("Ctrl+Shift+Right",), _("The selected turn starts 50 ms later"),
           _EDITABLE_TURNS, group=3, submenu=EDGES),
    Action("end_earlier", EDIT, _("End ea&rlier"), "editing.end_earlier", ("Shift+Left",),
           _("The selected turn ends 50 ms earlier"), _EDITABLE_TURNS, group=3, submenu=EDGES),
    Action("end_later", EDIT, _("End la&ter"), "editing.end_later", ("Shift+Right",),
           _("The selected turn ends 50 ms later"), _EDITABLE_TURNS, group=3, submenu=EDGES),
    Action("add_marker", EDIT, _("&Add marker"), "marking.add", ("Ctrl+M",),
           _("Put a marker at the playhead, while recording at what is heard now, and type why"),
           _OPEN, group=4, submenu=MARKERS),
    Action("edit_marker", EDIT, _("&Edit its text"), "marking.edit", ("Ctrl+Shift+M",),
           _("Type another text for the marker at the playhead"),
           _OPEN, group=4, submenu=MARKERS),
    Action("remove_marker", EDIT, _("&Remove marker"), "marking.remove", ("Ctrl+Del",),
           _("Take away the marker at the playhead"), _OPEN, group=4, submenu=MARKERS),

    Action("rename", SPEAKER, _("&Rename"), "speaker_editing.rename", ("F2",),
           _("Type the name of this speaker; Tab goes on to the next one"), _WITH_SPEAKERS),
    Action("recolour", SPEAKER, _("Change &colour…"), "speaker_editing.recolour",
           ("Ctrl+Shift+C",), _("Choose a colour for this speaker"), _WITH_SPEAKERS),
    Action("reset_colour", SPEAKER, _("R&eset colour"), "speaker_editing.reset_colour", (),
           _("The colour that goes with this speaker's number"), _WITH_SPEAKERS),
    Action("merge_speaker", SPEAKER, _("&Merge with…"), "speaker_editing.merge",
           ("Ctrl+Shift+J",), _("This speaker and another one are the same person"),
           _WITH_SPEAKERS, group=1),
    Action("remove_speaker", SPEAKER, _("Remo&ve empty lane"), "speaker_editing.remove", (),
           _("Take away a speaker without turns"),
           frozenset({RECORDING, COMPLETE, EMPTY_LANE}), group=1),
    Action("ghosts", SPEAKER, _("Revie&w minor speakers…"), "ghosts.ask", (),
           _("Go through speakers who say so little that they may be nobody: fold or keep them"),
           frozenset({RECORDING, COMPLETE, SPEAKERS}), group=1),
    Action("lane_up", SPEAKER, _("Move lane &up"), "speaker_editing.move_up", ("Ctrl+Shift+Up",),
           _("Show this speaker's lane further up"), _WITH_SPEAKERS, group=2),
    Action("lane_down", SPEAKER, _("Move lane &down"), "speaker_editing.move_down",
           ("Ctrl+Shift+Down",), _("Show this speaker's lane further down"),
           _WITH_SPEAKERS, group=2),
    Action("remember_voice", SPEAKER, _("Remem&ber this voice…"), "voice_keeping.remember", (),
           _("Keep the voice of this speaker, so that it is recognised in later meetings"),
           frozenset({RECORDING, COMPLETE, SPEAKERS}), group=3),
    Action("voice_yes", SPEAKER, _("&Yes, that is the voice"), "known_voices.yes", ("Y",),
           _("This speaker is who the voice was recognised as, or may be"),
           frozenset({RECORDING, ASKED}), group=3),
    Action("voice_no", SPEAKER, _("&No, that is somebody else"), "known_voices.no", ("Shift+Y",),
           _("The voice isn't whose it was taken for; that isn't asked again in this meeting"),
           frozenset({RECORDING, ASKED}), group=3),
    Action("voices", SPEAKER, _("&Known voices…"), "recognising.show_voices", ("Ctrl+Shift+K",),
           _("The voices that are remembered: hear, repair, rename, export or delete them"),
           group=3),
    Action("find_voice", SPEAKER, _("&Find this voice elsewhere"), "folder.find_voice",
           ("Ctrl+Shift+V",), _("Show in which recordings of the folder the same voice speaks"),
           frozenset({RECORDING, COMPLETE, SPEAKERS}), group=3),

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
    Action("previous_of_speaker", GO, _("Previous turn of this spea&ker"),
           "editing.previous_of_speaker", ("J",),
           _("Select the turn before of the same speaker and go to its start"),
           _WITH_TURNS, group=2),
    Action("next_of_speaker", GO, _("Next turn of th&is speaker"), "editing.next_of_speaker",
           ("K",), _("Select the next turn of the same speaker and go to its start"),
           _WITH_TURNS, group=2),
    Action("lane_above", GO, _("Turn in the lane &above"), "editing.lane_above", ("Ctrl+Up",),
           _("Select the nearest turn in the lane above"), _WITH_TURNS, group=2),
    Action("lane_below", GO, _("Turn in the &lane below"), "editing.lane_below", ("Ctrl+Down",),
           _("Select the nearest turn in the lane below"), _WITH_TURNS, group=2),
    Action("next_doubtful", GO, _("Next d&oubtful turn"), "editing.next_doubtful", ("D",),
           _("Select the next turn of which it isn't sure who speaks"),
           _EDITABLE_TURNS, group=2),
    Action("previous_doubtful", GO, _("Previous do&ubtful turn"), "editing.previous_doubtful",
           ("Shift+D",), _("Select the turn before of which it isn't sure who speaks"),
           _EDITABLE_TURNS, group=2),
    Action("walk", GO, _("Revie&w doubtful turns"), "walk.start", ("Ctrl+D",),
           _("Go through them one by one: each is played, and you say whose it is"),
           _EDITABLE_TURNS, group=2),
    Action("previous_marker", GO, _("Pre&vious marker"), "marking.previous", ("Ctrl+PgUp",),
           _("Back to a marker"), _OPEN, group=4),
    Action("next_marker", GO, _("Ne&xt marker"), "marking.next", ("Ctrl+PgDown",),
           _("On to a marker"), _OPEN, group=4),
    Action("previous_mistake", GO, _("&Previous mistake"), "comparing.previous", ("Shift+E",),
           _("Back to where the turns differ from the reference"),
           frozenset({RECORDING, COMPARED}), group=4, submenu=MISTAKES),
    Action("next_mistake", GO, _("&Next mistake"), "comparing.next", ("E",),
           _("On to where the turns differ from the reference"),
           frozenset({RECORDING, COMPARED}), group=4, submenu=MISTAKES),
    Action("previous_overlap", GO, _("&Previous overlap"), "editing.previous_overlap",
           ("Shift+B",), _("Back to where two or more speak at once"),
           _WITH_TURNS, group=4, submenu=OVERLAPS),
    Action("next_overlap", GO, _("&Next overlap"), "editing.next_overlap", ("B",),
           _("On to where two or more speak at once; Space plays it"),
           _WITH_TURNS, group=4, submenu=OVERLAPS),
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
    Action("fit", VIEW, _("&Fit"), "timeline.fit", ("Ctrl+Shift+F",),
           _("Show the whole recording"), _OPEN, icon="fit"),
    Action("zoom_normal", VIEW, _("&Normal zoom"), "timeline.zoom_normal", ("Ctrl+2",),
           _("Show as much time as is good to read"), _OPEN),
    Action("zoom_selection", VIEW, _("Zoom to &selection"), "transport.zoom_to_selection",
           ("Ctrl+E",), _("Show just the selected time or turn"), _OPEN),
    *(Action(f"spectrogram_{top}", VIEW, text, "spectrograms.show", (), tip, _OPEN,
             submenu=SPECTROGRAM, value=top) for top, text, tip in (
        (0, _("&Off: the waveform"), _("The outline of the sound, in the speakers' colours")),
        (1000, _("To &1 kHz: pitch"), _("How high the voices are")),
        (4000, _("To &4 kHz: vowels"), _("Pitch and formants, as phoneticians look at them")),
        (8000, _("To &8 kHz: all"), _("All that is heard")))),
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

    Action("panel_speakers", VIEW, _("Speakers pane&l"), "docks.show_speakers", (),
           _("Show or hide names, colours and numbers of the speakers"), _OPEN,
           checkable=True, group=3),
    Action("panel_turns", VIEW, _("T&urns table"), "docks.show_turns", (),
           _("Show or hide the table of turns"), _OPEN, checkable=True, group=3),
    Action("panel_markers", VIEW, _("&Markers list"), "docks.show_markers", (),
           _("Show or hide the list of markers"), _OPEN, checkable=True, group=3),
    Action("panel_words", VIEW, _("W&hat is said"), "docks.show_words", (),
           _("Show or hide the words as a page to read"), _OPEN, checkable=True, group=3),
    Action("panel_folder", VIEW, _("Recordin&gs of the folder"), "docks.show_folder", (),
           _("Show or hide the list of recordings of the folder"), frozenset({FOLDER}),
           checkable=True, group=3),
    Action("panel_similarity", VIEW, _("Map of the &voices"), "docks.show_similarity", (),
           _("Show or hide how alike the voices sound: a map of points, and distances"),
           _OPEN, checkable=True, group=3),
    Action("next_panel", VIEW, _("N&ext panel"), "docks.next_panel", ("F6",),
           _("Move the keyboard to the next panel, or back to the timeline"), _OPEN, group=4),
    Action("previous_panel", VIEW, _("P&revious panel"), "docks.previous_panel", ("Shift+F6",),
           _("Move the keyboard to the panel before"), _OPEN, group=4),
    Action("find_turns", VIEW, _("Fin&d turns"), "docks.find_turns", ("Ctrl+F",),
           _("Look for turns by speaker, time or state in the table"), _WITH_TURNS, group=4),

    Action("shortcuts", HELP, _("&Keyboard and mouse"), "help.show_keys", ("F1", "?"),
           _("Show every shortcut")),
    Action("guide", HELP, _("User &guide"), "help.show_guide", ("Ctrl+F1",),
           _("How to do what, chapter by chapter; no network is needed")),
    Action("tour", HELP, _("&Tour"), "tour.start", (),
           _("What can be done with what one sees, in two minutes, on the sample")),
    Action("log_folder", HELP, _("Open &log folder"), "help.open_log_folder", (),
           _("Show the folder with the log of this program"), group=1),
    Action("new_version", HELP, _("Check for a &new version…"), "help.show_new_version", (),
           _("Show where new versions are; Voicelanes itself asks no network"), group=2),
    Action("about", HELP, _("&About Voicelanes"), "help.show_about", (),
           _("Version, models and licences"), group=2),
)  # fmt: skip

MOUSE: tuple[tuple[str, str], ...] = (
    (_("Click"), _("Move the playhead there")),
    (_("Click a turn"), _("Select it")),
    (_("Ctrl+click, Shift+click"), _("Select one turn more, or all up to there")),
    (_("Double-click a turn"), _("Play just that turn, over and over")),
    (_("Drag"), _("Select a stretch of time; a number then draws a turn there")),
    (
        _("Drag an edge of a turn"),
        _("Move it; with Shift also the edge that meets it, with Alt without snapping"),
    ),
    (_("Drag a turn up or down"), _("Give it, and all that are selected, to another speaker")),
    (_("Shift+drag in a lane"), _("Draw a new turn")),
    (_("Double-click a name"), _("Rename the speaker")),
    (_("Drag a name"), _("Move its lane; onto another name, merge the two")),
    (_("Right-click"), _("What can be done with what is there")),
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
        elif row.value is not None:
            action.triggered.connect(partial(_run_with, handler, row.value))
        else:
            # triggered's "checked" is no argument of a handler
            action.triggered.connect(lambda _checked, run=handler: run())
        if row.id == "quit":
            action.setMenuRole(QAction.MenuRole.QuitRole)
        elif row.id == "about":
            action.setMenuRole(QAction.MenuRole.AboutRole)
        elif row.id == "settings":
            action.setMenuRole(QAction.MenuRole.PreferencesRole)
        window.addAction(action)
        made[row.id] = action
    return made


def _run_with(handler: Callable[[int], None], value: int, _checked: bool) -> None:
    handler(value)
