"""Several starts of one fit: the best is kept, or all are averaged.

ALS comes to a stationary point, which depends on where it starts. "best" keeps the start that ended with the lowest
loss. "average" stacks R starts as one model of R K attributes, u = (u_1; ...; u_R) and m = (m_1; ...; m_R) / R, so that
its r is the mean of theirs; biases are averaged. Its history is that of its best start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event

import numpy as np

from alsgui.core.errors import Interrupted
from alsgui.core.folding import folded_into
from alsgui.core.metrics import ErrorFigures, Judge, raw_figures
from alsgui.core.model import Model, build_model
from alsgui.core.solvers.factors import Factors
from alsgui.core.solvers.settings import Config
from alsgui.core.split import Split
from alsgui.core.steps import Fitted, HalfSweep, Step
from alsgui.core.training import Training


def fit_several(split: Split, config: Config, brake: Event) -> Iterator[Step]:
    """Fit from `config.restarts` seeds, one after the other. Yields progress, then `Fitted`.

    Raises
    ------
    Interrupted
        When the first start was ended before anything was complete.
    NumericalError
        When a row of a start has no answer.
    """
    models: list[Model] = []
    for number in range(config.restarts):
        training = Training(split, replace(config, seed=config.seed + number), brake)
        try:
            for step in training.steps():
                if isinstance(step, HalfSweep):
                    yield step
                elif isinstance(step, Fitted):
                    if step.trouble is not None:
                        raise step.trouble
                    models.append(step.model)
        except Interrupted:
            if not models:
                raise
        if brake.is_set():
            break
    best = min(models, key=lambda model: model.half_steps[-1].loss)
    settings = config.resolved(split.training)
    if config.combine == "average" and len(models) > 1:
        yield Fitted(averaged(models, best, settings), acts=(settings,))
    else:
        yield Fitted(replace(best, config=settings), acts=(settings,))


def averaged(models: Sequence[Model], best: Model, config: Config) -> Model:
    """One model whose predictions are the means of theirs."""
    assert best.split is not None
    parts = [model.factors for model in models]
    factors = Factors(
        np.ascontiguousarray(np.hstack([part.users for part in parts])),
        np.ascontiguousarray(np.hstack([part.movies / len(parts) for part in parts])),
        np.asarray(np.mean([part.user_bias for part in parts], axis=0), parts[0].users.dtype),
        np.asarray(np.mean([part.movie_bias for part in parts], axis=0), parts[0].users.dtype),
    )
    stacked = build_model(
        config,
        factors,
        best.split,
        best.summary,
        history=best.history,
        half_steps=best.half_steps,
        training_figures=ErrorFigures(),
        holdout_figures=ErrorFigures(),
        stopped=best.stopped,
        settled=False,
        versions=best.versions,
    )
    if not config.predicts_ratings:
        return stacked
    training, figures = best.split.training, ErrorFigures()
    if best.split.judged is not None:
        known, cells = best.split.judged
        form = stacked.predictor if best.split.newcomers is None else folded_into(stacked, known)
        figures = Judge.of(cells, training, known).figures(form)
    return replace(stacked, training_figures=raw_figures(training, stacked.predictor.cells), holdout_figures=figures)
