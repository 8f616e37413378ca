"""Which genres a group of movies has more of than all movies have: plain counts, no claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alsgui.core.ratings import Ints

SEPARATOR = "|"
FEWEST = 2
"""Movies of a genre in a group for it to be told."""

_NO_GENRE = ("", "(no genres listed)")


@dataclass(frozen=True)
class GenreCount:
    """A genre in a group.

    Parameters
    ----------
    genre
        Its name.
    n, n_group
        Movies of the genre in the group, and movies in the group.
    share
        Share of the genre among all movies that could have been in the group, 0 to 1.
    """

    genre: str
    n: int
    n_group: int
    share: float


def genres_of(listed: str) -> list[str]:
    """Genres of one movie, as listed."""
    return [genre for genre in dict.fromkeys(listed.split(SEPARATOR)) if genre not in _NO_GENRE]


def shares_of(genres: Sequence[str], among: Ints) -> dict[str, float]:
    """Share of each genre among some movies, 0 to 1.

    Parameters
    ----------
    genres
        Of every movie (M), separated by "|".
    among
        Their columns.
    """
    return {genre: count / len(among) for genre, count in _counts(genres, among).items()}


def over_represented(
    genres: Sequence[str], group: Ints, shares: Mapping[str, float], n: int = 3
) -> tuple[GenreCount, ...]:
    """The `n` genres that a group exceeds its expectation in most: count less share times size of the group.

    Parameters
    ----------
    genres
        Of every movie (M), separated by "|".
    group
        Columns of the group.
    shares
        Share of each genre among all movies that could have been in it.
    n
        At most so many.
    """
    told = [
        GenreCount(genre, count, len(group), shares[genre])
        for genre, count in _counts(genres, group).items()
        if count >= FEWEST and count / len(group) > shares[genre]
    ]
    return tuple(sorted(told, key=lambda each: (each.share * each.n_group - each.n, each.genre))[:n])


def most_frequent(genres: Sequence[str], n: int) -> tuple[str, ...]:
    """The `n` genres that most movies have, the most frequent first."""
    counts = _counts(genres, range(len(genres)))
    return tuple(sorted(counts, key=lambda genre: (-counts[genre], genre))[:n])


def _counts(genres: Sequence[str], columns: Iterable[int]) -> Counter[str]:
    return Counter(genre for column in columns for genre in genres_of(genres[column]))
