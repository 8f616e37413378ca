"""The MovieLens layout: `ratings` with a table of titles and genres beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alsgui.core.errors import DataError
from alsgui.io.columns import roles_by_name
from alsgui.io.dialect import detect, records
from alsgui.io.duck import connection
from alsgui.io.plan import Watch
from alsgui.text import tr

NO_GENRES = "(no genres listed)"


@dataclass(frozen=True)
class MovieTable:
    """Movie id -> title and genres of every listed movie."""

    titles: Mapping[str, str]
    genres: Mapping[str, str]


def ratings_in(folder: Path) -> Path:
    """The file of ratings in a MovieLens folder.

    Raises
    ------
    DataError
        When the folder has none.
    """
    for file in sorted(folder.iterdir()):
        if file.name.casefold() in {"ratings.csv", "ratings.parquet"} and file.is_file():
            return file
    raise DataError(
        tr("{path} is a folder without ratings.csv.", path=folder),
        tr("Choose a MovieLens folder, or one file of ratings."),
    )


def movies_beside(ratings: Path) -> Path | None:
    """The table of movies that belongs to a file of ratings: `movies.csv`, or `<name>-movies.parquet`."""
    names = {"ratings.csv": "movies.csv", "ratings.parquet": "movies.parquet"}
    name = names.get(ratings.name.casefold())
    if name is None and ratings.suffix == ".parquet":
        name = f"{ratings.stem}-movies.parquet"
    beside = ratings.with_name(name) if name else None
    return beside if beside is not None and beside.is_file() else None


def read_movies(path: Path, watch: Watch) -> MovieTable:
    """Titles and genres of a table of movies, text or Parquet.

    Raises
    ------
    DataError
        When the table cannot be read, or has no columns of ids and titles.
    """
    watch.tell(None, tr("Reading titles"))
    names, rows = _parquet(path) if path.suffix == ".parquet" else _text(path, watch)
    roles = roles_by_name(names)
    if "item" not in roles or "title" not in roles:
        raise DataError(
            tr("{path} has no columns of movie ids and titles.", path=path),
            tr("Head them movieId and title, or move the file away."),
        )
    item, title, genres = roles["item"], roles["title"], roles.get("genres")
    whole = [row for row in rows if len(row) == len(names)]
    return MovieTable(
        titles={row[item]: row[title] for row in whole},
        genres={} if genres is None else {row[item]: row[genres].replace(NO_GENRES, "") for row in whole},
    )


def _text(path: Path, watch: Watch) -> tuple[Sequence[str], list[Sequence[str]]]:
    dialect = detect(path, watch).dialect
    return dialect.names, [row for line, row in records(path, dialect) if line > dialect.skip]


def _parquet(path: Path) -> tuple[Sequence[str], list[Sequence[str]]]:
    with connection(path) as connected:
        found = connected.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description or ()]
        return names, [tuple(cell or "" for cell in row) for row in found.fetchall()]
