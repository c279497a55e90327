"""The formats as the export dialog groups them: by what a person wants to do with the files."""

from __future__ import annotations

from PyQt5.QtCore import QT_TRANSLATE_NOOP

GROUPS = {
    QT_TRANSLATE_NOOP("formats", "Read"): ("transcript", "docx", "html", "markdown", "txt"),
    QT_TRANSLATE_NOOP("formats", "Spreadsheet"): ("csv", "tsv"),
    QT_TRANSLATE_NOOP("formats", "Subtitles"): ("srt", "vtt", "youtube"),
    QT_TRANSLATE_NOOP("formats", "Editors"): (
        *("audacity", "audacity-set", "audition", "reaper"),
        *("premiere", "markers", "fcpxml", "edl"),
    ),
    QT_TRANSLATE_NOOP("formats", "Research"): (
        *("rttm", "textgrid", "eaf", "qda", "qda-hash"),
        *("ctm", "seglst", "lab", "uem", "json"),
    ),
    QT_TRANSLATE_NOOP("formats", "Picture"): ("png", "svg"),
    QT_TRANSLATE_NOOP("formats", "Sound"): ("report", "wav", "flac"),
}
"""Keys of ``core.export.meeting.TITLES``, each in one group, in the order of the list."""

ALL = tuple(name for group in GROUPS.values() for name in group)
