"""The figures that training curves are drawn from: the course of a run, and which of its columns a panel shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alsgui import text
from alsgui.text import tr
from alsgui.ui.widgets import export

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curve:
    """The course of one run, one value per epoch.

    Parameters
    ----------
    name
        Of the run, such as "run 3".
    epochs, seconds
        Epoch numbers and the seconds that had passed at their ends; neither ever falls.
    rmse_train, rmse_holdout
        In rating stars; None (or NaN) where there is none.
    loss
        Value of the objective.
    current
        Whether it is the run in the foreground.
    ndcg, recall
        Of its lists on hold-out users, 0 to 1; None where predictions are ratings.
    """

    name: str
    epochs: Sequence[float] | Numbers
    seconds: Sequence[float] | Numbers
    rmse_train: Sequence[float] | Numbers | None
    rmse_holdout: Sequence[float] | Numbers | None
    loss: Sequence[float] | Numbers
    current: bool = False
    ndcg: Sequence[float] | Numbers | None = None
    recall: Sequence[float] | Numbers | None = None

    def values(self, field: str) -> Numbers:
        """One column; all NaN where the run does not have it."""
        values = getattr(self, field)
        if values is None:
            return np.full(len(self.epochs), np.nan)
        return np.asarray(values, dtype=np.float64)


@dataclass(frozen=True)
class Measure:
    """What the upper panel shows.

    Parameters
    ----------
    title
        Its head.
    lines
        Fields of `Curve`, the role of each one's colour, and its words; the last is the one that counts.
    columns
        Names of the fields where numbers are taken along.
    higher_is_better
        Whether the best point is the highest.
    """

    title: str
    lines: tuple[tuple[str, str, str], ...]
    columns: tuple[str, ...]
    higher_is_better: bool = False

    @property
    def main(self) -> str:
        """The field that counts."""
        return self.lines[-1][0]

    def shown_by(self, run: Curve) -> bool:
        """Whether a run has any of its figures."""
        return any(bool(np.isfinite(run.values(field)).any()) for field, _, _ in self.lines)

    def best(self, values: Numbers) -> int:
        """Index of the best of some values, not all of which are NaN."""
        return int(np.nanargmax(values) if self.higher_is_better else np.nanargmin(values))

    def readings(self, run: Curve, at: int) -> list[tuple[str, str]]:
        """Role and words of the figures of a run at one point, those that it has; the loss last."""
        if not len(run.epochs):
            return []
        shown = [(role, name, run.values(field)[at]) for field, role, name in self.lines]
        readings = [(role, f"{name}  {text.error_figure(value)}") for role, name, value in shown if np.isfinite(value)]
        return [*readings, ("muted", tr("loss  {value}", value=loss_words(run.values("loss")[at])))]

    def table(self, runs: Sequence[Curve]) -> str:
        """CSV with one line per run and epoch."""
        rows: list[Sequence[object]] = [("run", "epoch", "seconds", *self.columns, "loss")]
        fields = ("epochs", "seconds", *(field for field, _, _ in self.lines), "loss")
        for run in runs:
            for numbers in zip(*(run.values(field) for field in fields), strict=True):
                rows.append([run.name, *("" if np.isnan(n) else f"{n:.10g}" for n in numbers)])
        return export.csv_text(rows)


ERRORS = Measure(
    tr("RMSE"),
    (("rmse_train", "training", tr("training")), ("rmse_holdout", "holdout", tr("hold-out"))),
    ("rmse_training", "rmse_holdout"),
)
LISTS = Measure(
    tr("NDCG@20"),
    (("recall", "movie", tr("recall@20")), ("ndcg", "holdout", tr("NDCG@20"))),
    ("recall_holdout", "ndcg_holdout"),
    higher_is_better=True,
)


def loss_words(loss: float) -> str:
    """A loss as short as it tells epochs apart."""
    return text.count(loss) if abs(loss) >= 100 else text.decimal(loss, 4)
