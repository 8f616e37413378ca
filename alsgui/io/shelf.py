"""Factors on disk: the same model, whose large arrays are mapped from a file instead of held in memory.

Each array keeps its strides and what it shares with others, so that everything reckoned from it has the same bits.
Where the system allows it the file loses its name once it is mapped: whatever ends the program, nothing is left.
"""

from __future__ import annotations

import mmap
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import ExportError
from alsgui.io.atomic import atomic_write
from alsgui.io.catalog import cache_folder
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.core.predictor import Predictor
    from alsgui.core.solvers.factors import Factors

Array = npt.NDArray[Any]

ALIGNED = 64
"""Arrays begin at whole cache lines, as in memory."""


def shelves() -> Path:
    """The folder in which every program that runs has one of its own; not in memory, as a temporary folder may be."""
    return cache_folder().parent / "runs"


def own_shelf() -> Path:
    """The folder of this program; not made yet."""
    return shelves() / str(os.getpid())


def clear_shelves() -> None:
    """Take away what this program has left, and what programs left that did not end well."""
    import psutil

    with suppress(OSError):
        for folder in list(shelves().iterdir()):
            if folder == own_shelf() or not (folder.name.isdecimal() and psutil.pid_exists(int(folder.name))):
                shutil.rmtree(folder, ignore_errors=True)


def held_bytes(model: Model) -> int:
    """Memory of a model's factors, momentum and predictions, with what was made of them since; 0 when all is mapped."""
    return sum(owner.nbytes for owner in _owners(model) if not _is_mapped(owner))


def put_away(model: Model, folder: Path) -> Model:
    """The same model with its factors in a file of `folder`.

    Raises
    ------
    ExportError
        When the file cannot be written or mapped; nothing is left of it then.
    """
    path = folder / f"{secrets.token_hex(8)}.rows"
    owners = [owner for owner in _owners(model, with_caches=False) if not _is_mapped(owner)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as stream:
            places = dict(_written(stream, owners))
        with path.open("rb") as stored:
            mapped = mmap.mmap(stored.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise ExportError(
            tr("{path} was not written: {what}.", path=path, what=error.strerror or error),
            tr("Mend the folder, or set XDG_CACHE_HOME to another one."),
        ) from error
    finally:
        with suppress(OSError):  # a system that holds on to open files has them taken away at the end
            path.unlink()
    return _Mapped(mapped, places).model(model)


def fetch_ahead(model: Model) -> None:
    """Have the system begin to read what is mapped, without waiting for it."""
    if hasattr(mmap.mmap, "madvise"):
        for mapped in {id(m): m for m in map(_map_of, _owners(model)) if m is not None}.values():
            mapped.madvise(mmap.MADV_WILLNEED)


class _Mapped:
    """Makes the parts of a model again over a mapped file; what was one array or one value is one again."""

    def __init__(self, mapped: mmap.mmap, places: dict[int, int]) -> None:
        self._mapped, self._places = mapped, places
        self._made: dict[int, Any] = {}

    def model(self, model: Model) -> Model:
        momentum, shown = model.momentum, model.shown
        if momentum is not None:
            point = replace(
                momentum.point, left=self._array(momentum.point.left), right=self._array(momentum.point.right)
            )
            solved = None if momentum.solved is None else self._array(momentum.solved)
            momentum = replace(momentum, point=point, solved=solved)
        if shown is not None:
            shown = replace(shown, factors=self._factors(shown.factors), predictor=self._predictor(shown.predictor))
        factors, form = self._factors(model.factors), self._predictor(model.predictor)
        return replace(model, factors=factors, predictor=form, momentum=momentum, shown=shown)

    def _factors(self, own: Factors) -> Factors:
        if id(own) not in self._made:
            users, movies = self._array(own.users), self._array(own.movies)
            b, c = self._array(own.user_bias), self._array(own.movie_bias)
            self._made[id(own)] = replace(own, users=users, movies=movies, user_bias=b, movie_bias=c)
        made: Factors = self._made[id(own)]
        return made

    def _predictor(self, own: Predictor) -> Predictor:
        if id(own) not in self._made:
            self._made[id(own)] = replace(own, left=self._array(own.left), right=self._array(own.right))
        made: Predictor = self._made[id(own)]
        return made

    def _array(self, array: Array) -> Array:
        owner = _owner(array)
        if _is_mapped(owner) or not array.size:
            return array
        if id(array) not in self._made:
            at = self._places[id(owner)] + _address(array) - _address(owner)
            self._made[id(array)] = np.ndarray(
                array.shape, array.dtype, buffer=self._mapped, offset=at, strides=array.strides
            )
        made: Array = self._made[id(array)]
        return made


def _written(stream: BinaryIO, owners: list[Array]) -> Iterator[tuple[int, int]]:
    """Write the bytes of each; yields whose they are and where they stand."""
    stream.write(bytes(ALIGNED))  # a file of no bytes cannot be mapped
    at = ALIGNED
    for owner in owners:
        yield id(owner), at
        stream.write(owner.ravel(order="K").view(np.uint8).data)
        filling = -owner.nbytes % ALIGNED
        stream.write(bytes(filling))
        at += owner.nbytes + filling


def _owners(model: Model, *, with_caches: bool = True) -> list[Array]:
    """The arrays that own the memory of a model's rows, each once."""
    parts: list[Any] = [model.factors, model.predictor]
    if model.momentum is not None:
        parts += [model.momentum, model.momentum.point]
    if model.shown is not None:
        parts += [model.shown.factors, model.shown.predictor]
    found: dict[int, Array] = {}
    for part in parts:
        names = vars(part) if with_caches else part.__dataclass_fields__
        for array in (getattr(part, name) for name in names):
            if isinstance(array, np.ndarray):
                owner = _owner(array)
                found[id(owner)] = owner
    return list(found.values())


def _owner(array: Array) -> Array:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _is_mapped(owner: Array) -> bool:
    return _map_of(owner) is not None


def _map_of(owner: Array) -> mmap.mmap | None:
    """The file map over which an array lies."""
    base = owner.base.obj if isinstance(owner.base, memoryview) else owner.base
    return base if isinstance(base, mmap.mmap) else None


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])
