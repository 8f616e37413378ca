"""Export what a model has learnt: factors, predictions, lists."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from alsgui.core.errors import ConfigError, ExportError
from alsgui.io.atomic import atomic_text, atomic_write
from alsgui.io.export_predictions import export_predictions, r_size_bytes
from alsgui.io.formats import FORMATS, Array, check_format, number_format, write_matlab, write_matrix_market
from alsgui.io.spreadsheet import SafeWriter
from alsgui.text import pluralised, tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.core.recommend import RecommendationList

Orientation = Literal["KxN", "NxK"]

ORIENTATIONS: tuple[Orientation, ...] = ("KxN", "NxK")
MOST_COLUMNS = 1000
"""Up to so many users and movies the text-book's K x N is the default; a sheet with more columns helps nobody."""


_LABELS = ("users.csv", "movies.csv")
_LABELLED = {"csv", "mtx"}
"""Formats whose files hold numbers alone: ids and titles stand in `_LABELS`."""


@dataclass(frozen=True)
class _Table:
    """One factor matrix as it will be written, with the words that say which way it lies."""

    letter: str
    values: Array
    label: str
    heads: tuple[str, ...]
    rows: tuple[str, ...]


def default_orientation(model: Model) -> Orientation:
    """K x N up to 1,000 users and movies, else one row for each."""
    return "KxN" if max(model.n_users, model.n_movies) <= MOST_COLUMNS else "NxK"


def export_factors(
    model: Model,
    folder_or_path: str | Path,
    formats: Sequence[str] = ("csv",),
    orientation: str | None = None,
) -> list[Path]:
    """Write u, m, biases, ids and titles.

    Parameters
    ----------
    model
        The model.
    folder_or_path
        A folder, made where it is missing, gets u.csv, m.csv, users.csv, movies.csv, factors.npz, factors.mat, u.mtx,
        m.mtx; a path that ends in a format's name gives the files of that export their common stem.
    formats
        Of "csv", "npz", "mat" (MATLAB), "mtx" (Matrix Market).
    orientation
        "KxN": a row is an attribute, as in the text-book. "NxK": a row is a user or movie. None chooses by size.

    Returns
    -------
    list of Path
        The files, in the order they were written.

    Raises
    ------
    ConfigError
        For a format or orientation that is not known.
    ExportError
        When a file cannot be written, or a CSV of that name is there that is no export; the old one is whole.
    """
    chosen = _orientation(model, orientation)
    ordered = dict.fromkeys(map(check_format, formats))
    name_file = _namer(Path(folder_or_path), formats)
    _refuse_foreign(map(name_file, _csv_names(ordered)))
    u, m = _table(model, "u", chosen), _table(model, "m", chosen)
    written: list[Path] = []
    for name in ordered:
        written += _FACTOR_WRITERS[name](model, (u, m), chosen, name_file)
    if _LABELLED & set(formats):
        written += _write_labels(model, name_file)
    return written


