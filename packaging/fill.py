"""Write a release into the manifests that name it: ``fill.py ADDRESS FOLDER TARGET``.

ADDRESS is the project's page (``https://github.com/OWNER/voicelanes``), FOLDER has the files of the
release, TARGET gets the Homebrew cask, the winget manifests and the landing page with address,
version and SHA-256 of these files. In the repository they hold ``voicelanes.invalid`` and zeros: a
made-up address could be somebody else's tomorrow.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOWHERE = "https://voicelanes.invalid"
ZEROS = "0" * 64


def main() -> None:
    """Fill in, or say which file of the release isn't there."""
    address, release, target = sys.argv[1].rstrip("/"), Path(sys.argv[2]), Path(sys.argv[3])
    (version,) = re.findall(r'^VERSION = "(.+)"', (ROOT / "core/version.py").read_text(), re.M)

    def sha256(name: str) -> str:
        path = release / name
        if not path.exists():
            sys.exit(f"{path} isn't there: which files does the release have?")
        return hashlib.sha256(path.read_bytes()).hexdigest()

    target.mkdir(parents=True, exist_ok=True)
    sources = [*ROOT.glob("packaging/winget/*.yaml"), ROOT / "packaging/homebrew/voicelanes.rb"]
    for source in [*sources, ROOT / "docs/landing.html"]:
        text = source.read_text("utf-8").replace(NOWHERE, address).replace("0.1.0", version)
        if source.suffix == ".rb":
            for chip in ("arm64", "x86_64"):
                text = text.replace(ZEROS, sha256(f"voicelanes-{version}-macos-{chip}.dmg"), 1)
        elif ZEROS in text:
            text = text.replace(ZEROS, sha256(f"voicelanes-{version}-setup.exe").upper())
        (target / source.name).write_text(text, "utf-8")
    shutil.copy(ROOT / "assets/screenshots/light.png", target)


if __name__ == "__main__":
    main()
