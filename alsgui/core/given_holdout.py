"""A hold-out from a file: its ratings are kept aside, those that were not among the open ones are added first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError, RowProblem
from alsgui.core.ratings import Ints, Ratings
from alsgui.core.split import Split
from alsgui.text import count, tr

_MOST_NAMED = 100


def given_holdout(ratings: Ratings, test: Ratings, file: str = "") -> Split:
    """Keep the ratings of `test` aside, by the ids of their users and movies.

    Parameters
    ----------
    ratings
        The ratings to learn from; those that are in `test`, too, are kept aside.
    test
        The ratings to judge by. Where some are not in `ratings`, the split's ratings are both together, with the new
        users and movies after those that are known.
    file
        Where `test` came from.

    Raises
    ------
    DataError
        When a rating is in both with different values, or nothing would be left to learn from.
    """
    whole = ratings if test is ratings else _joined(ratings, test)
    positions = np.searchsorted(_keys(whole), _keys_in(whole, test))
    if len(positions) == whole.n_ratings:
        raise DataError(
            tr("Every rating is in the file: nothing is left to learn from."),
            tr("Choose a file with the ratings to judge by alone."),
        )
    held_out = np.sort(positions).astype(np.int64)
    return Split(whole, held_out, len(held_out) / whole.n_ratings, 0, "file", file=file)


def _joined(ratings: Ratings, test: Ratings) -> Ratings:
    """Both together; `ratings` itself where `test` has nothing new."""
    user_ids, users = _places(ratings.user_ids, test.user_ids)
    movie_ids, movies = _places(ratings.movie_ids, test.movie_ids)
    rows, columns = users[test.users_of_ratings], movies[test.csr.indices]
    known = (rows < ratings.n_users) & (columns < ratings.n_movies)
    key = rows[known] * np.int64(ratings.n_movies) + columns[known]
    at = np.minimum(np.searchsorted(_keys(ratings), key), ratings.n_ratings - 1)
    found = np.zeros(test.n_ratings, np.bool_)
    found[known] = _keys(ratings)[at] == key
    _refuse_other_values(ratings, test, found, at[found[known]])
    if found.all():
        return ratings
    timed = ratings.time is not None and test.time is not None
    return Ratings.from_indices(
        np.concatenate([ratings.users_of_ratings, rows[~found]]),
        np.concatenate([ratings.csr.indices, columns[~found]]),
        np.concatenate([ratings.csr.data, test.csr.data[~found]]),
        user_ids,
        movie_ids,
        time=np.concatenate([ratings.time, test.time[~found]]) if timed else None,  # type: ignore[index]
        scale=ratings.scale,
        titles=_labels(ratings, test, movie_ids, "titles"),
        genres=_labels(ratings, test, movie_ids, "genres"),
        noun=ratings.noun,
        name=ratings.name,
        characteristics=_characteristics(ratings, len(user_ids)),
    )


def _places(known: Sequence[str], more: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    """All ids, and where those of `more` stand among them."""
    place = {identity: at for at, identity in enumerate(known)}
    places = np.array([place.setdefault(identity, len(place)) for identity in more], np.int64)
    return tuple(place), places


def _keys(ratings: Ratings) -> npt.NDArray[np.int64]:
    """One number for each rating, ascending."""
    return ratings.users_of_ratings * np.int64(ratings.n_movies) + ratings.csr.indices


def _keys_in(whole: Ratings, test: Ratings) -> npt.NDArray[np.int64]:
    rows = np.array([whole.user_rows[identity] for identity in test.user_ids], np.int64)
    columns = np.array([whole.movie_columns[identity] for identity in test.movie_ids], np.int64)
    return rows[test.users_of_ratings] * np.int64(whole.n_movies) + columns[test.csr.indices]


def _refuse_other_values(ratings: Ratings, test: Ratings, found: npt.NDArray[np.bool_], at: Ints) -> None:
    """Refuse ratings of the file that stand otherwise among the open ones."""
    theirs, ours = test.csr.data[found], ratings.csr.data[at]
    wrong = np.flatnonzero(theirs != ours)
    if not len(wrong):
        return
    users, movies = test.users_of_ratings[found][wrong], test.csr.indices[found][wrong]
    problems = [
        RowProblem(0, tr("user {user}, {noun} {title}: {ours} here, {theirs} in the file", user=test.user_ids[user],
                         noun=ratings.noun, title=test.title(int(movie)), ours=float(ours[place]),
                         theirs=float(theirs[place])))
        for user, movie, place in zip(users[:_MOST_NAMED], movies[:_MOST_NAMED], wrong[:_MOST_NAMED], strict=True)
    ]  # fmt: skip
    raise DataError(
        tr("1 rating has another value in the file: {row}.", row=problems[0].reason)
        if len(wrong) == 1
        else tr("{n} ratings have another value in the file, the first of {row}.",
                n=count(len(wrong)), row=problems[0].reason),
        tr("Choose the file that belongs to these ratings, or mend one of the two."),
        problems,
    )  # fmt: skip


def _labels(ratings: Ratings, test: Ratings, movie_ids: Sequence[str], name: str) -> tuple[str, ...] | None:
    """Titles or genres of all movies, from either; a new title that nobody knows is the id."""
    ours, theirs = getattr(ratings, name), getattr(test, name)
    if ours is None and theirs is None:
        return None
    known = dict(zip(test.movie_ids, theirs, strict=True)) if theirs is not None else {}
    known |= dict(zip(ratings.movie_ids, ours, strict=True)) if ours is not None else {}
    return tuple(known.get(identity, identity if name == "titles" else "") for identity in movie_ids)


def _characteristics(ratings: Ratings, n_users: int) -> dict[str, npt.NDArray[np.object_]] | None:
    if ratings.characteristics is None:
        return None
    missing = np.full(n_users - ratings.n_users, None, object)
    return {name: np.concatenate([values, missing]) for name, values in ratings.characteristics.items()}
