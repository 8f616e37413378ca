"""The trials of a guided search in words: the dots of the map and the rows of the table."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QWidget

from alsgui.core.search import SearchTable
from alsgui.core.trials import MORE_SETTINGS, GuidedTable
from alsgui.session.searching import ROW_LETTERS, place_words, value_words
from alsgui.text import DASH, count, duration, error_figure, tr
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.widgets.layouts import column
from alsgui.ui.widgets.tables import DataTable
from alsgui.ui.widgets.trial_map import TrialFigures


def measure_words(table: SearchTable | GuidedTable) -> str:
    """What is averaged over the folds."""
    config = table.grid.config if isinstance(table, SearchTable) else table.space.config
    return tr("RMSE") if config.predicts_ratings else tr("1 − NDCG@20")


def given_up(table: GuidedTable, number: int) -> bool:
    """Whether a trial got fewer folds than others."""
    return bool(table.folds_done[number] < table.n_folds) and table.settled(number)


def settings_of(table: GuidedTable) -> dict[str, list[float]]:
    """Name of a setting that varies -> its values, trial by trial."""
    names = {"k": "k", "lambda": "ridge"} | {name: name for name in MORE_SETTINGS if name in table.space.ranges}
    return {shown: [getattr(trial, name) for trial in table.trials] for shown, name in names.items()}


def figures_of_trials(table: GuidedTable) -> TrialFigures:
    """The dots of a table."""
    n = len(table.trials)
    return TrialFigures(
        [place_words(table, (at,)) for at in range(n)],
        dict(settings_of(table)),
        table.space.ridge,
        table.space.k,
        tr("λ, on users and movies"),
        tr("K, attributes"),
        table.means[:n],
        table.standard_errors[:n],
        table.folds_done[:n],
        table.n_folds,
        None if table.best is None else table.best[0],
        None if table.simplest is None else table.simplest[0],
    )


class TrialTable(QWidget):
    """One row for each trial, sorted by its heads; stays sorted while trials come.

    Signals
    -------
    spot_chosen(int)
        A row was clicked, or reached with the arrow keys: the number of its trial.
    spot_activated(int)
        A row was double-clicked, or Enter was pressed on it.
    """

    spot_chosen = Signal(int)
    spot_activated = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("Trials"), narrowest=64)
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.activated.connect(self._activate)
        self.setLayout(column(self.table, gap=0))
        self._filling = False
        self._shown: tuple[GuidedTable | None, int | None] = (None, None)

    def show_trials(self, table: GuidedTable, looked_at: int | None) -> None:
        """Show what is known, and mark the row of the trial that is looked at."""
        before, self._shown = self._shown, (table, looked_at)
        if before[0] is not table:
            self._filling = True
            head, bar = self.table.horizontalHeader(), self.table.verticalScrollBar()
            sorted_by, order, place = head.sortIndicatorSection(), head.sortIndicatorOrder(), bar.value()
            columns = trial_columns(table)
            self.model.set_columns(columns, len(table.trials))
            self.model.sort(sorted_by if sorted_by < len(columns) else -1, order)
            bar.setValue(place)
            self._filling = False
        if before != self._shown and looked_at is not None and looked_at < len(table.trials):
            self._filling = True
            self.table.selectRow(self.model.view_row(looked_at) or 0)
            self._filling = False

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, index: QModelIndex, _: QModelIndex) -> None:
        if index.isValid() and not self._filling:
            self.spot_chosen.emit(self.model.data_row(index.row()))

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        if index.isValid():
            self.spot_activated.emit(self.model.data_row(index.row()))


def trial_columns(table: GuidedTable) -> list[Column]:
    """Number, settings, error and its standard error, folds, time."""
    n = len(table.trials)
    settings = [
        _numbers(ROW_LETTERS.get(name, "λ"), values, value_words, _TIPS[name], 38 if name == "k" else None)
        for name, values in settings_of(table).items()
    ]
    spread = tr("Standard error of the mean over the folds")
    means = [float(mean) for mean in table.means[:n]]
    folds = tr("Fewer than all: clearly worse after the first ones, and given up, or still under way")
    seconds = [float(np.nansum(table.seconds[at])) for at in range(n)]
    lowest = means[table.best[0]] if table.best is not None else math.nan

    def best_role(mean: float) -> str | None:
        return "holdout" if mean == lowest else None

    return [
        _numbers("#", [float(at + 1) for at in range(n)], count, tr("Trials in the order of trying"), 46),
        *settings,
        Column(title=measure_words(table), values=means, format=_error_words, align="right",
               tip=tr("Mean of the folds that are done"), role_colour=best_role),
        _numbers("±", [float(error) for error in table.standard_errors[:n]], _error_words, spread, None),
        _numbers(tr("Folds"), [float(done) for done in table.folds_done[:n]], count, folds, 48),
        _numbers(tr("Time"), seconds, duration, tr("Of all its fits, one thread each"), 66),
    ]  # fmt: skip


_TIPS = {
    "k": tr("Attributes"),
    "lambda": tr("Ridge on users and movies"),
    "lambda_power": tr("λ is multiplied by the row's count to this power"),
    "lambda_bias": tr("Ridge on biases"),
}


def _numbers(title: str, values: list[float], words: Any, tip: str, width: int | None) -> Column:
    return Column(title=title, values=values, format=words, align="right", tip=tip, width=width)


def _error_words(value: float) -> str:
    return DASH if math.isnan(value) else error_figure(value)
