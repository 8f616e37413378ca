"""Read a long table: each row is one rating. Text and Parquet end in the same database table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import RowProblem
from alsgui.io.dialect import records
from alsgui.io.duck import connection, csv_source, run
from alsgui.io.plan import LARGEST_RATING, MOST_PROBLEMS, Dialect, ReadOptions, Triplets, Watch
from alsgui.text import counted, tr

if TYPE_CHECKING:
    import duckdb

Lines = npt.NDArray[np.int64]

LONGEST_ID = 1000

_UNUSABLE = {
    "id_empty": ("user = '' OR item = '' OR user IS NULL OR item IS NULL", tr("user or movie is empty")),
    "id_long": (
        f"length(user) > {LONGEST_ID} OR length(item) > {LONGEST_ID}",
        tr("user or movie has over {n} characters", n=LONGEST_ID),
    ),
    "id_nul": ("contains(user, chr(0)) OR contains(item, chr(0))", tr("user or movie holds a NUL character")),
    "rating": (
        f"rating IS NULL OR NOT isfinite(rating) OR abs(rating) > {LARGEST_RATING}",
        tr("rating is not a finite number"),
    ),
}
"""Why a row that was parsed cannot be used: SQL condition and words."""


def read_long(options: ReadOptions, watch: Watch) -> Triplets:
    """Ratings of a long table, text or Parquet, with every row that could not be used.

    Raises
    ------
    DataError
        When the file cannot be parsed at all.
    Interrupted
        When the watch was cancelled.
    """
    with connection(options.path) as connected:
        if options.dialect is None:
            _load_parquet(connected, options, watch)
        else:
            _load_text(connected, options, options.dialect, watch)
        return _triplets(connected, options, watch)


def _load_text(connected: duckdb.DuckDBPyConnection, options: ReadOptions, dialect: Dialect, watch: Watch) -> None:
    types = ["DOUBLE" if at == options.columns.rating else "VARCHAR" for at in range(options.n_columns)]
    source = csv_source(dialect, types)
    query = f"CREATE TABLE raw AS SELECT {_roles(options)} FROM {source}"
    run(connected, query, watch, tr("Reading ratings"), [str(options.path)])


def _load_parquet(connected: duckdb.DuckDBPyConnection, options: ReadOptions, watch: Watch) -> None:
    heads = ", ".join(f"c{at}" for at in range(options.n_columns))
    query = f"CREATE TABLE raw AS SELECT {_roles(options)} FROM read_parquet(?) AS file({heads})"
    run(connected, query, watch, tr("Reading ratings"), [str(options.path)])


def _roles(options: ReadOptions) -> str:
    columns = options.columns
    chosen = [
        f"CAST(c{columns.user} AS VARCHAR) AS user",
        f"CAST(c{columns.item} AS VARCHAR) AS item",
        f"TRY_CAST(c{columns.rating} AS DOUBLE) AS rating",
    ]
    for role in ("time", "title", "genres"):
        at = getattr(columns, role)
        if at is not None:
            chosen.append(f"CAST(c{at} AS VARCHAR) AS {role}")
    return ", ".join(chosen)


def _triplets(connected: duckdb.DuckDBPyConnection, options: ReadOptions, watch: Watch) -> Triplets:
    refused, n_refused = _refused_rows(connected, watch)
    unparsed, n_unparsed, broken = _rejected_records(connected, options)
    lines = _line_finder(options, broken)
    run(connected, f"DELETE FROM raw WHERE {_any_problem()}", watch, tr("Checking ratings")) if n_refused else None
    user_ids = _order_ids(connected, "user", watch)
    movie_ids = _order_ids(connected, "item", watch)
    fetched = _fetch(connected, options.columns.time is not None, watch)
    time, notes = _seconds(fetched)
    rows = np.asarray(fetched["row"], dtype=np.int64)
    problems = [
        *(RowProblem(int(line), why) for line, (_, why) in
          zip(lines(np.array([row for row, _ in refused], dtype=np.int64)), refused, strict=True)),
        *unparsed,
    ]  # fmt: skip
    return Triplets(
        users=np.asarray(fetched["u"]),
        movies=np.asarray(fetched["m"]),
        values=np.asarray(fetched["y"]),
        time=time,
        lines=lambda at: lines(rows[at]),
        user_ids=user_ids,
        movie_ids=movie_ids,
        n_rejected=n_refused + n_unparsed,
        rejected=tuple(sorted(problems, key=lambda problem: problem.line)[:MOST_PROBLEMS]),
        titles=_texts(connected, "title", options, watch),
        genres=_texts(connected, "genres", options, watch),
        notes=notes,
    )


def _any_problem() -> str:
    return " OR ".join(f"({condition})" for condition, _ in _UNUSABLE.values())


def _refused_rows(connected: duckdb.DuckDBPyConnection, watch: Watch) -> tuple[list[tuple[int, str]], int]:
    """First parsed rows that cannot be used, as (position, reason), and how many there are."""
    cases = " ".join(f"WHEN {condition} THEN '{name}'" for name, (condition, _) in _UNUSABLE.items())
    query = f"SELECT rowid, CASE {cases} END FROM raw WHERE {_any_problem()} ORDER BY rowid"
    found = run(connected, query, watch, tr("Checking ratings")).fetchall()
    return [(row, _UNUSABLE[name][1]) for row, name in found[:MOST_PROBLEMS]], len(found)


def _rejected_records(
    connected: duckdb.DuckDBPyConnection, options: ReadOptions
) -> tuple[list[RowProblem], int, Lines]:
    """Records that did not parse: the first as problems, how many, and their numbers among the records."""
    if options.dialect is None:
        return [], 0, np.zeros(0, dtype=np.int64)
    found = connected.execute(
        "SELECT line, arg_min(CAST(error_type AS VARCHAR), column_idx), any_value(csv_line) "
        "FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    numbers = np.array([number for number, _, _ in found], dtype=np.int64)
    lines = _lines_of_records(options.path, options.dialect, numbers[:MOST_PROBLEMS])
    problems = [
        RowProblem(line, _reason(kind), (text or "").strip()[:200])
        for line, (_, kind, text) in zip(lines, found, strict=False)
    ]
    return problems, len(found), numbers


def _lines_of_records(path: Path, dialect: Dialect, numbers: Lines) -> list[int]:
    """The line in which each record starts, given its number; the same where no record runs over lines."""
    wanted = [int(number) for number in numbers]
    if dialect.plain or not wanted:
        return wanted
    starts = [line for line, _ in islice(records(path, dialect), max(wanted))]
    return [starts[number - 1] if number <= len(starts) else number for number in wanted]


def _reason(kind: str) -> str:
    reasons = {
        "CAST": tr("rating is not a number"),
        "MISSING COLUMNS": tr("too few columns"),
        "TOO MANY COLUMNS": tr("too many columns"),
        "UNQUOTED VALUE": tr("a quotation mark is not closed"),
        "LINE SIZE OVER MAXIMUM": tr("the line is too long"),
        "INVALID ENCODING": tr("the text is not valid in this encoding"),
    }
    return reasons.get(kind, tr("the row cannot be parsed"))


def _line_finder(options: ReadOptions, broken: Lines) -> Callable[[Lines], Lines]:
    """Turn positions of parsed rows into line numbers of the file; `broken` are the records that did not parse."""
    dialect = options.dialect
    if dialect is None:
        return lambda rows: rows + 1
    if dialect.plain:
        # Each broken record at or before a row moves it down by one line.
        shifted = broken - dialect.skip - 1 - np.arange(len(broken))
        return lambda rows: rows + 1 + dialect.skip + np.searchsorted(shifted, rows, side="right")
    return lambda rows: _lines_by_scan(options, dialect, broken, rows)


def _lines_by_scan(options: ReadOptions, dialect: Dialect, broken: Lines, rows: Lines) -> Lines:
    """Line numbers where quoted text may run over lines: walk the records up to the last wanted one."""
    wanted, skipped = {int(row) for row in rows}, {int(line) for line in broken}
    last = max(wanted, default=-1)
    found: dict[int, int] = {}
    row = -1
    for at, (line, fields) in enumerate(records(options.path, dialect), start=1):
        if row >= last:
            break
        if line <= dialect.skip or not fields or at in skipped:
            continue
        row += 1
        if row in wanted:
            found[row] = line
    return np.array([found.get(int(row), 0) for row in rows], dtype=np.int64)


def _order_ids(connected: duckdb.DuckDBPyConnection, role: str, watch: Watch) -> tuple[str, ...]:
    """Make the table of a role's ids with their positions: by number if all are whole numbers, else as they appear."""
    query = (
        f"CREATE TABLE {role}_ids AS WITH ids AS (SELECT {role} AS id, min(rowid) AS first FROM raw GROUP BY {role}), "
        "kind AS (SELECT bool_and(regexp_full_match(id, '[0-9]+')) AS whole FROM ids), "
        "keyed AS (SELECT id, first, whole, ltrim(id, '0') AS digits FROM ids, kind) "
        "SELECT id, CAST(row_number() OVER (ORDER BY "
        "CASE WHEN whole THEN length(digits) ELSE first END, CASE WHEN whole THEN digits END, id) - 1 AS INTEGER) "
        "AS position FROM keyed"
    )
    run(connected, query, watch, tr("Ordering ids"))
    rows = connected.execute(f"SELECT id FROM {role}_ids ORDER BY position").fetchall()
    return tuple(row[0] for row in rows)


