import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from core.annotation.values import OKABE_ITO, Annotation, Speaker, Turn
from core.formats import picture


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def has(image, colour, least=200):
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    near = np.abs(image.astype(int) - wanted) <= 2
    return np.count_nonzero(near.all(axis=2)) >= least


class Wave:
    """Peaks of a steady sound."""

    def query(self, start, end, columns):
        assert (start, end) == (0, 160_000)
        return np.full(columns, -0.5, np.float32), np.full(columns, 0.5, np.float32)


def test_every_speaker_has_a_lane_in_the_own_colour():
    built = Annotation.build([Turn(0, 64_000, 0), Turn(70_000, 160_000, 1), Turn(0, 9_000, 3)])
    image = pixels(picture.timeline(built, "talk"))
    assert [has(image, c) for c in OKABE_ITO[:4]] == [True, True, False, True]
    with_wave = pixels(picture.timeline(built, "talk", Wave()))
    assert len(with_wave) > len(image)
    assert has(with_wave, "#555555")
    assert not has(image, "#555555")


@pytest.mark.parametrize("name", ["$x_1$", "김", "a\nb", "\\alpha $", "x" * 200])
def test_any_name_is_drawn(name):
    built = Annotation.build([Turn(0, 16_000, 0)], names={0: name})
    assert len(pixels(picture.timeline(built, name)))
    assert len(pixels(picture.heat_map(np.zeros((2, 2)), [name, "b"])))


def test_a_silent_recording_has_a_picture():
    assert len(pixels(picture.timeline(Annotation(duration=16_000), "silence")))
    assert len(pixels(picture.timeline(Annotation(), "nothing")))


def test_a_heat_map_goes_from_dark_to_light():
    image = pixels(picture.heat_map(np.array([[0.0, 1.0], [1.0, 0.0]]), ["a", "b"]))
    assert has(image, "#440154")
    assert has(image, "#FDE725")


def drawn(svg):
    root = ElementTree.fromstring(svg)
    texts = ["".join(t.itertext()).strip() for t in root.iter("{http://www.w3.org/2000/svg}text")]
    return svg.decode(), texts


def test_the_svg_holds_colours_and_names_as_text():
    names = {0: 'Anna "A" <b>', 1: "שלום", 2: "$x_1$", 3: "\x01\ud800"}
    built = Annotation.build([Turn(n * 16_000, n * 16_000 + 9000, n) for n in range(4)], 0, names)
    svg, texts = drawn(picture.timeline(built, "a & b", kind="svg"))
    assert set(texts) >= {'Anna "A" <b>', "שלום", "a & b", "�"}
    assert all(colour.lower() in svg for colour in OKABE_ITO[:4])
    again = picture.timeline(built, "a & b", kind="svg")
    assert again == svg.encode()


def test_the_colour_that_a_person_chose_is_drawn():
    turns = (Turn(0, 64_000, 0), Turn(70_000, 160_000, 1))
    built = Annotation(turns, (Speaker(0, colour="#204a87"), Speaker(1)), 160_000)
    image = pixels(picture.timeline(built, "talk"))
    assert [has(image, c) for c in ("#204a87", OKABE_ITO[0], OKABE_ITO[1])] == [True, False, True]


def test_only_the_part_is_drawn():
    built = Annotation.build([Turn(0, 64_000, 0), Turn(96_000, 160_000, 1)], 160_000)
    image = pixels(picture.timeline(built, "talk", span=(80_000, 160_000)))
    assert [has(image, c) for c in OKABE_ITO[:2]] == [False, True]
    _, texts = drawn(picture.timeline(built, "talk", span=(80_000, 160_000), kind="svg"))
    assert "0:05" in texts
    assert "0:00" not in texts
