"""What is said is broken into captions that can be read."""

from __future__ import annotations

import html
from dataclasses import replace
from itertools import pairwise

import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Speaker, Turn, Word
from core.annotation.words import spread
from core.errors import InputError
from core.formats import read_annotation, subtitles, write_annotation
from core.formats.names import labels
from core.formats.rounding import rounded
from core.formats.spoken.captions import BROADCAST, LONGEST, CaptionStyle, captions
from core.transcripts.lines import transcribed
from core.transcripts.reading import parse, read_transcript
from tests.core.formats.strategies import S
from tests.core.formats.test_words import said, worded

TEXT = (
    "Well, I have looked at it, and what I found isn't what we thought. There are three of them,"
    " and the second one, which nobody had seen before, is much larger than the other two. So"
    " what do we do? I say that we wait until Thursday."
)
ANSWER = "I don't know. Ask Ben!"


def turn(start, end, speaker, text):
    return Turn(start * S, end * S, speaker, words=tuple(spread(text, start * S, end * S)))


SHORT = (turn(20, 21, 0, "Why?"), turn(30, 32, 1, "No."))

TALK = Annotation(
    (
        turn(0, 16, 0, TEXT),
        turn(17, 19, 1, ANSWER),
        turn(20, 21, 0, "Why?"),
        turn(30, 32, 1, "No."),
    ),
    (Speaker(0, "Anna"), Speaker(1, "Zoë & <Co>")),
    40 * S,
)


def test_captions_end_with_sentences_and_clauses_and_have_two_even_lines():
    shown = [cue.text for cue in pysubs2.SSAFile.from_string(subtitles.render_srt(TALK), "srt")]
    assert shown == [
        "Anna: Well, I have looked at it,\\Nand what I found isn't what we thought.",
        "There are three of them,",
        "and the second one, which nobody had seen\\Nbefore, is much larger than the other two.",
        "So what do we do?\\NI say that we wait until Thursday.",
        "Zoë & ‹Co›: I don't know. Ask Ben!",
        "Anna: Why?",
        "Zoë & ‹Co›: No.",
    ]


def test_one_long_line_for_a_fast_reader():
    style = CaptionStyle(60, 1, 30)
    lines = [c.lines for c in captions(TALK, style=style)]
    assert all(len(own) == 1 for own in lines)
    assert max(len(own[0]) for own in lines) > BROADCAST.columns
    assert " ".join(own[0] for own in lines) == " ".join(
        line for c in captions(TALK) for line in c.lines
    )


def test_what_is_short_stays_long_enough_to_be_read():
    made = captions(TALK)
    assert [c.end - c.start for c in made[-2:]] == [S, 2 * S]
    hasty = replace(
        TALK, turns=(turn(0, 1, 0, "Just three hundred and 60 degrees."), *TALK.turns[3:])
    )
    assert captions(hasty)[0].end == 2 * S  # 34 letters, of which 17 are read in a second


def test_who_speaks_is_said_again_where_another_speaks():
    both = replace(TALK, turns=(TALK.turns[0], turn(5, 6, 1, "Right."), TALK.turns[3]))
    shown = [cue.text for cue in pysubs2.SSAFile.from_string(subtitles.render_srt(both), "srt")]
    assert [text.partition(": ")[0] for text in shown if ": " in text] == [
        *("Anna", "Anna", "Zoë & ‹Co›", "Anna", "Zoë & ‹Co›")
    ]
    assert shown[-2].startswith("So what do we do?")


def test_a_name_that_fills_the_line_has_one_of_its_own():
    long = replace(TALK, speakers=(Speaker(0, "A" * 40), TALK.speakers[1]))
    first = pysubs2.SSAFile.from_string(subtitles.render_srt(long), "srt")[0].text
    assert first == "A" * 40 + ":\\NWell, I have looked at it,"


def test_one_person_alone_needs_no_name():
    alone = replace(TALK, turns=TALK.turns[:1])
    assert "Anna" not in subtitles.render_srt(alone)
    assert subtitles.render_vtt(alone).count("<v Anna>") == 4


def test_webvtt_says_the_voice_of_every_caption(tmp_path):
    path = tmp_path / "a.vtt"
    path.write_text(subtitles.render_vtt(TALK), encoding="utf-8")
    read = webvtt.read(path)
    assert [html.unescape(cue.voice) for cue in read] == ["Anna"] * 4 + ["Zoë & <Co>", "Anna"] + [
        "Zoë & <Co>"
    ]
    assert read[3].lines == ["<v Anna>So what do we do?", "I say that we wait until Thursday."]


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_captions_laid_on_the_turns_again_are_what_was_said(name):
    bare = replace(TALK, turns=tuple(replace(t, words=()) for t in TALK.turns))
    text = subtitles.render_srt(TALK) if name == "srt" else subtitles.render_vtt(TALK)
    assert said(transcribed(bare, parse(text))) == said(TALK)


