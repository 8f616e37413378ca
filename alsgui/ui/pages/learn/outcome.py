"""What came out of a lesson's fits, side by side: figures, and the first ten titles of one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from alsgui.core.model import Model
from alsgui.core.recommend import Filters, for_user
from alsgui.core.solvers.config import Config
from alsgui.session.state import Run
from alsgui.text import DASH, count, decimal, error_figure, tr
from alsgui.ui import theme
from alsgui.ui.widgets.labels import ElidedLabel, label

N_TITLES = 10


@dataclass(frozen=True)
class Outcome:
    """A table: a head for each run, then rows of a name and a text for each run."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def outcome_of(runs: Sequence[Run], user: int | None = None) -> Outcome:
    """Figures of runs that have ended; with `user` (a row) also what each recommends that person."""
    models = [run.model for run in runs if run.model is not None]
    stars = [model.config.predicts_ratings for model in models]
    rows: list[tuple[str, ...]] = [
        (tr("Run"), *(run.name for run in runs)),
        (tr("Epochs"), *(count(model.history[-1].epoch) for model in models)),
        (tr("Loss"), *(_loss(model.half_steps[-1].loss) for model in models)),
        (tr("Training RMSE"), *(_figure(m.training_figures.rmse, s) for m, s in zip(models, stars, strict=True))),
        (tr("Hold-out RMSE"), *(_figure(m.holdout_figures.rmse, s) for m, s in zip(models, stars, strict=True))),
    ]
    if not all(stars):
        rows.append(
            (tr("NDCG@20"), *(_figure(m.holdout_ranking.ndcg, not s) for m, s in zip(models, stars, strict=True)))
        )
    if user is not None:
        lists = [_titles(model, user) for model in models]
        rows += [(tr("{n}.", n=at + 1), *(titles[at] for titles in lists)) for at in range(N_TITLES)]
    return Outcome(tuple(_head(model.config) for model in models), tuple(rows))


def _head(config: Config) -> str:
    return tr("Blanks as zeros") if getattr(config, "fill", "") == "zero" else config.title


def _loss(loss: float) -> str:
    return decimal(loss, 1) if loss < 1e4 else count(loss)


def _figure(figure: float, known: bool) -> str:
    return error_figure(figure) if known else DASH


def _titles(model: Model, user: int) -> list[str]:
    titles = list(for_user(model, user, Filters(n_top=N_TITLES)).titles)
    return (titles + [DASH] * N_TITLES)[:N_TITLES]


class OutcomeTable(QWidget):
    """An outcome as a table to read."""

    def __init__(self, outcome: Outcome, caption: str) -> None:
        super().__init__()
        self.outcome = outcome
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(3))
        grid.addWidget(label(caption, "caption"), 0, 0, 1, len(outcome.heads) + 1)
        for at, head in enumerate(outcome.heads, 1):
            grid.addWidget(ElidedLabel(head, "strong"), 1, at)
            grid.setColumnStretch(at, 1)
        for number, (name, *texts) in enumerate(outcome.rows, 2):
            grid.addWidget(label(name, "hint"), number, 0)
            for at, text in enumerate(texts, 1):
                grid.addWidget(ElidedLabel(text, "body"), number, at)
        self.setLayout(grid)
