"""How well a fit goes: figures of its hold-out after each epoch, and of all at the end."""

from __future__ import annotations

from collections.abc import Callable

from alsgui.core.metrics import ErrorFigures, Judge, raw_figures
from alsgui.core.predictor import Predictor
from alsgui.core.ranking import RankingFigures, RankingJudge
from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.blocks import Workers
from alsgui.core.split import Split

WATCHED_USERS = 200
"""Hold-out users whose lists are judged after each epoch where predictions are no ratings; the model's are of all."""

JUDGED_USERS = 5000
"""At most so many of them are judged at the end."""


class Judging:
    """Judges the predictions of one fit: by errors where they are ratings, by lists where they are not.

    Parameters
    ----------
    split
        Training and hold-out.
    ratings
        Whether predictions are ratings.
    compiled
        Whether single predictions may be made by a kernel.
    """

    def __init__(self, split: Split, *, ratings: bool, compiled: bool) -> None:
        self._split, self._ratings, self._compiled = split, ratings, compiled
        judged = split.judged if ratings else None
        self._judge = None if judged is None else Judge.of(judged.cells, split.training, judged.known)
        self._watched = None if ratings else RankingJudge.of(split, events=True, most_users=WATCHED_USERS)

    def errors(self, form: Predictor, workers: Workers) -> ErrorFigures:
        """Figures of clipped predictions on the hold-out; `form` has the rows of `split.judged.known`."""
        if self._judge is None:
            return ErrorFigures()
        cells = self._judge.cells
        return self._judge.score(self._cells(form, workers)(cells.users, cells.movies))

    def lists(self, form: Predictor) -> RankingFigures | None:
        """Figures of the lists of the users who are watched."""
        return self._watched.figures(form) if self._watched is not None else None

    def final_lists(self, form: Predictor) -> RankingFigures:
        """Figures of the lists of all hold-out users, up to `JUDGED_USERS`."""
        judge = None if self._ratings else RankingJudge.of(self._split, events=True, most_users=JUDGED_USERS)
        return judge.figures(form) if judge is not None else RankingFigures()

    def training_errors(self, form: Predictor, workers: Workers) -> ErrorFigures:
        """Figures of raw predictions on the training ratings; `form` has their users."""
        return raw_figures(self._split.training, self._cells(form, workers)) if self._ratings else ErrorFigures()

    def _cells(self, form: Predictor, workers: Workers) -> Callable[[Ints, Ints], Floats]:
        if not self._compiled:
            return form.cells
        from alsgui.core.solvers.predictions import predicted_cells

        return lambda users, movies: predicted_cells(form, users, movies, workers)
