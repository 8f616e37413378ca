"""Judge a model by ratings of another file, whose users and movies it may never have met."""

from __future__ import annotations

import numpy as np

from alsgui.core.errors import DataError
from alsgui.core.metrics import ErrorFigures, Judge
from alsgui.core.model import Model
from alsgui.core.predictor import Predictor
from alsgui.core.ranking import RankingFigures, RankingJudge
from alsgui.core.ratings import Cells, Ints, Ratings
from alsgui.text import tr


def figures_on(model: Model, tests: Ratings) -> ErrorFigures:
    """Figures of clipped predictions on every rating of `tests`; ids are matched as text, none is dropped.

    Parameters
    ----------
    model
        The model.
    tests
        Ratings in stars. A user or movie that is not in the model is one without training ratings.
    """
    summary = model.summary
    rows = np.array([summary.user_rows.get(identity, -1) for identity in tests.user_ids])
    columns = np.array([summary.movie_columns.get(identity, -1) for identity in tests.movie_ids])
    cells = Cells(rows[tests.users_of_ratings], columns[tests.csr.indices], tests.csr.data)
    unknown_users = np.append(summary.user_counts, 0)[cells.users] == 0
    unknown_movies = np.append(summary.movie_counts, 0)[cells.movies] == 0
    judge = Judge(cells, summary.low, summary.high, unknown_users | unknown_movies)
    return judge.figures(_with_strangers(model))


def lists_on(model: Model, tests: Ratings) -> RankingFigures:
    """Figures of the lists of users of `tests` whom the model knows; what they have there is relevant.

    A movie that the model does not know is relevant, too, and in no list.
    """
    summary, split = model.summary, model.split
    if split is None:
        raise DataError(tr("The model was saved without its ratings."), tr("Save it with them to judge its lists."))
    columns = np.array([summary.movie_columns.get(identity, -1) for identity in tests.movie_ids])
    relevant: dict[int, Ints] = {}
    for at, identity in enumerate(tests.user_ids):
        row = summary.user_rows.get(identity, -1)
        if row >= 0 and len(found := np.sort(columns[tests.of_user(at)[0]])):
            relevant[row] = found
    users = np.array(sorted(relevant), np.int64)
    if not len(users):
        return RankingFigures()
    return RankingJudge(split.training, users, [relevant[int(row)] for row in users]).figures(model.predictor)


def _level(model: Model) -> float:
    """What is predicted where nothing is known."""
    if not model.config.predicts_ratings:
        return 0.0
    return model.mu if model.has_biases else model.summary.mean


def _with_strangers(model: Model) -> Predictor:
    """The model's predictions with one more row on each side, found by position -1, for whoever is not in it."""
    form, start = model.predictor, _level(model)
    user, movie = np.zeros(model.k + 2), np.zeros(model.k + 2)
    user[-2:], movie[-2:] = (start, 1.0), (1.0, 0.0)
    return Predictor(np.vstack([form.left, user]), np.vstack([form.right, movie]))
