"""From settings to solver. Importing this loads the compiled kernels."""

from __future__ import annotations

from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import Config, ObservedConfig, RidgeConfig
from alsgui.core.solvers.observed import ObservedProblem
from alsgui.core.solvers.problem import Problem
from alsgui.core.solvers.ridge import RidgeProblem


def make_problem(training: Ratings, config: Config) -> Problem:
    """The rows and the loss of an algorithm on training ratings; `config` is resolved.

    Raises
    ------
    DataError
        When the algorithm cannot take these ratings.
    """
    if isinstance(config, ObservedConfig):
        return ObservedProblem(training, config, training.mean if config.biases else 0.0)
    if isinstance(config, RidgeConfig):
        return RidgeProblem(training, config)
    raise TypeError(f"no solver for {type(config).__name__}")
