"""Predictions of many single cells, compiled and in parallel."""

from __future__ import annotations

import numpy as np

from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.kernels.cells import products

_CELLS_AT_A_TIME = 1 << 17


def predicted_cells(form: Predictor, users: Ints, movies: Ints, workers: Workers) -> Floats:
    """Raw predictions of cells, in stars, float64."""
    predicted = np.empty(len(users))

    def block(start: int, stop: int) -> None:
        products(start, stop, users, movies, form.left, form.right, predicted)

    starts = range(0, len(users), _CELLS_AT_A_TIME)
    for _ in workers.run(block, [(start, min(start + _CELLS_AT_A_TIME, len(users))) for start in starts]):
        pass
    return predicted
