"""Users kept aside whole: what each tells, what each is judged by, and how many ratings it takes to know somebody.

A model learns nothing of them. Each then tells some ratings and gets the weights that these have in the row that
training solves, m held (folding in); its predictions of other ratings of theirs are judged. Whatever is told, the
judged ratings are the same, so that errors after 1, 5 or 10 ratings can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alsgui.core.ratings import Cells, Ints, Ratings

Told = int | None
"""How many ratings somebody tells; None is all but the one that is judged."""

TOLD = 10
JUDGED_EACH = 10
"""At most so many ratings of each are judged, and at most half of them."""

MOST_USERS = 2000
"""A fixed choice of so many users at most is judged."""


@dataclass(frozen=True, eq=False)
class Newcomers:
    """Users kept aside whole, and what they tell.

    Parameters
    ----------
    known
        A row for each newcomer, with the ratings that they tell; where all but one is told, a row for each rating
        that is judged.
    cells
        The ratings that are judged, by row of `known`.
    users
        Row in the data of each row of `known`.
    """

    known: Ratings
    cells: Cells
    users: Ints

    @property
    def n_users(self) -> int:
        """Different users among them."""
        return len(np.unique(self.users))


def newcomers(ratings: Ratings, held_out: npt.NDArray[np.int64], seed: int, told: Told) -> Newcomers:
    """The users whose ratings are all in `held_out`.

    Parameters
    ----------
    ratings
        All ratings.
    held_out
        Positions in `ratings.csr.data` of all that these users rated, ascending.
    seed
        Of the order in which each tells their ratings.
    told
        How many each tells; whoever has fewer tells what is not judged.
    """
    rng = np.random.default_rng([seed, 1])  # another choice than that of the users
    users, counts = np.unique(ratings.users_of_ratings[held_out], return_counts=True)
    starts = np.cumsum(counts) - counts
    order = np.lexsort((rng.random(len(held_out)), ratings.users_of_ratings[held_out]))
    chosen = np.arange(len(users))
    if len(users) > MOST_USERS:
        chosen = np.sort(rng.choice(len(users), MOST_USERS, replace=False))
    parts = [_told_and_judged(held_out[order[starts[at] : starts[at] + counts[at]]], told) for at in chosen]
    rows = [(user, *row) for user, told_and_judged in zip(users[chosen], parts, strict=True) for row in told_and_judged]
    return _assembled(ratings, rows)


def _told_and_judged(positions: Ints, told: Told) -> list[tuple[Ints, Ints]]:
    """Rows of one newcomer: what is told, and what is judged then."""
    n_judged = min(JUDGED_EACH, max(len(positions) // 2, 1))
    first, judged = positions[:-n_judged], positions[-n_judged:]
    if told is not None:
        return [(first[:told], judged)]
    return [(positions[positions != one], np.array([one])) for one in judged]


def _assembled(ratings: Ratings, rows: Sequence[tuple[int, Ints, Ints]]) -> Newcomers:
    csr, (users, told, judged) = ratings.csr, zip(*rows, strict=True)
    row_told, row_judged = (np.repeat(np.arange(len(rows)), list(map(len, part))) for part in (told, judged))
    all_told, all_judged = (np.concatenate(part).astype(np.int64) for part in (told, judged))
    order = np.lexsort((csr.indices[all_told], row_told))
    indptr = np.concatenate([[0], np.cumsum(list(map(len, told)))]).astype(np.int32)
    y = sparse.csr_array(
        (csr.data[all_told[order]], csr.indices[all_told[order]], indptr), shape=(len(rows), ratings.n_movies)
    )
    names = tuple(ratings.user_ids[user] for user in users)
    known = Ratings(y, names, ratings.movie_ids, ratings.scale, ratings.titles, ratings.genres, noun=ratings.noun)
    cells = Cells(row_judged, csr.indices[all_judged], csr.data[all_judged])
    return Newcomers(known, cells, np.array(users, np.int64))
