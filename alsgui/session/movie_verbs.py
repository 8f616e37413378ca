"""The verbs of the movie's side of Recommend. `session.movies` has them."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from alsgui.session.state import MovieChoice, MovieKind

if TYPE_CHECKING:
    from alsgui.session.session import Session


class MovieVerbs:
    """What can be done with the movie for which users are listed.

    Parameters
    ----------
    session
        Whose state is replaced.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def show_side(self, side: Literal["person", "movie"]) -> None:
        """List movies for a person, or users for a movie."""
        if side != self._session.state.side:
            self._session.put(side=side)

    def choose(self, kind: MovieKind) -> None:
        """List users for the selected movie, for the mean of a genre, or for a new one that is rated."""
        if kind != self._session.state.movie.kind:
            self._session.put(movie=replace(self._session.state.movie, kind=kind))

    def set_genre(self, genre: str) -> None:
        """List users for the mean of a genre."""
        self._session.put(movie=replace(self._session.state.movie, kind="genre", genre=genre))

    def rate(self, user: int, stars: float) -> None:
        """Have a user rate the new movie; NaN takes the rating away."""
        choice = self._session.state.movie
        rated = dict(choice.rated)
        if math.isnan(stars):
            rated.pop(user, None)
        else:
            rated[user] = stars
        self._session.put(movie=MovieChoice("rated", choice.genre, MappingProxyType(rated)))
