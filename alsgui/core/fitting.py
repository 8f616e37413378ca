"""`fit`: the whole of a fit in one call, for scripts and notebooks."""

from __future__ import annotations

import threading
from typing import Any, Literal

from threadpoolctl import threadpool_limits

from alsgui.core.beginnings import Start
from alsgui.core.errors import ConfigError
from alsgui.core.model import Model
from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import make_config
from alsgui.core.split import Split, split
from alsgui.core.training import fitted, iter_fit
from alsgui.text import tr

AVERAGED = 5
"""Starts behind `restarts="average"`."""

_ONE_FIT_AT_A_TIME = threading.Lock()


def fit(
    ratings: Ratings | Split,
    algorithm: str = "observed",
    *,
    holdout: float | None = None,
    split_seed: int = 0,
    init: Start | str | None = None,
    restarts: int | Literal["average"] = 1,
    **settings: Any,
) -> Model:
    """Fit a model by alternating least squares.

    Parameters
    ----------
    ratings
        Ratings, or a split of them into training and hold-out.
    algorithm
        A name in `alsgui.core.solvers.config.CONFIGS`: "observed" (fits only the ratings that exist), "ridge" (the
        text-book's loss over all cells), "implicit" (a preference from what people did), and so on.
    holdout
        Share of the ratings to keep aside, 0 to 0.9; None takes 10 % where y has holes, none where it is complete.
    split_seed
        Of the choice of the hold-out.
    init
        The name of a start (see `alsgui.core.solvers.starts`), arrays (u, m) of K x N and K x M to start from, or a
        model to go on from.
    restarts
        Starts from as many seeds, of which the one with the lowest loss is kept; "average" stacks five of them as one
        model of 5 K attributes whose r is their mean.
    **settings
        Of the algorithm: the fields of its `Config`. All have k, lambda_u, lambda_m, epochs, tolerance, patience, seed,
        order, closing, combine, dtype and threads; `ObservedConfig`, `RidgeConfig` and `ImplicitConfig` say what else
        theirs are. One that an algorithm has not is refused with those that it has.

    Returns
    -------
    Model

    Raises
    ------
    ConfigError, DataError, NumericalError
        When settings, ratings or a row's equations do not serve; the message says which and what to do.

    Notes
    -----
    A model of "implicit" predicts scores, about 0 to 1: its `holdout_ranking` has the figures of its lists, and it has
    no RMSE.

    BLAS is held at one thread meanwhile, for the whole process, since rows are solved in parallel: fits wait for one
    another.
    """
    if isinstance(ratings, Split) and holdout is not None:
        raise ConfigError(tr("The ratings are split already."), tr("Leave the hold-out out, or give them unsplit."))
    parts = ratings if isinstance(ratings, Split) else split(ratings, holdout, split_seed)
    if isinstance(init, str):
        settings["init"], init = init, None
    if restarts == "average":
        settings |= {"restarts": AVERAGED, "combine": "average"}
    else:
        settings["restarts"] = restarts
    config = make_config(algorithm, **settings)
    with _ONE_FIT_AT_A_TIME, threadpool_limits(limits=1, user_api="blas"):
        return fitted(iter_fit(parts, config, start=init))
