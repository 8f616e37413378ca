"""What stands at the two ends of each part of a prediction: of every attribute, and of the biases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alsgui.core.attributes import ENDS, Attributes, attributes, usual_support
from alsgui.core.factor_view import FactorSource
from alsgui.core.genre_counts import GenreCount, over_represented, shares_of
from alsgui.core.ratings import Floats, Ints

Genres = tuple[GenreCount, ...]


@dataclass(frozen=True, eq=False)
class Ends:
    """The outermost rows of one side.

    Parameters
    ----------
    low, high
        Their positions, the outermost first.
    low_genres, high_genres
        Genres that are over-represented there; nothing where they are not known.
    """

    low: Ints
    high: Ints
    low_genres: Genres = ()
    high_genres: Genres = ()


@dataclass(frozen=True, eq=False)
class Meaning:
    """What is known of the parts of a prediction.

    Parameters
    ----------
    attributes
        Sizes, and the support that a movie must have to be listed.
    ends
        Of each attribute (K), movies.
    movie_bias, user_bias
        Ends of the biases, movies and users; None where the model has none.
    user_support
        Ratings that a user must have to be listed.
    """

    attributes: Attributes
    ends: tuple[Ends, ...]
    movie_bias: Ends | None
    user_bias: Ends | None
    user_support: int


def meaning(source: FactorSource) -> Meaning:
    """Ends of all parts, among rows with so many ratings that chance does not choose them."""
    known = attributes(source.factors, source.movie_counts)
    listed = np.flatnonzero(source.movie_counts >= known.at_least)
    shares = None if source.genres is None else shares_of(source.genres, listed)
    ends = tuple(_with_genres(source, low, high, shares) for low, high in zip(known.low, known.high, strict=True))
    user_support = usual_support(source.user_counts)
    if not source.has_biases:
        return Meaning(known, ends, None, None, user_support)
    users = np.flatnonzero(source.user_counts >= user_support)
    return Meaning(
        known,
        ends,
        _with_genres(source, *_outermost(source.factors.movie_bias, listed), shares),
        Ends(*_outermost(source.factors.user_bias, users)),
        user_support,
    )


def _outermost(values: Floats, listed: Ints) -> tuple[Ints, Ints]:
    n_ends = min(ENDS, len(listed) // 2)
    rising = listed[np.argsort(values[listed], kind="stable")]
    return rising[:n_ends], rising[::-1][:n_ends]


def _with_genres(source: FactorSource, low: Ints, high: Ints, shares: dict[str, float] | None) -> Ends:
    if source.genres is None or shares is None:
        return Ends(low, high)
    return Ends(low, high, *(over_represented(source.genres, end, shares) for end in (low, high)))
