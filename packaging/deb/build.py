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
Maintainer: The Voicelanes maintainers <maintainers@voicelanes.invalid>
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
Copyright: The Voicelanes maintainers
License: GPL-3+
 On Debian systems the full text is in /usr/share/common-licenses/GPL-3.
 .
 Python, Qt and the other works that go along have licences of their own:
 their texts are in /usr/lib/voicelanes/_internal/licences and in the
 dist-info folders beside it, and shown by Help > About.
"""
OVERRIDES = """\
# Frozen: Python, Qt and their libraries go along, so that no version of the system's matters.
voicelanes: embedded-library
voicelanes: unstripped-binary-or-object
voicelanes: hardening-no-fortify-functions
voicelanes: hardening-no-pie
voicelanes: hardening-no-relro
voicelanes: custom-library-search-path
voicelanes: shared-library-lacks-prerequisites
voicelanes: sharedobject-in-library-directory-missing-soname
voicelanes: library-not-linked-against-libc
voicelanes: executable-stack-in-shared-library
voicelanes: extra-license-file
voicelanes: package-contains-documentation-outside-usr-share-doc
voicelanes: shared-library-is-executable
voicelanes: unusual-interpreter
voicelanes: no-manual-page
voicelanes: initial-upload-closes-no-bugs
"""


def main() -> None:
    """Lay the tree, look up what it needs, pack it."""
    app, icons, target = (Path(word).resolve() for word in sys.argv[1:4])
    tree = target / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    inside = tree / "usr/lib/voicelanes"
    shutil.copytree(app, inside, symlinks=True)
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
    page = subprocess.run(
        [sys.executable, HERE / "manpage.py"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    ).stdout
    packed(share / "man/man1/voicelanes.1.gz", page)
    documents = share / "doc/voicelanes"
    packed(documents / "changelog.gz", (ROOT / "CHANGELOG.md").read_bytes())
    (documents / "copyright").write_text(COPYRIGHT, "utf-8")
    overrides = share / "lintian/overrides"
    overrides.mkdir(parents=True)
    (overrides / "voicelanes").write_text(OVERRIDES, "utf-8")
    for path in tree.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path == inside / "voicelanes"
            path.chmod(0o755 if runs else 0o644)
    size = sum(p.lstat().st_size for p in tree.rglob("*") if p.is_file()) // 1024
    control = tree / "DEBIAN/control"
    control.parent.mkdir()
    control.write_text(
        CONTROL.format(
            version=VERSION, size=size, depends=", ".join(depends(inside)), recommends=RECOMMENDS
        ),
        "utf-8",
    )
    package = target / f"voicelanes_{VERSION}_amd64.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(package)]
    subprocess.run(command, check=True)
    shutil.rmtree(tree)
    print(f"{package}: {package.stat().st_size / 1e6:.1f} MB, installed {size / 1024:.0f} MiB")


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
