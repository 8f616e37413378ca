"""Model files: one zip of `.npy` arrays and `model.json` (an NPZ with a description), safe to open from anybody."""

from __future__ import annotations

import json
import math
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError
from alsgui.io.atomic import atomic_write
from alsgui.io.watch import file_error
from alsgui.text import byte_size, tr

Array = npt.NDArray[Any]

KIND = "alsgui-model"
FORMAT = 1
DESCRIPTION = "model.json"

MOST_DESCRIPTION_BYTES = 1 << 28
MOST_DIMENSIONS = 4
TRIAL_BYTES = 1 << 16
WORTH_DEFLATING = 0.9
CHUNK_BYTES = 1 << 22

EXPANSION_BASE = 1 << 26
EXPANSION = 40
"""An honest file unpacks to less than 64 MB plus 40 times its size; a bomb to a thousand times."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_NUMBERS = "biuf"


@dataclass(frozen=True)
class _Declared:
    """Shape and dtype that the description gives for an array."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def n_bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def write_container(
    path: str | Path,
    arrays: Mapping[str, Array],
    meta: Mapping[str, Any],
    kind: str = KIND,
    format_number: int = FORMAT,
) -> None:
    """Write arrays and plain values as one file, whole or not at all.

    Parameters
    ----------
    path
        The file; an old one is replaced.
    arrays
        Name -> array of numbers (no objects, no text).
    meta
        Values that JSON can hold.
    kind, format_number
        What the file is, and by which version of the rules.

    Raises
    ------
    ExportError
        When it cannot be written; the old file is whole.
    """
    ready = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()}
    for name, array in ready.items():
        if not _NAME.match(name) or array.dtype.kind not in _NUMBERS:
            raise ValueError(f"{name} ({array.dtype}) does not belong in a model file")
    declared = {name: {"shape": array.shape, "dtype": array.dtype.str} for name, array in ready.items()}
    description = {"kind": kind, "format": format_number, "arrays": declared, "meta": meta}
    with atomic_write(path) as stream, zipfile.ZipFile(stream, "w", allowZip64=True) as archive:
        text = json.dumps(description, ensure_ascii=False).encode()
        archive.writestr(DESCRIPTION, text, compress_type=zipfile.ZIP_DEFLATED)
        for name, array in ready.items():
            _write_array(archive, name, array)


