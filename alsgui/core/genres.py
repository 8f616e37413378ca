"""Genres and years of movies, read from their labels. They serve search, filters and colour; no fit sees them."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from alsgui.core.model import Model
from alsgui.core.ratings import Ints

NO_YEAR = 0
"""What stands for a year that is not known."""

_NONE_LISTED = "(no genres listed)"
_YEAR = re.compile(r"\((\d{4})(?:[-–]\d{0,4})?\)\s*$")


def known_genres(model: Model) -> tuple[str, ...]:
    """Every genre, in the order of the alphabet."""
    return tuple(sorted(_members(model.genres)))


def in_genre(model: Model, genre: str) -> npt.NDArray[np.bool_]:
    """Movies of a genre (M), whatever the case of its name."""
    found = np.zeros(model.n_movies, np.bool_)
    for name, columns in _members(model.genres).items():
        if name.casefold() == genre.casefold():
            found[columns] = True
    return found


def years(model: Model) -> Ints:
    """Year of each movie (M), from the end of its title: Heat (1995); `NO_YEAR` where there is none."""
    return _years(model.titles, model.n_movies)


@lru_cache(maxsize=4)
def _members(genres: tuple[str, ...] | None) -> dict[str, list[int]]:
    members: dict[str, list[int]] = {}
    for column, text in enumerate(genres or ()):
        for name in text.split("|"):
            if name and name != _NONE_LISTED:
                members.setdefault(name, []).append(column)
    return members


@lru_cache(maxsize=4)
def _years(titles: tuple[str, ...] | None, n: int) -> Ints:
    if titles is None:
        return np.full(n, NO_YEAR)
    found = (_YEAR.search(title) for title in titles)
    made = np.array([int(match.group(1)) if match else NO_YEAR for match in found], np.int64)
    made.setflags(write=False)
    return made
