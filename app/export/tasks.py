"""What the export dialog has done by workers: the preview, and the files themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from PyQt5.QtCore import QT_TRANSLATE_NOOP, pyqtSignal

from app.widgets.workers import Worker
from core.annotation.values import Annotation
from core.export.meeting import (
    AUDIO,
    REPORT,
    SETS,
    Options,
    export,
    label_tracks,
    selected,
    suffix,
    targets,
)
from core.formats import FORMATS, About
from core.units import clock

NAMES = {
    "rttm": QT_TRANSLATE_NOOP("formats", "RTTM, for scoring tools"),
    "uem": QT_TRANSLATE_NOOP("formats", "UEM: which part was annotated"),
    "lab": QT_TRANSLATE_NOOP("formats", "LAB, start and end and speaker"),
    "csv": QT_TRANSLATE_NOOP("formats", "Table (CSV), for spreadsheets"),
    "tsv": QT_TRANSLATE_NOOP("formats", "Table divided by tabs (TSV)"),
    "audacity": QT_TRANSLATE_NOOP("formats", "Label track of Audacity"),
    "textgrid": QT_TRANSLATE_NOOP("formats", "TextGrid of Praat"),
    "eaf": QT_TRANSLATE_NOOP("formats", "Annotation of ELAN"),
    "srt": QT_TRANSLATE_NOOP("formats", "Subtitles (SRT)"),
    "vtt": QT_TRANSLATE_NOOP("formats", "Subtitles of the web (WebVTT)"),
    "json": QT_TRANSLATE_NOOP("formats", "JSON with everything, for programs"),
    "seglst": QT_TRANSLATE_NOOP("formats", "SegLST, for meeteval"),
    "txt": QT_TRANSLATE_NOOP("formats", "Listing by speaker, numbered from 0"),
    "transcript": QT_TRANSLATE_NOOP("formats", "Transcript, to read"),
    "docx": QT_TRANSLATE_NOOP("formats", "Transcript for Word (DOCX)"),
    "qda": QT_TRANSLATE_NOOP("formats", "Transcript with Name: (MAXQDA, f4)"),
    "qda-hash": QT_TRANSLATE_NOOP("formats", "Transcript with #Name: (MAXQDA)"),
    "ctm": QT_TRANSLATE_NOOP("formats", "Words with their times (CTM), for scoring"),
    "edl": QT_TRANSLATE_NOOP("formats", "Edit decision list (EDL, CMX 3600)"),
    "fcpxml": QT_TRANSLATE_NOOP("formats", "Final Cut Pro and Resolve (FCPXML)"),
    "premiere": QT_TRANSLATE_NOOP("formats", "Sequence with markers for Premiere (XML)"),
    "markers": QT_TRANSLATE_NOOP("formats", "List of markers as Premiere's (CSV)"),
    "reaper": QT_TRANSLATE_NOOP("formats", "Regions of Reaper (CSV)"),
    "audition": QT_TRANSLATE_NOOP("formats", "Markers of Adobe Audition (CSV)"),
    "youtube": QT_TRANSLATE_NOOP("formats", "Chapters for YouTube"),
    "markdown": QT_TRANSLATE_NOOP("formats", "Summary (Markdown)"),
    "html": QT_TRANSLATE_NOOP("formats", "Summary as a web page"),
    "png": QT_TRANSLATE_NOOP("formats", "Picture of the lanes (PNG)"),
    "svg": QT_TRANSLATE_NOOP("formats", "Picture of the lanes (SVG)"),
    "audacity-set": QT_TRANSLATE_NOOP("formats", "Label tracks of Audacity, one per speaker"),
    "wav": QT_TRANSLATE_NOOP("formats", "Sound: a WAV file per speaker"),
    "flac": QT_TRANSLATE_NOOP("formats", "Sound: a FLAC file per speaker"),
    "report": QT_TRANSLATE_NOOP("formats", "Report with sound: a web page that plays every turn"),
}
"""``core.export.meeting.TITLES`` in the person's language."""

_SHOWN_AS = {"svg": "png", "docx": "transcript"}
"""What is shown of a file that can't be."""

