"""The cell of the search that is looked at, and the run whose model is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from alsgui.core.fold_table import Place
from alsgui.core.search import SearchTable
from alsgui.core.trials import GuidedTable
from alsgui.session.recipe import as_call
from alsgui.session.searching import place_words
from alsgui.session.session import Session
from alsgui.session.state import Notice, Search, State
from alsgui.text import DASH, decimal, duration, error_figure, tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.compare.trials import given_up, measure_words
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.chips import Chip
from alsgui.ui.widgets.facts import FactList
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.plot import Plot

Fact = tuple[str, str, str | None, str]


class FoldStrip(Plot):
    """Errors of the folds as dots on a line, their mean and its band of one standard error."""

    smallest = (120, 44)

    def __init__(self) -> None:
        super().__init__(tr("The folds"))
        self._folds: Sequence[float] = ()
        self._mean = self._error = math.nan

    def set_folds(self, folds: Sequence[float], mean: float, error: float) -> None:
        """Show these."""
        self._folds, self._mean, self._error = folds, mean, error
        self.setAccessibleDescription(", ".join(error_figure(value) for value in folds))
        self.update()

    def sizeHint(self) -> QSize:
        """One line and its ends."""
        return QSize(theme.px(280), theme.px(44))

    def numbers_csv(self) -> str:
        """One line for each fold."""
        return export.csv_text([("fold", "error"), *((at + 1, f"{x:.10g}") for at, x in enumerate(self._folds))])

    def tip_at(self, position: QPointF) -> str:
        """All folds."""
        return "\n".join(tr("fold {n}  {x}", n=at + 1, x=error_figure(x)) for at, x in enumerate(self._folds))

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Line, band, dots, ends."""
        if not self._folds:
            return
        low, high = min(self._folds), max(self._folds)
        room = 0.12 * (high - low) or 0.001
        level = theme.px(12)
        scale = Scale(low - room, high + room, theme.px(4), size.width() - theme.px(4))
        paint.across(painter, 0, size.width(), level, "border_strong")
        if math.isfinite(self._error):
            ends = [scale.pixel(self._mean + way * self._error) for way in (-1, 1)]
            band = QColor(theme.color("holdout"))
            band.setAlphaF(0.25)
            paint.bar(painter, QRectF(ends[0], level - theme.px(6), ends[1] - ends[0], theme.px(12)), band)
        paint.bar(painter, QRectF(scale.pixel(self._mean) - 1, level - theme.px(8), 2, theme.px(16)), "holdout", 0)
        for value in self._folds:
            paint.dot(painter, QPointF(scale.pixel(value), level), theme.px(3.5), "text")
        foot = level + theme.px(22)
        paint.put(painter, 0, foot, error_figure(low))
        paint.put(painter, size.width(), foot, error_figure(high), align="right")


