"""Which encoding a text is in, from its bytes."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from alsgui.core.errors import DataError
from alsgui.io.watch import Watch
from alsgui.text import tr

WHOLE_BYTES = 1 << 26
"""Smaller files are looked at from end to end."""

CHUNK_BYTES = 1 << 22
PLACES = 16
PLACE_BYTES = 1 << 16


def encoding_of(start: bytes, path: Path | None, watch: Watch) -> str:
    """UTF-8, UTF-16, Windows-1252 or Latin-1.

    Parameters
    ----------
    start
        The first bytes.
    path
        The file, when it can be looked at elsewhere, too: all of a small one, sixteen places of a large one.
    watch
        Hears progress and cancel.
    """
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8"
    utf8 = _valid(start, cut=True)
    high = _has_c1(start)
    if path is not None and utf8:
        size = path.stat().st_size
        with path.open("rb") as stream:
            if size <= WHOLE_BYTES:
                decoder = codecs.getincrementaldecoder("utf-8")()
                while utf8 and (chunk := stream.read(CHUNK_BYTES)):
                    watch.check()
                    utf8 = _decodes(decoder, chunk)
                    high = high or (not utf8 and _has_c1(chunk))
                utf8 = utf8 and _decodes(decoder, b"", final=True)
            else:
                for place in range(1, PLACES + 1):
                    stream.seek(size * place // (PLACES + 1))
                    piece = stream.read(PLACE_BYTES)
                    utf8 = utf8 and _valid(piece, cut=True)
                    high = high or _has_c1(piece)
    if utf8:
        return "utf-8"
    return "windows-1252" if high else "latin-1"


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _valid(piece: bytes, *, cut: bool) -> bool:
    """Whether bytes are UTF-8, but for signs that are cut at either end."""
    at = 0
    while at < min(4, len(piece)) and piece[at] & 0xC0 == 0x80:
        at += 1
    try:
        codecs.getincrementaldecoder("utf-8")().decode(piece[at:], not cut)
    except UnicodeDecodeError:
        return False
    return True


def _has_c1(piece: bytes) -> bool:
    """Bytes that are letters and signs in Windows-1252 and control characters in Latin-1."""
    return re.search(rb"[\x80-\x9f]", piece) is not None


def refuse_not_text(path: Path, start: bytes, name: str = "") -> None:
    """Refuse what is empty or no text.

    Raises
    ------
    DataError
        With what to choose instead.
    """
    shown = path / name if name else path
    if not start:
        raise DataError(
            tr("{path} is empty (0 bytes).", path=shown), tr("Choose a file with users, movies and ratings.")
        )
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    # A stray NUL may stand in a damaged text; a binary file is full of control bytes.
    sample = start[:65536]
    control = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 31)))
    if control > max(0.02 * len(sample), 8):
        raise DataError(
            tr("{path} is not a table of text.", path=shown),
            tr("Choose a text file of ratings (CSV, TSV), a table, a matrix, or a MovieLens folder."),
        )