def check_export(folder: str | Path, formats: Sequence[str], orientation: str | None = None) -> None:
    """Refuse before a long fit what `export_factors` would refuse after it; the folder is made.

    Raises
    ------
    ConfigError
        For a format or orientation that is not known.
    ExportError
        When the folder cannot be made, is denied, or holds a CSV of a name that is needed and is no export.
    """
    for name in formats:
        check_format(name)
    if orientation is not None:
        _check_orientation(orientation)
    _make_folder(Path(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ExportError(
            tr("The folder {path} does not allow files.", path=folder), tr("Choose a folder that you may write to.")
        )
    _refuse_foreign(Path(folder) / name for name in _csv_names(formats))


def export_recommendations(
    lists: RecommendationList | Mapping[str, RecommendationList], path: str | Path, noun: str = "movie"
) -> Path:
    """Write one person's list, or the lists of several by user id, as CSV.

    Parameters
    ----------
    lists
        A list, or user id -> list; then the first column is the user.
    path
        The file.
    noun
        Head of the column of ids.

    Raises
    ------
    ExportError
        When the file cannot be written; an old one is whole.
    """
    many = isinstance(lists, Mapping)
    people = lists if isinstance(lists, Mapping) else {"": lists}
    heads = ["rank", noun, "title", "predicted", "given", "ratings"]
    with atomic_text(path) as stream:
        writer = SafeWriter(stream)
        writer.writerow(["user", *heads] if many else heads)
        for user, found in people.items():
            for row in _list_rows(found):
                writer.writerow([user, *row] if many else row)
    return Path(path)


def _list_rows(found: RecommendationList) -> Iterator[list[str]]:
    for at in range(len(found)):
        given = float(found.given[at])
        yield [
            str(at + 1),
            found.ids[at],
            found.titles[at],
            f"{float(found.predicted[at]):.4f}",
            "" if np.isnan(given) else f"{given:g}",
            str(int(found.support[at])),
        ]


def _orientation(model: Model, orientation: str | None) -> Orientation:
    return default_orientation(model) if orientation is None else _check_orientation(orientation)


def _check_orientation(orientation: str) -> Orientation:
    for known in ORIENTATIONS:
        if orientation == known:
            return known
    raise ConfigError(
        tr("There is no orientation {name}.", name=orientation),
        tr("Choose of {known}.", known=", ".join(ORIENTATIONS)),
    )


def _csv_names(formats: Iterable[str]) -> list[str]:
    chosen = set(formats)
    return [*(["u.csv", "m.csv"] if "csv" in chosen else []), *(_LABELS if _LABELLED & chosen else [])]


def _refuse_foreign(paths: Iterable[Path]) -> None:
    """Keep what is not our own: MovieLens calls its titles movies.csv, too."""
    for path in paths:
        if path.is_file() and _first_bytes(path) not in (b"# ", b""):
            raise ExportError(
                tr("{path} is there already and is no export of alsgui.", path=path), tr("Choose another folder.")
            )


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(2)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            tr("The folder {path} cannot be made: {reason}.", path=folder, reason=error.strerror),
            tr("Choose another folder."),
        ) from error


def _namer(given: Path, formats: Sequence[str]) -> Callable[[str], Path]:
    """Turn the plain name of an exported file ("u.csv") into its path."""
    suffix = given.suffix.removeprefix(".")
    if suffix not in formats or given.is_dir():
        _make_folder(given)
        return lambda name: given / name
    return lambda name: given if name == f"factors.{suffix}" else given.with_name(f"{given.stem}-{name}")


def _table(model: Model, letter: str, orientation: Orientation) -> _Table:
    users = letter == "u"
    factors = model.factors if model.shown is None else model.shown.factors
    values, ids = (factors.users.T, model.user_ids) if users else (factors.movies.T, model.movie_ids)
    thing, length = (tr("user"), "N") if users else (model.noun, "M")
    what = tr("user weights") if users else tr("{item} loadings", item=model.noun)
    attributes = _attributes(model)
    if orientation == "KxN":
        label = tr("{letter}: {what}, K x {length}: a row is an attribute, a column a {thing}",
                   letter=letter, what=what, length=length, thing=thing)  # fmt: skip
        return _Table(letter, values, label, ("attribute", *ids), attributes)
    label = tr("{letter}: {what}, {length} x K: a row is a {thing}, a column an attribute",
               letter=letter, what=what, length=length, thing=thing)  # fmt: skip
    return _Table(letter, values.T, label, (thing, *attributes), ids)


def _attributes(model: Model) -> tuple[str, ...]:
    """What the attributes are called: their number, and the name that a person gave."""
    names = ("",) * model.k if model.shown is None else model.shown.basis.names
    return tuple(f"attribute {at}: {name}" if name else f"attribute {at}" for at, name in enumerate(names, 1))


def _write_csv_factors(
    model: Model, tables: Sequence[_Table], orientation: Orientation, name_file: Callable[[str], Path]
) -> list[Path]:
    written = []
    for table in tables:
        path = name_file(f"{table.letter}.csv")
        with atomic_text(path) as stream:
            stream.write(f"# {table.label}\r\n")
            writer = SafeWriter(stream)
            writer.writerow(table.heads)
            show = number_format(table.values)
            writer.writerows(
                [name, *map(show, row.tolist())] for name, row in zip(table.rows, table.values, strict=True)
            )
        written.append(path)
    return written


def _write_npz_factors(
    model: Model, tables: Sequence[_Table], orientation: Orientation, name_file: Callable[[str], Path]
) -> list[Path]:
    path = name_file("factors.npz")
    with atomic_write(path) as stream:
        np.savez(stream, **_everything(model, tables, orientation, np.array))
    return [path]


def _write_mat_factors(
    model: Model, tables: Sequence[_Table], orientation: Orientation, name_file: Callable[[str], Path]
) -> list[Path]:
    path = name_file("factors.mat")
    cells = _everything(model, tables, orientation, lambda texts: np.array(texts, dtype=object))
    with atomic_write(path) as stream:
        write_matlab(stream, cells)
    return [path]


def _write_mtx_factors(
    model: Model, tables: Sequence[_Table], orientation: Orientation, name_file: Callable[[str], Path]
) -> list[Path]:
    written = []
    for table in tables:
        path = name_file(f"{table.letter}.mtx")
        columns = (table.values[:, at : at + 1] for at in range(table.values.shape[1]))
        with atomic_write(path) as stream:
            write_matrix_market(stream, table.values.shape, table.label, columns)
        written.append(path)
    return written


_FACTOR_WRITERS = {
    "csv": _write_csv_factors,
    "npz": _write_npz_factors,
    "mat": _write_mat_factors,
    "mtx": _write_mtx_factors,
}


def _everything(
    model: Model, tables: Sequence[_Table], orientation: Orientation, texts: Callable[[Any], Array]
) -> dict[str, Any]:
    """Fields of the files that hold all in one."""
    fields: dict[str, Any] = {table.letter: np.ascontiguousarray(table.values) for table in tables}
    fields["orientation"] = orientation
    fields["user_ids"] = texts(model.user_ids)
    fields["movie_ids"] = texts(model.movie_ids)
    if model.shown is not None:
        fields["attributes"] = texts(_attributes(model))
    if model.titles is not None:
        fields["titles"] = texts(model.titles)
    if model.has_biases:
        fields |= {"mu": model.mu, "user_bias": model.user_bias, "movie_bias": model.movie_bias}
    return fields


def _write_labels(model: Model, name_file: Callable[[str], Path]) -> list[Path]:
    """users.csv and movies.csv: ids in the order of u and m, biases, titles, genres."""
    users: dict[str, Sequence[str]] = {"user": model.user_ids}
    movies: dict[str, Sequence[str]] = {model.noun: model.movie_ids}
    if model.titles is not None:
        movies["title"] = model.titles
    if model.genres is not None:
        movies["genres"] = model.genres
    mean = ""
    if model.has_biases:
        mean = tr("; prediction = {mu} + bias of user + bias of {item} + u^T m", mu=repr(float(model.mu)),
                  item=model.noun)  # fmt: skip
        users["bias"] = [*map(number_format(model.user_bias), model.user_bias.tolist())]
        movies["bias"] = [*map(number_format(model.movie_bias), model.movie_bias.tolist())]
    written = []
    user_label, movie_label = (
        tr("users, in the order of u"),
        tr("{items}, in the order of m", items=pluralised(model.noun)),
    )
    for name, label, columns in zip(_LABELS, (user_label, movie_label), (users, movies), strict=True):
        path = name_file(name)
        with atomic_text(path) as stream:
            stream.write(f"# {label}{mean}\r\n")
            writer = SafeWriter(stream)
            writer.writerow(list(columns))
            writer.writerows(zip(*columns.values(), strict=True))
        written.append(path)
    return written


__all__ = [
    "FORMATS",
    "ORIENTATIONS",
    "default_orientation",
    "export_factors",
    "export_predictions",
    "export_recommendations",
    "r_size_bytes",
]
