"""Annotations and names as hypothesis makes them, and what every reader owes to any text."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from core.annotation.values import Annotation, Denial, Turn
from core.errors import InputError

names = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        ["Anna B", "speaker1", "Speaker 3", "<NA>", "50%", "%41", "=1+1", "a\tb", "Zoë", "김", " "]
    ),
)


@st.composite
def annotations(draw, grid=1, named=True):
    """Annotations whose labels differ, every edge a multiple of ``grid`` samples."""
    steps = st.integers(0, 200_000)
    turns = [
        Turn(start * grid, (start + draw(st.integers(1, 50_000))) * grid, draw(st.integers(0, 5)))
        for start in draw(st.lists(steps, max_size=12))
    ]
    given_names = {}
    if named:
        # Nobody is named what an unnamed speaker is shown as: the files could not tell them apart.
        free = names.filter(lambda n: not n.startswith("Speaker "))
        chosen = draw(st.lists(free, unique=True, max_size=6))
        given_names = dict(enumerate(chosen))
    return Annotation.build(turns, draw(steps) * grid, given_names)


@st.composite
def recognised(draw):
    """Annotations in which some names come from known voices, and some voices were denied."""
    built = draw(annotations())
    speakers = tuple(
        replace(s, confidence=draw(st.none() | st.floats(0, 1))) if s.name else s
        for s in built.speakers
    )
    where = st.lists(st.integers(0, 90), min_size=1, max_size=3, unique=True)
    denied = draw(
        st.lists(
            st.builds(
                lambda name, at: Denial(name, tuple((10 * n, 10 * n + 5) for n in sorted(at))),
                names,
                where,
            ),
            max_size=2,
        )
    )
    return replace(built, speakers=speakers, denied=tuple(denied))


def labelled(annotation):
    """What a file holds of an annotation: who speaks from when to when."""
    labels = {s.id: s.label for s in annotation.speakers}
    return sorted((t.start, t.end, labels[t.speaker]) for t in annotation.turns)


def read_or_refused(read: Callable):
    """What is read, or None if it was refused in one line; any other exception is a failure."""
    try:
        return read()
    except InputError as error:
        message = str(error)
    assert message
    assert len(message.splitlines()) == 1
    return None


ODD_NAMES = (
    'Anna "A" <b>&amp;',
    "tab\tin it",
    "line\nin it",
    "שלום עולם",
    "😀 & Co",
    "=SUM(A1)",
    "a|b*c_d`e",
    "<v Ben> --> {\\an8}",
    " ",
    "\x00\x1f",
)

S = 16_000

ODD = Annotation.build(
    [Turn(n * S, n * S + S // 2, n) for n in range(len(ODD_NAMES) + 1)],
    10 * 3600 * S,
    dict(enumerate(ODD_NAMES)),
)
"""Ten hours with a speaker for each odd name, and one without a name."""