class CompareInspector(QWidget):
    """Figures of a cell, why it or a simpler one is chosen, and the one click that makes it the model.

    Signals
    -------
    action_wanted(str)
        Id of an action of the table.
    """

    action_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._cell = Chip("run", "")
        self._place = label("", "caption")
        self._facts, self._run_facts = FactList(), FactList()
        self.folds = FoldStrip()
        self._choice = label("", "body", "muted", wrap=True)
        self.simpler = button(tr("Look at the simplest"), kind="link")
        self.simpler.clicked.connect(self._look_at_simplest)
        self._run = Chip("run", "")
        self.make = button(
            tr("Make it the model"), "check", "primary", tr("Fit with these settings on all training ratings")
        )
        self.make.clicked.connect(self._make)
        self.copy = icon_button("copy", tr("Copy the settings as Python"))
        self.copy.clicked.connect(self._copy)
        self._nothing = label(
            tr("Search settings below, or select two runs to see where they differ."), "body", "muted", wrap=True
        )
        self._of_cell = [self._place, self._facts, label(tr("The folds"), "caption"), self.folds, Rule(),
                         label(tr("Simplest within one standard error"), "caption"), self._choice]  # fmt: skip
        self._of_run = [Rule(), self._run, self._run_facts]
        self._foot = QWidget()
        self._foot.setLayout(row(self.make, None, self.copy, margins=(16, 8, 16, 14)))
        content = QWidget()
        parts = (row(self._cell, None), self._nothing, *self._of_cell, row(self.simpler, None), *self._of_run, None)
        content.setLayout(column(*parts, gap=7, margins=(16, 14, 16, 4)))
        whole = column(scrolling(content), self._foot, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def show_state(self, state: State) -> None:
        """Show the cell that is looked at and the run that is shown."""
        search = state.search
        cell = search.cell if search is not None else None
        for part in (self._cell, *self._of_cell, self._foot):
            part.setVisible(cell is not None)
        self.simpler.setVisible(False)
        self._nothing.setVisible(cell is None)
        if search is not None and cell is not None:
            self._show_cell(state, search, cell)
        run = state.current_run
        for part in self._of_run:
            part.setVisible(run is not None and run.model is not None)
        if run is not None and run.model is not None:
            self._run.set_text(tr("{run}: the model now", run=run.name))
            self._run_facts.set_rows(_run_facts(state))

    def _show_cell(self, state: State, search: Search, cell: Place) -> None:
        table = search.table
        mean, error = float(table.means[cell]), float(table.standard_errors[cell])
        n, all_folds = int(table.folds_done[cell]), table.n_folds
        self._cell.set_text(place_words(table, cell))
        self._place.setText(_place_words(table, cell))
        guided = isinstance(table, GuidedTable)
        seconds = [s for s in table.seconds[cell].tolist() if not math.isnan(s)]
        unit = tr("Over the folds that are done; predictions clipped as everywhere")
        rows: list[Fact] = [
            (tr("{measure}, mean of folds", measure=measure_words(table)), error_figure(mean), "holdout", unit),
            (tr("Standard error"), f"± {error_figure(error)}" if n > 1 else DASH, None, tr("Of the mean over folds")),
            (tr("Folds done"), tr("{n} of {all}", n=n, all=all_folds), None, ""),
            (tr("Time per fold"), duration(sum(seconds) / len(seconds)) if seconds else DASH, None,
             tr("One thread, started anew") if guided else tr("One thread, started from the smaller λ")),
        ]  # fmt: skip
        if table.best is not None and cell != table.best:
            mean_gap, gap_error = table.difference(cell, table.best)
            words = f"{decimal(mean_gap, 4, sign=True)} ± {error_figure(gap_error)}"
            rows.append((tr("Against the best"), words, None, tr("Mean of the differences within folds")))
        self._facts.set_rows(rows)
        self.folds.set_folds([x for x in table.errors[cell].tolist() if not math.isnan(x)], mean, error)
        self._choice.setText(_choice_words(table))
        self.simpler.setVisible(table.simplest not in (None, cell))
        self.make.setEnabled(state.job is None and math.isfinite(mean))
        self.make.setToolTip(tr("{job} is going on.", job=state.job.name) if state.job else "")

    def _make(self) -> None:
        self._session.searching.make_model()

    def _look_at_simplest(self) -> None:
        search = self._session.state.search
        if search is not None:
            self._session.searching.choose(search.table.simplest)

    def _copy(self) -> None:
        search = self._session.state.search
        if search is not None and search.cell is not None:
            QApplication.clipboard().setText(as_call(search.table.config_at(search.cell)))
            self._session.tell(Notice("ok", tr("The settings are on the clipboard as Python.")))


def _place_words(table: SearchTable | GuidedTable, cell: Place) -> str:
    if cell == table.best:
        return tr("Best") if table.complete else tr("Best so far")
    if cell == table.simplest:
        return tr("Simplest within one standard error")
    if not isinstance(table, GuidedTable):
        return tr("One of the settings")
    trial = tr("Trial {n}", n=cell[0] + 1)
    return tr("{trial}, given up: clearly worse", trial=trial) if given_up(table, cell[0]) else trial


def _choice_words(table: SearchTable | GuidedTable) -> str:
    """Which simpler setting does as well, from the paired differences."""
    if table.best is None or table.simplest is None:
        return ""
    if table.simplest == table.best:
        return tr("The same setting: no simpler one comes within one standard error of the fold differences.")
    mean, error = table.difference(table.simplest, table.best)
    return tr(
        "{cell}: {gap} worse than the best, ± {error} over the fold differences.",
        cell=place_words(table, table.simplest),
        gap=error_figure(mean),
        error=error_figure(error),
    )


def _run_facts(state: State) -> list[Fact]:
    run = state.current_run
    assert run is not None and run.model is not None
    training, judged = run.model.training_figures.rmse, run.model.holdout_figures.rmse
    if not run.config.predicts_ratings:
        lists = run.model.holdout_ranking
        return [(tr("NDCG@20 hold-out"), error_figure(lists.ndcg), "holdout", "")]
    return [
        (tr("RMSE hold-out"), error_figure(judged), "holdout", tr("In stars, predictions clipped")),
        (tr("Training RMSE"), error_figure(training), "training", tr("In stars, raw predictions")),
        (tr("Gap"), error_figure(judged - training), None, tr("How much better it does on what it has seen")),
    ]
