"""Words stay with their turns through every edit, find their turn by time, and keep their times."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.annotation import edits
from core.annotation.another_pass import carried_over
from core.annotation.imported import imported
from core.annotation.values import Annotation, Turn, Word
from core.annotation.words import retold, spread, with_words
from core.errors import EditError
from tests.core.annotation.test_edits import DURATION, annotations, do_something, valid

words = st.lists(
    st.builds(
        lambda start, length, text: Word(start, start + length, text),
        st.integers(0, DURATION - 1),
        st.integers(1, 10),
        st.sampled_from(["yes", "no,", "שלום", "😀", "well."]),
    ),
    max_size=12,
)


@st.composite
def spoken(draw: st.DrawFn) -> Annotation:
    a = draw(annotations())
    return edits.lay_words(a, [(word, None) for word in draw(words)])


def said(a: Annotation) -> Counter[Word]:
    return Counter(word for turn in a.turns for word in turn.words)


def in_order(a: Annotation) -> bool:
    return all(list(turn.words) == sorted(turn.words) for turn in a.turns)


@given(spoken(), st.data())
def test_no_edit_loses_a_word_but_a_deletion(a: Annotation, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 6))):
        before = a
        try:
            a = do_something(before, data)
        except EditError:
            continue
        valid(a)
        assert in_order(a)
        if said(a) != said(before):
            assert said(a) < said(before)
            gone = set(before.turns) - set(a.turns)
            assert said(before) - said(a) == said(replace(before, turns=tuple(gone)))
            assert set(a.turns) < set(before.turns), "only what was deleted is gone"


@given(annotations(), words)
def test_every_word_is_laid_once_in_a_turn_that_covers_it_if_one_does(
    a: Annotation, given_words: list[Word]
) -> None:
    laid = edits.lay_words(a, [(word, None) for word in given_words])
    if not a.turns:
        assert laid == a
        return
    assert said(laid) == Counter(given_words)
    assert in_order(laid)
    for turn in laid.turns:
        for word in turn.words:
            if not turn.start <= word.middle < turn.end:
                assert not any(t.start <= word.middle < t.end for t in a.turns)


@given(spoken(), annotations())
def test_another_pass_keeps_every_word(a: Annotation, after: Annotation) -> None:
    again = carried_over(a, after)
    valid(again)
    if again.turns:
        assert said(again) == said(a)


@given(spoken(), st.data())
def test_a_split_and_a_merge_give_the_same_turn(a: Annotation, data: st.DataObject) -> None:
    long = [t for t in a.turns if t.duration > 1]
    if not long:
        return
    turn = data.draw(st.sampled_from(long))
    at = data.draw(st.integers(turn.start + 1, turn.end - 1))
    parts = edits.split(a, turn, at)
    left, right = turn.part(turn.start, at), turn.part(at, turn.end)
    assert edits.merge_turns(parts, [left, right]).turns == a.turns
    assert all(word.middle < at for word in left.words)
    assert all(word.middle >= at for word in right.words)


@given(spoken(), st.data())
def test_a_turn_written_anew_has_just_that_text(a: Annotation, data: st.DataObject) -> None:
    if not a.turns:
        return
    turn = data.draw(st.sampled_from(a.turns))
    text = " ".join(data.draw(st.lists(st.sampled_from(["yes", "no,", "😀", "new", "a"]))))
    after = edits.say(a, turn, text)
    assert in_order(after)
    assert after.edited == a.edited
    fresh = next(t for t in after.turns if (t.start, t.end, t.speaker) == key(turn))
    assert fresh.text == text


def key(turn: Turn) -> tuple[int, int, int]:
    return turn.start, turn.end, turn.speaker


def test_words_that_stay_keep_their_times() -> None:
    turn = Turn(0, 100, 0, words=(Word(0, 10, "I", 0.9), Word(20, 60, "sink"), Word(70, 90, "so.")))
    told = retold(turn, "Yes, I think so.")
    assert [w.text for w in told] == ["Yes,", "I", "think", "so."]
    assert told[2] == Word(20, 60, "think")
    assert told[3] is turn.words[2]
    assert told[1].confidence == 0.9
    assert told[2].confidence is None


def test_the_edge_between_two_turns_takes_the_words_along() -> None:
    said_by = (Word(0, 10, "Who"), Word(20, 30, "knows?"), Word(34, 38, "I"))
    a = Annotation((Turn(0, 40, 0, words=said_by), Turn(40, 90, 1)), (), DURATION)
    a = edits.move_all_edges(a, [(a.turns[0], 0, 32), (a.turns[1], 32, 90)])
    assert [t.text for t in a.turns] == ["Who knows?", "I"]
    a = edits.move_edges(a, a.turns[1], 50, 90)
    assert a.turns[1].text == "I", "a word stays with its turn where no other has come to cover it"


def test_who_says_a_word_goes_before_who_covers_more_of_it() -> None:
    turns = [Turn(0, 60, 0), Turn(50, 100, 1)]
    laid = with_words(turns, [(Word(49, 58, "yes"), 1), (Word(40, 48, "so"), 1)])
    assert [t.text for t in laid] == ["so", "yes"]
    laid = with_words(turns, [(Word(49, 58, "yes"), None)])
    assert [t.text for t in laid] == ["yes", ""]


def test_a_word_in_a_pause_goes_to_the_nearest_turn() -> None:
    turns = [Turn(0, 160_000, 0), Turn(0, 10, 1), Turn(320_000, 400_000, 1)]
    for at, home in ((170_000, 0), (310_000, 2), (900_000, 2)):
        laid = with_words(sorted(turns), [(Word(at, at + 2, "mhm"), None)])
        assert laid[sorted(turns).index(turns[home])].text == "mhm"
    far = with_words(sorted(turns), [(Word(238_000, 238_002, "mhm"), 1)])
    assert far[2].text == "mhm", "of two about as near the one who says it"


def test_turns_of_another_program_keep_the_words_that_are_there() -> None:
    a = Annotation((Turn(0, 40, 0, words=(Word(0, 10, "Yes."), Word(30, 38, "No."))),), (), 50)
    new = imported(a, Annotation.build([Turn(0, 20, 0), Turn(20, 50, 1)]))
    assert [t.text for t in new.turns] == ["Yes.", "No."]
    spoken_anew = Annotation((Turn(0, 20, 0, words=(Word(1, 2, "Oh."),)),))
    assert [t.text for t in imported(a, spoken_anew).turns] == ["Oh."]


def test_a_hundred_thousand_words_are_laid_and_share_what_edits_leave_alone() -> None:
    turns = tuple(Turn(n * 1000, n * 1000 + 1100, n % 5) for n in range(10_000))
    many = [(Word(n * 100, n * 100 + 90, f"w{n}"), None) for n in range(100_000)]
    a = edits.lay_words(Annotation.build(turns), many)
    assert sum(len(t.words) for t in a.turns) == 100_000
    after = edits.say(a, a.turns[5000], "something else")
    same = [one is other for one, other in zip(a.turns, after.turns, strict=True)]
    assert same.count(False) == 1


def test_words_are_as_long_as_their_letters_and_never_at_once() -> None:
    made = spread("a " + "b" * 100, 0, 2)
    assert [w.text for w in made] == ["a", "b" * 100]
    assert made[0].start < made[1].start
