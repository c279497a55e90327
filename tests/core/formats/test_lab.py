from pyannote.database.util import load_lab

from core.annotation.values import Annotation
from core.formats import lab, rttm
from core.formats.rounding import rounded
from tests.core.formats.strategies import ODD, S, labelled


def test_pyannote_reads_the_same_turns(tmp_path):
    path = tmp_path / "a.lab"
    path.write_text(lab.render(ODD), encoding="utf-8")
    read = sorted(
        (round(segment.start * S), round(segment.end * S), rttm.speaker_label(name))
        for segment, _, name in load_lab(path).itertracks(yield_label=True)
    )
    assert read == labelled(rounded(ODD))


def test_nobody_speaks():
    assert lab.render(Annotation(duration=S)) == ""
