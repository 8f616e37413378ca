"""What the pictures of u, m and r are drawn from: a finished model or a fit that goes on, in one order."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from alsgui.core import orders
from alsgui.core.explain import ByAttribute
from alsgui.core.lod import LIMIT_SAMPLE, FactorTiles, PredictionTiles, sampled_predictions
from alsgui.core.metrics import rating_range
from alsgui.core.model import Model, has_biases
from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Floats, Ints, Scale
from alsgui.core.similarity import RowBlock
from alsgui.core.solvers.config import Config
from alsgui.core.solvers.factors import Factors
from alsgui.core.split import Split
from alsgui.core.view_orders import Order, ViewChoice, choose_orders

__all__ = ["FactorSource", "FactorView", "Order", "ViewChoice", "build_view"]

EXACT_RANGE_CELLS = 20_000_000
"""Up to so many cells the true range of r is computed from all of them."""

_CELLS_AT_A_TIME = 1 << 21
_LOW, _HIGH = 2.0, 98.0


@dataclass(frozen=True, eq=False)
class FactorSource:
    """Factors, finished or of a fit that goes on, with what is known of the rows and columns.

    Parameters
    ----------
    factors, predictor
        u, m and biases, and every prediction as one form.
    mu
        The mean that predictions start from, in stars; 0 without biases.
    has_biases
        Whether predictions have a mean and biases.
    user_counts, movie_counts
        Training ratings of each row (N) and column (M); 0 is "no information".
    user_ids, movie_ids, titles, noun, scale
        As in `Ratings`.
    low, high
        Range of the training ratings, in stars.
    split
        The ratings; None for a model saved without them.
    predicts_ratings
        Whether predictions are stars; else they are scores, about 0 to 1.
    names
        What a person calls the attributes (K); "" or nothing for those without a name.
    genres
        As in `Ratings`.
    """

    factors: Factors
    predictor: Predictor
    mu: float
    has_biases: bool
    user_counts: Ints
    movie_counts: Ints
    user_ids: tuple[str, ...]
    movie_ids: tuple[str, ...]
    titles: tuple[str, ...] | None
    noun: str
    scale: Scale
    low: float
    high: float
    split: Split | None
    predicts_ratings: bool = True
    names: tuple[str, ...] = ()
    genres: tuple[str, ...] | None = None

    @classmethod
    def of_model(cls, model: Model) -> FactorSource:
        """What a model knows, in the attributes that a person chose to look at."""
        known, seen = model.summary, model.shown
        factors, form = (model.factors, model.predictor) if seen is None else (seen.factors, seen.predictor)
        return cls(
            factors, form, model.mu, model.has_biases, known.user_counts, known.movie_counts,
            known.user_ids, known.movie_ids, known.titles, known.noun, known.scale, known.low, known.high, model.split,
            model.config.predicts_ratings, () if seen is None else seen.basis.names, known.genres,
        )  # fmt: skip

    @classmethod
    def of_fit(cls, factors: Factors, predictor: Predictor, split: Split, config: Config) -> FactorSource:
        """What is known while a fit goes on."""
        known, biases = split.training, has_biases(config)
        return cls(
            factors, predictor, known.mean if biases else 0.0, biases, known.user_counts, known.movie_counts,
            known.user_ids, known.movie_ids, known.titles, known.noun, known.scale, *rating_range(known), split,
            config.predicts_ratings, (), known.genres,
        )  # fmt: skip

    @property
    def shape(self) -> tuple[int, int, int]:
        """N, M, K."""
        return len(self.factors.users), len(self.factors.movies), self.factors.k

    def name(self, attribute: int) -> str:
        """What a person calls an attribute; "" for none."""
        return self.names[attribute] if attribute < len(self.names) else ""

    def title(self, column: int) -> str:
        """Title of a movie, or its id."""
        return self.titles[column] if self.titles is not None else self.movie_ids[column]

    def prediction(self, row: int, column: int) -> float:
        """One raw prediction, in stars."""
        return float(self.predictor.cells(np.array([row]), np.array([column]))[0])

    def observed(self, row: int, column: int) -> float:
        """The rating that was given, hold-out included; NaN where there is none or ratings are not there."""
        return float("nan") if self.split is None else self.split.ratings.value(row, column)

    def is_held_out(self, row: int, column: int) -> bool:
        """Whether the rating of a cell was kept aside."""
        if self.split is None or not len(self.split.held_out):
            return False
        csr = self.split.ratings.csr
        start, stop = int(csr.indptr[row]), int(csr.indptr[row + 1])
        position = start + int(np.searchsorted(csr.indices[start:stop], column))
        if position == stop or csr.indices[position] != column:
            return False
        at = int(np.searchsorted(self.split.held_out, position))
        return at < len(self.split.held_out) and int(self.split.held_out[at]) == position

    def terms(self, row: int, column: int) -> ByAttribute:
        """One prediction, term by term, of just the cell that is drawn: a row without ratings has zero factors."""
        left = self.predictor.left[row].astype(np.float64)
        right = self.predictor.right[column].astype(np.float64)
        products = left[:-2] * right[:-2]
        if self.has_biases:
            return ByAttribute(self.mu, float(left[-2]) - self.mu, float(right[-1]), products, 0.0)
        return ByAttribute(0.0, 0.0, 0.0, products, float(left[-2:] @ right[-2:]))


@dataclass(frozen=True, eq=False)
class FactorView:
    """Tiles, limits and order of one picture.

    Parameters
    ----------
    source, choice
        What is drawn, and how it was asked for.
    user_order, movie_order
        Rows and columns from the top and from the left.
    user_place, movie_place
        Where each user (N) and movie (M) stands; -1 where it is not shown.
    user_blocks, movie_blocks
        Groups of like ones, where the order makes them.
    u, m, r
        Tiles.
    u_limit, m_limit
        Ends of the zero-centred colours.
    r_limits
        Ends of the colours of r, in stars: 2nd and 98th percentile of a fixed sample of single cells, rounded outwards.
    actual, is_exact
        Smallest and largest prediction shown, in stars, and whether of all cells or of the sample.
    """

    source: FactorSource
    choice: ViewChoice
    user_order: Ints
    movie_order: Ints
    user_place: Ints
    movie_place: Ints
    user_blocks: tuple[RowBlock, ...]
    movie_blocks: tuple[RowBlock, ...]
    u: FactorTiles
    m: FactorTiles
    r: PredictionTiles
    u_limit: float
    m_limit: float
    r_limits: tuple[float, float]
    actual: tuple[float, float]
    is_exact: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Users and movies shown."""
        return len(self.user_order), len(self.movie_order)


