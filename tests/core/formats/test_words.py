"""Formats with room for words carry them, there and back."""

import tempfile
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pympi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from praatio import textgrid as praat

from core.annotation.values import Annotation, Speaker, Turn, Word
from core.annotation.words import with_words
from core.annotation.writing import tokens
from core.formats import FORMATS, About, read_annotation, write_annotation
from core.formats.rounding import apart, rounded
from core.transcripts.lines import transcribed
from core.transcripts.reading import read_transcript
from tests.core.formats.strategies import S, annotations

TALK = Annotation(
    (
        Turn(0, 4 * S, 0, words=tuple(Word(n * S, n * S + 8000, f"w{n}") for n in range(4))),
        Turn(3 * S, 5 * S, 1, words=(Word(3 * S, 4 * S, "שלום,"), Word(4 * S, 5 * S, "עולם!"))),
        Turn(6 * S, 7 * S, 0),
        Turn(
            8 * S, 10 * S, 2, words=(Word(8 * S, 9 * S, '😀"&<b>', 0.5), Word(9 * S, 10 * S, "你"))
        ),
    ),
    (Speaker(0, "Anna B"), Speaker(1, "בן"), Speaker(2)),
    12 * S,
)
"""Two talk at once; a turn without words, a name and words from right to left, an emoji, marks."""

EXACT = ("json", "textgrid", "eaf")
"""Formats that hold the times of words."""

WORDED = (*EXACT, "seglst", "csv", "tsv", "txt")
"""Formats that give the turns back with what is said in them."""


def said(annotation):
    """Who speaks from when to when, and says what."""
    labels = {s.id: s.label for s in annotation.speakers}
    return sorted((t.start, t.end, labels[t.speaker], t.text) for t in annotation.turns)


@st.composite
def worded(draw):
    """Annotations with words that reach out of their turns and overlap, as recognisers say them."""
    built = draw(annotations(grid=16, named=False))
    plain = st.characters(exclude_categories=("Cc", "Cn", "Cs", "Zs", "Zl", "Zp"))
    texts = st.text(plain, min_size=1, max_size=6).map(lambda text: (tokens(text) or ["x"])[0])
    times = st.lists(st.integers(0, 250_000), max_size=30)
    words = [
        Word(at * 16, (at + draw(st.integers(1, 900))) * 16, draw(texts)) for at in draw(times)
    ]
    return replace(built, turns=tuple(with_words(built.turns, ((w, None) for w in words))))


@pytest.mark.parametrize("name", WORDED)
def test_turns_come_back_with_what_is_said_in_them(tmp_path, name):
    path = write_annotation(TALK, tmp_path / f"talk{FORMATS[name].suffix}", name, "talk")
    read, _ = read_annotation(path)
    assert said(read) == said(TALK)
    if name in EXACT:
        assert read.turns == TALK.turns


@pytest.mark.parametrize("name", FORMATS)
def test_a_turn_without_words_is_written_as_ever(name):
    """Words of others change nothing of what is written for a turn that has none."""
    bare = replace(TALK, turns=tuple(replace(t, words=()) for t in TALK.turns))
    content = FORMATS[name].render(bare, About("talk"))
    if isinstance(content, str):
        assert "w0" not in content
        assert "words" not in content.replace('"words": ""', "")


@pytest.mark.slow
@given(worded(), st.sampled_from(WORDED))
def test_whatever_is_said_comes_back(built, name):
    with tempfile.TemporaryDirectory() as folder:
        path = write_annotation(built, Path(folder, f"talk{FORMATS[name].suffix}"), name, "talk")
        read, _ = read_annotation(path)
    before = [(t.start, t.end, t.text) for t in built.turns]
    if name == "textgrid":  # of words that reach out of turns, the middle says where they belong
        letters = sorted("".join(text for *_, text in before).replace(" ", ""))
        assert sorted("".join(t.text for t in read.turns).replace(" ", "")) == letters
    else:
        assert sorted((t.start, t.end, t.text) for t in read.turns) == sorted(before)


@given(worded())
def test_words_in_a_tier_lie_apart_in_their_order(built):
    for turn in rounded(built).turns:
        laid = apart(turn.words, turn.start, turn.end)
        edges = [edge for word in laid for edge in (word.start, word.end)]
        assert edges == sorted(edges)
        assert all(word.end - word.start >= 16 for word in laid)
        assert all(turn.start <= word.start and word.end <= turn.end for word in laid)
        assert "".join(w.text for w in laid).replace(" ", "") == turn.text.replace(" ", "")


def test_praat_and_elan_find_the_words(tmp_path):
    grid = write_annotation(TALK, tmp_path / "talk.TextGrid", "textgrid", "talk")
    tier = praat.openTextgrid(str(grid), False).getTier("Anna B - words")
    assert [tuple(entry) for entry in tier.entries] == [(n, n + 0.5, f"w{n}") for n in range(4)]
    elan = pympi.Eaf(str(write_annotation(TALK, tmp_path / "talk.eaf", "eaf", "talk")))
    assert [row[:3] for row in elan.get_annotation_data_for_tier("בן - words")] == [
        (3000, 4000, "שלום,"),
        (4000, 5000, "עולם!"),
    ]
    assert elan.get_parameters_for_tier("בן - words")["PARENT_REF"] == "בן"


@pytest.mark.parametrize("name", ["json", "textgrid", "eaf", "seglst"])
def test_a_transcript_that_was_exported_is_one_again(tmp_path, name):
    bare = replace(TALK, turns=tuple(replace(t, words=()) for t in TALK.turns))
    path = write_annotation(TALK, tmp_path / f"talk{FORMATS[name].suffix}", name, "talk")
    assert said(transcribed(bare, read_transcript(path))) == said(TALK)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in WORDED if name != "tsv"])
def test_a_hundred_thousand_words_come_back(tmp_path, name):
    texts = ("word,", "שלום", "😀", "ok.", "don't")
    turns = tuple(Turn(n * 6000, (n + 50) * 6000, n // 50 % 3) for n in range(0, 100_000, 50))
    words = (Word(n * 6000, n * 6000 + 4800, texts[n % 5]) for n in range(100_000))
    built = Annotation(
        tuple(replace(turn, words=tuple(islice(words, 50))) for turn in turns),
        (Speaker(0, "Anna"), Speaker(1, "בן"), Speaker(2)),
        turns[-1].end,
    )
    path = write_annotation(built, tmp_path / f"talk{FORMATS[name].suffix}", name, "talk")
    read, _ = read_annotation(path)
    assert said(read) == said(built)
    if name in EXACT:
        assert [t.words for t in read.turns] == [t.words for t in built.turns]
