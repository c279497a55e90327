"""What stands in for recognisers: a library and a program with the faces of the real ones."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

VOSK = """\
import json, os, socket, time

def SetLogLevel(level):
    pass

class Model:
    def __init__(self, model_path):
        {loading}

class KaldiRecognizer:
    count = 0

    def __init__(self, model, rate):
        KaldiRecognizer.count += 1

    def SetWords(self, on):
        pass

    def AcceptWaveform(self, data):
        return False

    def FinalResult(self):
        n, said = KaldiRecognizer.count, "well"
        {code}
        word = {{"word": said, "start": 0.6, "end": 0.9, "conf": 0.5}}
        return json.dumps({{"result": [word], "text": said}})
"""
"""``code`` runs with ``n``, the number of the portion from 1 on, and may change ``said``."""

CPP = """\
#!{python}
import json, sys
out = sys.argv[sys.argv.index("-of") + 1]
print("what it likes to tell")
if {code}:
    sys.stderr.write("error: failed to initialise\\n")
    raise SystemExit({code})
offsets = {{"from": 600, "to": 1000}}
content = {{"transcription": [{{"offsets": offsets, "text": {text}}}]}}
with open(out + ".json", "w", encoding="utf-8") as file:
    json.dump(content, file, ensure_ascii=False)
"""


def put_vosk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: str = "pass", loading: str = "pass"
) -> Path:
    """Put a module vosk on the path that runs this code for each portion; gives its model."""
    library = folder / "library"
    library.mkdir()
    indented = "\n        ".join(code.splitlines())
    (library / "vosk.py").write_text(VOSK.format(code=indented, loading=loading), "utf-8")
    monkeypatch.syspath_prepend(library)
    model = folder / "model of vosk"
    (model / "am").mkdir(parents=True)
    (model / "am" / "final.mdl").touch()
    return model


def put_whisper_cpp(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str = "", code: int = 0
) -> Path:
    """Put a program whisper-cli on the PATH that writes this text for all that it hears, or ends
    with a code; gives its model."""
    if sys.platform == "win32":
        pytest.skip("a script is no program there")
    program = folder / "bin" / "whisper-cli"
    program.parent.mkdir()
    program.write_text(CPP.format(python=sys.executable, text=repr(text), code=code), "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    model = folder / "ggml-tiny.bin"
    model.touch()
    return model
