"""Transcripts of other programs are read, and laid on the turns in which they are said."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Speaker, Turn, Word
from core.errors import InputError
from core.transcripts.lines import Line, transcribed
from core.transcripts.reading import parse, read_transcript
from tests.core.formats.strategies import read_or_refused

S = 16_000

TALK = Annotation.build([Turn(0, 4 * S, 0), Turn(5 * S, 10 * S, 1)], 12 * S)
"""Two people, a second apart."""

ONE = Annotation.build([Turn(0, 4 * S, 0)], 12 * S)

SRT = """\
1
00:00:00,500 --> 00:00:03,900
<i>Well,</i> what do you think?

2
00:00:05,000 --> 00:00:10,000
I don't know.
"""
VTT = """\
WEBVTT

NOTE nothing

00:00.500 --> 00:03.900 align:start
<v.loud Anna>Well, what do you think?</v>

00:05.000 --> 00:10.000
<v Ben>I don&#39;t know.
"""
WORDS = [
    ("Well,", 0.5, 1.0),
    ("what", 1.0, 1.4),
    ("do", 1.4, 1.6),
    ("you", 1.6, 2),
    ("think?", 2, 3.9),
]
ANSWER = [("I", 5, 5.5), ("don't", 6, 7), ("know.", 7, 10)]


def whisper(key: str = "probability", text: str = "word", **more: object) -> dict[str, object]:
    def segment(words, speaker):
        return {
            "start": words[0][1],
            "end": words[-1][2],
            "text": " " + " ".join(w for w, _, _ in words),
            "words": [{text: f" {w}", "start": s, "end": e, key: 0.5} for w, s, e in words],
            **({"speaker": speaker} if more.get("speakers") else {}),
        }

    return {"segments": [segment(WORDS, "SPEAKER_00"), segment(ANSWER, "SPEAKER_01")]}


CPP = {
    "transcription": [
        {
            "offsets": {"from": 500, "to": 3900},
            "text": " Well, what do you think?",
            "tokens": [{"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}, "p": 0.9}]
            + [
                {"text": piece, "offsets": {"from": at, "to": at + 200}, "p": 0.5}
                for at, piece in enumerate(
                    [" We", "ll", ",", " what", " do", " you", " think", "?"]
                )
            ],
        },
        {"offsets": {"from": 5000, "to": 10000}, "text": " I don't know."},
    ]
}
CTM = ";; a\n" + "\n".join(f"talk 1 {s} {e - s:.2f} {w} 0.5" for w, s, e in WORDS + ANSWER)
TEXTGRID = """File type = "ooTextFile"
Object class = "TextGrid"

