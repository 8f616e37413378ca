"""`Ratings`: the immutable sparse matrix y with its labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alsgui.core import refusals
from alsgui.core.errors import DataError
from alsgui.text import pluralised, tr

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

_PIECE = 1 << 19
_Array = TypeVar("_Array", bound=npt.NDArray[Any])


@dataclass(frozen=True)
class Scale:
    """The range of ratings that the data allow, in stars.

    Parameters
    ----------
    minimum, maximum
        Lowest and highest rating.
    step
        Distance between neighbouring ratings; 0 where ratings are continuous.
    source
        Where it came from: "observed" (range of the data) or "given".
    """

    minimum: float
    maximum: float
    step: float
    source: str = "observed"


@dataclass(frozen=True)
class Cells:
    """Single ratings by position: hold-out and test cells.

    Parameters
    ----------
    users, movies
        Row and column of each cell, int32.
    values
        Ratings in stars, float32.
    """

    users: Ints
    movies: Ints
    values: Floats

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, eq=False)
class Ratings:
    """Observed ratings y (N x M) with the labels of users and movies. Immutable: its arrays are read-only.

    Make one with `from_triplets`, `from_dense`, `alsgui.read_ratings` or `alsgui.generate`.

    Parameters
    ----------
    csr
        y by users, float32 values with int32 indices, sorted within each row. A stored 0 is a rating of 0.
    user_ids, movie_ids
        Names of the rows (N) and columns (M), as text.
    titles, genres
        Per movie, where known; genres are separated by "|".
    time
        Seconds since 1970 of each rating in the order of `csr.data`, int64, where known.
    scale
        Range of the ratings.
    noun
        What a column is: "movie", "book", ...
    name
        What the data are called on screen.
    characteristics
        Per user, what is known beside the ratings: column name -> N values (object array, None = missing).
    """

    csr: sparse.csr_array
    user_ids: tuple[str, ...]
    movie_ids: tuple[str, ...]
    scale: Scale
    titles: tuple[str, ...] | None = None
    genres: tuple[str, ...] | None = None
    time: npt.NDArray[np.int64] | None = None
    noun: str = "movie"
    name: str = ""
    characteristics: Mapping[str, npt.NDArray[np.object_]] | None = None

    def __post_init__(self) -> None:
        for array in (self.csr.data, self.csr.indices, self.csr.indptr, self.time):
            if array is not None:
                _frozen(array)
        refusals.refuse_unlike_labels("titles", self.titles, self.n_movies)
        refusals.refuse_unlike_labels("genres", self.genres, self.n_movies)
        for name, values in (self.characteristics or {}).items():
            refusals.refuse_unlike_labels(name, values, self.n_users)

    @classmethod
    def from_triplets(
        cls,
        users: Sequence[str] | npt.ArrayLike,
        movies: Sequence[str] | npt.ArrayLike,
        values: npt.ArrayLike,
        time: npt.ArrayLike | None = None,
        **labels: Any,
    ) -> Ratings:
        """Ratings from parallel lists: user id, movie id, rating and, optionally, time.

        Parameters
        ----------
        users, movies
            Ids of any kind, kept as text; rows and columns are in order of first appearance.
        values
            Ratings in stars, finite.
        time
            Seconds since 1970, int64.
        **labels
            Other fields of `Ratings`: titles, genres, scale, noun, name, characteristics.

        Raises
        ------
        DataError
            When there is no rating, one is not finite, or a (user, movie) pair stands twice; names the rows.
        """
        user_index, user_ids = _first_appearance(users)
        movie_index, movie_ids = _first_appearance(movies)
        return cls.from_indices(user_index, movie_index, values, user_ids, movie_ids, time=time, **labels)

    @classmethod
    def from_indices(
        cls,
        users: npt.ArrayLike,
        movies: npt.ArrayLike,
        values: npt.ArrayLike,
        user_ids: Sequence[str],
        movie_ids: Sequence[str],
        time: npt.ArrayLike | None = None,
        scale: Scale | None = None,
        lines: npt.ArrayLike | None = None,
        **labels: Any,
    ) -> Ratings:
        """Ratings from positions in lists of ids; `lines` are the file's line numbers, for messages.

        Raises
        ------
        DataError
            As `from_triplets`.
        """
        row = np.ascontiguousarray(users, dtype=np.int32)
        column = np.ascontiguousarray(movies, dtype=np.int32)
        with np.errstate(over="ignore"):  # too large for float32 is infinite, which is refused below
            value = np.ascontiguousarray(values, dtype=np.float32)
        user_ids, movie_ids = tuple(map(str, user_ids)), tuple(map(str, movie_ids))
        line = np.arange(1, len(value) + 1) if lines is None else np.asarray(lines)
        refusals.refuse_unlike_lengths(row, column, value)
        refusals.refuse_empty(value)
        refusals.refuse_not_finite(value, line)
        for positions, ids in ((row, user_ids), (column, movie_ids)):
            refusals.refuse_outside(positions, len(ids))
            refusals.refuse_ids_twice(ids)
        order = np.lexsort((column, row))
        row, column, value = row[order], column[order], value[order]
        refusals.refuse_duplicates(row, column, line[order], user_ids, movie_ids)
        indptr = np.zeros(len(user_ids) + 1, dtype=np.int32)
        np.cumsum(np.bincount(row, minlength=len(user_ids)), out=indptr[1:])
        csr = sparse.csr_array((value, column, indptr), shape=(len(user_ids), len(movie_ids)))
        seconds = None if time is None else np.asarray(time, dtype=np.int64)[order]
        return cls(csr, user_ids, movie_ids, scale or observed_scale(value), time=seconds, **labels)

    @classmethod
    def from_dense(
        cls,
        y: npt.ArrayLike,
        user_ids: Sequence[str] | None = None,
        movie_ids: Sequence[str] | None = None,
        **labels: Any,
    ) -> Ratings:
        """Ratings from an N x M array in which NaN is a missing rating; ids are 1, 2, ... unless given.

        Raises
        ------
        DataError
            When `y` is not two-dimensional, holds no rating, or holds an infinite one (names the rows of `y`).
        """
        dense = np.asarray(y, dtype=np.float64)
        if dense.ndim != 2:
            raise DataError(
                tr("y has {n} dimensions, not 2.", n=dense.ndim), tr("Give users as rows, movies as columns.")
            )
        users, movies = np.nonzero(~np.isnan(dense))
        return cls.from_indices(
            users,
            movies,
            dense[users, movies],
            numbered(dense.shape[0]) if user_ids is None else user_ids,
            numbered(dense.shape[1]) if movie_ids is None else movie_ids,
            lines=users + 1,
            **labels,
        )

    @property
    def n_users(self) -> int:
        """N."""
        return int(self.csr.shape[0])

    @property
    def n_movies(self) -> int:
        """M."""
        return int(self.csr.shape[1])

    @property
    def n_ratings(self) -> int:
        """Number of observed ratings."""
        return int(self.csr.nnz)

    @property
    def density(self) -> float:
        """Share of the N x M cells that is observed, 0 to 1."""
        return self.n_ratings / (self.n_users * self.n_movies)

    @property
    def complete(self) -> bool:
        """Whether every cell is observed."""
        return self.n_ratings == self.n_users * self.n_movies

    @property
    def nouns(self) -> str:
        """The noun's plural."""
        return pluralised(self.noun)

    @cached_property
    def csc(self) -> sparse.csc_array:
        """y by movies, float32 values with int32 indices, read-only."""
        csc = self.csr.tocsc()
        csc.sort_indices()
        for array in (csc.data, csc.indices, csc.indptr):
            _frozen(array)
        return csc

    @cached_property
    def user_counts(self) -> Ints:
        """Number of ratings of each user (N), int64."""
        return _frozen(np.diff(self.csr.indptr).astype(np.int64))

    @cached_property
    def movie_counts(self) -> Ints:
        """Number of ratings of each movie (M), int64."""
        return _frozen(np.bincount(self.csr.indices, minlength=self.n_movies))

    @cached_property
    def mean(self) -> float:
        """Mean of all ratings, in stars, summed in float64."""
        return float(np.mean(self.csr.data, dtype=np.float64))

    @cached_property
    def spread(self) -> float:
        """Standard deviation s_y of all ratings, in stars; 1 where all ratings are equal."""
        equal = self.csr.data.min() == self.csr.data.max()
        return 1.0 if equal else float(np.std(self.csr.data, dtype=np.float64))

    @cached_property
    def user_means(self) -> npt.NDArray[np.float64]:
        """Mean rating of each user (N), in stars; NaN for a user without ratings."""
        sums = _sums(self.users_of_ratings, self.csr.data, self.n_users)
        return _frozen(_ratio(sums, self.user_counts))

    @cached_property
    def movie_means(self) -> npt.NDArray[np.float64]:
        """Mean rating of each movie (M), in stars; NaN for a movie without ratings."""
        sums = _sums(self.csr.indices, self.csr.data, self.n_movies)
        return _frozen(_ratio(sums, self.movie_counts))

    @cached_property
    def users_of_ratings(self) -> Ints:
        """Row of each stored rating, in the order of `csr.data`, int32."""
        indptr, rows = self.csr.indptr, np.empty(self.n_ratings, dtype=np.int32)
        # In pieces: NumPy repeats in one go without giving other threads a turn.
        cuts = np.searchsorted(indptr, np.arange(0, self.n_ratings, _PIECE))
        for first, last in pairwise([*np.unique(cuts).tolist(), self.n_users]):
            span = slice(int(indptr[first]), int(indptr[last]))
            rows[span] = np.repeat(np.arange(first, last, dtype=np.int32), self.user_counts[first:last])
        return _frozen(rows)

    def cells_in_parts(self, most: int = 1 << 21) -> Iterator[Cells]:
        """All ratings as cells, at most so many at a time, in the order of `csr.data`."""
        for start in range(0, self.n_ratings, most):
            part = slice(start, start + most)
            yield Cells(self.users_of_ratings[part], self.csr.indices[part], self.csr.data[part])

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when any rating or id changes (SHA-256)."""
        digest = hashlib.sha256()
        for array in (self.csr.indptr, self.csr.indices, self.csr.data):
            digest.update(np.ascontiguousarray(array).data)
        digest.update("\x1f".join((*self.user_ids, "\x1e", *self.movie_ids)).encode())
        return digest.hexdigest()[:16]

    @cached_property
    def user_rows(self) -> Mapping[str, int]:
        """User id -> row."""
        return MappingProxyType({identity: row for row, identity in enumerate(self.user_ids)})

    @cached_property
    def movie_columns(self) -> Mapping[str, int]:
        """Movie id -> column."""
        return MappingProxyType({identity: column for column, identity in enumerate(self.movie_ids)})

    def title(self, column: int) -> str:
        """Title of a movie, or its id where titles are not known."""
        return self.titles[column] if self.titles is not None else self.movie_ids[column]

    def of_user(self, row: int) -> tuple[Ints, Floats]:
        """Columns and ratings of one user."""
        span = slice(int(self.csr.indptr[row]), int(self.csr.indptr[row + 1]))
        return self.csr.indices[span], self.csr.data[span]

    def of_movie(self, column: int) -> tuple[Ints, Floats]:
        """Rows and ratings of one movie."""
        span = slice(int(self.csc.indptr[column]), int(self.csc.indptr[column + 1]))
        return self.csc.indices[span], self.csc.data[span]

    def value(self, row: int, column: int) -> float:
        """The rating at one cell, NaN where it is missing."""
        columns, values = self.of_user(row)
        at = int(np.searchsorted(columns, column))
        return float(values[at]) if at < len(columns) and columns[at] == column else float("nan")

    def keeping(self, kept: npt.NDArray[np.bool_]) -> Ratings:
        """The same users and movies with only the ratings where `kept` (in the order of `csr.data`) holds.

        The scale stays that of all ratings.
        """
        indptr = np.zeros(self.n_users + 1, dtype=np.int32)
        np.cumsum(np.bincount(self.users_of_ratings[kept], minlength=self.n_users), out=indptr[1:])
        csr = sparse.csr_array((self.csr.data[kept], self.csr.indices[kept], indptr), shape=self.csr.shape)
        return replace(self, csr=csr, time=None if self.time is None else self.time[kept])


def observed_scale(values: Floats) -> Scale:
    """Scale seen in the ratings: their range, and the step where they lie on a grid of at most 101 points."""
    distinct = np.unique(values).astype(np.float64)
    low, high = float(distinct[0]), float(distinct[-1])
    step = float(np.min(np.diff(distinct), initial=np.inf))
    if not 100 * step >= high - low > 0:
        return Scale(low, high, 0.0)
    multiples = (distinct - low) / step
    regular = bool(np.allclose(multiples, np.round(multiples), atol=1e-3))
    return Scale(low, high, step if regular else 0.0)


def numbered(n: int) -> tuple[str, ...]:
    """Ids 1, 2, ..., n as text."""
    return tuple(str(position) for position in range(1, n + 1))


def _first_appearance(ids: Sequence[str] | npt.ArrayLike) -> tuple[Ints, tuple[str, ...]]:
    position: dict[str, int] = {}
    index = [position.setdefault(str(identity), len(position)) for identity in ids]  # type: ignore[union-attr]
    return np.asarray(index, dtype=np.int32), tuple(position)


def _frozen(array: _Array) -> _Array:
    array.setflags(write=False)
    return array


def _sums(rows: Ints, values: Floats, n: int) -> npt.NDArray[np.float64]:
    """Sum of the values of each row, added in order; in pieces, so that other threads get a turn in between."""
    sums = np.zeros(n)
    for at in range(0, len(values), _PIECE):
        np.add.at(sums, rows[at : at + _PIECE], values[at : at + _PIECE].astype(np.float64))
    return sums


def _ratio(sums: npt.NDArray[Any], counts: Ints) -> npt.NDArray[np.float64]:
    ratio = np.full(len(sums), np.nan)
    np.divide(sums, counts, out=ratio, where=counts > 0)
    return ratio
