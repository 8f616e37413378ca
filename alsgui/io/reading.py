"""Read a file of ratings and report what was read: nothing is lost without being said."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alsgui.io import transfer
from alsgui.io.found import Found
from alsgui.io.isolation import private_folder, read_in_child
from alsgui.io.options import POLICIES, Duplicates, ImportOptions, as_given, as_json, checked, from_json, given_as_json
from alsgui.io.report import ImportReport, Reading, summary
from alsgui.io.watch import Cancel, Progress, Watch
from alsgui.text import tr

if TYPE_CHECKING:
    import numpy.typing as npt

    from alsgui.core.ratings import Ratings, Scale

ReadReport = ImportReport

_LABELS = {
    "parquet": "Parquet", "arrow": "Arrow", "json": "JSON", "excel": "sheet", "sqlite": "SQLite", "duckdb": "DuckDB",
    "netflix": "Netflix Prize", "libsvm": "LibSVM", "libfm": "LibFM", "r": "R", "postgres": "PostgreSQL",
    "npy": "NumPy", "npz": "NumPy", "mtx": "Matrix Market", "mat": "MATLAB",
}  # fmt: skip


def read_ratings(path: str | Path, **options: Any) -> Ratings:
    """Ratings of a file or folder; options by name as in `ImportOptions`, what is not given is detected.

    Raises
    ------
    DataError, ConfigError
        As `read`.
    """
    return read(path, **options).ratings


def read(
    path: str | Path,
    options: ImportOptions | None = None,
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    isolated: bool = True,
    **given: Any,
) -> Reading:
    """Read ratings from a file, a folder, a zip or a database.

    Parameters
    ----------
    path
        File or folder.
    options
        How, every option explicit, as `look` found them or a person changed them; None looks first.
    progress
        Is told the share that is done (0 to 1, None = not known) and what is being done, from another thread.
    cancel
        Ends the read when set, within 0.2 s.
    isolated
        Whether a child process reads, with a limit on its memory; False reads here, for files that are known to be
        good.
    **given
        Single options, by name; what is not given is detected. Not together with `options`.

    Returns
    -------
    Reading
        Ratings and report. Arrays are mapped from files that are already removed.

    Raises
    ------
    ConfigError
        For an option that does not exist, or cannot be.
    DataError
        When the file cannot be read or no rating is left, with the count and the first reasons.
    Interrupted
        When `cancel` was set.
    """
    watch = Watch(progress, cancel)
    started = time.perf_counter()
    held = as_given(given)
    simple = {name: value for name, value in held.items() if name not in ("columns", "movies", "users")}
    checked(replace(options or ImportOptions(), **simple))
    watch.tell(None, tr("Looking at the file"))
    if options is not None:
        options = checked(replace(options, **held))
    source = Path(path)
    if isolated:
        with private_folder() as folder:
            read_in_child(source, options or given_as_json(held), folder, watch)
            arrays, user_ids, movie_ids, found = transfer.read(folder)
    else:
        arrays, user_ids, movie_ids, found = _read_here(source, options, held, watch)
    assert found.options is not None
    options = from_json(found.options)
    watch.tell(None, tr("Opening"))
    ratings = _ratings(arrays, user_ids, movie_ids, found, options)
    report = _report(source, options, found)
    return Reading(ratings, replace(report, seconds=time.perf_counter() - started))


def _read_here(
    path: Path, options: ImportOptions | None, given: Mapping[str, Any], watch: Watch
) -> tuple[dict[str, npt.NDArray[Any]], tuple[str, ...], tuple[str, ...], Found]:
    from alsgui.io.engine import perform
    from alsgui.io.look import settled

    notes: tuple[str, ...] = ()
    if options is None:
        options, notes = settled(path, given, watch)
    made, found = perform(path, checked(options), watch)
    found.notes[:0] = notes
    found.options = as_json(options)
    return made.arrays, tuple(made.user_ids), tuple(made.movie_ids), found


def load(options: ImportOptions, path: str | Path, **settings: Any) -> Reading:
    """The same as `read(path, options, ...)`."""
    return read(path, options, **settings)


def _ratings(
    arrays: dict[str, npt.NDArray[Any]],
    user_ids: tuple[str, ...],
    movie_ids: tuple[str, ...],
    found: Found,
    options: ImportOptions,
) -> Ratings:
    import numpy as np
    from scipy import sparse

    from alsgui.core.ratings import Ratings

    shape = (len(user_ids), len(movie_ids))
    csr = sparse.csr_array((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
    columns = (arrays["columns_data"], arrays["columns_indices"], arrays["columns_indptr"])
    csc = sparse.csc_array(columns, shape=shape)
    for matrix in (csr, csc):
        # In order and without doubles, as assembled: SciPy need not look.
        matrix.has_sorted_indices = matrix.has_canonical_format = True
    for array in columns:
        array.setflags(write=False)
    ratings = Ratings(
        csr, user_ids, movie_ids, _scale(found),
        titles=None if found.titles is None else tuple(found.titles),
        genres=None if found.genres is None else tuple(found.genres),
        time=arrays.get("time"), noun=options.noun, name=options.name,
        characteristics={name: np.array(known, dtype=object) for name, known in found.characteristics.items()} or None,
    )  # fmt: skip
    # A property that remembers its value: the reader has it already.
    ratings.__dict__["csc"] = csc
    return ratings


def _scale(found: Found) -> Scale:
    import numpy as np

    from alsgui.core.ratings import Scale, observed_scale

    if len(found.distinct) > 101:
        return Scale(found.low, found.high, 0.0)
    return observed_scale(np.array(found.distinct, dtype=np.float32))


def _report(path: Path, options: ImportOptions, found: Found) -> ImportReport:
    source = path / options.member if options.member else path
    sides = [side for side in (options.movies, options.users) if side is not None]
    files = (source, *(Path(side.path) / side.member if side.member else Path(side.path) for side in sides))
    return ImportReport(
        files=files, options=options, layout=_label(path, options),
        n_rows_read=found.n_kept + found.n_merged + found.n_rejected,
        n_kept=found.n_kept, n_duplicates=found.n_merged, n_rejected=found.n_rejected,
        rejected=tuple(found.rejected), reasons=found.reasons, merged=found.merged, n_missing=found.n_missing,
        n_left_out=found.n_left_out, low=found.low, high=found.high, movies=found.movies, users=found.users,
        seconds=found.seconds, notes=(*_encoding_note(options), *found.notes),
    )  # fmt: skip


def _label(path: Path, options: ImportOptions) -> str:
    if options.format != "text":
        return _LABELS[options.format]
    return "MovieLens" if options.movies and not options.wide else options.layout


def _encoding_note(options: ImportOptions) -> tuple[str, ...]:
    names = {"latin-1": "Latin-1", "windows-1252": "Windows-1252"}
    if options.format == "text" and options.encoding in names:
        return (tr("Read as {name}: the text is not valid UTF-8.", name=names[options.encoding]),)
    return ()


def swapped(ratings: Ratings) -> Ratings:
    """The same ratings with users and movies in each other's place; titles and characteristics are left behind."""
    import numpy as np
    from scipy import sparse

    from alsgui.core.ratings import Ratings

    time_by_columns = None
    if ratings.time is not None:
        places = sparse.csr_array((np.arange(1, ratings.n_ratings + 1), ratings.csr.indices, ratings.csr.indptr),
                                  shape=ratings.csr.shape).tocsc()  # fmt: skip
        places.sort_indices()
        time_by_columns = ratings.time[places.data - 1]
    csc = ratings.csc
    csr = sparse.csr_array((csc.data, csc.indices, csc.indptr), shape=(ratings.n_movies, ratings.n_users))
    return Ratings(
        csr, ratings.movie_ids, ratings.user_ids, ratings.scale, time=time_by_columns, noun=ratings.noun,
        name=ratings.name,
    )  # fmt: skip


__all__ = ["POLICIES", "Duplicates", "ReadReport", "Reading", "load", "read", "read_ratings", "summary", "swapped"]
