"""Curves of runs for plots, each extended by the epochs that are new."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from alsgui.session.state import Run
from alsgui.text import tr
from alsgui.ui.widgets.curves import Curve

NAN = float("nan")


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
        if run.config.predicts_ratings:
            return Curve(name, course.epochs, course.seconds, course.train, course.holdout, course.loss, current)
        lists = {"ndcg": course.ndcg, "recall": course.recall}
        return Curve(name, course.epochs, course.seconds, None, None, course.loss, current, **lists)


@dataclass
class _Course:
    """Figures of a run's epochs, one list each; `last` is the record that was added last."""

    epochs: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    holdout: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    ndcg: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    last: Any = None

    def continues(self, run: Run) -> bool:
        """Whether the run's history begins with what is here."""
        known = len(self.epochs)
        return len(run.history) >= known and (not known or run.history[known - 1] == self.last)

    def follow(self, run: Run) -> None:
        """Add the epochs that are new."""
        for record in run.history[len(self.epochs) :]:
            self.epochs.append(record.epoch)
            self.seconds.append(record.seconds)
            self.train.append(record.rmse_train)
            self.holdout.append(record.rmse_holdout)
            self.loss.append(record.loss)
            self.ndcg.append(NAN if record.ndcg_holdout is None else record.ndcg_holdout)
            self.recall.append(NAN if record.recall_holdout is None else record.recall_holdout)
            self.last = record
