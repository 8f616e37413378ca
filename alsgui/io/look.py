"""Look at a file and say how it is to be read, every option explicit, before anything is read."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from alsgui.core.errors import ConfigError, DataError
from alsgui.io.asking import guessed_feedback, guessed_missing
from alsgui.io.columns import id_column, long_columns, looks_wide, noun_of, roles_by_name, rows_are_movies, time_format
from alsgui.io.heads import Start, start_of
from alsgui.io.looked import Look
from alsgui.io.options import WIDE_MISSING, Columns, ImportOptions, SideTable, as_given
from alsgui.io.places import Place, find_ratings, known_side
from alsgui.io.sources.rows import is_connection
from alsgui.io.watch import Watch, file_error
from alsgui.text import tr


def look(path: str | Path, given: Mapping[str, Any] | ImportOptions | None = None, watch: Watch | None = None) -> Look:
    """What a file holds and how it would be read, from its first rows and some places.

    Parameters
    ----------
    path
        A file, a folder, a zip, or the address of a PostgreSQL server.
    given
        Options by name that hold whatever the content says; the rest is detected. Options that do not fit any more
        (columns, after the delimiter was changed) are detected again.
    watch
        Hears progress and cancel.

    Raises
    ------
    DataError
        When it is not there, may not be read, is empty, or no table. A table that lacks something is no error:
        `Look.problem` says what.
    ConfigError
        For an option that does not exist.
    Interrupted
        When the watch was cancelled.
    """
    from alsgui.io.kernels.warm import make_ready
    from alsgui.io.preview import preview

    watch = watch or Watch()
    make_ready(watch)
    source = Path(path)
    if isinstance(given, ImportOptions):
        given = {name: getattr(given, name) for name in given.__dataclass_fields__}
    held = as_given(given or {})
    try:
        place, start, options = _found(source, held, watch)
        return preview(source, place, start, options, held, watch)
    except OSError as error:
        raise file_error(source, error) from error


def settled(path: str | Path, given: Mapping[str, Any], watch: Watch) -> tuple[ImportOptions, tuple[str, ...]]:
    """The options alone, with what was assumed and a person may want to know.

    Raises
    ------
    DataError, ConfigError, Interrupted
        As `look`.
    """
    held = as_given(given)
    source = Path(path)
    try:
        _, start, options = _found(source, held, watch)
    except OSError as error:
        raise file_error(source, error) from error
    asked = held.get("columns")
    if asked is not None and not _fits(asked, start.n_columns):
        raise ConfigError(
            tr("Columns {columns} do not fit {path}, which has {n}.", columns=asked, path=source, n=start.n_columns),
            tr("Columns are counted from 0; check the delimiter, too."),
        )
    if not start.rows and start.sparse is None:
        raise DataError(
            tr("{path} holds no rows below its header.", path=source),
            tr("Choose a file with users, movies and ratings."),
        )
    return options, _assumed(options, held)


def pasted(text: str) -> Path:
    """A table from the clipboard as a private file, to look at and read; removed when the program ends.

    Raises
    ------
    DataError
        When there is no text.
    """
    if not text.strip():
        raise DataError(tr("The clipboard holds no table."), tr("Copy rows of a sheet or a text first."))
    handle, name = tempfile.mkstemp(prefix="pasted-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)
    path = Path(name)
    atexit.register(path.unlink, missing_ok=True)
    return path


def _found(source: Path, given: Mapping[str, Any], watch: Watch) -> tuple[Place, Start, ImportOptions]:
    if is_connection(str(source)):
        place = Place(source, format="postgres")
    else:
        place = find_ratings(source, given.get("member", ""))
    start = start_of(place, given, watch)
    watch.check()
    layout, columns = _layout(start, given)
    wide = layout in ("wide", "wide-transposed")
    options = ImportOptions(**{**start.settings, "layout": layout, "columns": columns, "n_columns": start.n_columns})
    cells = _cells(start, columns.time)
    guessed: dict[str, Any] = {
        "time_format": time_format(cells, options.decimal) if columns.time is not None else "",
        "missing": (*WIDE_MISSING, *guessed_missing(start, columns, options.decimal)) if wide else (),
        "duplicates": "sum" if layout == "events" else "last",
        "feedback": guessed_feedback(start, options),
        "name": _name(source, place),
    }
    guessed["noun"] = noun_of(_noun_names(start.heads, columns), f"{guessed['name']} {place.name}")
    for side in ("movies", "users"):
        guessed[side] = _side(place, given, side, watch)
    simple = {name: value for name, value in given.items() if name not in ("columns", "layout", "movies", "users")}
    return place, start, replace(options, **{**guessed, **simple, "columns": columns, "n_columns": start.n_columns})


def _layout(start: Start, given: Mapping[str, Any]) -> tuple[Any, Columns]:
    """Layout and roles: as given where they fit the columns there are."""
    decimal = start.settings.get("decimal", ".")
    layout, columns = given.get("layout"), given.get("columns")
    if columns is not None and not _fits(columns, start.n_columns):
        columns = None
    if layout is None and columns is not None:
        if columns.user is not None or columns.item is not None:
            layout = "long" if columns.rating is not None else "events"
        elif columns.id is not None or columns.drop:
            layout = "wide"
    if layout is None:
        wide = start.sparse is not None or (
            start.n_columns > 1 and bool(start.rows) and looks_wide(start.heads, start.rows, decimal)
        )
        if wide:
            layout = "wide-transposed" if rows_are_movies(start.heads) else "wide"
    if layout in ("wide", "wide-transposed"):
        if columns is not None:
            return layout, columns
        full = [row for row in start.rows if len(row) == start.n_columns]
        return layout, Columns(id=id_column(start.heads, full, decimal)) if start.sparse is None else Columns()
    found = long_columns(start.heads, start.rows, decimal) if columns is None else columns
    if layout is None:
        events = found.rating is None and _are_events(start, found)
        layout = "events" if events else "long"
    return layout, replace(found, rating=None) if layout == "events" else found


def _fits(columns: Columns, n: int) -> bool:
    positions = [getattr(columns, role) for role in ("user", "item", "rating", "time", "title", "genres", "id")]
    return all(at < n for at in (*filter(lambda at: at is not None, positions), *columns.drop))


def _are_events(start: Start, columns: Columns) -> bool:
    """Whether rows of users and movies without a rating can be meant: nothing else stands in them, or names say so."""
    if columns.user is None or columns.item is None:
        return False
    named = roles_by_name(start.heads)
    return start.n_columns - (columns.time is not None) <= 2 or ("user" in named and "item" in named)


def _cells(start: Start, column: int | None) -> list[str]:
    return [] if column is None else [row[column] for row in start.rows if len(row) > column]


def _noun_names(heads: Sequence[str], columns: Columns) -> Sequence[str]:
    return (heads[columns.item],) if columns.item is not None and columns.item < len(heads) else heads


def _name(source: Path, place: Place) -> str:
    if is_connection(str(source)):
        return "PostgreSQL"
    if source.is_dir():
        return source.resolve().name
    stem = source.name.split(".")[0] if place.member == "" else source.stem
    if stem.casefold() in ("ratings", "u"):
        return source.resolve().parent.name or stem
    return stem or source.name


def _side(place: Place, given: Mapping[str, Any], side: str, watch: Watch) -> SideTable | None:
    wanted = given.get(side)
    if side in given and not wanted:
        return None
    if isinstance(wanted, SideTable):
        return wanted
    if wanted:
        return side_table(wanted, watch, of_users=side == "users")
    name, fixed = known_side(place, of_users=side == "users")
    if fixed is not None or not name:
        return fixed
    if place.member and place.path.is_file():
        return side_table(place.path, watch, of_users=side == "users", member=name)
    folder = place.path if place.path.is_dir() else place.path.parent
    return side_table(folder / name, watch, of_users=side == "users")


def side_table(path: str | Path, watch: Watch, *, of_users: bool, member: str = "") -> SideTable:
    """How a table of movies or users is to be read: its first rows say.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    source = Path(path)
    try:
        place = Place(source, member) if member or source.is_dir() else find_ratings(source)
        start = start_of(place, {}, watch)
    except OSError as error:
        raise file_error(source, error) from error
    found = roles_by_name(start.heads, of_ratings=False)
    columns = Columns(id=found.get("user")) if of_users else Columns(
        id=found.get("item"), title=found.get("title"), genres=found.get("genres")
    )  # fmt: skip
    first = start.heads[0].strip().casefold() if start.heads else ""
    if columns.id is None and (not start.heads or first in ("", "id")):
        columns = replace(columns, id=0)
    if not of_users and columns.title is None and columns.id is not None and not start.heads and start.n_columns > 1:
        columns = replace(columns, title=1 if columns.id == 0 else 0)
    names = (
        "format",
        "member",
        "compression",
        "encoding",
        "delimiter",
        "quote",
        "escape",
        "header",
        "skip_rows",
        "table",
    )
    settings = {name: start.settings[name] for name in names if name in start.settings}
    return SideTable(path=str(source), **settings, columns=columns, heads=start.heads)


def _assumed(options: ImportOptions, given: Mapping[str, Any]) -> tuple[str, ...]:
    """What was taken for missing without being asked."""
    if not options.wide or "missing" in given:
        return ()
    return tuple(
        tr("{value} is taken for not rated; give --missing to change it.", value=text)
        for text in options.missing
        if text not in WIDE_MISSING
    )
