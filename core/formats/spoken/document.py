"""A document for Word, LibreOffice and others (DOCX): who says what, by speaker, with times."""

from __future__ import annotations

import io
import unicodedata
from datetime import datetime, timezone
from itertools import groupby
from typing import TYPE_CHECKING

from core.annotation.values import Annotation
from core.formats.names import clean, labels, one_line
from core.formats.picture import speaker_colour
from core.formats.rounding import rounded
from core.units import clock

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph


def render(annotation: Annotation, uri: str) -> bytes:
    """The file. Turns of one speaker in a row stand below the name, each with its time."""
    import docx  # takes a quarter of a second

    annotation = rounded(annotation)
    names = {i: clean(label) for i, label in labels(annotation).items()}
    title = clean(one_line(uri))
    document = docx.Document()
    speaker_style, time, squares = _styles(document, annotation)
    about = document.core_properties
    about.title, about.author, about.comments = title[:255], "", ""
    about.created = about.modified = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
    _direct(document.add_heading(title, 0), title)
    if annotation.markers:
        document.add_heading("Markers", 1)
        for marker in annotation.markers:
            text = clean(one_line(marker.text))
            line = document.add_paragraph(style="List Bullet")
            line.add_run(f"{clock(marker.at, hours=True)} ").element.style = time
            line.add_run(text)
    for speaker_id, turns in groupby(annotation.turns, key=lambda turn: turn.speaker):
        name = names[speaker_id]
        head = document.add_paragraph()
        head.paragraph_format.element.style = speaker_style
        head.add_run("\N{BLACK SQUARE} ").element.style = squares[speaker_id]
        head.add_run(name)
        _direct(head, name)
        for turn in turns:
            text = clean(turn.text)
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{clock(turn.start, hours=True)}  ").element.style = time
            paragraph.add_run(text)
            _direct(paragraph, text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _styles(document: Document, annotation: Annotation) -> tuple[str, str, dict[int, str]]:
    """The ids of the styles of a name, of a time and, by speaker, of a colour.

    Whoever writes on in the document changes all that have one at once. They are set by their ids,
    since python-docx looks a style up anew each time, which takes five times as long.
    """
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    name = document.styles.add_style("Speaker", WD_STYLE_TYPE.PARAGRAPH)
    name.font.bold = name.font.cs_bold = True
    name.paragraph_format.keep_with_next = True
    time = document.styles.add_style("Time", WD_STYLE_TYPE.CHARACTER)
    time.font.color.rgb = RGBColor(0x66, 0x66, 0x66)
    squares = {}
    for speaker in annotation.speakers:
        square = document.styles.add_style(f"Colour {speaker.id + 1}", WD_STYLE_TYPE.CHARACTER)
        square.font.color.rgb = RGBColor.from_string(speaker_colour(speaker)[1:].upper())
        squares[speaker.id] = square.style_id
    return name.style_id, time.style_id, squares


def _direct(paragraph: Paragraph, text: str) -> None:
    """Lay a paragraph out from right to left if its text begins so."""
    from docx.oxml.parser import OxmlElement

    sides = (unicodedata.bidirectional(sign) for sign in text)
    if next((side for side in sides if side in ("L", "R", "AL")), "L") != "L":
        paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
        paragraph.runs[-1].font.rtl = True
