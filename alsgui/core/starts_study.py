"""The same settings from several starts: how far the objective, the errors, the predictions and the factors spread.

ALS comes to a stationary point. Where starts agree in r but not in u and m, they found the same predictions in other
attributes: an orthogonal Procrustes rotation of the movies (for non-negative factors the best matching and scaling of
attributes) then brings their factors together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from alsgui.core.attributes import empty_attributes
from alsgui.core.errors import Interrupted
from alsgui.core.model import Model
from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Ints
from alsgui.core.solvers.factors import Factors
from alsgui.core.solvers.settings import Config
from alsgui.core.split import Split
from alsgui.core.steps import Fitted, HalfSweep
from alsgui.core.training import Training

STARTS = 10
EQUAL = 1e-3
"""Objectives within this share of the best count as equal."""

MOST_TOLD = 200

Array = npt.NDArray[np.float64]
Told = Callable[[int, float], None]
"""Takes the number of the start (from 0) and the share of it that is done."""


@dataclass(frozen=True, eq=False)
class StartFit:
    """One start, compared with the best.

    Parameters
    ----------
    seed
        Of its random numbers.
    loss
        Its objective at the end.
    rmse
        Hold-out RMSE in stars; NaN where there is none.
    n_lost
        Attributes that are zero for every user or every movie.
    r_apart
        Root of the mean square of r - r of the best over all cells, in stars.
    u_before, u_after, m_before, m_after
        |u - u of the best| / |u of the best| before and after the best alignment; the same for m.
    """

    seed: int
    loss: float
    rmse: float
    n_lost: int
    r_apart: float
    u_before: float
    u_after: float
    m_before: float
    m_after: float


@dataclass(frozen=True, eq=False)
class Ranges:
    """How far each loading reaches over the starts of equal objective, attributes matched and at length 1 (M x K).

    Parameters
    ----------
    low, high
        Lowest and highest of each loading (M x K).
    n_starts
        Starts of equal objective.
    spread
        Mean of high - low over the movies of each attribute, relative to its largest loading (K).
    top
        Movie and attribute of the largest loadings (n x 2), the largest first.
    """

    low: Array
    high: Array
    n_starts: int
    spread: Array
    top: Ints

    @classmethod
    def of(cls, loadings: list[Array]) -> Ranges:
        """Ranges over the matched loadings of some starts (M x K each)."""
        low, high = np.min(loadings, axis=0), np.max(loadings, axis=0)
        largest = np.maximum(high.max(axis=0, initial=0.0), np.finfo(np.float64).tiny)
        order = np.argsort(-high, axis=None, kind="stable")[:MOST_TOLD]
        top = np.column_stack(np.unravel_index(order, high.shape))
        return cls(low, high, len(loadings), (high - low).mean(axis=0) / largest, top)


@dataclass(frozen=True, eq=False)
class StartsStudy:
    """What several starts of one fit came to.

    Parameters
    ----------
    config
        The settings, resolved.
    starts
        In order of their seeds.
    best
        Which has the lowest objective.
    model
        Its model.
    ranges
        Of the loadings, for non-negative factors; else None.
    """

    config: Config
    starts: tuple[StartFit, ...]
    best: int
    model: Model
    ranges: Ranges | None

    @property
    def others(self) -> tuple[StartFit, ...]:
        """All but the best."""
        return tuple(start for at, start in enumerate(self.starts) if at != self.best)


def study(
    split: Split, config: Config, brake: Event, n_starts: int = STARTS, told: Told = lambda start, done: None
) -> StartsStudy:
    """Fit from `n_starts` seeds (seed, seed + 1, ...) and compare them; one that is ended keeps the complete ones.

    Raises
    ------
    Interrupted
        When fewer than two starts were complete.
    NumericalError
        When a row of a start has no answer.
    """
    models: list[Model] = []
    for number in range(n_starts):
        own = replace(config, seed=config.seed + number, restarts=1)
        model = _fitted(split, own, brake, lambda done, number=number: told(number, done))  # type: ignore[misc]
        if model is None:
            break
        models.append(model)
    if len(models) < min(2, n_starts):
        raise Interrupted
    return compared(config, models)


def compared(config: Config, models: list[Model]) -> StartsStudy:
    """Compare models of one fit from several starts with the one of the lowest objective."""
    losses = [model.half_steps[-1].loss for model in models]
    best = int(np.argmin(losses))
    matched = config.algorithm in ("nonnegative", "nmf")
    starts = tuple(_against(models[best], model, loss, matched) for model, loss in zip(models, losses, strict=True))
    equal = [model for model, loss in zip(models, losses, strict=True) if loss <= losses[best] * (1 + EQUAL)]
    ranges = _ranges(models[best].factors, [model.factors for model in equal]) if matched else None
    return StartsStudy(config, starts, best, models[best], ranges)


def r_apart(one: Predictor, other: Predictor) -> float:
    """Root of the mean square difference of two predictions over all cells, from Gram matrices: r is never formed."""
    left = np.hstack([one.left, -other.left]).astype(np.float64)
    right = np.hstack([one.right, other.right]).astype(np.float64)
    total = float(((left.T @ left) * (right.T @ right)).sum())
    return float(np.sqrt(max(total, 0.0) / max(len(left) * len(right), 1)))


def rotated(factors: Factors, target: Factors) -> tuple[Array, Array]:
    """u and m (rows) after the rotation that brings m nearest to that of `target` (Schoenemann 1966)."""
    users, movies = factors.users.astype(np.float64), factors.movies.astype(np.float64)
    left, _, right = np.linalg.svd(movies.T @ target.movies.astype(np.float64))
    return users @ (left @ right), movies @ (left @ right)


def matched_to(factors: Factors, target: Factors) -> tuple[Array, Array]:
    """u and m (rows) with loadings at length 1 and attributes in the order that suits `target` best.

    The order makes the sum of the cosines of matched loadings as large as can be.
    """
    users, movies = at_length_one(factors)
    _, wanted = at_length_one(target)
    _, order = linear_sum_assignment(-(wanted.T @ movies))
    return users[:, order], movies[:, order]


def at_length_one(factors: Factors) -> tuple[Array, Array]:
    """u and m (rows) with the loadings of each attribute at length 1; an empty one stays."""
    users, movies = factors.users.astype(np.float64), factors.movies.astype(np.float64)
    lengths = np.linalg.norm(movies, axis=0)
    lengths = np.where(lengths > 0, lengths, 1.0)
    return users * lengths, movies / lengths


def _fitted(split: Split, config: Config, brake: Event, told: Callable[[float], None]) -> Model | None:
    """One start; None where it was ended."""
    try:
        for step in Training(split, config, brake).steps():
            if isinstance(step, HalfSweep):
                inside = (0.0 if step.side == config.sides[0] else 0.5) + step.done / 2
                told(min((step.epoch - 1 + inside) / max(config.epochs, 1), 1.0))
            elif isinstance(step, Fitted):
                if step.trouble is not None:
                    raise step.trouble
                return None if brake.is_set() else step.model
    except Interrupted:
        pass
    return None


def _against(best: Model, model: Model, loss: float, matched: bool) -> StartFit:
    align: Any = matched_to if matched else rotated
    before = at_length_one(model.factors) if matched else (model.factors.users, model.factors.movies)
    wanted = at_length_one(best.factors) if matched else (best.factors.users, best.factors.movies)
    after = align(model.factors, best.factors)
    return StartFit(
        model.config.seed,
        loss,
        model.holdout_figures.rmse,
        len(empty_attributes(model.factors)),
        r_apart(model.predictor, best.predictor),
        _apart(before[0], wanted[0]),
        _apart(after[0], wanted[0]),
        _apart(before[1], wanted[1]),
        _apart(after[1], wanted[1]),
    )


def _apart(rows: Any, wanted: Any) -> float:
    """Distance relative to the length of what is wanted."""
    length = float(np.linalg.norm(wanted.astype(np.float64)))
    distance = float(np.linalg.norm(rows.astype(np.float64) - wanted.astype(np.float64)))
    return distance / length if length > 0 else 0.0


def _ranges(best: Factors, equal: list[Factors]) -> Ranges:
    return Ranges.of([matched_to(factors, best)[1] for factors in equal])
