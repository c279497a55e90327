"""What the tables of an archive say of overlapping speech."""

import csv

import pytest

from core.annotation.values import Annotation, Turn
from core.archive.finding import Recording
from core.archive.results import Record, spoken
from core.archive.tables import linked, write_tables
from core.meeting.file import Meeting
from core.units import SAMPLE_RATE as S

pytest.importorskip("pyarrow")


def test_the_tables_say_how_much_of_the_talk_time_overlaps(tmp_path):
    built = Annotation.build([Turn(0, 6 * S, 0), Turn(4 * S, 8 * S, 1)], 10 * S, {0: "Anna"})
    shares = spoken(Meeting(built, "talk"), {})
    assert [(one.label, one.seconds, one.overlap) for one in shares] == [
        ("Anna", 6.0, 2.0),
        ("Speaker 2", 4.0, 2.0),
    ]
    record = Record(Recording("talk.wav", "talk", 1, ""), "", "", duration=10.0, speakers=shares)
    write_tables(tmp_path, [record], linked([record], "", None))
    with open(tmp_path / "speakers.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["seconds"], row["overlap_s"]) for row in rows] == [
        ("6.000", "2.000"),
        ("4.000", "2.000"),
    ]
