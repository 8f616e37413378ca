"""Matrices of numbers: NumPy, SciPy sparse, Matrix Market, MATLAB. Sizes are checked first, pickles never read."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError
from alsgui.io.options import ImportOptions
from alsgui.io.sources.binary import DAMAGE, damaged, member_of, open_zip
from alsgui.io.sources.tables import chosen_table
from alsgui.text import byte_size, tr

Array = npt.NDArray[Any]

NUMBERS = "biuf"
SPARSE_NAMES = frozenset({"format", "shape", "data"})
MOST_SPARSE_SIDE = (1 << 31) - 2


@dataclass(eq=False)
class Matrix:
    """A matrix as the file has it.

    Parameters
    ----------
    shape
        Rows and columns.
    dense
        All cells, where the file has them all; structured arrays have one dimension and named columns.
    rows, columns, values
        Else the stored cells.
    heads
        Names of the columns of a structured array.
    tables
        Arrays to choose from.
    """

    shape: tuple[int, int]
    dense: Array | None = None
    rows: Array = field(default_factory=lambda: np.empty(0, np.int64))
    columns: Array = field(default_factory=lambda: np.empty(0, np.int64))
    values: Array = field(default_factory=lambda: np.empty(0))
    heads: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


def open_matrix(path: Path, options: ImportOptions) -> Matrix:
    """The matrix of a file.

    Raises
    ------
    DataError
        When it is damaged, no matrix of numbers, or says that it is larger than it can be.
    OSError
        When it cannot be read.
    """
    readers = {"npy": _npy, "npz": _npz, "mtx": _matrix_market, "mat": _matlab}
    try:
        return readers[options.format](path, options)
    except (*DAMAGE, ValueError, TypeError, KeyError, IndexError, MemoryError, OverflowError) as error:
        raise damaged(path, error) from error


def _npy(path: Path, _: ImportOptions) -> Matrix:
    with path.open("rb") as stream:
        shape, _fortran, dtype = _header(path, stream)
        needed = math.prod(shape) * dtype.itemsize
        if stream.tell() + needed > path.stat().st_size:
            raise too_large(path, needed)
    return _of_array(path, np.load(path, mmap_mode="r", allow_pickle=False))


def _npz(path: Path, options: ImportOptions) -> Matrix:
    with open_zip(path) as archive:
        names = [name[:-4] for name in archive.namelist() if name.endswith(".npy")]
        if set(names) >= SPARSE_NAMES and not options.table:
            return _scipy_sparse(path, archive, names)
        chosen = chosen_table(path, options.table, names, tr("array"))
        return _of_array(path, _member(path, archive, chosen), tuple(names))


def _scipy_sparse(path: Path, archive: zipfile.ZipFile, names: list[str]) -> Matrix:
    kind = bytes(_member(path, archive, "format").tobytes()).decode("ascii", "ignore").replace("\0", "")
    shape = tuple(int(n) for n in _member(path, archive, "shape"))
    if len(shape) != 2:
        raise DataError(tr("{path} has {n} dimensions, not 2.", path=path, n=len(shape)), tr("Choose another file."))
    data = _member(path, archive, "data")
    if kind == "coo":
        # Newer releases of SciPy keep both in one array.
        rows, columns = (
            _member(path, archive, "coords") if "coords" in names
            else (_member(path, archive, "row"), _member(path, archive, "col"))
        )  # fmt: skip
    elif kind in ("csr", "csc"):
        indices, indptr = _member(path, archive, "indices"), _member(path, archive, "indptr").astype(np.int64)
        major = shape[0] if kind == "csr" else shape[1]
        if len(indptr) != major + 1 or indptr[0] != 0 or (np.diff(indptr) < 0).any() or indptr[-1] != len(indices):
            raise ValueError(tr("its index does not fit its shape"))
        repeated = np.repeat(np.arange(major), np.diff(indptr))
        rows, columns = (repeated, indices) if kind == "csr" else (indices, repeated)
    else:
        raise DataError(
            tr("{path} is a sparse matrix of kind {kind}.", path=path, kind=kind or "?"),
            tr("Save it as csr, csc or coo."),
        )
    return _sparse(path, (shape[0], shape[1]), rows, columns, data)


def _sparse(path: Path, shape: tuple[int, int], rows: Array, columns: Array, values: Array) -> Matrix:
    if not len(rows) == len(columns) == len(values):
        raise ValueError(tr("its arrays differ in length"))
    if values.dtype.kind not in NUMBERS:
        raise DataError(tr("{path} holds no real numbers.", path=path), tr("Choose a matrix of ratings."))
    for positions, n in ((rows, shape[0]), (columns, shape[1])):
        if n < 0 or n > MOST_SPARSE_SIDE or (len(positions) and (positions.min() < 0 or positions.max() >= n)):
            raise ValueError(tr("a cell lies outside its shape"))
    return Matrix(shape, None, np.asarray(rows), np.asarray(columns), np.asarray(values))


def _member(path: Path, archive: zipfile.ZipFile, name: str) -> Array:
    info = member_of(path, archive, f"{name}.npy")
    with archive.open(info) as stream:
        shape, fortran, dtype = _header(path, stream)
        needed = math.prod(shape) * dtype.itemsize
        if stream.tell() + needed != info.file_size:
            raise too_large(path, needed)
        raw = bytearray()
        while len(raw) <= needed and (piece := stream.read(min(1 << 22, needed + 1 - len(raw)))):
            raw += piece
    if len(raw) != needed:
        raise ValueError(tr("{name} is cut off", name=name))
    return np.frombuffer(raw, dtype=dtype).reshape(shape, order="F" if fortran else "C")


def _header(path: Path, stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(stream)
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
    if read is None:
        raise ValueError(tr("version {n} of its format is not known", n=version))
    shape, fortran, dtype = read(stream)
    if dtype.hasobject:
        raise DataError(
            tr("{path} holds Python objects (a pickle), which can run code.", path=path),
            tr("Save the numbers alone, without allow_pickle."),
        )
    return shape, fortran, dtype


def _of_array(path: Path, array: Array, tables: tuple[str, ...] = ()) -> Matrix:
    if array.dtype.names and array.ndim == 1:
        return Matrix((len(array), len(array.dtype.names)), array, heads=tuple(array.dtype.names), tables=tables)
    if array.ndim != 2 or array.dtype.kind not in NUMBERS:
        raise DataError(
            tr("{path} holds an array of {n} dimensions ({kind}), not a table of numbers.", path=path, n=array.ndim,
               kind=array.dtype),
            tr("Save ratings as a matrix users x movies, or as rows of user, movie, rating."),
        )  # fmt: skip
    return Matrix((array.shape[0], array.shape[1]), array, tables=tables)


def _matrix_market(path: Path, _: ImportOptions) -> Matrix:
    from scipy.io import mmread

    with path.open("rb") as stream:
        words = stream.readline(200).decode("ascii", "replace").casefold().split()
        line = stream.readline(10_000)
        while line.startswith(b"%") or not line.strip():
            if not line:
                break
            line = stream.readline(10_000)
        sizes = [int(word) for word in line.split()]
    if (
        len(words) < 5
        or words[3] not in ("real", "integer", "pattern", "double")
        or len(sizes) != 3 - (words[2] == "array")
    ):
        raise DataError(tr("{path} is no Matrix Market file of real numbers.", path=path), tr("Choose another file."))
    least = 2 * sizes[0] * sizes[1] // (1 if words[4] == "general" else 2) if words[2] == "array" else 4 * sizes[2]
    if min(sizes) < 0 or least > path.stat().st_size + 4096 or max(sizes[:2]) > MOST_SPARSE_SIDE:
        raise too_large(path, least)
    found: Any = mmread(path, spmatrix=False)
    if isinstance(found, np.ndarray):
        return _of_array(path, found)
    coo = found.tocoo()
    return _sparse(path, coo.shape, coo.row, coo.col, coo.data)


def _matlab(path: Path, options: ImportOptions) -> Matrix:
    from scipy.io import loadmat, whosmat
    from scipy.io.matlab import MatReadError

    try:
        known = whosmat(str(path))
        shapes = {name: shape for name, shape, kind in known if len(shape) == 2 and kind in _MATLAB_KINDS}
        names = sorted(shapes, key=lambda name: -math.prod(shapes[name]))
        chosen = chosen_table(path, options.table, names, tr("matrix"))
        found: Any = loadmat(str(path), variable_names=[chosen])[chosen]
    except NotImplementedError as error:
        raise DataError(
            tr("{path} is a MATLAB file of version 7.3.", path=path), tr("Save it with -v7, or as text.")
        ) from error
    except MatReadError as error:
        raise damaged(path, error) from error
    if isinstance(found, np.ndarray):
        return _of_array(path, found, tuple(names))
    coo = found.tocoo()
    matrix = _sparse(path, coo.shape, coo.row, coo.col, coo.data)
    matrix.tables = tuple(names)
    return matrix


_MATLAB_KINDS = frozenset(
    {"double", "single", "sparse", "logical", *(f"{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64))}
)


def too_large(path: Path, size: int) -> DataError:
    """The error for a file that declares more than it holds."""
    return DataError(
        tr("{path} says that it holds {size}, more than is in it.", path=path, size=byte_size(size)),
        tr("The file is cut off or not honest: get it again from where it came from."),
    )


def rows_of(matrix: Matrix, start: int = 0, stop: int | None = None) -> Iterator[list[list[Any]]]:
    """Rows of a dense matrix as values of Python, some at a time; NaN is nothing."""
    assert matrix.dense is not None
    stop = matrix.shape[0] if stop is None else min(stop, matrix.shape[0])
    step = max(1, min(20_000, 200_000 // max(matrix.shape[1], 1)))
    for at in range(start, stop, step):
        yield [
            [None if isinstance(value, float) and math.isnan(value) else value for value in row]
            for row in matrix.dense[at : min(at + step, stop)].tolist()
        ]
