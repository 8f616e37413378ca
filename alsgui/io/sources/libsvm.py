"""LibSVM and LibFM triplets: `rating user:1 movie:1` on each line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from alsgui.io.options import ImportOptions
from alsgui.io.sources.binary import opened
from alsgui.io.sources.stream import Stream, ahead
from alsgui.io.sources.text import dialect_of, utf8

_LINE = re.compile(
    rb"^[ \t]*([^\s:#]+)[ \t]+([^\s:]+):1(?:\.0*)?[ \t]+([^\s:]+):1(?:\.0*)?[ \t]*(#[^\r\n]*)?(\r?)$", re.MULTILINE
)
HEADS = ("user", "item", "rating")


def is_libsvm(start: bytes) -> bool:
    """Whether the first lines are a number and two places, each with the value 1."""
    lines = [line for line in start.splitlines()[:50] if line.strip()]
    return len(lines) > 0 and all(_LINE.match(line) for line in lines[:20])


@contextmanager
def libsvm_stream(path: Path, options: ImportOptions) -> Iterator[Stream]:
    """The rows as `user,movie,rating`; a line of another kind stays as it is, and is rejected."""
    with opened(path, options.member, options.compression) as binary:
        chunks = _rows(utf8(binary.chunks(path), options.encoding))
        dialect = replace(dialect_of(options), delimiter=",", header=False)
        with ahead(chunks) as fetched:
            yield Stream(fetched, dialect, HEADS, binary.share, binary.n_bytes)


def _rows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        whole, mark, rest = (rest + chunk).rpartition(b"\n")
        if mark:
            yield _LINE.sub(rb"\2,\3,\1\5", whole) + mark
    if rest:
        yield _LINE.sub(rb"\2,\3,\1\5", rest)