PREVIEW_CHARACTERS = 8_000
"""Of a text; more than that nobody reads in a preview."""
PREVIEW_ROWS = 100
"""Of the tables of a web page."""


@dataclass(frozen=True)
class Job:
    """An export as the person asked for it."""

    annotation: Annotation
    target: Path
    format: str
    options: Options
    about: About
    replace: bool = False
    """A yes was said to replacing what is there."""

    @property
    def files(self) -> tuple[Path, ...]:
        """What will be written."""
        if self.format not in AUDIO and self.format not in SETS:
            return (self.target,)
        return targets(selected(self.annotation, self.options), self.target, self.format)


def several(base: Path, formats: Sequence[str]) -> dict[str, Path]:
    """Where each of several formats goes: ``talk`` and its own ending, and its name where two have
    the same."""
    endings = {name: suffix(name) for name in formats}
    count = Counter(ending.casefold() for ending in endings.values())
    return {
        name: base.with_name(
            f"{base.name}{f'.{name}' if count[ending.casefold()] > 1 else ''}{ending}"
        )
        for name, ending in endings.items()
    }


class Export(Worker):
    """One or several exports, one after the other; ``done`` brings the files that were written."""

    progressed = pyqtSignal(int)
    """Percent done, for sound."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        super().__init__("export")
        self._jobs = jobs
        self._percent = 0

    def work(self) -> tuple[Path, ...]:
        return tuple(file for job in self._jobs for file in self._written(job))

    def _written(self, job: Job) -> tuple[Path, ...]:
        self._percent = 0
        return export(
            job.annotation,
            job.target,
            job.format,
            job.options,
            about=job.about,
            replace_existing=job.replace,
            on_progress=self._report,
            cancelled=self.stopping,
        )

    def _report(self, fraction: float) -> None:
        percent = int(100 * fraction)
        if percent > self._percent:
            self._percent = percent
            self.progressed.emit(percent)


@dataclass(frozen=True)
class WebPage:
    """What is shown of a web page: the beginning of it, without a style that Qt can't follow."""

    html: str

    @classmethod
    def of(cls, html: str) -> WebPage:
        rows = [row.start() for row in islice(re.finditer("<tr>", html), PREVIEW_ROWS + 1)]
        if len(rows) > PREVIEW_ROWS:
            html = html[: rows[-1]] + "</table><p>…</p>"
        html = re.sub('<style>.*?</style>|<td class="bar">.*?</td>', "", html, flags=re.DOTALL)
        return cls(re.sub("(<img [^>]*>)", r"<p>\1</p>", html))


class ExportPreview(Worker):
    """How an export will look; ``done`` brings the job and its text, or a picture as PNG."""

    def __init__(self, job: Job) -> None:
        super().__init__("preview")
        self._job = job

    def work(self) -> tuple[Job, str | bytes | WebPage]:
        return self._job, preview(self._job)


def preview(job: Job) -> str | bytes | WebPage:
    """The beginning of the text or page, the whole picture (as PNG), or the files that will be
    there."""
    chosen = selected(job.annotation, job.options)
    if job.format in AUDIO:
        from core.export.speakers import heard

        parts = heard(chosen, job.annotation if job.options.alone else None)
        times = {i: sum(end - start for start, end in own) for i, own in parts.items()}
        talk = chosen.talk_time()
        spoken = [clock(times[s.id], hours=True) for s in chosen.speakers if talk[s.id]]
        return "\n".join(f"{f.name}  {t}" for f, t in zip(job.files, spoken, strict=True))
    content: str | bytes
    if job.format in SETS:
        files = label_tracks(chosen, job.target, job.format)
        content = "\n".join(f"{path.name}\n{text}" for path, text in files.items())
    else:
        name = "html" if job.format in REPORT else _SHOWN_AS.get(job.format, job.format)
        content = FORMATS[name].render(chosen, job.about._replace(span=job.options.span))
        if name == "html":
            return WebPage.of(str(content))
    if isinstance(content, bytes) or len(content) <= PREVIEW_CHARACTERS:
        return content
    return content[:PREVIEW_CHARACTERS].rpartition("\n")[0] + "\n…"
