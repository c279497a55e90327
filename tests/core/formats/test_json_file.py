import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation import Annotation, Speaker, Turn
from core.errors import InputError
from core.formats import json_file

from .strategies import annotations, read_or_refused

GOOD = json.loads(
    json_file.render(Annotation.build([Turn(4608, 70_496, 0, False)], names={0: "Ann"}), "talk")
)


@given(annotations(), st.text(max_size=10))
def test_nothing_is_lost(built, uri):
    assert json_file.parse(json_file.render(built, uri)) == (built, uri)


def test_unsettled_turns_and_silent_speakers_are_kept():
    built = Annotation(
        (Turn(1, 2, 1, settled=False), Turn(3, 7, 1)), (Speaker(1), Speaker(0, "Anna")), 9
    )
    read, _ = json_file.parse(json_file.render(built, "x"))
    assert read == built
    assert [t.settled for t in read.turns] == [False, True]


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


@given(st.sampled_from(sorted(GOOD)), anything)
def test_any_value_anywhere_is_read_or_refused(key, value):
    read_or_refused(lambda: json_file.parse(json.dumps({**GOOD, key: value})))


@given(st.integers(0, 300), st.text(max_size=3))
def test_a_damaged_file_is_read_or_refused(where, put):
    text = json.dumps(GOOD)
    damaged = text[:where] + put + text[where + len(put) :]
    read_or_refused(lambda: json_file.parse(damaged))
