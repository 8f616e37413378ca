"""Why: exact decompositions of one prediction, by attribute and by the person's own ratings.

`explain(model, person, column)` gives both for any `Person` (see `people`); `model.explain(user, movie)` by ids.
`Explanation.by_ratings` is None where a person's weights do not come from ratings, and `reason` says so. What is shown
comes from `ByRatings.bars()` and `ByAttribute.bars()`: their values are rounded so that they add up to the total shown.
`explain_movie` is the mirror: how the ratings of a movie pull one user's prediction of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from alsgui.core.equations import RowEquation
from alsgui.core.model import Model
from alsgui.core.movie_side import Movie
from alsgui.core.people import Person
from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.factors import Side
from alsgui.text import pluralised, rounded_parts, tr

MOST_BARS = 10
"""Ratings that are shown up and down; the others are one bar."""

BarKind = Literal[
    "mean", "bias", "other_bias", "start", "attribute", "rating", "others", "fill", "penalty", "level", "unsettled"
]


@dataclass(frozen=True)
class Bar:
    """One part of a prediction, as shown.

    Parameters
    ----------
    kind
        "mean" (of the training ratings), "bias" (the row's own), "other_bias", "start" (mean and other bias in one),
        "attribute" (`index` is k), "rating" (`index` is the row of the other side), "others" (`index` is how many),
        "fill" (what stands for missing ratings), "penalty", "level" (a mean that stands for who has no ratings),
        "unsettled" (these weights were not solved for this m).
    index
        See `kind`; -1 where there is none.
    value
        In stars, rounded: all bars add up to the total as it is shown.
    given
        The rating itself, NaN where there is none.
    """

    kind: BarKind
    index: int
    value: float
    given: float = float("nan")


@dataclass(frozen=True, eq=False)
class ByAttribute:
    """r = mu + b_i + c_j + sum_k u_ki m_kj, term by term, in stars.

    `fallback` is what stands for a row without ratings in a model without biases; else 0.
    """

    mean: float
    user_bias: float
    movie_bias: float
    products: Floats
    fallback: float

    @property
    def total(self) -> float:
        """The prediction."""
        return self.mean + self.user_bias + self.movie_bias + self.fallback + float(self.products.sum())

    def bars(self, digits: int = 2, *, biases: bool = True, most: int | None = None) -> tuple[Bar, ...]:
        """The terms rounded to add up as shown.

        Parameters
        ----------
        biases
            Whether the model has any.
        most
            Attributes that are shown, the strongest, in their order; all others are one bar. None shows all.
        """
        heads: list[tuple[BarKind, float]] = []
        if biases:
            heads = [("mean", self.mean), ("bias", self.user_bias), ("other_bias", self.movie_bias)]
        if self.fallback:
            heads.append(("level", self.fallback))
        parts: list[tuple[BarKind, int, float]] = [(kind, -1, value) for kind, value in heads]
        order = np.argsort(-np.abs(self.products), kind="stable")
        shown, others = np.sort(order[:most]), order[len(order[:most]) :]
        parts += [("attribute", int(k), float(self.products[k])) for k in shown]
        if len(others):
            parts.append(("others", len(others), float(self.products[others].sum())))
        return _rounded(parts, self.total, digits)


@dataclass(frozen=True, eq=False)
class ByRatings:
    """How own ratings pull one prediction: r = start + sum of pulls + constant + remainder, in stars.

    Parameters
    ----------
    columns
        What was rated in training: movies, or for `explain_movie` the rows of users.
    given
        The ratings, in stars.
    pulls
        What each adds to the prediction, in stars.
    start
        What is there without them: mu + c_j, or 0 without biases.
    constant
        What stands for missing ratings (`fill`), less the penalty on absolute values of `nmf`.
    total
        The prediction.
    constant_kind
        What `constant` is.
    """

    columns: Ints
    given: Floats
    pulls: Floats
    start: float = 0.0
    constant: float = 0.0
    total: float = 0.0
    constant_kind: BarKind = "fill"

    @property
    def remainder(self) -> float:
        """What the parts leave of the prediction: rounding, or weights that were not solved for the m that is kept."""
        return self.total - self.start - self.constant - float(self.pulls.sum())

    def strongest(self, most: int = MOST_BARS) -> Ints:
        """Positions of the strongest pulls, at most so many up and so many down; from the highest to the lowest."""
        order = np.argsort(-self.pulls, kind="stable")
        up, down = order[self.pulls[order] >= 0], order[self.pulls[order] < 0]
        return np.concatenate([up[:most], down[max(len(down) - most, 0) :]])

    def bars(self, digits: int = 2, most: int = MOST_BARS) -> tuple[Bar, ...]:
        """The parts rounded to add up to the total as shown: the strongest pulls, and all others in one."""
        chosen = self.strongest(most)
        n_others = len(self.pulls) - len(chosen)
        parts: list[tuple[BarKind, int, float]] = []
        if self.start:
            parts.append(("start", -1, self.start))
        if self.constant:
            parts.append((self.constant_kind, -1, self.constant))
        parts += [("rating", int(self.columns[at]), float(self.pulls[at])) for at in chosen]
        if n_others:
            parts.append(("others", n_others, float(self.pulls.sum() - self.pulls[chosen].sum())))
        if abs(self.remainder) >= 0.5 * 10.0**-digits:
            parts.append(("unsettled", -1, self.remainder))
        given = {int(self.columns[at]): float(self.given[at]) for at in chosen}
        return _rounded(parts, self.total, digits, given)


@dataclass(frozen=True, eq=False)
class Explanation:
    """One prediction taken apart in two ways.

    Parameters
    ----------
    column
        The movie.
    total
        The raw prediction, in stars; a score for models whose predictions are no ratings.
    by_attribute
        Products u_k m_k and biases. They change with the view of the attributes, their sum does not.
    by_ratings
        Pulls of the person's own ratings, or None.
    reason
        Why there are no pulls; empty where there are.
    note
        What is to be known about the pulls; empty where nothing is.
    biases
        Whether the model has biases.
    """

    column: int
    total: float
    by_attribute: ByAttribute
    by_ratings: ByRatings | None
    reason: str
    note: str
    biases: bool

    @property
    def parts(self) -> tuple[Bar, ...]:
        """By ratings where there are pulls, else by attribute; they add up to the total as shown."""
        if self.by_ratings is not None:
            return self.by_ratings.bars()
        return self.by_attribute.bars(biases=self.biases)


def explain(model: Model, person: Person, column: int) -> Explanation:
    """Take the prediction of one movie for one person apart."""
    attributes = by_attribute(model, person, column)
    reason = why_not_by_ratings(model, person)
    ratings = None if reason else by_ratings(model, person, column)
    note = _note(model, ratings) if ratings is not None else ""
    return Explanation(column, attributes.total, attributes, ratings, reason, note, model.has_biases)


def by_attribute(model: Model, person: Person, column: int) -> ByAttribute:
    """Terms of the prediction of one movie for one person."""
    return _products(model, person.left(model), model.predictor.right[column].astype(np.float64))


def by_ratings(model: Model, person: Person, column: int) -> ByRatings | None:
    """Pulls of a person's ratings on one prediction; None where `why_not_by_ratings` says why.

    r_ij = mu + c_j + sum_l v_l f_j^T A_i^-1 f_l, with v_l what rating l says and A_i the matrix of the person's own
    equations (see `equations`); exact on the attributes that non-negativity leaves above zero.
    """
    if why_not_by_ratings(model, person):
        return None
    columns, given = person.ratings(model)
    total = by_attribute(model, person, column).total
    if _falls_back(model, "u", column):
        return ByRatings(columns, given, given / np.float64(len(given)), total=total)
    equation = model.equations.of("u", columns, given, person.weights)
    return _pulls(model, equation, "u", column, total)


def why_not_by_ratings(model: Model, person: Person) -> str:
    """Why a person's predictions cannot be taken apart by ratings; empty where they can."""
    if model.split is None:
        return tr("The model was saved without its ratings.")
    if model.n_starts > 1:
        return tr("The model is the average of several starts, each with weights of its own.")
    if not person.informed:
        return tr("No training ratings: these are the mean user's weights.")
    if person.row is None and person.rated is None:
        return tr("These weights were not solved from ratings.")
    return ""


def explain_movie(model: Model, movie: Movie, row: int) -> ByRatings | None:
    """Pulls of a movie's ratings on one user's prediction of it; `columns` are rows of users.

    None where a movie's loadings do not come from ratings. The users are solved last in a fit, so that m belongs to
    the u before: what that leaves is the part "not settled yet".
    """
    if model.split is None or model.n_starts > 1 or not movie.informed or (movie.column is None and not movie.rated):
        return None
    rows, given = movie.ratings(model)
    total = float(model.predictor.left[row].astype(np.float64) @ movie.right(model))
    if _falls_back(model, "m", row):
        return ByRatings(rows, given, given / np.float64(len(given)), total=total)
    equation = model.equations.of("m", rows, given, movie.loadings)
    return _pulls(model, equation, "m", row, total)


def _falls_back(model: Model, side: Side, other_row: int) -> bool:
    """Whether the row's own mean stands for a prediction, since nobody rated the other one."""
    counts = model.summary.movie_counts if side == "u" else model.summary.user_counts
    return model.config.predicts_ratings and not model.has_biases and counts[other_row] == 0


def _pulls(model: Model, equation: RowEquation, side: Side, other_row: int, total: float) -> ByRatings:
    equations = model.equations
    parts, constant = equation.responses(equations.features("m" if side == "u" else "u")[other_row])
    kind: BarKind = "fill" if getattr(model.config, "fill", "") == "mean" else "penalty"
    start = float(equations.base(side)[other_row])
    return ByRatings(equation.indices, equation.values, parts, start, constant, total, kind)


def _products(model: Model, left: Floats, right: Floats) -> ByAttribute:
    products = left[:-2] * right[:-2]
    if model.has_biases:
        return ByAttribute(model.mu, left[-2] - model.mu, float(right[-1]), products, 0.0)
    return ByAttribute(0.0, 0.0, 0.0, products, float(left[-2:] @ right[-2:]))


def _note(model: Model, pulls: ByRatings) -> str:
    if abs(pulls.remainder) >= 0.005:
        return tr("These weights were not solved for the {nouns} that are kept; solve the users once more.",
                  nouns=pluralised(model.noun))  # fmt: skip
    if model.config.algorithm in ("nonnegative", "nmf"):
        return tr("Exact for the attributes that are above zero for this person.")
    return ""


def _rounded(
    parts: Sequence[tuple[BarKind, int, float]], total: float, digits: int, given: dict[int, float] | None = None
) -> tuple[Bar, ...]:
    shown = rounded_parts([value for _, _, value in parts], total, digits)
    known = given or {}
    nan = float("nan")
    return tuple(
        Bar(kind, index, value, known.get(index, nan) if kind == "rating" else nan)
        for (kind, index, _), value in zip(parts, shown, strict=True)
    )
