"""`Overview`: what the Data page tells of ratings, computed once per data set: counts, orders, ranks, bins."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alsgui.core.lod_observed import RatingTiles
from alsgui.core.ratings import Floats, Ints, Ratings

MOST_STEPS = 60
"""Steps of a scale that are drawn as bars of their own."""

USUAL_BINS = 30
"""About so many bars for continuous ratings."""

MOST_QUARTERS = 2000
"""Times that span more than 500 years are no dates."""

LIMIT_PERCENTILES = (2, 98)


@dataclass(frozen=True)
class Bins:
    """Evenly spaced bars over the range of the ratings.

    Parameters
    ----------
    first
        Middle of the first bar, in stars.
    width
        Distance between neighbours, in stars.
    n
        How many.
    exact
        Whether each bar is one step of the scale, not a range of values.
    """

    first: float
    width: float
    n: int
    exact: bool

    @property
    def middles(self) -> npt.NDArray[np.float64]:
        """Middle of each bar (n), in stars."""
        return self.first + self.width * np.arange(self.n, dtype=np.float64)

    def count(self, values: Floats) -> Ints:
        """How many values lie in each bar (n); those beyond the ends count in the outermost."""
        places = np.floor((np.asarray(values, dtype=np.float64) - self.first) / self.width + 0.5 + 1e-6)
        return np.bincount(np.clip(places, 0, self.n - 1).astype(np.int64), minlength=self.n)


@dataclass(frozen=True, eq=False)
class Overview:
    """What is told of ratings.

    Parameters
    ----------
    bins, counts
        Histogram of all ratings.
    user_order, movie_order
        Rows by number of ratings, most first; equal ones in the order of the data.
    user_place, movie_place
        The inverse: where a row stands in that order, from 0.
    user_rank, movie_rank
        1 + how many rows have more ratings: equal ones share a rank.
    title_place
        Where a movie stands in the alphabet, from 0: equal titles share a place.
    folded_titles
        Titles in lower case, to be searched.
    quarters
        Starts of the quarters as decimal years and the ratings in each; None without dates.
    limits
        Ends of the colour map for y: the scale where it has steps, else 2nd and 98th percentile.
    value_range
        Smallest and largest rating.
    tiles
        Draws y in these orders.
    """

    bins: Bins
    counts: Ints
    user_order: Ints
    movie_order: Ints
    user_place: Ints
    movie_place: Ints
    user_rank: Ints
    movie_rank: Ints
    title_place: Ints
    folded_titles: tuple[str, ...]
    quarters: tuple[npt.NDArray[np.float64], Ints] | None
    limits: tuple[float, float]
    value_range: tuple[float, float]
    tiles: RatingTiles


def overview(ratings: Ratings) -> Overview:
    """Work out what is told of `ratings`: some 20 ms for a hundred thousand of them."""
    values = ratings.csr.data
    bins = rating_bins(ratings)
    user_order, movie_order = by_count(ratings.user_counts), by_count(ratings.movie_counts)
    folded = tuple(title.casefold() for title in (ratings.titles or ratings.movie_ids))
    places = {title: place for place, title in enumerate(sorted(set(folded)))}
    low, high = float(values.min()), float(values.max())
    return Overview(
        bins=bins,
        counts=bins.count(values),
        user_order=user_order,
        movie_order=movie_order,
        user_place=inverse(user_order),
        movie_place=inverse(movie_order),
        user_rank=rank_by_count(ratings.user_counts),
        movie_rank=rank_by_count(ratings.movie_counts),
        title_place=np.array([places[title] for title in folded], dtype=np.int64),
        folded_titles=folded,
        quarters=None if ratings.time is None else per_quarter(ratings.time),
        limits=color_limits(ratings),
        value_range=(low, high),
        tiles=RatingTiles(ratings, user_order, movie_order),
    )


def rating_bins(ratings: Ratings) -> Bins:
    """One bar per step of the scale; round ranges where ratings are continuous or have very many steps."""
    values, scale = ratings.csr.data, ratings.scale
    low = min(scale.minimum, float(values.min()))
    high = max(scale.maximum, float(values.max()))
    if scale.step > 0 and (high - low) / scale.step < MOST_STEPS:
        start = scale.minimum - round((scale.minimum - low) / scale.step) * scale.step
        return Bins(start, scale.step, round((high - start) / scale.step) + 1, exact=True)
    if high <= low:
        return Bins(low, 1.0, 1, exact=True)
    raw = (high - low) / USUAL_BINS
    power = 10.0 ** math.floor(math.log10(raw))
    width = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * (1 - 1e-9))
    start = math.floor(low / width + 1e-9) * width
    return Bins(start + width / 2, width, max(1, math.ceil((high - start) / width - 1e-6)), exact=False)


def by_count(counts: Ints) -> Ints:
    """Rows with the most ratings first, equal ones in the order of the data."""
    return np.argsort(-counts, kind="stable")


def inverse(order: Ints) -> Ints:
    """Where each row stands in an order of all rows."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


def rank_by_count(counts: Ints) -> Ints:
    """1 + how many rows have more ratings, for each row: equal ones share a rank."""
    return len(counts) - np.searchsorted(np.sort(counts), counts, side="right") + 1


def per_quarter(time: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], Ints] | None:
    """Ratings in each quarter of a year, from the first to the last; None where `time` cannot be dates.

    Parameters
    ----------
    time
        Seconds since 1970.

    Returns
    -------
    starts, counts
        Start of each quarter as a decimal year, 1996.25 for April 1996; ratings in it.
    """
    quarters = time.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) // 3
    first, last = int(quarters.min()), int(quarters.max())
    if last - first > MOST_QUARTERS:
        return None
    counts = np.bincount(quarters - first)
    return 1970 + np.arange(first, last + 1) / 4, counts


def color_limits(ratings: Ratings) -> tuple[float, float]:
    """Ends of the colour map for y, in stars, never equal."""
    scale = ratings.scale
    low, high = scale.minimum, scale.maximum
    if scale.step <= 0:
        low, high = (float(limit) for limit in np.percentile(ratings.csr.data, LIMIT_PERCENTILES))
    return (low, high) if high > low else (low - 0.5, low + 0.5)
