from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Speaker
from core.formats.names import labels, one_line, xml


def speakers(*given_names):
    return Annotation(speakers=tuple(Speaker(i, n) for i, n in enumerate(given_names)))


def test_no_two_labels_are_the_same_and_none_is_empty():
    built = speakers("Anna", "Anna", "a\tb", "a\nb", "\0", "Speaker 1", "", "anna")
    assert list(labels(built).values()) == [
        "Anna",
        "Anna (2)",
        "a b",
        "a b (2)",
        "Speaker 5",
        "Speaker 1",
        "Speaker 7",
        "anna",
    ]
    assert labels(built, fold=str.casefold)[7] == "anna (3)"


@given(st.lists(st.text(max_size=6), max_size=8))
def test_any_names_make_labels_of_one_line(given_names):
    made = labels(speakers(*given_names))
    assert len(set(made.values())) == len(made) == len(given_names)
    assert all(
        label and len(label.splitlines()) == 1 == len({label, label.strip()})
        for label in made.values()
    )


@given(st.text(st.characters()))
def test_any_text_can_stand_in_xml(text):
    root = ElementTree.fromstring(f'<a b="{xml(one_line(text))}">{xml(one_line(text))}</a>')
    assert (root.text or "") == root.get("b")