def _fetch(connected: duckdb.DuckDBPyConnection, with_time: bool, watch: Watch) -> dict[str, Any]:
    """All ratings by user, movie, place in the file: sorted here, where a sort can be interrupted."""
    seconds = (
        ", coalesce(TRY_CAST(time AS BIGINT), TRY_CAST(TRY_CAST(time AS DOUBLE) AS BIGINT),"
        " CAST(epoch(TRY_CAST(time AS TIMESTAMP)) AS BIGINT)) AS t"
    )
    query = (
        "SELECT user_ids.position AS u, item_ids.position AS m, CAST(rating AS FLOAT) AS y, raw.rowid AS row"
        f"{seconds if with_time else ''} FROM raw JOIN user_ids ON user_ids.id = raw.user "
        "JOIN item_ids ON item_ids.id = raw.item ORDER BY u, m, raw.rowid"
    )
    return dict(run(connected, query, watch, tr("Counting users and movies")).fetchnumpy())


def _seconds(fetched: dict[str, Any]) -> tuple[npt.NDArray[np.int64] | None, tuple[str, ...]]:
    """Times in seconds, whatever unit the file has; none at all when some are missing, with a note."""
    if "t" not in fetched or not len(fetched["t"]):
        return None, ()
    times = fetched["t"]
    missing = int(np.sum(times.mask)) if isinstance(times, np.ma.MaskedArray) else 0
    if missing:
        return None, (tr("Times are left out: {rows} without one.", rows=counted(missing, tr("row"))),)
    seconds = np.asarray(times, dtype=np.int64)
    typical = float(np.median(np.abs(seconds[:10_000])))
    for bound, per_second in ((1e17, 10**9), (1e14, 10**6), (1e11, 10**3)):
        if typical >= bound:
            return seconds // per_second, ()
    return seconds, ()


def _texts(connected: duckdb.DuckDBPyConnection, role: str, options: ReadOptions, watch: Watch) -> dict[str, str]:
    """Movie id -> title or genres, where the table has such a column; the first row that has one counts."""
    if getattr(options.columns, role) is None:
        return {}
    query = f"SELECT item, arg_min({role}, rowid) FROM raw WHERE {role} <> '' GROUP BY item"
    rows: Sequence[tuple[str, str]] = run(connected, query, watch, tr("Reading titles")).fetchall()
    return dict(rows)
