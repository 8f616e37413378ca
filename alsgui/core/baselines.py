"""What a model has to beat: the movie's mean, user + movie biases; where there are no ratings, popularity."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event

import numpy as np

from alsgui.core.errors import Interrupted
from alsgui.core.judging import JUDGED_USERS, WATCHED_USERS
from alsgui.core.metrics import ErrorFigures, Judge
from alsgui.core.ranking import RankingFigures, RankingJudge, popularity
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.split import Split
from alsgui.core.training import fitted, iter_fit

_EPOCHS = 10


@dataclass(frozen=True)
class Baselines:
    """Hold-out figures of the two baselines, on the very cells on which models are judged.

    Parameters
    ----------
    movie_mean
        Every prediction is the movie's mean; for a movie without training ratings, the mean of all.
    biases
        mu + b_i + c_j, with the ridge on biases that models have by default; newcomers have the b of what they tell.
    """

    movie_mean: ErrorFigures
    biases: ErrorFigures


@dataclass(frozen=True)
class PopularityFigures:
    """Figures of one list for everybody, of the movies with the most training ratings.

    Parameters
    ----------
    watched
        On the users on whom epochs are judged.
    judged
        On those on whom models are.
    """

    watched: RankingFigures
    judged: RankingFigures


def popularity_figures(split: Split) -> PopularityFigures | None:
    """Figures of popularity on the hold-out, or None where nobody has a held-out movie."""
    figures = [
        judge.score(popularity(split.training))
        for most in (WATCHED_USERS, JUDGED_USERS)
        if (judge := RankingJudge.of(split, events=True, most_users=most)) is not None
    ]
    return PopularityFigures(*figures) if figures else None


def baselines(split: Split, cancel: Event | None = None, *, compiled: bool = True) -> Baselines | None:
    """Figures of the baselines on the hold-out, or None without one; `compiled=False` does without kernels.

    Raises
    ------
    Interrupted
        When `cancel` was set before they were known.
    """
    if split.judged is None:
        return None
    training, (known, cells) = split.training, split.judged
    judge = Judge.of(cells, training, known)
    means = np.where(training.movie_counts > 0, training.movie_means, training.mean)
    model = fitted(iter_fit(split, ObservedConfig(k=0, epochs=_EPOCHS, threads=1), cancel, compiled=compiled))
    if cancel is not None and cancel.is_set():
        raise Interrupted
    return Baselines(judge.score(means[cells.movies]), model.holdout_figures)
