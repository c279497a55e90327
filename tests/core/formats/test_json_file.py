import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Marker, Speaker, Turn, Word
from core.errors import InputError
from core.formats import json_file
from tests.core.formats.strategies import annotations, read_or_refused, recognised

GOOD = json.loads(
    json_file.render(Annotation.build([Turn(4608, 70_496, 0, False)], names={0: "Ann"}), "talk")
)


@given(annotations(), st.text(max_size=10))
def test_nothing_is_lost(built, uri):
    assert json_file.parse(json_file.render(built, uri)) == (built, uri)


@given(recognised())
def test_what_is_known_of_voices_is_kept(built):
    assert json_file.parse(json_file.render(built, "talk"))[0] == built


@pytest.mark.parametrize("confidence", [1.5, -0.1, "0.5", True, [1]])
def test_a_confidence_is_a_number_from_0_to_1(confidence):
    text = json.dumps({**GOOD, "speakers": [{"id": 0, "name": "A", "confidence": confidence}]})
    with pytest.raises(InputError, match="speaker 1: the confidence"):
        json_file.parse(text)


@pytest.mark.parametrize("denied", [7, [7], [{"name": 3}], [{"name": "A", "where": [[2, 1]]}]])
def test_a_denial_has_a_name_and_stretches(denied):
    with pytest.raises(InputError, match="denied"):
        json_file.parse(json.dumps({**GOOD, "denied": denied}))


def test_unsettled_turns_and_silent_speakers_are_kept():
    built = Annotation(
        (Turn(1, 2, 1, settled=False), Turn(3, 7, 1)), (Speaker(1), Speaker(0, "Anna")), 9
    )
    read, _ = json_file.parse(json_file.render(built, "x"))
    assert read == built
    assert [t.settled for t in read.turns] == [False, True]


def test_what_a_person_did_is_kept():
    built = Annotation(
        (Turn(0, 8, 3), Turn(8, 20, 3), Turn(10, 12, 1)),
        (Speaker(3, "Anna", "#0072B2"), Speaker(1, kept=True)),
        30,
        (Marker(4, "here"), Marker(4, "there"), Marker(30)),
        ((0, 8), (25, 30)),
    )
    assert json_file.parse(json_file.render(built, "x"))[0] == built


def test_overlapping_turns_of_one_speaker_become_one():
    turns = [{"start": n, "end": n + 2, "speaker": 0} for n in range(3)]
    text = json.dumps({**GOOD, "turns": turns})
    assert json_file.parse(text)[0].turns == (Turn(0, 4 * 16000, 0),)


def test_half_a_character_is_shown_as_one_that_is_missing():
    text = json.dumps({**GOOD, "speakers": [{"id": 0, "name": "A\ud800"}]})
    assert json_file.parse(text)[0].speakers == (Speaker(0, "A?"),)


def test_seconds_are_readable():
    assert GOOD["turns"] == [{"start": 0.288, "end": 4.406, "speaker": 0, "settled": False}]
    assert (GOOD["format"], GOOD["version"]) == ("voicelanes", 1)


def test_unknown_keys_are_skipped():
    text = json.dumps({**GOOD, "colour": "red", "turns": [{**GOOD["turns"][0], "new": 1}]})
    assert len(json_file.parse(text)[0].turns) == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"format": "other"}, "not an annotation of Voicelanes"),
        ({"version": 2}, "newer Voicelanes"),
        ({"version": True}, "version"),
        ({"version": None}, "version"),
        ({"recording": []}, "recording"),
        ({"recording": {"duration": -1}}, "duration must be"),
        ({"speakers": None}, "list of speakers"),
        ({"speakers": [{"id": 0}, {"id": 0}]}, "there twice"),
        ({"speakers": [{"id": "0"}]}, "id of a speaker"),
        ({"speakers": [{"id": 0, "name": 3}]}, "id and a name"),
        ({"speakers": []}, "turn 1: there is no speaker with the id 0"),
        ({"speakers": [{"id": 0, "colour": "red"}]}, "colour is written #rrggbb"),
        ({"speakers": [{"id": 0, "colour": 7}]}, "colour is written #rrggbb"),
        ({"speakers": [{"id": 0, "kept": 1}]}, "kept is true or false"),
        ({"markers": {}}, "list of markers"),
        ({"markers": [{"at": -1}]}, "marker 1.*number of seconds"),
        ({"markers": [{"at": 1, "text": 3}]}, "marker 1: a marker has"),
        ({"edited": 3}, "edited must be a list"),
        ({"edited": [[1]]}, r"edited, 1: a stretch of time"),
        ({"edited": [[2, 1]]}, "edited, 1: the end must come after"),
        ({"turns": {}}, "list of turns"),
        ({"turns": [3]}, "turn 1"),
        ({"turns": [{"start": 2, "end": 1, "speaker": 0}]}, "end must come after"),
        ({"turns": [{"start": "0", "end": 1, "speaker": 0}]}, "number of seconds"),
        ({"turns": [{"start": 0, "end": 1e99, "speaker": 0}]}, "number of seconds"),
        ({"turns": [{"start": 0, "end": 1, "speaker": 0.0}]}, "id of a speaker"),
        ({"turns": [{"start": 0, "end": 1, "speaker": 0, "settled": 1}]}, "turn 1"),
    ],
)
def test_what_is_wrong_is_named(change, problem):
    with pytest.raises(InputError, match=rf"^m\.json.*{problem}"):
        json_file.parse(json.dumps({**GOOD, **change}), "m.json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"a": NaN}',
        "[" * 100_000,
        "1" * 100_000,
        '{"format": "voicelanes", "version": ' + "9" * 50 + "}",
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(InputError) as caught:
        json_file.parse(text)
    assert "\n" not in str(caught.value)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(["markers", "edited", *sorted(GOOD)]), anything)
def test_any_value_anywhere_is_read_or_refused(key, value):
    read_or_refused(lambda: json_file.parse(json.dumps({**GOOD, key: value})))


@given(st.integers(0, 300), st.text(max_size=3))
def test_a_damaged_file_is_read_or_refused(where, put):
    text = json.dumps(GOOD)
    damaged = text[:where] + put + text[where + len(put) :]
    read_or_refused(lambda: json_file.parse(damaged))


def test_words_come_back_with_their_times_and_how_sure_they_are():
    words = (Word(16, 160, "שלום,", 0.25), Word(160, 8_000, "😀"), Word(9_000, 40_001, "out"))
    turns = (Turn(16, 32_000, 0, words=words), Turn(32_000, 40_000, 0))
    made = Annotation(turns, (Speaker(0),), 48_000)
    read, _ = json_file.parse(json_file.render(made, "talk"))
    assert read == made
    assert [w.confidence for w in read.turns[0].words] == [0.25, None, None]


@pytest.mark.parametrize(
    "words",
    [
        "hello",
        [{"start": 0, "end": 1}],
        [{"start": 0, "end": 1, "text": " "}],
        [{"start": 1, "end": 1, "text": "a"}],
        [{"start": -1, "end": 1, "text": "a"}],
        [{"start": 0, "end": 1, "text": "a", "confidence": 2}],
    ],
)
def test_words_that_can_not_be(words):
    turn = {"start": 0, "end": 1, "speaker": 0, "words": words}
    content = {"format": "voicelanes", "version": 1, "speakers": [{"id": 0}], "turns": [turn]}
    with pytest.raises(InputError, match=r"turn 1"):
        json_file.parse(json.dumps(content))
