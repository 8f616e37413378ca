"""The rows of a file as they would be understood: first ones and three places, columns, estimates, concerns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from alsgui.core.errors import AlsguiError, RowProblem
from alsgui.io.asking import questions
from alsgui.io.blocks import Block, Blocks
from alsgui.io.cells import is_missing, n_rated, number
from alsgui.io.concerns import concerns
from alsgui.io.heads import Start
from alsgui.io.isolation import free_bytes
from alsgui.io.kernels import scan
from alsgui.io.looked import ColumnLook, Cost, Kind, Look, PreviewRow, Size
from alsgui.io.numbers import Missing, read_numbers
from alsgui.io.options import ImportOptions, checked
from alsgui.io.places import Place
from alsgui.io.sides import Side, read_side
from alsgui.io.sources.binary import opened
from alsgui.io.sources.rows import is_connection, row_stream
from alsgui.io.sources.stream import Stream
from alsgui.io.sources.text import dialect_of, utf8
from alsgui.io.triplets import problem_of
from alsgui.io.watch import Watch
from alsgui.text import STAR, count, counted, rating, tr

FIRST_ROWS, PLACE_ROWS, PLACES = 30, 8, 3
MOST_COLUMNS = 200
MOST_SAMPLED, MOST_SAMPLED_CELLS = 10_000, 80_000
PLACE_BYTES = 1 << 15
COUNTED_BYTES = 1 << 26
SECONDS_PER_BYTE = 1 / 80e6
BASE_BYTES, RATING_BYTES, TIME_BYTES, ID_BYTES = 150_000_000, 28, 8, 200
"""What a read takes at its highest point, measured: itself, each rating, its time, each id."""


@dataclass
class Sample:
    """Rows that were looked at."""

    rows: list[PreviewRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    movies: list[str] = field(default_factory=list)
    n: int = 0
    n_bytes: int = 0
    n_ratings: int = 0
    n_missing: int = 0
    n_rejected: int = 0
    whole: bool = False


def preview(  # noqa: PLR0917
    path: Path, place: Place, start: Start, options: ImportOptions, given: Mapping[str, Any], watch: Watch
) -> Look:
    """A look with everything that is shown; see `look`."""
    problem, hint = _why_not(path, options, start)
    titles, side_problem = _titles(options, watch)
    sample = Sample()
    plain = options.format == "text" and not options.compression and not (place.member and place.path.is_file())
    if start.sparse is None:
        _sample_first(path, options, sample, titles, watch)
        if plain and not sample.whole:
            _sample_places(place, options, sample, titles, watch)
    n_bytes = 0 if is_connection(str(path)) else _n_bytes(place)
    size = _size(start, options, sample, n_bytes)
    found = Look(
        path=path, n_bytes=n_bytes, options=options, given=dict(given), columns=_columns(start, options),
        n_columns=start.n_columns, rows=tuple(sample.rows), preview_note=_note(place, options, sample, plain=plain),
        problems=tuple(sample.problems), n_sampled=sample.n,
        questions=() if problem else questions(start, options), concerns=(), size=size,
        cost=_cost(size, options, n_bytes), tables=start.tables or place.choices, problem=problem or side_problem,
        hint=hint, heads=start.heads, matched=_matched(options, sample, titles, watch),
    )  # fmt: skip
    return replace(found, concerns=concerns(found, titles, sample.users, sample.movies))


def _why_not(path: Path, options: ImportOptions, start: Start) -> tuple[str, str]:
    """Why a file cannot be read with these options, and what to do; empty when it can."""
    from alsgui.io.engine import refuse_incomplete

    try:
        checked(options)
        refuse_incomplete(path, options)
    except AlsguiError as error:
        return error.message, error.hint
    if not start.rows and start.sparse is None:
        return tr("There are no rows below the header."), tr("Choose another file, or change Header and Skip rows.")
    return "", ""


def _titles(options: ImportOptions, watch: Watch) -> tuple[Side, str]:
    if options.movies is None:
        return Side(), ""
    try:
        return read_side(options.movies, watch, of_users=False), ""
    except AlsguiError as error:
        return Side(), error.message


def _matched(options: ImportOptions, sample: Sample, side: Side, watch: Watch) -> dict[str, tuple[int, int]]:
    """How many ids of the sample the side tables hold; a table of users that cannot be read is told by the read."""
    of_users, of_movies = set(sample.users), set(sample.movies)
    if options.swap:
        of_users, of_movies = of_movies, of_users
    found = {}
    if side.titles and of_movies:
        found["movies"] = (len(of_movies & side.titles.keys()), len(of_movies))
    if options.users is not None and of_users:
        with suppress(AlsguiError):
            known = read_side(options.users, watch, of_users=True).characteristics
            ids: set[str] = set().union(*known.values())
            found["users"] = (len(of_users & ids), len(of_users))
    return found


def _n_bytes(place: Place) -> int:
    path = place.path / place.member if place.path.is_dir() and place.member else place.path
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size


def _sample_first(path: Path, options: ImportOptions, sample: Sample, side: Side, watch: Watch) -> None:
    most = max(min(MOST_SAMPLED, MOST_SAMPLED_CELLS // max(options.n_columns, 1)), FIRST_ROWS)
    with row_stream(path, options) as stream:
        blocks = Blocks(stream, None, options.n_columns)
        blocks.wanted = blocks.wanted[:MOST_COLUMNS] if options.wide else blocks.wanted
        sample.whole = True
        for block in blocks:
            watch.check()
            if sample.n + block.n > most:
                sample.whole = False
            _take(sample, block, options, side, blocks, shown=FIRST_ROWS, most=most)
            if not sample.whole:
                return


def _sample_places(place: Place, options: ImportOptions, sample: Sample, side: Side, watch: Watch) -> None:
    path = place.path / place.member if place.path.is_dir() else place.path
    size = path.stat().st_size
    sample.n_bytes = max(sample.n_bytes, 1)
    per_row = sample.n_bytes / max(sample.n, 1)
    width = max(PLACE_BYTES, int(per_row * PLACE_ROWS * 4))
    exact = size <= COUNTED_BYTES
    for at in range(1, PLACES + 1):
        watch.check()
        offset = size * at // PLACES - (width if at == PLACES else 0)
        offset -= offset % 2
        with _piece(path, offset, width, options) as (stream, skipped):
            first = _line_at(path, offset + skipped) if exact else max(int((offset + skipped) / per_row), 1)
            stream.first_line = first
            blocks = Blocks(stream, None, options.n_columns)
            blocks.wanted = blocks.wanted[:MOST_COLUMNS] if options.wide else blocks.wanted
            for block in blocks:
                _take(sample, block, options, side, blocks, shown=PLACE_ROWS, most=1 << 30, place=True, exact=exact)
                break


@contextmanager
def _piece(path: Path, offset: int, width: int, options: ImportOptions) -> Iterator[tuple[Stream, int]]:
    """Whole lines from the middle of a file, and how many bytes were left out before them."""
    with opened(path) as binary:
        binary.stream.seek(offset)
        raw = binary.stream.read(width)
    wide = options.encoding == "utf-16"
    end = b"\n\x00" if wide else b"\n" if b"\n" in raw else b"\r"
    before = raw.find(end) + len(end)
    after = raw.rfind(end) + len(end)
    piece = raw[before:after]
    encoding = "utf-16-le" if wide else options.encoding
    text = piece.decode("utf-16-le", "replace").encode() if wide else b"".join(utf8(iter([piece]), encoding))
    dialect = replace(dialect_of(options), skip_rows=0, header=False)
    yield Stream(iter([text] if text else []), dialect), before


def _line_at(path: Path, offset: int) -> int:
    n, left = 1, offset
    with path.open("rb") as stream:
        while left and (chunk := stream.read(min(left, 1 << 22))):
            n += chunk.count(b"\n") or chunk.count(b"\r")
            left -= len(chunk)
    return n


def _take(
    sample: Sample, block: Block, options: ImportOptions, side: Side, blocks: Blocks, *, shown: int, most: int,
    place: bool = False, exact: bool = True,
) -> None:  # fmt: skip
    columns = options.columns
    values = None
    texts = min(block.n, most)
    missing = Missing.of(options.missing, options.decimal)
    if not options.wide:
        _check_ids(block, options)
        if columns.rating is not None and options.layout == "long":
            values = read_numbers(block, columns.rating, options.decimal, missing)
    for row in range(texts):
        state = int(block.status[row])
        problem = None
        if state not in (scan.OK, scan.MISSING):
            cell = (
                block.text(row, columns.rating)
                if columns.rating is not None and columns.rating < len(block.starts)
                else ""
            )
            problem = problem_of(int(block.lines[row]), state, block.raw(row), cell)
            sample.n_rejected += 1
            if len(sample.problems) < 100:
                sample.problems.append(problem)
        elif state == scan.MISSING:
            sample.n_missing += 1
        else:
            sample.n_ratings += 1
            _note_ids(sample, block, row, options)
        if row < shown:
            cells = tuple(block.text(row, slot) for slot in range(min(int(block.rows[row, 2]), len(block.starts))))
            value = None if values is None else float(values[row])
            words = "" if problem else _understood(cells, value, state, options, side)
            sample.rows.append(
                PreviewRow(
                    int(block.lines[row]), exact, cells, block.raw(row)[:500], words, problem, place and row == 0
                )
            )
    sample.n += texts
    sample.n_bytes += int(block.rows[texts - 1, 1] - block.rows[0, 0]) + texts if texts else 0


def _check_ids(block: Block, options: ImportOptions) -> None:
    from alsgui.io.ids import Ids

    for at in (options.columns.user, options.columns.item):
        if at is not None:
            Ids().codes(block, at)


def _note_ids(sample: Sample, block: Block, row: int, options: ImportOptions) -> None:
    columns = options.columns
    if options.wide:
        if columns.id is not None:
            sample.users.append(block.text(row, columns.id))
        return
    if columns.user is not None and columns.item is not None:
        sample.users.append(block.text(row, columns.user))
        sample.movies.append(block.text(row, columns.item))


def _understood(cells: Sequence[str], value: float | None, state: int, options: ImportOptions, side: Side) -> str:
    if state == scan.MISSING:
        return tr("not rated")
    if options.wide:
        aside = {options.columns.id, *options.columns.drop}
        kept = [cell for at, cell in enumerate(cells) if at not in aside]
        rated = n_rated(kept, options.missing, options.decimal)
        return tr("{n} of {all} rated", n=count(rated), all=count(len(kept)))
    item = options.columns.item
    name = cells[item] if item is not None and item < len(cells) else ""
    title = side.titles.get(name, name)
    if options.layout == "events":
        return tr("once {title}", title=title)
    if value is None:
        return title
    if options.feedback == "counts":
        return tr("{n} × {title}", n=f"{value:g}", title=title)
    return f"{rating(value)} {STAR} {title}"


def _columns(start: Start, options: ImportOptions) -> tuple[ColumnLook, ...]:
    found = []
    for at in range(min(start.n_columns, MOST_COLUMNS)):
        cells = [row[at] for row in start.rows if len(row) > at]
        name = start.heads[at] if at < len(start.heads) else ""
        role = options.columns.role_of(at)
        kind, facts = _kind(cells, options, is_time=role == "time")
        if role in ("user", "item", "id"):
            kind, facts = "text", counted(len({cell for cell in cells if cell.strip()}), tr("id"))
        examples = tuple(islice(dict.fromkeys(cell for cell in cells if cell.strip()), 5))
        found.append(ColumnLook(at, name, role, kind, facts, examples))
    return tuple(found)


def _kind(cells: Sequence[str], options: ImportOptions, *, is_time: bool) -> tuple[Kind, str]:
    filled = [cell for cell in cells if not is_missing(cell)]
    distinct = counted(len(set(filled)), tr("value"))
    if not filled:
        return "empty", ""
    if is_time and options.time_format:
        words = {
            "s": tr("seconds since 1970"), "ms": tr("milliseconds since 1970"), "us": tr("microseconds since 1970"),
            "ns": tr("nanoseconds since 1970"), "ymd": tr("year-month-day"), "dmy": tr("day.month.year"),
            "mdy": tr("month/day/year"),
        }  # fmt: skip
        return "time", words[options.time_format]
    values = [value for value in (number(cell, options.decimal) for cell in filled) if value is not None]
    if len(values) < 0.9 * len(filled):
        return "text", distinct
    low, high = min(values), max(values)
    finite = [value for value in values if math.isfinite(value)]
    whole = all(value.is_integer() for value in finite)
    shown = tr("{low} to {high}", low=f"{low:g}", high=f"{high:g}")
    return ("whole number" if whole else "number"), f"{shown}, {distinct}"


def _note(place: Place, options: ImportOptions, sample: Sample, *, plain: bool) -> str:
    if sample.whole:
        return tr("all rows were looked at")
    if plain:
        return tr("first rows and three places")
    if options.compression or (place.member and place.path.is_file()):
        return tr("first rows: the file is compressed")
    return tr("first rows")


def _size(start: Start, options: ImportOptions, sample: Sample, n_bytes: int) -> Size:
    if start.sparse is not None:
        n_users, n_movies = start.sparse
        if (options.layout == "wide-transposed") != options.swap:
            n_users, n_movies = n_movies, n_users
        return Size(n_users, n_movies, 0, 0, 0, 0, exact=False)
    scale = 1.0
    if not sample.whole and sample.n:
        scale = max(n_bytes / max(sample.n_bytes, 1), 1.0)
        scale *= 4.0 if options.compression or options.member.endswith(".gz") else 1.0
    n_rows = round(sample.n * scale)
    if options.wide:
        share = _filled(start, options)
        n_movies = start.n_columns - (options.columns.id is not None) - len(options.columns.drop)
        sizes = [n_rows, n_movies]
        n_ratings = round(n_rows * n_movies * share)
        n_missing = n_rows * n_movies - n_ratings
    else:
        sizes = [_distinct(sample.users, scale), _distinct(sample.movies, scale)]
        n_ratings, n_missing = round(sample.n_ratings * scale), round(sample.n_missing * scale)
    if (options.layout == "wide-transposed") != options.swap:
        sizes.reverse()
    pairs = len(sample.users) - len(set(zip(sample.users, sample.movies, strict=False))) if sample.movies else 0
    merged = round(pairs * scale)
    return Size(
        sizes[0],
        sizes[1],
        n_ratings - merged,
        round(sample.n_rejected * scale),
        merged,
        n_missing,
        exact=sample.whole and (not options.wide or sample.n <= len(start.rows)),
    )


def _filled(start: Start, options: ImportOptions) -> float:
    aside = {options.columns.id, *options.columns.drop}
    cells = [cell for row in start.rows for at, cell in enumerate(row) if at not in aside]
    return n_rated(cells, options.missing, options.decimal) / max(len(cells), 1)


def _distinct(ids: Sequence[str], scale: float) -> int:
    """Different ids in the whole, from those of a sample: in runs as many more as rows, else Chao's estimate."""
    distinct = len(set(ids))
    if scale <= 1.0 or not ids:
        return distinct
    runs = 1 + sum(a != b for a, b in pairwise(ids))
    if runs <= 1.2 * distinct:
        return round(distinct * scale)
    seen: dict[str, int] = {}
    for identity in ids:
        seen[identity] = seen.get(identity, 0) + 1
    once = sum(n == 1 for n in seen.values())
    twice = sum(n == 2 for n in seen.values())
    return round(min(distinct + once * once / (2 * max(twice, 1)), len(ids) * scale))


def _cost(size: Size, options: ImportOptions, n_bytes: int) -> Cost:
    each = RATING_BYTES + (TIME_BYTES if options.time_format else 0)
    needed = BASE_BYTES + each * (size.n_ratings + size.n_merged) + ID_BYTES * (size.n_users + size.n_movies)
    return Cost(round(needed), free_bytes(), 0.5 + n_bytes * SECONDS_PER_BYTE)
