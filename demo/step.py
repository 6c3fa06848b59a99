"""A step of the demo: what it makes, what it is made from, and whether that is done already."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Union

Source = Union[Path, str, "Step"]


@dataclass(frozen=True)
class Step:
    """
    Something to do once.

    # Parameters

    title : `str`
        What is done, in a few words.
    product : `Path`
        The file or folder that it makes. Beside it lies `<name>.done` once it is whole.
    sources : `tuple[Source, ...]`
        What it is made from: files, texts (such as settings), and earlier steps. If one of them changes, or the
        product is not there or not whole, the step is done again.
    make : `Callable[[], None]`
        Does it.
    """

    title: str
    product: Path
    sources: tuple[Source, ...]
    make: Callable[[], None] = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """A digest of all sources, those of earlier steps included."""
        digest = hashlib.sha256()
        for source in self.sources:
            if isinstance(source, Step):
                content = source.fingerprint.encode()
            else:
                content = source.read_bytes() if isinstance(source, Path) else source.encode()
            digest.update(hashlib.sha256(content).digest())
        return digest.hexdigest()

    @property
    def done(self) -> bool:
        return self.product.exists() and self._mark.exists() and self._mark.read_text() == self.fingerprint

    def run(self) -> None:
        self._mark.unlink(missing_ok=True)
        self.product.parent.mkdir(parents=True, exist_ok=True)
        before = self.fingerprint
        self.make()
        self._mark.write_text(before)

    @property
    def _mark(self) -> Path:
        return self.product.with_name(self.product.name + ".done")
