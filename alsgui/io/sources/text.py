"""Delimited text of any encoding as a stream of UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alsgui.io.options import ImportOptions, SideTable
from alsgui.io.sources.binary import opened
from alsgui.io.sources.stream import Dialect, Stream, ahead

UNDECODED = "alsgui-undecoded"
CODECS = {"utf-16": "utf-16", "latin-1": "latin-1", "windows-1252": "cp1252"}


def _undecoded(error: UnicodeError) -> tuple[str, int]:
    """What an encoding does not have becomes a byte that UTF-8 does not have, so that its record is rejected.

    The five bytes that Windows-1252 leaves open are control characters, as browsers read them.
    """
    assert isinstance(error, UnicodeDecodeError)
    if error.encoding in ("charmap", "cp1252"):
        return error.object[error.start : error.end].decode("latin-1"), error.end
    return "\udcff", error.end


codecs.register_error(UNDECODED, _undecoded)


def dialect_of(options: ImportOptions | SideTable) -> Dialect:
    """The dialect that options of text describe."""
    return Dialect(
        delimiter=options.delimiter,
        quote=options.quote,
        escape=options.escape,
        comment=options.comment if isinstance(options, ImportOptions) else "",
        decimal=options.decimal if isinstance(options, ImportOptions) else ".",
        skip_rows=options.skip_rows,
        header=options.header,
    )


@contextmanager
def text_stream(path: Path, options: ImportOptions | SideTable) -> Iterator[Stream]:
    """The text of a file, fetched and unpacked ahead of the reader."""
    with opened(path, options.member, options.compression) as binary:
        chunks = utf8(binary.chunks(path), options.encoding)
        if binary.packed or options.encoding != "utf-8":
            with ahead(chunks) as fetched:
                yield Stream(fetched, dialect_of(options), share=binary.share, n_bytes=binary.n_bytes)
        else:
            yield Stream(
                chunks, dialect_of(options), share=binary.share, n_bytes=binary.n_bytes, packed=False
            )  # fmt: skip


def utf8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The same text in UTF-8; what is not valid stays invalid."""
    if encoding == "utf-8":
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(CODECS[encoding])(errors=UNDECODED)
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield text.encode("utf-8", "surrogateescape")
    if text := decoder.decode(b"", final=True):
        yield text.encode("utf-8", "surrogateescape")
