"""Open the bytes of a file, of a member of a zip, or of a compressed file: with their share done and a cap on bombs."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from alsgui.core.errors import DataError
from alsgui.io.sources.stream import CHUNK_BYTES
from alsgui.text import byte_size, tr

EXPANSION_BASE = 1 << 26
EXPANSION = 200
"""An honest file unpacks to less than 64 MB plus 200 times its size; a bomb to a thousand times."""

MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz"}
ZIP_MAGIC = b"PK\x03\x04"

DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What libraries raise for a file that is cut off, damaged, or encrypted."""


@dataclass
class Binary:
    """An open file.

    Parameters
    ----------
    stream
        What is read, unpacked.
    share
        How much of the file was used, 0 to 1.
    n_bytes
        Its size on the disk (of a member: packed).
    packed
        Whether it is compressed, so that there are no other places to look at.
    """

    stream: IO[bytes]
    share: Callable[[], float | None]
    n_bytes: int
    packed: bool

    def chunks(self, path: Path) -> Iterator[bytes]:
        """Pieces of it, unpacked.

        Raises
        ------
        DataError
            When it is damaged, or unpacks to more than an honest file does.
        """
        most = EXPANSION_BASE + EXPANSION * self.n_bytes if self.packed else None
        done = 0
        try:
            while chunk := self.stream.read(CHUNK_BYTES):
                done += len(chunk)
                if most is not None and done > most:
                    raise bomb(path, done)
                yield chunk
        except DAMAGE as error:
            raise damaged(path, error) from error
        except OSError as error:
            if isinstance(error, gzip.BadGzipFile) or error.errno is None:
                raise damaged(path, error) from error
            raise


def damaged(path: Path, error: Exception) -> DataError:
    """The error for a file that cannot be unpacked to its end."""
    reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
    return DataError(
        tr("{path} is damaged or cut off: {reason}.", path=path, reason=reason),
        tr("Get the file again, or use another copy."),
    )


def bomb(path: Path, size: int) -> DataError:
    """The error for a file that unpacks to too much."""
    return DataError(
        tr(
            "{path} unpacks to {size} or more, far more than a file of its size should.",
            path=path,
            size=byte_size(size),
        ),
        tr("Do not use this file unless you know where it came from; else unpack it yourself first."),
    )


def compression_of(start: bytes) -> str:
    """Name of the compression, from the first bytes; "" for none."""
    return next((name for magic, name in MAGIC.items() if start.startswith(magic)), "")


@contextmanager
def opened(path: Path, member: str = "", compression: str = "") -> Iterator[Binary]:
    """The bytes of a file, or of its member where it is a folder or a zip.

    Raises
    ------
    DataError
        When the member is not there, or the zip is damaged.
    OSError
        When the file cannot be read.
    """
    if path.is_dir():
        path, member = path / member, ""
    if not member:
        with path.open("rb") as file, _unpacked(file, compression) as stream:
            size = path.stat().st_size
            yield Binary(stream, lambda: min(file.tell() / max(size, 1), 1.0), size, bool(compression))
        return
    with open_zip(path) as archive:
        info = member_of(path, archive, member)
        try:
            with archive.open(info) as raw, _unpacked(raw, compression) as stream:
                yield Binary(
                    stream, lambda: min(raw.tell() / max(info.file_size, 1), 1.0), info.compress_size, packed=True
                )  # fmt: skip
        except DAMAGE as error:
            raise damaged(path, error) from error


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip whose members together are of an honest size.

    Raises
    ------
    DataError
        When it is no zip, damaged, or a bomb.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise damaged(path, error) from error
    with archive:
        total = sum(info.file_size for info in archive.infolist())
        if total > EXPANSION_BASE + EXPANSION * path.stat().st_size:
            raise bomb(path, total)
        yield archive


def member_of(path: Path, archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
    """The one member of this name.

    Raises
    ------
    DataError
        When it is missing, stands twice, or is encrypted.
    """
    found = [info for info in archive.infolist() if info.filename == member]
    if len(found) != 1:
        raise DataError(
            tr("{path} holds {name} {n} times.", path=path, name=member, n=len(found)), tr("Choose another member.")
        )
    if found[0].flag_bits & 1:
        raise DataError(tr("{name} in {path} is encrypted.", path=path, name=member), tr("Unpack it first."))
    return found[0]


@contextmanager
def _unpacked(raw: IO[bytes], compression: str) -> Iterator[IO[bytes]]:
    if compression == "gz":
        with gzip.GzipFile(fileobj=raw) as stream:
            yield cast("IO[bytes]", stream)
    elif compression == "bz2":
        with bz2.BZ2File(raw) as stream:
            yield cast("IO[bytes]", stream)
    elif compression == "xz":
        with lzma.LZMAFile(raw) as stream:
            yield cast("IO[bytes]", stream)
    elif compression == "zst":
        yield _Zstandard(raw)  # type: ignore[misc]
    else:
        yield raw


class _Zstandard:
    """pyarrow's reader; a file that is cut off is an error here, too."""

    def __init__(self, raw: IO[bytes]) -> None:
        import pyarrow as pa

        self._raw = raw
        self._stream: Any = pa.CompressedInputStream(pa.PythonFile(cast(Any, raw), mode="r"), "zstd")

    def read(self, n: int) -> bytes:
        """The next bytes."""
        return bytes(self._stream.read(n))
