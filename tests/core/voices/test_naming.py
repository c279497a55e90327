"""Names that are sure, questions, and what a person said about both."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.annotation import edits
from core.annotation.another_pass import carried_over
from core.annotation.values import Annotation, Turn
from core.voices.book import Voice
from core.voices.naming import Name, Names
from core.voices.recognition import Recognised, Verdict

TALK = Annotation.build([Turn(0, 40, 0), Turn(50, 90, 1), Turn(100, 140, 2)], 200)


def name(called: str, outcome: Verdict, confidence: float = 0.95, number: int = 1) -> Name:
    voice = Voice(number, called, "", 1, 9.0, frozenset())
    return Name(Recognised(outcome, number, confidence, 0.96), voice)


def names(**by: Name) -> Names:
    """By speaker: ``s0``, ``s1`` and so on."""
    known = frozenset(n.voice.name.casefold() for n in by.values() if n.voice)
    return Names({int(s[1:]): n for s, n in by.items()}, known)


def labels(annotation: Annotation) -> list[str]:
    return [s.label for s in annotation.speakers]


def test_what_is_sure_is_named_and_what_is_not_is_asked() -> None:
    found = names(s0=name("Anna", "known"), s1=name("Ben", "unsure", number=2))
    after = found.named(TALK)
    assert labels(after) == ["Anna", "Speaker 2", "Speaker 3"]
    assert after.speaker(0).confidence == 0.95
    assert not after.speaker(0).named_by_hand
    assert list(found.questions(after)) == [1]
    assert found.questions(after)[1].label("Speaker 2") == "Speaker 2 (Ben?)"
    assert found.named(after) == after


def test_it_is_never_quite_certain() -> None:
    found = names(s0=name("Anna", "known", 1.0))
    assert found.named(TALK).speaker(0).confidence == 0.99


def test_what_a_person_named_stays_and_nobody_is_there_twice() -> None:
    by_hand = edits.rename(edits.rename(TALK, 0, "Zoe"), 1, "ANNA")
    found = names(s0=name("Ben", "known", number=2), s2=name("Anna", "known"))
    after = found.named(by_hand)
    assert labels(after) == ["Zoe", "ANNA", "Speaker 3"]
    assert list(found.questions(after)) == [2]  # is it her, too?


def test_a_name_that_is_no_longer_sure_goes_unless_the_voice_is_forgotten() -> None:
    named = names(s0=name("Anna", "known")).named(TALK)
    unsure = names(s0=name("Anna", "unsure"))
    assert labels(unsure.named(named))[0] == "Speaker 1"
    assert list(unsure.questions(unsure.named(named))) == [0]
    assert Names().named(named) == named  # nothing to compare with
    assert Names(known=frozenset({"ben"})).named(named) == named
    assert labels(Names(known=frozenset({"anna"})).named(named))[0] == "Speaker 1"


def test_a_small_change_of_confidence_is_no_change() -> None:
    named = names(s0=name("Anna", "known", 0.95)).named(TALK)
    assert names(s0=name("Anna", "known", 0.96)).named(named) == named
    assert names(s0=name("Anna", "known", 0.90)).named(named).speaker(0).confidence == 0.9


def test_no_is_heeded_and_takes_the_name_away() -> None:
    found = names(s0=name("Anna", "known"), s1=name("Ben", "unsure", number=2))
    after = edits.deny(found.named(TALK), 0, "Anna")
    assert labels(after)[0] == "Speaker 1"
    assert found.named(after) == after
    assert list(found.questions(after)) == [1]
    assert list(found.questions(edits.deny(after, 1, "ben"))) == []


def test_yes_is_a_name_by_hand() -> None:
    found = names(s0=name("Anna", "known"), s1=name("Ben", "unsure", number=2))
    after = edits.confirm(edits.confirm(found.named(TALK), 0, "Anna"), 1, "Ben")
    assert labels(after) == ["Anna", "Ben", "Speaker 3"]
    assert all(s.named_by_hand for s in after.speakers[:2])
    assert found.questions(after) == {}


def test_another_name_than_the_recognised_one_denies_it() -> None:
    found = names(s0=name("Anna", "known"))
    named = found.named(TALK)
    after = edits.rename(named, 0, "Eva")
    assert after.speaker(0).named_by_hand
    assert edits.denies(after, 0, "Anna")
    cleared = edits.rename(named, 0, "")
    assert found.named(cleared) == cleared
    assert edits.rename(named, 0, "Anna") == named  # typed over and left as it was


def test_a_name_by_hand_goes_before_a_recognised_one_when_speakers_merge() -> None:
    named = names(s0=name("Anna", "known")).named(TALK)
    after = edits.merge_speakers(edits.rename(named, 1, "Ben"), 0, 1)
    assert (after.speaker(0).name, after.speaker(0).named_by_hand) == ("Ben", True)
    after = edits.merge_speakers(named, 1, 0)
    assert (after.speaker(1).name, after.speaker(1).confidence) == ("Anna", 0.95)


def test_a_lane_that_only_the_program_named_goes_with_its_turns() -> None:
    named = names(s2=name("Anna", "known")).named(edits.rename(TALK, 1, "Ben"))
    again = Annotation.build([Turn(0, 140, 0)], 200)
    assert labels(carried_over(named, again)) == ["Ben"], "the typed name follows the voice"


@given(st.permutations([0, 1, 2]), st.integers(-4, 4), st.data())
def test_no_is_remembered_whatever_another_pass_calls_them(
    numbers: list[int], shift: int, data: st.DataObject
) -> None:
    who = data.draw(st.sampled_from([0, 1, 2]))
    denied = edits.deny(TALK, who, "Anna")
    turns = [
        replace(t, start=max(0, t.start + shift), end=t.end + shift, speaker=numbers[t.speaker])
        for t in TALK.turns
    ]
    after = carried_over(denied, Annotation.build(turns, 200))
    for lane in after.speakers:
        theirs = after.turns_of(lane.id)[0].start - max(0, TALK.turns[who].start + shift) == 0
        assert edits.denies(after, lane.id, "Anna") == theirs


def test_a_denied_voice_leaves_room_for_the_next_one() -> None:
    import numpy as np

    from core.voices.recognition import Limits, VoicePrint, recognise

    limits = Limits(0.9, 0.7, 20.0, -15.0)
    heard = {0: VoicePrint(np.array([0.8, 0.6], np.float32), 20.0)}
    profiles = {1: np.eye(2, dtype=np.float32)[:1], 2: np.array([[0.1, 0.995]], np.float32)}
    assert recognise(heard, profiles, limits)[0].voice == 1
    assert recognise(heard, profiles, Limits(0.9, 0.6, 20, -15), {0: {1}})[0].voice == 2
    assert recognise(heard, profiles, limits, {0: {1, 2}})[0].outcome == "unknown"
