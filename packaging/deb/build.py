"""Debian's package of the frozen app: ``build.py FOLDER_OF_THE_APP ICONS TARGET_FOLDER``.

All of it is under /usr/lib/voicelanes; what it needs of the system is looked up: every library that
something in it is linked with and that doesn't go along, and the package that has it here.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE.parent / "frozen")]

from slim import linked_with, owner  # noqa: E402

from core.version import VERSION  # noqa: E402

RECOMMENDS = "fonts-dejavu-core | fonts-liberation, pulseaudio-utils"
CONTROL = """\
Package: voicelanes
Version: {version}
Section: sound
Priority: optional
Architecture: amd64
Installed-Size: {size}
Depends: {depends}
Recommends: {recommends}
Maintainer: {maintainer}
Description: shows who speaks when in a recording
 Voicelanes tells the voices of a recording apart and draws one coloured lane
 per speaker under the waveform. Turns can be listened to, corrected and
 written in many formats; a meeting can be recorded and seen while it is held.
 .
 Everything runs on this machine: no account, no token, no network.
"""
COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Voicelanes

Files: *
Copyright: 2026 The Voicelanes maintainers
License: GPL-3+
 On Debian systems the full text is in /usr/share/common-licenses/GPL-3.
 .
 Python, Qt and the other works that go along have licences of their own:
 their texts are in /usr/lib/voicelanes/_internal/licences and in the
 dist-info folders beside it, and shown by Help > About.
"""
OVERRIDES = """\
# Frozen: Python, Qt and their libraries go along, so that no version of the system's matters.
voicelanes: custom-library-search-path
voicelanes: duplicate-font-file
voicelanes: embedded-library
voicelanes: hardening-no-pie
voicelanes: library-not-linked-against-libc
voicelanes: shared-library-lacks-prerequisites
voicelanes: unstripped-binary-or-object
"""
CHANGES = """\
voicelanes ({version}) unstable; urgency=medium

  * What has changed is in CHANGELOG.md.gz beside this file.

 -- {maintainer}  {date}
"""
MAINTAINER = "The Voicelanes maintainers <maintainers@voicelanes.invalid>"


def main() -> None:
    """Lay the tree, look up what it needs, pack it."""
    app, icons, target = (Path(word).resolve() for word in sys.argv[1:4])
    tree = target / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(app, icons, tree)
    inside, share = tree / "usr/lib/voicelanes", tree / "usr/share"
    page = subprocess.run(
        [sys.executable, HERE / "manpage.py"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    ).stdout
    packed(share / "man/man1/voicelanes.1.gz", page)
    documents = share / "doc/voicelanes"
    packed(documents / "CHANGELOG.md.gz", (ROOT / "CHANGELOG.md").read_bytes())
    changes = CHANGES.format(version=VERSION, maintainer=MAINTAINER, date=released())
    packed(documents / "changelog.gz", changes.encode())
    (documents / "copyright").write_text(COPYRIGHT, "utf-8")
    overrides = share / "lintian/overrides"
    overrides.mkdir(parents=True)
    (overrides / "voicelanes").write_text(OVERRIDES, "utf-8")
    set_rights(tree)
    size = sum(p.lstat().st_size for p in tree.rglob("*") if p.is_file()) // 1024
    control = tree / "DEBIAN/control"
    control.parent.mkdir()
    control.write_text(
        CONTROL.format(
            version=VERSION,
            size=size,
            depends=", ".join(depends(inside)),
            recommends=RECOMMENDS,
            maintainer=MAINTAINER,
        ),
        "utf-8",
    )
    package = target / f"voicelanes_{VERSION}_amd64.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(package)]
    subprocess.run(command, check=True)
    shutil.rmtree(tree)
    print(f"{package}: {package.stat().st_size / 1e6:.1f} MB, installed {size / 1024:.0f} MiB")


def lay_out(app: Path, icons: Path, tree: Path) -> None:
    """The app and what a desktop wants to know of it, as under the root of a system."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(app, tree / "usr/lib/voicelanes", symlinks=True, ignore=ignored)
    share = tree / "usr/share"
    put(HERE.parent / "desktop/voicelanes.desktop", share / "applications")
    put(HERE.parent / "desktop/voicelanes.xml", share / "mime/packages")
    for about in (HERE.parent / "desktop").glob("*.metainfo.xml"):
        put(about, share / "metainfo")
    shutil.copytree(icons / "hicolor", share / "icons/hicolor")
    scalable = share / "icons/hicolor/scalable"
    for place, name in (("apps", "voicelanes"), ("mimetypes", "application-x-voicelanes+json")):
        put(ROOT / "assets/icons/voicelanes.svg", scalable / place, f"{name}.svg")
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/voicelanes").symlink_to("../lib/voicelanes/voicelanes")


def set_rights(tree: Path) -> None:
    """Everybody may read all of it, and only the program runs."""
    for path in tree.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path == tree / "usr/lib/voicelanes/voicelanes"
            path.chmod(0o755 if runs else 0o644)


def released() -> str:
    """The day of this version, as the AppStream metadata says it, as Debian writes it."""
    about = (HERE.parent / "desktop/io.github.voicelanes.Voicelanes.metainfo.xml").read_text(
        "utf-8"
    )
    found = re.search(rf'<release version="{re.escape(VERSION)}" date="(.+?)"', about)
    if found is None:
        sys.exit(f"the AppStream metadata has no release {VERSION}")
    return format_datetime(datetime.fromisoformat(found[1]).replace(tzinfo=timezone.utc))


def put(source: Path, folder: Path, name: str = "") -> None:
    """Copy a file."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / (name or source.name))


def packed(target: Path, content: bytes) -> None:
    """Write it as gzip that is the same every time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))


def depends(app: Path) -> list[str]:
    """Packages with what something in the app is linked with and that isn't in it.

    Raises
    ------
    SystemExit
        A library that isn't in the app is nowhere on this machine either.
    """
    there = {path.name for path in app.rglob("*")}
    wanted = {
        name
        for path in app.rglob("*")
        if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF"
        for name in linked_with(str(path))
    }
    cache = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    packages = set()
    for name in sorted(wanted - there):
        found = re.search(rf"\t{re.escape(name)} \(.*x86-64.*=> (\S+)", cache)
        package = owner(Path(found[1])) if found else None
        if package is None:
            sys.exit(f"{name} is neither in the app nor on this machine")
        packages.add(package[0])
    packages.discard("libc6")
    libc = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", "libc6"], capture_output=True, text=True
    ).stdout
    return [f"libc6 (>= {libc.partition('-')[0]})", *sorted(packages)]


if __name__ == "__main__":
    main()
