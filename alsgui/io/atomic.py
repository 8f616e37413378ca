"""Write files whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from alsgui.core.errors import ExportError
from alsgui.text import tr

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_FOLDER = {errno.ENOENT, errno.ENOTDIR}


@contextmanager
def atomic_write(path: str | Path) -> Iterator[BinaryIO]:
    """A binary file that takes the place of `path` when the block ends well; on any failure `path` stays as it was.

    The bytes go to a temporary file in the same folder, which is flushed to the disk before it is renamed.

    Raises
    ------
    ExportError
        When the disk is full, or the folder is missing or denied; says that the old file is whole.
    """
    # A link keeps pointing at its file: the file is replaced, not the link.
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    had_old = target.exists()
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with temporary.open("xb") as stream:
            if had_old:
                temporary.chmod(target.stat().st_mode & 0o777)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)  # noqa: PTH105 - one call that replaces on every system
        _sync_folder(target.parent)
    except OSError as error:
        raise _export_error(target, error, had_old=had_old) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def atomic_text(path: str | Path) -> Iterator[TextIO]:
    """As `atomic_write`, for UTF-8 text whose line ends are written as given."""
    with atomic_write(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
        yield text
        text.flush()
        text.detach()


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows cannot open folders, and does it by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _export_error(target: Path, error: OSError, *, had_old: bool) -> ExportError:
    whole = tr(" The file that was there is whole.") if had_old else ""
    if error.errno in _FULL:
        what, remedy = tr("The disk is full"), tr("Free some space, or choose another folder.")
    elif error.errno in _DENIED:
        what, remedy = tr("The folder does not allow it"), tr("Choose a folder that you may write to.")
    elif error.errno in _NO_FOLDER:
        what, remedy = tr("The folder does not exist"), tr("Make the folder, or choose another one.")
    elif isinstance(error, IsADirectoryError):
        what, remedy = tr("A folder has this name"), tr("Choose another name.")
    else:
        what, remedy = error.strerror or str(error), tr("Choose another place.")
    return ExportError(
        tr("{path} was not written: {what}.{whole}", path=target, what=what[0].lower() + what[1:], whole=whole),
        remedy,
    )
