import csv
import io

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Turn
from core.formats import csv_table
from core.formats.names import labels
from tests.core.formats.strategies import ODD, annotations


def test_rows_have_points_and_cr_lf():
    built = Annotation.build([Turn(4608, 70_496, 0)], names={0: 'Anna "A", B'})
    assert csv_table.render(built, "talk") == (
        'file,speaker,start,end,duration\r\ntalk,"Anna ""A"", B",0.288,4.406,4.118\r\n'
    )


@pytest.mark.slow
@given(annotations())
def test_another_reader_finds_every_turn(built):
    rows = list(csv.DictReader(io.StringIO(csv_table.render(built, "=x"), newline="")))
    assert {r["file"] for r in rows} <= {"'=x"}
    for row in rows:
        start, end, duration = (round(float(row[k]) * 1000) for k in ("start", "end", "duration"))
        assert end - start == duration > 0


SIGNS = list("=+-@＝＋－＠﹢﹣﹫−")
BLANKS = ["", " ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\x1b", " \t"]


@pytest.mark.parametrize("first", [*"\t\r\n", *(b + s for b in BLANKS for s in SIGNS)])
def test_no_cell_runs_as_a_formula(first):
    assert csv_table.harmless(f"{first}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("cell", ["", " ", "a=1", "Zoë", " x", "1.5", "3 + 4"])
def test_other_cells_stay_as_they_are(cell):
    assert csv_table.harmless(cell) == cell


def test_a_nul_is_left_out():
    assert csv_table.table([["=1\0", "\0=1"]]) == "'=1,'=1\r\n"


@given(st.lists(st.lists(st.text(max_size=10), min_size=2, max_size=3), max_size=5))
def test_any_table_comes_back_neutralised(rows):
    text = csv_table.table(rows)
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert back == [[csv_table.harmless(cell) for cell in row] for row in rows]


def test_tabs_divide_the_same_columns_and_other_readers_find_them():
    text = csv_table.render_tsv(ODD, "@x")
    read = list(csv.DictReader(io.StringIO(text, newline=""), dialect="excel-tab"))
    assert csv_table.render_tsv(ODD, "x").count("\n") == len(ODD.turns) + 1
    assert {row["file"] for row in read} == {"'@x"}
    names = ["'=SUM(A1)" if name == "=SUM(A1)" else name for name in labels(ODD).values()]
    assert [row["speaker"] for row in read] == names
    as_table = pandas.read_csv(io.StringIO(csv_table.render_tsv(ODD, "x")), sep="\t")
    assert as_table["end"].tolist() == [t.end / 16_000 for t in ODD.turns]
    assert as_table["start"].dtype == float
