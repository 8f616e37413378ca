"""Netflix Prize text: a line `movie:` heads the lines `user,rating,date` of its block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from alsgui.core.errors import DataError
from alsgui.io.options import ImportOptions
from alsgui.io.sources.binary import Binary, opened
from alsgui.io.sources.stream import Stream, ahead
from alsgui.io.sources.text import dialect_of, utf8
from alsgui.text import tr

_HEAD = re.compile(rb"^[ \t]*(\d+):[ \t]*\r?$", re.MULTILINE)
HEADS = ("movie", "user", "rating", "date")
MARK = "#"
"""Heads of blocks stay in the text as comments, so that lines are those of the file."""


def is_netflix(start: bytes) -> bool:
    """Whether a text begins with the head of a block and a row of three fields."""
    return re.match(rb"(\xef\xbb\xbf)?\d+:\s*\r?\n\s*\d+,[0-9.]+,[^\n]*(\n|$)", start) is not None


def files_in(folder: Path) -> list[str]:
    """The names of the files of blocks in a folder, in order."""
    return sorted(
        file.name
        for file in folder.iterdir()
        if re.fullmatch(r"(combined_data_\d+|mv_\d+)\.txt", file.name) and file.is_file()
    )


@contextmanager
def netflix_stream(path: Path, options: ImportOptions) -> Iterator[Stream]:
    """The rows as `movie,user,rating,date`; of a folder, all its files one after another."""
    dialect = replace(dialect_of(options), comment=MARK, header=False)
    if path.is_dir() and not options.member:
        names = files_in(path)
        sizes = [(path / name).stat().st_size for name in names]
        done = [0]
        with ahead(_rows(_all(path, names, sizes, done))) as chunks:
            whole = max(sum(sizes), 1)
            yield Stream(chunks, dialect, HEADS, lambda: min(done[0] / whole, 1.0), whole)
        return
    with (
        opened(path, options.member, options.compression) as binary,
        ahead(_rows(_one(path, binary, options))) as chunks,
    ):
        yield Stream(chunks, dialect, HEADS, binary.share, binary.n_bytes)


def _one(path: Path, binary: Binary, options: ImportOptions) -> Iterator[bytes]:
    yield from utf8(binary.chunks(path), options.encoding)


def _all(path: Path, names: Sequence[str], sizes: Sequence[int], done: list[int]) -> Iterator[bytes]:
    for name, size in zip(names, sizes, strict=True):
        with opened(path / name) as binary:
            last = b"\n"
            for chunk in binary.chunks(path / name):
                last = chunk[-1:]
                yield chunk
            if last != b"\n":
                yield b"\n"
        done[0] += size


def _rows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    movie, rest = b"", b""
    for chunk in chunks:
        whole, mark, rest = (rest + chunk).rpartition(b"\n")
        if mark:
            text, movie = _with_movie(whole + mark, movie)
            yield text
        elif len(rest) > 1 << 24:
            raise DataError(tr("A line is longer than 16 MB."), tr("Check the line ends of this file."))
    if rest:
        text, _ = _with_movie(rest, movie)
        yield text


def _with_movie(text: bytes, movie: bytes) -> tuple[bytes, bytes]:
    """Put the movie before each row."""
    parts, at = [], 0
    for head in _HEAD.finditer(text):
        parts += [_prefixed(text[at : head.start()], movie), MARK.encode(), head.group(0)]
        movie, at = head.group(1), head.end()
        if text[at : at + 1] == b"\n":
            parts.append(b"\n")
            at += 1
    parts.append(_prefixed(text[at:], movie))
    return b"".join(parts), movie


def _prefixed(rows: bytes, movie: bytes) -> bytes:
    if not rows:
        return rows
    prefix = movie + b","
    ends = rows.endswith(b"\n")
    body = rows[:-1] if ends else rows
    return prefix + body.replace(b"\n", b"\n" + prefix) + (b"\n" if ends else b"")
