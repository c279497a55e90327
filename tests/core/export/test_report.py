"""The report with sound plays what it shows, in a real browser where there is one."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.annotation import edits
from core.annotation.values import Annotation, Turn, Word
from core.errors import Cancelled, InputError
from core.export.meeting import Options, export
from core.export.report import encoded
from core.formats import About

S = 16_000
BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Ten seconds: a tone that is an octave higher in every second one."""
    path = tmp_path / "talk.wav"
    at = np.arange(10 * S)
    pitch = np.where(at // S % 2 == 0, 220, 440)
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * np.cumsum(pitch) / S), S)
    return path


def meeting() -> Annotation:
    words = (Word(S, S + 100, "Hello"), Word(S + 200, 2 * S, "<b>&you"))
    turns = [Turn(S, 3 * S, 0, words=words), Turn(2 * S, 5 * S, 1), Turn(7 * S, 9 * S, 0)]
    a = Annotation.build(turns, 10 * S, {0: 'Anna "A" <x>', 1: "שרה"})
    return edits.add_marker(a, 4 * S, "decision </script>")


def sound_of(page: str) -> bytes:
    match = re.search(r'src="data:audio/mpeg;base64,([^"]*)"', page)
    assert match
    return base64.b64decode(match[1])


def test_the_sound_inside_is_that_of_the_recording(recording: Path, tmp_path: Path) -> None:
    (path,) = export(meeting(), tmp_path / "r.html", "report", about=About("talk", recording))
    page = path.read_text("utf-8")
    sound, rate = soundfile.read(io.BytesIO(sound_of(page)))
    assert rate == S
    assert len(sound) == pytest.approx(10 * S, abs=0.2 * S)
    spectrum = np.abs(np.fft.rfft(sound[int(3.3 * S) : int(3.8 * S)]))
    assert np.argmax(spectrum) * 2 == pytest.approx(440, abs=6)
    assert len(page) < 2 * 32_000 / 8 * 10 + 40_000


def test_what_it_says(recording: Path, tmp_path: Path) -> None:
    (path,) = export(meeting(), tmp_path / "r.html", "report", about=About("talk", recording))
    page = path.read_text("utf-8")
    assert "Anna &quot;A&quot; &lt;x&gt;" in page or 'Anna "A" &lt;x&gt;' in page
    assert "&lt;b&gt;&amp;you" in page
    assert "decision &lt;/script&gt;" in page
    assert page.count("<script>") == 1
    assert 'data-start="7.000" data-end="9.000"' in page
    assert "Where several speak at once" in page
    assert "http" not in page.replace("http-equiv", ""), "nothing is fetched from anywhere"


def test_a_part_is_counted_from_where_its_sound_begins(recording: Path, tmp_path: Path) -> None:
    options = Options(span=(6 * S, 9 * S))
    (path,) = export(
        meeting(), tmp_path / "r.html", "report", options, about=About("talk", recording)
    )
    page = path.read_text("utf-8")
    assert 'data-start="1.000" data-end="3.000"' in page
    sound, _ = soundfile.read(io.BytesIO(sound_of(page)))
    assert len(sound) == pytest.approx(3 * S, abs=0.2 * S)


def test_without_a_recording_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="say where the recording is"):
        export(meeting(), tmp_path / "r.html", "report", about="talk")
    assert not (tmp_path / "r.html").exists()


def test_it_can_be_stopped(recording: Path) -> None:
    told: list[float] = []
    with pytest.raises(Cancelled):
        encoded(recording, on_progress=told.append, cancelled=lambda: len(told) >= 2)
    assert told == sorted(told)


@pytest.mark.skipif(not BROWSER, reason="no Chromium here")
def test_a_click_on_a_turn_plays_it_in_a_browser(recording: Path, tmp_path: Path) -> None:
    """The page is loaded, a turn is clicked, and what is heard is told in the title."""
    (path,) = export(meeting(), tmp_path / "r.html", "report", about=About("talk", recording))
    page = path.read_text("utf-8")
    watch = """<script>
addEventListener('load', async () => {
  const wait = ms => new Promise(done => setTimeout(done, ms)), said = [];
  for (const selector of ['.turn button', 'svg [data-start="7.000"]', 'li button']) {
    const element = document.querySelector(selector);
    element.dispatchEvent(new MouseEvent('click', {bubbles: true}));
    for (let n = 0; n < 100 && sound.paused; n++) await wait(20);
    for (let n = 0; n < 100 && sound.currentTime <= Number(element.dataset.start); n++)
      await wait(20);
    said.push([selector, !sound.paused, Math.floor(sound.currentTime),
               element.classList.contains('playing')]);
    sound.pause();
    await wait(50);
  }
  const box = document.querySelector('input[data-speaker="1"]');
  box.click();
  said.push([...document.querySelectorAll('.turn')].map(turn => turn.hidden));
  document.body.dataset.said = JSON.stringify(said);
});
</script>"""
    watched = tmp_path / "watched.html"
    watched.write_text(page.replace("</body>", watch + "</body>"), "utf-8")
    done = subprocess.run(
        [
            *(BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio"),
            *("--autoplay-policy=no-user-gesture-required", f"--user-data-dir={tmp_path / 'u'}"),
            *("--virtual-time-budget=20000", "--dump-dom", watched.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    match = re.search(r'data-said="([^"]*)"', done.stdout)
    assert match, done.stdout[-2000:] + done.stderr[-2000:]
    said = match[1].replace("&quot;", '"')
    assert said == (
        '[[".turn button",true,1,true],["svg [data-start=\\\\"7.000\\\\"]",true,7,true],'
        '["li button",true,4,true],[false,true,false]]'
    ).replace("\\\\", "\\")