0 12 <exists> 2
"IntervalTier" "Anna" 0 12 2
0.5 3.9 "Well, what do you think?"
4 12 ""
"IntervalTier" "Ben - words" 0 12 4
0 5 ""
5 5.5 "I"
6 7 "don't"
7 10 "know."
"""
EAF = """<?xml version="1.0"?><ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"/><TIME_ORDER>
<TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="500"/><TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="3900"/>
<TIME_SLOT TIME_SLOT_ID="c" TIME_VALUE="5000"/><TIME_SLOT TIME_SLOT_ID="d" TIME_VALUE="10000"/>
</TIME_ORDER><TIER TIER_ID="x" PARTICIPANT="Anna"><ANNOTATION><ALIGNABLE_ANNOTATION
TIME_SLOT_REF1="a" TIME_SLOT_REF2="b"><ANNOTATION_VALUE>Well, what do you think?</ANNOTATION_VALUE>
</ALIGNABLE_ANNOTATION></ANNOTATION></TIER><TIER TIER_ID="Ben"><ANNOTATION><ALIGNABLE_ANNOTATION
TIME_SLOT_REF1="c" TIME_SLOT_REF2="d"><ANNOTATION_VALUE>I don't know.</ANNOTATION_VALUE>
</ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"""
SEGLST = [
    {"speaker": "Anna", "start_time": "0.5", "end_time": 3.9, "words": "Well, what do you think?"},
    {"speaker": "Ben", "start_time": 5, "end_time": 10, "words": "I don't know."},
]

ALL = {
    "srt": SRT,
    "vtt": VTT,
    "whisper": json.dumps({"text": "", "language": "en", **whisper()}),
    "whisperX": json.dumps({**whisper("score", speakers=True), "word_segments": []}),
    "faster-whisper": json.dumps(whisper()["segments"]),
    "whisper.cpp": json.dumps(CPP),
    "vosk": json.dumps(
        {
            "text": "so",
            "result": [
                {"word": w, "start": s, "end": e, "conf": 0.5} for w, s, e in WORDS + ANSWER
            ],
        }
    ),
    "seglst": json.dumps(SEGLST),
    "ctm": CTM,
    "textgrid": TEXTGRID,
    "eaf": EAF,
    "names": "Anna: Well, what do you think?\n\nBen:\nI don't know.\n",
    "f4": "#Anna: Well, what do you think? #00:00:03-9#\n#Ben: I don't know. #00:00:10-0#\n",
    "times": "[0:00:00] Anna\nWell, what do you think?\n[0:00:05] I don't know.\n",
}


@pytest.mark.parametrize("kind", [k for k in ALL if k != "times"])
def test_every_kind_puts_the_same_words_into_the_same_turns(kind: str) -> None:
    a = transcribed(TALK, parse(ALL[kind]))
    assert [t.text for t in a.turns] == ["Well, what do you think?", "I don't know."]
    for turn in a.turns:
        assert all(turn.start <= w.middle < turn.end for w in turn.words)
    named = kind in ("vtt", "seglst", "textgrid", "eaf", "names", "f4")
    assert [s.label for s in a.speakers] == (
        ["Anna", "Ben"] if named else ["Speaker 1", "Speaker 2"]
    )


@pytest.mark.parametrize("kind", ["whisper", "whisperX", "faster-whisper", "vosk", "ctm"])
def test_the_times_of_words_and_how_sure_they_are_come_along(kind: str) -> None:
    a = transcribed(TALK, parse(ALL[kind]))
    assert [(w.text, w.start / S, w.end / S) for w in a.turns[1].words] == ANSWER
    assert {w.confidence for t in a.turns for w in t.words} == {0.5}


def test_paragraphs_with_times_stand_where_they_say() -> None:
    a = transcribed(TALK, parse(ALL["times"]))
    assert a.turns[1].text == "I don't know."


def test_a_line_over_a_change_of_speaker_is_split_where_its_words_are() -> None:
    words = [("yes", 3, 3.4), ("no", 5.1, 5.4), ("never", 5.5, 6)]
    text = json.dumps(
        [{"text": "", "words": [{"word": w, "start": s, "end": e} for w, s, e in words]}]
    )
    a = transcribed(TALK, parse(text.replace('"text": "", ', '"text": "yes no never", ')))
    assert [t.text for t in a.turns] == ["yes", "no never"]


def test_without_times_of_words_it_is_split_at_the_nearest_pause() -> None:
    line = "1\n00:00:00,000 --> 00:00:10,000\nAre you coming along tomorrow then? No, I am not.\n"
    a = transcribed(TALK, parse(line))
    assert [t.text for t in a.turns] == ["Are you coming along tomorrow then?", "No, I am not."]
    assert a.turns[1].words[0].start >= 5 * S


def test_without_turns_the_lines_say_who_speaks_when() -> None:
    a = transcribed(Annotation(duration=12 * S), parse(VTT))
    assert [(t.start, t.end, a.speaker(t.speaker).name) for t in a.turns] == [
        (S // 2, round(3.9 * S), "Anna"),
        (5 * S, 10 * S, "Ben"),
    ]
    assert a.turns[0].text == "Well, what do you think?"


def test_names_of_a_person_stay_and_are_found_again() -> None:
    named = TALK.with_names({0: "Ben", 1: "Dr. Anna Berg"})
    a = transcribed(named, parse(VTT))
    assert [s.name for s in a.speakers] == ["Ben", "Dr. Anna Berg"]
    assert a.turns[1].text == "I don't know."


def test_captions_of_two_people_and_automatic_ones_that_roll() -> None:
    two = "1\n00:00:01,000 --> 00:00:03,000\n- Hi there.\n- Hello!\n"
    assert [line.text for line in parse(two)] == ["Hi there.", "Hello!"]
    rolling = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n \nso<00:00:00.500><c> we</c><00:00:01.000><c> go</c>\n"
        "\n00:02.000 --> 00:04.000\nso we go\nthen<00:00:03.000><c> stop</c>\n"
    )
    lines = parse(rolling)
    assert [line.text for line in lines] == ["so we go", "then stop"]
    assert [w.start for w in lines[0].words] == [0, S // 2, S]


def test_a_colon_is_not_a_name_unless_it_comes_again() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nThe rule: never run.\n\n"
    more = "2\n00:00:03,000 --> 00:00:04,000\nYes.\n\n3\n00:00:05,000 --> 00:00:06,000\nNo.\n"
    assert parse(text + more)[0] == Line("The rule: never run.", S, 2 * S)


def test_times_that_can_not_be_lose_no_word() -> None:
    told: list[str] = []
    text = (
        SRT.replace("00:00:03,900", "00:00:00,100") + "\n3\n00:99:00,000 --> 00:00:01,000\nBye.\n"
    )
    a = transcribed(TALK, parse(text), told.append)
    assert " ".join(t.text for t in a.turns) == "Well, what do you think? I don't know. Bye."
    assert told == ["lines whose times can't be right lie between their neighbours (2)"]
    told.clear()
    late = transcribed(
        TALK,
        parse(SRT.replace("00:00:05", "02:00:05").replace("00:00:10", "02:00:10")),
        told.append,
    )
    assert late.turns[1].text == "I don't know."
    assert len(told) == 1


def test_whisperx_without_the_time_of_a_number() -> None:
    words = [
        {"word": "in", "start": 1, "end": 1.5},
        {"word": "2019"},
        {"word": "he", "start": 3, "end": 3.5},
    ]
    a = transcribed(TALK, parse(json.dumps({"segments": [{"text": "x", "words": words}]})))
    assert [w.text for w in a.turns[0].words] == ["in", "2019", "he"]
    assert S <= a.turns[0].words[1].start < 3 * S


@pytest.mark.parametrize(
    "text", ["שלום, מה שלומך?", "مرحبا بالعالم", "😀 👩‍👩‍👧 ok", "你好。我不知道"]
)
def test_any_script_comes_through(text: str) -> None:
    for made in (
        f"1\n00:00:00,000 --> 00:00:03,000\n{text}\n",
        f"Anna: {text}\n",
        json.dumps([{"start": 0, "end": 3, "text": text}]),
    ):
        assert transcribed(ONE, parse(made)).turns[0].text == text


def test_a_hundred_thousand_words() -> None:
    chance = random.Random(1)
    turns = [Turn(n * S, n * S + chance.randrange(S // 2, S), n % 4) for n in range(10_000)]
    a = Annotation.build(turns, 10_001 * S)
    lines = "".join(
        f"{n}\n{t // 3600:02d}:{t // 60 % 60:02d}:{t % 60:02d},000 --> "
        f"{(t + 2) // 3600:02d}:{(t + 2) // 60 % 60:02d}:{(t + 2) % 60:02d},000\n{'word ' * 20}\n\n"
        for n in range(5_000)
        for t in (2 * n,)
    )
    laid = transcribed(a, parse(lines))
    assert sum(len(t.words) for t in laid.turns) == 100_000


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "{}",
        "[1]",
        '{"segments": 3}',
        "WEBVTT\n",
        "",
        "<?xml version='1.0'?><a/>",
        "[]",
        "{",
    ],
)
def test_what_is_no_transcript_is_refused_in_a_line(tmp_path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_transcript(path)
    assert "\n" not in str(refused.value)


@given(st.sampled_from(list(ALL)), st.randoms(use_true_random=False))
def test_damaged_files_are_read_or_refused(kind: str, chance: random.Random) -> None:
    text = ALL[kind]
    at = chance.randrange(len(text))
    text = (
        text[:at]
        + chance.choice(["", "-", "9" * 12, '"', "\n\n", "{"])
        + text[at + chance.randrange(9) :]
    )
    a = read_or_refused(lambda: transcribed(TALK, parse(text)))
    if a is not None:
        assert a.has_words
        assert all(isinstance(w, Word) for t in a.turns for w in t.words)


def test_speakers_without_turns_stay() -> None:
    empty = Annotation(speakers=(Speaker(7, "Cleo"),), duration=12 * S)
    a = transcribed(empty, [Line("Yes.", S, 2 * S, "Anna")])
    assert {s.name for s in a.speakers} == {"Anna", "Cleo"}


def test_the_name_of_a_known_speaker_need_not_stand_there_twice():
    text = """\
1
00:00:00,500 --> 00:00:02,000
Anna: Note: this is

2
00:00:02,000 --> 00:00:03,900
all that I know

3
00:00:03,900 --> 00:00:04,000
and no more

4
00:00:05,000 --> 00:00:10,000
Ben: Thanks.
"""
    assert [line.label for line in parse(text)] == [""] * 4
    lines = parse(text, names={"Anna", "Ben"})
    assert [line.label for line in lines] == ["Anna", "Anna", "Anna", "Ben"]
    assert lines[0].text == "Note: this is"


def test_a_caption_that_stays_on_is_what_the_one_says_who_began():
    """Somebody else speaks on after a short answer; the caption with it is still there."""
    talk = Annotation.build([Turn(0, 20 * S, 0), Turn(5 * S, 5 * S + 4800, 1)], 20 * S, {1: "Ben"})
    laid = transcribed(talk, [Line("Yes, yes.", 5 * S, 7 * S, "Ben")])
    assert laid.turns[1].text == "Yes, yes."
    late = transcribed(talk, [Line("Yes, yes.", 4 * S, 7 * S, "Ben")])
    assert late.turns[0].text == "Yes, yes."