def build_view(source: FactorSource, choice: ViewChoice, *, exact: bool = True) -> FactorView:
    """Prepare the pictures of a source; `exact=False` takes the true range of r from the sample."""
    users, movies, form = source.factors.users, source.factors.movies, source.predictor
    known_users, known_movies = source.user_counts > 0, source.movie_counts > 0
    drawn_users, drawn_movies = choose_orders(source, choice)
    user_order, movie_order = drawn_users.order, drawn_movies.order
    shown = Predictor(form.left, form.right[movie_order])
    counted = known_users if known_users.any() else np.ones_like(known_users)
    sample = sampled_predictions(Predictor(form.left[counted], shown.right))
    r = PredictionTiles(form, user_order, movie_order)
    is_exact = exact and len(users) * len(movie_order) <= EXACT_RANGE_CELLS
    return FactorView(
        source=source,
        choice=choice,
        user_order=user_order,
        movie_order=movie_order,
        user_place=orders.places(user_order, len(users)),
        movie_place=orders.places(movie_order, len(movies)),
        user_blocks=drawn_users.blocks,
        movie_blocks=drawn_movies.blocks,
        u=FactorTiles(r.left, user_order, known_users, source.factors.k),
        m=FactorTiles(r.right, movie_order, known_movies, source.factors.k),
        r=r,
        u_limit=centred_limit(users[known_users]),
        m_limit=centred_limit(movies[movie_order][known_movies[movie_order]]),
        r_limits=outward_limits(sample),
        actual=_range(shown) if is_exact else sampled_range(sample),
        is_exact=is_exact,
    )


def centred_limit(rows: Floats) -> float:
    """End of a zero-centred scale: the larger of the 2nd and 98th percentile of single weights, without sign."""
    weights = rows.ravel()
    if len(weights) > LIMIT_SAMPLE:
        weights = weights[np.random.default_rng(0).integers(len(weights), size=LIMIT_SAMPLE)]
    limit = float(np.abs(np.percentile(weights, [_LOW, _HIGH])).max()) if len(weights) else 0.0
    return limit or 1.0


def outward_limits(sample: Floats) -> tuple[float, float]:
    """Percentiles of the sample, outwards to numbers that read well: at most a tenth of the range away."""
    low, high = (float(end) for end in np.percentile(sample, [_LOW, _HIGH])) if len(sample) else (0.0, 0.0)
    if high - low <= 1e-6 * max(abs(low), abs(high), 1.0):
        return low - 0.5, high + 0.5
    digits = 1 - math.floor(math.log10(high - low))
    unit = 10.0**digits
    return math.floor(low * unit + 1e-9) / unit, math.ceil(high * unit - 1e-9) / unit


def sampled_range(sample: Floats) -> tuple[float, float]:
    """Smallest and largest number of a sample; zeros where it is empty."""
    return (float(sample.min()), float(sample.max())) if len(sample) else (0.0, 0.0)


def _range(form: Predictor) -> tuple[float, float]:
    """Smallest and largest of all predictions, a block of users at a time."""
    step = max(1, _CELLS_AT_A_TIME // max(len(form.right), 1))
    low, high = np.inf, -np.inf
    for start in range(0, len(form.left), step):
        block = form.block(slice(start, start + step), slice(None))
        if block.size:
            low, high = min(low, float(block.min())), max(high, float(block.max()))
    return (low, high) if high >= low else (0.0, 0.0)
