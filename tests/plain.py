"""An environment with nothing but the plain install: what most people have, and no test runs in.

A virtual environment of links to the installed files of what ``pip install`` would bring, so the
processes that Voicelanes starts live in it, too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

from core.licences import plain_install

ROOT = Path(__file__).resolve().parent.parent


def make_plain_environment(folder: Path) -> Path:
    """Make the environment in a folder that isn't there yet, and return its Python."""
    venv.create(folder, symlinks=True, with_pip=False)
    site = next((folder / "lib").glob("python*/site-packages"))
    for name in plain_install():
        for file in metadata.files(name) or []:
            source = Path(file.locate())
            if ".." in file.parts or not source.exists():  # scripts lie elsewhere
                continue
            link = site / file
            link.parent.mkdir(parents=True, exist_ok=True)
            if file.suffix != ".pth" and not link.is_symlink():  # some are listed twice
                link.symlink_to(source)
    (site / "voicelanes.pth").write_text(f"{ROOT}\n")
    return folder / "bin" / "python"


def run_in(python: Path, code: str, *arguments: str, cwd: Path) -> list[dict[str, object]]:
    """Run code that prints JSON, a line for each thing that it tells; other lines are left out."""
    done = subprocess.run(
        [str(python), "-c", code, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=580,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"')]


if __name__ == "__main__":
    print(make_plain_environment(Path(sys.argv[1])))