def test_a_webvtt_read_as_turns_has_what_is_said(tmp_path):
    read, _ = read_annotation(write_annotation(TALK, tmp_path / "a.vtt", "vtt", "a"))
    assert " ".join(text for _, _, who, text in said(read) if who == "Anna") == f"{TEXT} Why?"


def test_an_srt_read_as_turns_has_names_and_what_is_said(tmp_path):
    """As long as it has enough captions to tell; a turn without words is one again."""
    clean = replace(TALK, speakers=(Speaker(0, "Anna"), Speaker(1, "Zoë")))
    some = replace(clean, turns=(*TALK.turns, Turn(33 * S, 34 * S, 0)))
    told = []
    path = write_annotation(some, tmp_path / "a.srt", "srt", "a")
    found = said(read_annotation(path, tell=told.append)[0])
    assert " ".join(text for _, _, who, text in found if who == "Anna") == f"{TEXT} Why? "
    assert [row for row in found if row[2] == "Zoë"] == [
        (17 * S, 19 * S, "Zoë", ANSWER),
        (30 * S, 32 * S, "Zoë", "No."),
    ]
    assert found[-1] == (33 * S, 34 * S, "Anna", "")
    assert told == ["a.srt: the names before its texts were taken for the speakers"]


def test_names_alone_are_the_speakers_also_with_a_colon_in_them(tmp_path):
    """Six people who speak twice, each of a team."""
    names = {n: f"Team {'AB'[n % 2]}: Person {n}" for n in range(6)}
    built = Annotation.build([Turn(n * S, n * S + 9600, n % 6) for n in range(12)], 12 * S, names)
    read, _ = read_annotation(write_annotation(built, tmp_path / "a.srt", "srt", "a"))
    assert said(read) == said(built)


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_names_alone_are_no_words(tmp_path, name):
    bare = replace(TALK, turns=tuple(replace(t, words=()) for t in TALK.turns))
    path = write_annotation(bare, tmp_path / f"a.{name}", name, "a")
    with pytest.raises(InputError, match="only who speaks when"):
        read_transcript(
            path, names=labels(bare, lambda n: n.translate({60: "‹", 62: "›"})).values()
        )
    mixed = replace(TALK, turns=(*TALK.turns, Turn(33 * S, 34 * S, 0)))
    without = replace(mixed, turns=tuple(replace(t, words=()) for t in mixed.turns))
    text = subtitles.render_srt(mixed) if name == "srt" else subtitles.render_vtt(mixed)
    assert said(transcribed(without, parse(text))) == said(mixed)


def columns(caption):
    return [len(line) for line in caption.lines]


@pytest.mark.parametrize(
    "text", ["我看过了，发现的不是我们想的那样。" * 8, "ראיתי את זה, ומה שמצאתי. " * 12]
)
def test_other_scripts_fit_too(text):
    made = captions(Annotation.build([turn(0, 60, 0, text)]))
    signs = BROADCAST.columns // 2 if "我" in text else BROADCAST.columns
    assert all(len(c.lines) <= 2 and max(columns(c)) <= signs for c in made)
    assert max(map(max, map(columns, made))) > signs // 2
    assert "".join("".join(c.lines) for c in made).replace(" ", "") == text.replace(" ", "")


STYLES = st.builds(CaptionStyle, st.integers(20, 80), st.integers(1, 2), st.integers(5, 40))


@given(worded(), STYLES)
def test_whatever_is_said_is_shown_once_in_order(built, style):
    built = rounded(built)
    made = captions(built, {s.id: s.label for s in built.speakers}, style)
    assert all(0 <= c.start < c.end for c in made)
    assert all(len([line for line in c.lines if line]) <= style.lines for c in made)
    assert [c.start for c in made] == sorted(c.start for c in made)
    for speaker in built.speakers:
        own = "".join("".join(c.lines) for c in made if c.speaker == speaker.id)
        words = "".join(t.text for t in built.turns_of(speaker.id))
        assert sorted(own.replace(" ", "")) == sorted(words.replace(" ", ""))


def test_a_hundred_thousand_words():
    words = [Word(n * 6000, n * 6000 + 5000, "word," if n % 7 else "End.") for n in range(100_000)]
    turns = tuple(
        Turn(
            first * 6000,
            (first + 500) * 6000,
            first // 500 % 3,
            words=tuple(words[first : first + 500]),
        )
        for first in range(0, 100_000, 500)
    )
    built = Annotation(turns, (Speaker(0), Speaker(1), Speaker(2)), turns[-1].end)
    made = captions(built)
    assert sum(len(line.split()) for c in made for line in c.lines) == 100_000
    assert all(max(columns(c)) <= BROADCAST.columns for c in made)
    assert all(c.end - c.start <= LONGEST for c in made)
    assert all(a.end <= b.start for a, b in pairwise(made))
