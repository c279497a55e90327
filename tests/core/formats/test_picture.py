import io
from xml.etree import ElementTree

import numpy as np
import pytest
import resvg_py
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
    assert has(with_wave, "#555555", 20_000)
    assert not has(image, "#555555", 20_000)


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


def test_names_are_drawn_where_the_system_has_no_font(monkeypatch):
    def bare(**given):
        return drawer(**given, skip_system_fonts=True)

    drawer = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", bare)
    built = Annotation.build([Turn(0, 16_000, 0)], names={0: "Anna"})
    beside = pixels(picture.timeline(built, ""))[54:110, :80]
    assert 100 < np.count_nonzero(beside.max(axis=2) < 128) < 1000


def test_who_has_the_colour_of_another_is_hatched():
    built = Annotation.build([Turn(0, 80_000, 0), Turn(80_000, 160_000, 7)])
    image = pixels(picture.timeline(built, "talk"))
    lanes = np.count_nonzero((np.abs(image - [0xE6, 0x9F, 0x00]) <= 2).all(axis=2), axis=1)
    plain, hatched = lanes[75], lanes[129]
    assert 0.6 * plain < hatched < 0.95 * plain
    svg, _ = drawn(picture.timeline(built, "talk", kind="svg"))
    assert svg.count("<pattern ") == 1


def test_what_is_too_long_is_cut_but_for_the_title_of_the_file():
    name, title = "Annegret " * 9, "talk " * 99
    built = Annotation.build([Turn(0, 16_000, 0)], names={0: name})
    svg, texts = drawn(picture.timeline(built, title, kind="svg"))
    assert f"<title>{title.strip()}</title>" in svg
    short = [text for text in texts if text.endswith("…")]
    assert [text[:8] for text in short] == ["talk tal", "Annegret"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.4, "0:00.1"), (7, "0:05"), (90, "1:20"), (5400, "1:10:00"), (90_000, "24:00:00")],
)
def test_times_are_round_and_have_room(seconds, shown):
    built = Annotation.build([Turn(0, 1600, 0)], round(seconds * 16_000))
    _, texts = drawn(picture.timeline(built, "talk", kind="svg"))
    times = [text for text in texts if ":" in text]
    assert shown in times
    assert 4 <= len(times) <= 11
