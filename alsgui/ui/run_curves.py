"""Curves of runs for plots, each extended by the epochs that are new."""

from __future__ import annotations

from typing import Any

import numpy as np

from alsgui.session.state import Run
from alsgui.text import tr
from alsgui.ui.widgets.curve_figures import Curve, Numbers

NAN = float("nan")
COLUMNS = ("epoch", "seconds", "rmse_train", "rmse_holdout", "loss", "ndcg_holdout", "recall_holdout")
"""Of `EpochRecord`."""


class CurveBook:
    """Curves of runs, each extended by the epochs that are new, so that an epoch costs the same late as early."""

    def __init__(self) -> None:
        self._kept: dict[int, _Course] = {}

    def curve(self, run: Run, *, current: bool) -> Curve:
        """The curve of a run as it stands."""
        course = self._kept.get(run.number)
        if course is None or not course.continues(run):
            course = self._kept[run.number] = _Course()
        course.follow(run)
        name = run.name.lower() if run.number else tr("opened")
        made = course.made
        if made is not None and (made.name, made.current) == (name, current):
            return made
        course.made = _made(course.columns(), name, run, current=current)
        return course.made


def _made(known: dict[str, Numbers], name: str, run: Run, *, current: bool) -> Curve:
    epochs, seconds, loss = (known[column] for column in ("epoch", "seconds", "loss"))
    if run.config.predicts_ratings:
        return Curve(name, epochs, seconds, known["rmse_train"], known["rmse_holdout"], loss, current)
    lists = {"ndcg": known["ndcg_holdout"], "recall": known["recall_holdout"]}
    return Curve(name, epochs, seconds, None, None, loss, current, **lists)


class _Course:
    """Figures of a run's epochs as columns that grow; `last` is the record that was added last."""

    def __init__(self) -> None:
        self._kept = np.empty((len(COLUMNS), 64))
        self._n = 0
        self.last: Any = None
        self.made: Curve | None = None

    def continues(self, run: Run) -> bool:
        """Whether the run's history begins with what is here."""
        known = self._n
        return len(run.history) >= known and (not known or run.history[known - 1] == self.last)

    def follow(self, run: Run) -> None:
        """Add the epochs that are new."""
        new = run.history[self._n :]
        if not new:
            return
        stop = self._n + len(new)
        if stop > self._kept.shape[1]:
            # What curves hold are views of the old array, which stays as it is.
            grown = np.empty((len(COLUMNS), 2 * stop))
            grown[:, : self._n] = self._kept[:, : self._n]
            self._kept = grown
        for column, name in zip(self._kept, COLUMNS, strict=True):
            values = [getattr(record, name) for record in new]
            column[self._n : stop] = [NAN if value is None else value for value in values]
        self._n, self.last, self.made = stop, new[-1], None

    def columns(self) -> dict[str, Numbers]:
        """One value per epoch, by name."""
        return {name: column[: self._n] for name, column in zip(COLUMNS, self._kept, strict=True)}