def read_container(
    path: str | Path, kind: str = KIND, newest_format: int = FORMAT
) -> tuple[dict[str, Array], dict[str, Any]]:
    """Read what `write_container` wrote; every size is checked before anything is allocated.

    Returns
    -------
    tuple
        Arrays by name, and the plain values.

    Raises
    ------
    DataError
        When the file is missing, damaged, of another kind, of a newer format, or larger inside than it may be.
    """
    file = Path(path)
    try:
        size = file.stat().st_size
        if file.is_file() and size and not _starts_as_zip(file):
            raise _foreign(file)
        with zipfile.ZipFile(file) as archive:
            description = _description(file, archive, kind, newest_format)
            declared = _declared(file, description)
            _check_sizes(file, archive, declared, size)
            arrays = {name: _read_array(file, archive, name, what) for name, what in declared.items()}
        return arrays, dict(description["meta"])
    except zipfile.BadZipFile as error:
        raise _damaged(file, str(error)) from error
    except (zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(file, str(error)) from error
    except OSError as error:
        raise file_error(file, error) from error


def _starts_as_zip(file: Path) -> bool:
    """Whether it is, or once was, what `write_container` writes; else it is not damaged but something else."""
    with file.open("rb") as stream:
        return stream.read(2) == b"PK"


def _write_array(archive: zipfile.ZipFile, name: str, array: Array) -> None:
    info = zipfile.ZipInfo(f"{name}.npy")
    info.compress_type = zipfile.ZIP_DEFLATED if _pays(array) else zipfile.ZIP_STORED
    with archive.open(info, "w", force_zip64=True) as member:
        np.lib.format.write_array(member, array, allow_pickle=False)


def _pays(array: Array) -> bool:
    """Whether deflating is worth its time, judged by a piece from the middle."""
    raw = array.reshape(-1).view(np.uint8)
    middle = max((len(raw) - TRIAL_BYTES) // 2, 0)
    trial = raw[middle : middle + TRIAL_BYTES].tobytes()
    return bool(trial) and len(zlib.compress(trial, 1)) < WORTH_DEFLATING * len(trial)


def _description(path: Path, archive: zipfile.ZipFile, kind: str, newest_format: int) -> dict[str, Any]:
    info = _member(path, archive, DESCRIPTION)
    if info.file_size > MOST_DESCRIPTION_BYTES:
        raise _too_large(path, info.file_size)
    with archive.open(info) as member:
        text = member.read(MOST_DESCRIPTION_BYTES + 1)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(found, dict) or found.get("kind") != kind:
        raise _foreign(path)
    number = found.get("format")
    if not isinstance(number, int) or number < 1:
        raise _damaged(path, tr("it has no format number"))
    if number > newest_format:
        raise DataError(
            tr("{path} has format {found}; this version reads up to {newest}.",
               path=path, found=number, newest=newest_format),
            tr("Update alsgui, or save the model from the older version."),
        )  # fmt: skip
    if not isinstance(found.get("meta"), dict) or not isinstance(found.get("arrays"), dict):
        raise _damaged(path, tr("its description is not complete"))
    return found


def _declared(path: Path, description: Mapping[str, Any]) -> dict[str, _Declared]:
    return {name: _declared_array(path, name, entry) for name, entry in description["arrays"].items()}


def _declared_array(path: Path, name: str, entry: Any) -> _Declared:
    wrong = _damaged(path, tr("the description of {name} is not valid", name=name[:40]))
    if not _NAME.match(name) or not isinstance(entry, dict):
        raise wrong
    shape, kind = entry.get("shape"), entry.get("dtype")
    if not isinstance(shape, list) or len(shape) > MOST_DIMENSIONS or not isinstance(kind, str):
        raise wrong
    if not re.fullmatch(r"[<>|=]?[biuf][1248]", kind):
        raise wrong
    if not all(type(length) is int and length >= 0 for length in shape):
        raise wrong
    try:
        return _Declared(tuple(shape), np.dtype(kind))
    except TypeError as error:
        raise wrong from error


def _check_sizes(path: Path, archive: zipfile.ZipFile, declared: Mapping[str, _Declared], size: int) -> None:
    total = sum(what.n_bytes for what in declared.values())
    if total > EXPANSION_BASE + EXPANSION * size:
        raise _too_large(path, total)
    for name, what in declared.items():
        info = _member(path, archive, f"{name}.npy")
        # The header of an .npy is padded to 64 bytes and takes a few hundred at most.
        if not 0 < info.file_size - what.n_bytes <= 1024:
            raise _damaged(path, tr("the size of {name} is not the one declared", name=name))


def _read_array(path: Path, archive: zipfile.ZipFile, name: str, declared: _Declared) -> Array:
    info = _member(path, archive, f"{name}.npy")
    with archive.open(info) as member:
        shape, fortran, dtype = _header(path, name, member)
        if shape != declared.shape or dtype != declared.dtype:
            raise _damaged(path, tr("{name} is not of the shape declared", name=name))
        if member.tell() + declared.n_bytes != info.file_size:
            raise _damaged(path, tr("the size of {name} is not the one declared", name=name))
        array = np.empty(declared.n_bytes, dtype=np.uint8)
        _fill(path, name, member, array)
    return array.view(dtype).reshape(shape, order="F" if fortran else "C")


def _header(path: Path, name: str, member: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = np.lib.format.read_magic(member)
        if version != (1, 0):
            raise ValueError(f"version {version}")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(member)
    except ValueError as error:
        raise _damaged(path, tr("the header of {name} is not valid", name=name)) from error
    return tuple(shape), bool(fortran), dtype


def _fill(path: Path, name: str, member: IO[bytes], array: Array) -> None:
    """Read the bytes in pieces; the last read meets the end, where the checksum is compared."""
    at = 0
    while at < len(array):
        piece = member.read(min(CHUNK_BYTES, len(array) - at))
        if not piece:
            raise _damaged(path, tr("{name} is cut off", name=name))
        array[at : at + len(piece)] = np.frombuffer(piece, dtype=np.uint8)
        at += len(piece)
    if member.read(1):
        raise _damaged(path, tr("{name} is longer than declared", name=name))


def _member(path: Path, archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if info.filename == name]
    if not found and name == DESCRIPTION:
        raise _foreign(path)
    if len(found) != 1:
        raise _damaged(path, tr("it holds {name} {n} times", name=name, n=len(found)))
    if found[0].flag_bits & 1:
        raise _damaged(path, tr("{name} is encrypted", name=name))
    return found[0]


def _damaged(path: Path, reason: str) -> DataError:
    return DataError(
        tr("{path} is damaged: {reason}.", path=path, reason=reason.rstrip(".")),
        tr("Use another copy, or fit the model again."),
    )


def _foreign(path: Path) -> DataError:
    return DataError(
        tr("{path} is not a model file of alsgui.", path=path),
        tr("Choose a file that Save model or alsgui fit --out wrote."),
    )


def _too_large(path: Path, size: int) -> DataError:
    return DataError(
        tr("{path} says that it unpacks to {size}, far more than it can hold.", path=path, size=byte_size(size)),
        tr("Do not use this file; ask where it came from."),
    )
