"""An AppImage of the frozen app: ``build.py FOLDER_OF_THE_APP ICONS TARGET_FOLDER RUNTIME``.

That is a runtime, which mounts what is behind it, and a file system with the app. The runtime is a
file of its own project, https://github.com/AppImage/type2-runtime (``runtime-x86_64`` among its
releases), and isn't fetched here: who makes a release chooses which one to trust.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE.parent / "deb")]

from build import lay_out, put, set_rights  # noqa: E402
from core.version import VERSION  # noqa: E402


def main() -> None:
    """Lay the tree, pack it, put the runtime before it."""
    app, icons, target = (Path(word).resolve() for word in sys.argv[1:4])
    runtime = Path(sys.argv[4]) if sys.argv[4:] and sys.argv[4] else None
    if runtime is None or runtime.read_bytes()[:4] != b"\x7fELF":
        sys.exit("make appimage RUNTIME=FILE: its runtime, see packaging/README.md")
    tree, packed = target / "AppDir", target / "app.squashfs"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(app, icons, tree)
    put(tree / "usr/share/applications/voicelanes.desktop", tree)
    put(ROOT / "assets/icons/voicelanes.svg", tree)
    set_rights(tree)
    (tree / ".DirIcon").symlink_to("voicelanes.svg")
    (tree / "AppRun").symlink_to("usr/lib/voicelanes/voicelanes")
    command = ["mksquashfs", tree, packed, "-noappend", "-all-root", "-quiet", "-no-progress"]
    compressed = ["-comp", "zstd", "-Xcompression-level", "19", "-b", "256K"]
    moment = os.environ.get("SOURCE_DATE_EPOCH", "0")
    subprocess.run([*command, *compressed, "-mkfs-time", moment, "-all-time", moment], check=True)
    image = target / f"voicelanes-{VERSION}-x86_64.AppImage"
    with image.open("wb") as file:
        for part in (runtime, packed):
            with part.open("rb") as source:
                shutil.copyfileobj(source, file)
    image.chmod(0o755)
    packed.unlink()
    shutil.rmtree(tree)
    print(f"{image}: {image.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
