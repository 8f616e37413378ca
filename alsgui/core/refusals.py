"""What ratings must not be: each refusal names the rows and says what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Sized
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError, RowProblem
from alsgui.text import count, tr

MOST_PROBLEMS = 100
"""Problem rows that an error carries; the message has the total."""

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]


def refuse_unlike_lengths(users: Ints, movies: Ints, values: Floats) -> None:
    """Refuse parallel lists of different lengths."""
    if not len(users) == len(movies) == len(values):
        raise DataError(
            tr("The lists differ in length: {u} users, {m} movies, {y} ratings.",
               u=len(users), m=len(movies), y=len(values)),
            tr("Give one user, one movie and one value for each rating."),
        )  # fmt: skip


def refuse_outside(positions: Ints, n: int) -> None:
    """Refuse positions that no id stands for: compiled code would read past the end."""
    if positions.min() < 0 or positions.max() >= n:
        raise DataError(
            tr("A rating stands at position {at}, but there are {n} ids.",
               at=positions.max() if positions.min() >= 0 else positions.min(), n=count(n)),
            tr("Give one id for each row and each column."),
        )  # fmt: skip


def refuse_ids_twice(ids: Sequence[str]) -> None:
    """Refuse an id that two rows or two columns share."""
    if len(set(ids)) < len(ids):
        twice = Counter(ids).most_common(1)[0][0]
        raise DataError(tr("The id {id} stands twice.", id=twice), tr("Give every row and column an id of its own."))


def refuse_unlike_labels(name: str, labels: Sized | None, n: int) -> None:
    """Refuse labels that are not one for each user or movie."""
    if labels is not None and len(labels) != n:
        raise DataError(
            tr("{name} has {found} entries, not {n}.", name=name, found=count(len(labels)), n=count(n)),
            tr("Give one for each user or movie, also where it is not known."),
        )


def refuse_empty(values: Floats) -> None:
    """Refuse to make a matrix without ratings."""
    if not len(values):
        raise DataError(tr("There is no rating."), tr("Give at least one user, movie and rating."))


def refuse_not_finite(values: Floats, line: Ints) -> None:
    """Refuse NaN and infinite ratings."""
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        problems = [RowProblem(int(line[at]), tr("rating is {y}", y=values[at])) for at in bad[:MOST_PROBLEMS]]
        raise DataError(
            tr("Ratings that are not finite numbers: {n}; first: {first}.", n=count(len(bad)), first=problems[0]),
            tr("Leave out missing ratings, or mend them."),
            problems,
        )


def refuse_duplicates(row: Ints, column: Ints, line: Ints, user_ids: Sequence[str], movie_ids: Sequence[str]) -> None:
    """Refuse a second rating of the same movie by the same user; rows are sorted."""
    again = np.flatnonzero((row[1:] == row[:-1]) & (column[1:] == column[:-1])) + 1
    if len(again):
        problems = [
            RowProblem(
                int(line[at]),
                tr("user {u}, movie {m} stands also in line {other}",
                   u=user_ids[row[at]], m=movie_ids[column[at]], other=int(line[at - 1])),
            )
            for at in again[:MOST_PROBLEMS]
        ]  # fmt: skip
        raise DataError(
            tr("Ratings that stand twice: {n}; first: {first}.", n=count(len(again)), first=problems[0]),
            tr("Keep one rating for each user and movie."),
            problems,
        )
