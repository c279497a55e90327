"""Transcripts, documents and lists of words say who says what, and are transcripts again."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Marker, Speaker, Turn, Word
from core.annotation.words import spread
from core.formats import FORMATS, About
from core.transcripts.lines import transcribed
from core.transcripts.reading import parse, read_transcript
from tests.core.formats.spoken.test_captions import TALK as CLEAR
from tests.core.formats.strategies import ODD, S, annotations
from tests.core.formats.test_words import said

TALK = replace(CLEAR, speakers=(Speaker(0, "Anna"), Speaker(1, "Zoë & Co")))
BARE = replace(TALK, turns=tuple(replace(t, words=()) for t in TALK.turns))

HEBREW = Annotation(
    (
        Turn(0, S, 0, words=(Word(0, S // 2, "שלום,"), Word(S // 2, S, "😀!"))),
        Turn(2 * S, 3 * S, 1),
    ),
    (Speaker(0, "בן", "#123456"), Speaker(1, "Anna\x0b*x*")),
    4 * S,
    (Marker(S, "the <decision>"),),
)


def text(name, annotation=TALK):
    return FORMATS[name].render(annotation, About("my talk"))


@pytest.mark.parametrize("name", ["transcript", "qda", "qda-hash", "ctm"])
def test_it_is_a_transcript_again(tmp_path, name):
    path = tmp_path / "talk.txt"
    path.write_text(text(name), encoding="utf-8")
    assert said(transcribed(BARE, read_transcript(path, "my talk"))) == said(TALK)


@st.composite
def talks(draw):
    """Annotations of which every turn has words that are told apart from names and times."""
    letters = st.text(st.characters(categories=("Lu", "Ll", "Lo")), min_size=1, max_size=6)
    built = draw(annotations(grid=800, named=False))
    turns = []
    for turn in built.turns:
        texts = draw(st.lists(letters, min_size=1, max_size=8))
        turns.append(replace(turn, words=tuple(spread(" ".join(texts), turn.start, turn.end))))
    return replace(built, turns=tuple(turns))


@pytest.mark.slow
@given(talks(), st.sampled_from(["srt", "vtt", "transcript", "ctm", "seglst"]))
def test_whatever_was_said_is_laid_on_the_turns_again(built, name):
    if not built.turns:
        return
    names = {speaker.label for speaker in built.speakers}
    lines = parse(text(name, built), recording="my talk", names=names)
    bare = replace(built, turns=tuple(replace(t, words=()) for t in built.turns))
    assert said(transcribed(bare, lines)) == said(built)


def test_a_transcript_has_times_and_names():
    assert text("transcript").splitlines()[2:] == [
        "[0:00:17.000 - 0:00:19.000] Zoë & Co: I don't know. Ask Ben!",
        "",
        "[0:00:20.000 - 0:00:21.000] Anna: Why?",
        "",
        "[0:00:30.000 - 0:00:32.000] Zoë & Co: No.",
    ]
    assert text("transcript", HEBREW).splitlines() == [
        "[0:00:00.000 - 0:00:01.000] בן: שלום, 😀!",
        "",
        "[0:00:02.000 - 0:00:03.000] Anna x:",
    ]


def test_programs_of_analysis_get_a_paragraph_for_each_turn():
    assert text("qda").splitlines()[1:] == [
        "Zoë & Co: I don't know. Ask Ben! #00:00:19-0#",
        "Anna: Why? #00:00:21-0#",
        "Zoë & Co: No. #00:00:32-0#",
    ]
    assert text("qda-hash").splitlines()[2] == "#Anna: Why? #00:00:21-0#"
    rounded_up = Annotation.build([Turn(0, 59 * S + 15_999, 0)])
    assert text("qda", rounded_up) == "Speaker 1: #00:01:00-0#\n"


@pytest.mark.parametrize("name", ["transcript", "qda"])
def test_no_name_runs_into_what_is_said(name):
    lines = [line for line in text(name, ODD).splitlines() if line]
    assert len(lines) == len(ODD.turns)
    assert len({line.partition("] ")[2] or line.partition(":")[0] for line in lines}) == len(lines)


def test_ctm_has_words_with_their_confidence():
    word = Word(S, 2 * S, "yes", 0.25)
    built = Annotation((Turn(0, 3 * S, 0, words=(word,)),), (Speaker(0, "a_b <c>"),), 3 * S)
    assert text("ctm", built) == "my%20talk 1 1.000 1.000 yes 0.250 lex a_b_%3Cc%3E\n"
    (line,) = parse(text("ctm", built), recording="my talk")
    assert line.words[0].confidence == 0.25
    assert line.label == "a b <c>"
    assert text("ctm", BARE) == ""


def paragraphs(annotation):
    """As another reader of the file sees them: style and text."""
    packed = zipfile.ZipFile(io.BytesIO(text("docx", annotation)))
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for p in ElementTree.fromstring(packed.read("word/document.xml")).iter(f"{word}p"):
        style = p.find(f"{word}pPr/{word}pStyle")
        yield (
            "" if style is None else style.get(f"{word}val"),
            "".join(t.text or "" for t in p.iter(f"{word}t")),
            p.find(f"{word}pPr/{word}bidi") is not None,
        )


def test_a_document_stands_by_speaker_with_times():
    one_after_the_other = replace(TALK, turns=(*TALK.turns[:2], replace(TALK.turns[3])))
    assert list(paragraphs(one_after_the_other))[2:] == [
        ("", f"0:00:00.000  {TALK.turns[0].text}", False),
        ("Speaker", "■ Zoë & Co", False),
        ("", "0:00:17.000  I don't know. Ask Ben!", False),
        ("", "0:00:30.000  No.", False),
    ]


def test_a_document_holds_any_text_and_direction():
    assert list(paragraphs(HEBREW)) == [
        ("Title", "my talk", False),
        ("Heading1", "Markers", False),
        ("ListBullet", "0:00:01.000 the <decision>", False),
        ("Speaker", "■ בן", True),
        ("", "0:00:00.000  שלום, 😀!", True),
        ("Speaker", "■ Anna *x*", False),
        ("", "0:00:02.000  ", False),
    ]
    read = docx.Document(io.BytesIO(text("docx", HEBREW)))
    assert read.core_properties.title == "my talk"
    assert (read.core_properties.author, read.core_properties.comments) == ("", "")
    assert str(read.styles["Colour 1"].font.color.rgb) == "123456"
    assert len(list(paragraphs(ODD))) == 1 + 2 * len(ODD.turns)


def test_summaries_say_what_was_said():
    assert "## Who spoke when" not in text("markdown")
    assert text("markdown").endswith(
        "**Anna** 0:00:20.000 – 0:00:21.000  \nWhy?\n\n"
        "**Zoë \\& Co** 0:00:30.000 – 0:00:32.000  \nNo\\.\n"
    )
    assert "## What was said" not in text("markdown", BARE)
    page = text("html")
    assert "<br>I don't know. Ask Ben!</p>" in page
    assert "<h2>Who spoke when</h2>" not in page
    assert "<h2>Who spoke when</h2>" in text("html", BARE)
