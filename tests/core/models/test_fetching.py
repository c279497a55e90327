"""Downloads from loopback: whole, cut and resumed, wrong, refused, and without room."""

from __future__ import annotations

import errno
import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import InputError, ModelError, OutputError
from core.models import fetching
from core.models.fetching import PUBLISHED, PublishedFile, blob_id, fetch
from tests.core.served import Served, serve

CONTENT = bytes(range(256)) * 4000
PATH = "some/weights.h5"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def served() -> Iterator[Served]:
    with serve({PATH: CONTENT}) as running:
        yield running


@pytest.fixture
def wanted(tmp_path: Path) -> PublishedFile:
    (tmp_path / "original").write_bytes(CONTENT)
    return PublishedFile(PATH, blob_id(tmp_path / "original"), "", "", "")


def test_blob_id_is_gits(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert blob_id(tmp_path / "empty") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    (tmp_path / "file").write_bytes(CONTENT)
    try:
        done = subprocess.run(
            ["git", "hash-object", "--no-filters", tmp_path / "file"],
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        pytest.skip("needs git")
    assert blob_id(tmp_path / "file") == done.stdout.strip()


def test_published_pair_is_pinned_to_a_commit() -> None:
    vgg = PUBLISHED["vgg"]
    assert vgg.base.startswith("https://")
    assert vgg.base.endswith("/ed0985950cbac6dc699bf54f58dbbc813110d3f7/")
    assert [(file.name, file.blob) for file in vgg.files] == [
        ("weights.h5", "369d34b9d1e1558bcf4894ad89a380747e99eb74"),
        ("saved_model.uisrnn_benchmark", "2e0152c156cc8488e88c2db75ebc80458f153a71"),
    ]


def test_whole_file_comes_once(served: Served, wanted: PublishedFile, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    folder = tmp_path / "new" / "folder"
    path = fetch(wanted, served.base, folder, lambda *step: seen.append(step))
    assert path.read_bytes() == CONTENT
    assert [path.name for path in folder.iterdir()] == ["weights.h5"]
    assert seen[-1] == ("weights.h5", len(CONTENT), len(CONTENT))
    assert [have for _, have, _ in seen] == sorted(have for _, have, _ in seen)
    assert fetch(wanted, served.base, folder) == path
    assert len(served.asked) == 1
    path.write_bytes(b"damaged since")
    assert fetch(wanted, served.base, folder).read_bytes() == CONTENT


@pytest.mark.parametrize("ranges", [True, False])
def test_cut_connection_is_resumed(
    served: Served, wanted: PublishedFile, tmp_path: Path, ranges: bool
) -> None:
    served.cuts, served.ranges = [300_000, 200_000], ranges
    path = fetch(wanted, served.base, tmp_path / "to")
    assert path.read_bytes() == CONTENT
    assert served.asked[1] == (PATH, "bytes=300000-")
    assert len(served.asked) == 3
    if ranges:
        assert served.asked[2] == (PATH, "bytes=500000-")


def test_connection_cut_again_and_again_is_said_and_the_next_call_goes_on(
    served: Served, wanted: PublishedFile, tmp_path: Path
) -> None:
    served.cuts = [100_000] * 4
    folder = tmp_path / "to"
    with pytest.raises(
        InputError, match=r"didn't come whole .* goes on where it stopped"
    ) as caught:
        fetch(wanted, served.base, folder)
    assert "\n" not in str(caught.value)
    assert [path.name for path in folder.iterdir()] == ["weights.h5.part"]
    assert fetch(wanted, served.base, folder).read_bytes() == CONTENT
    assert served.asked[-1] == (PATH, "bytes=400000-")


def test_part_that_is_complete_or_too_long(
    served: Served, wanted: PublishedFile, tmp_path: Path
) -> None:
    (tmp_path / "weights.h5.part").write_bytes(CONTENT)
    assert fetch(wanted, served.base, tmp_path).read_bytes() == CONTENT
    (tmp_path / "weights.h5").unlink()
    (tmp_path / "weights.h5.part").write_bytes(CONTENT + b"more")
    assert fetch(wanted, served.base, tmp_path).read_bytes() == CONTENT


def test_other_content_is_refused_and_gone(
    served: Served, wanted: PublishedFile, tmp_path: Path
) -> None:
    served.files[PATH] = CONTENT[:-1] + b"x"
    with pytest.raises(ModelError, match="not the file that was published"):
        fetch(wanted, served.base, tmp_path / "to")
    assert list((tmp_path / "to").iterdir()) == []


def test_missing_file(served: Served, wanted: PublishedFile, tmp_path: Path) -> None:
    served.files.clear()
    with pytest.raises(InputError, match="the server says 404"):
        fetch(wanted, served.base, tmp_path)


def test_no_network(wanted: PublishedFile, tmp_path: Path) -> None:
    with serve({}) as gone:
        base = gone.base
    with pytest.raises(InputError, match="check the network"):
        fetch(wanted, base, tmp_path)


def test_no_space(
    served: Served, wanted: PublishedFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetching, "_opened", lambda *_: Full())
    with pytest.raises(OutputError, match="the disk is full"):
        fetch(wanted, served.base, tmp_path / "to")
    assert not (tmp_path / "to" / "weights.h5").exists()


def test_more_bytes_than_can_be(
    served: Served, wanted: PublishedFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 1000)
    with pytest.raises(InputError, match="more bytes"):
        fetch(wanted, served.base, tmp_path / "to")
    assert (tmp_path / "to" / "weights.h5.part").stat().st_size == 0
