"""The runs of the session: their curves, and the table under the plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu

from alsgui.session.recipe import as_python
from alsgui.session.session import Session
from alsgui.session.state import Notice, Run, State
from alsgui.text import DASH, STAR, count, decimal, duration, error_figure, tr
from alsgui.ui import theme
from alsgui.ui.actions import BY_ID
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.train.words import (
    Figures,
    algorithm_words,
    best_words,
    figures_at,
    is_learning,
    lambda_words,
    shown_run,
    split_words,
)
from alsgui.ui.run_files import ask_for_model, ask_for_run
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.table_cells import SwatchCell
from alsgui.ui.widgets.tables import DataTable

HEIGHT = 190
NARROWEST = 54
"""Width of a column in which a run's name can be read."""
NAN = float("nan")


class RunModel(ArrayTableModel):
    """Rows of runs; those of other data are grey and say so."""

    def __init__(self) -> None:
        super().__init__()
        self.tips: list[str] = []

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As any table, with a tooltip for each row."""
        tip = self.tips[self.data_row(index.row())]
        if role == Qt.ItemDataRole.ForegroundRole and tip:
            return theme.color("muted")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip or None
        return super().data(index, role)

    def refresh(self) -> None:
        """Show values that changed in place."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))


class RunTable(DataTable):
    """Table of runs whose menu begins with what can be done with a run."""

    def __init__(self, model: RunModel, fill_menu: Callable[[QMenu, int], None]) -> None:
        super().__init__(model, tr("Runs"), narrowest=NARROWEST)
        self._fill_menu = fill_menu

    def context_menu(self) -> QMenu:
        """Verbs of the run under the cursor, then copying."""
        menu = super().context_menu()
        data_row = self.current_data_row()
        if data_row is None:
            return menu
        first = menu.actions()[0]
        verbs = QMenu(menu)
        self._fill_menu(verbs, data_row)
        for action in verbs.actions():
            menu.insertAction(first, action)
        menu.insertSeparator(first)
        return menu


class RunsCard(Card):
    """Every run of the session, newest first; what is equal in all of them stands in the subtitle.

    Signals
    -------
    action_wanted(str)
        Id of the action that a button stands for.
    """

    action_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(tr("Runs"), edge_to_edge=True)
        self._session = session
        self._runs: list[Run] = []
        self._columns: list[Column] = []
        self.model = RunModel()
        self.table = RunTable(self.model, self._fill_menu)
        self.table.clicked.connect(self._show_run_at)
        self.table.activated.connect(self._show_run_at)
        self.more = button(BY_ID["go_on"].text, "play-fill", "ghost", BY_ID["go_on"].tip)
        self.more.clicked.connect(lambda: self.action_wanted.emit("go_on"))
        self.more_for = icon_button("dots-three", BY_ID["go_on_for"].text)
        self.more_for.clicked.connect(lambda: self.action_wanted.emit("go_on_for"))
        self.add_action_widget(self.more)
        self.add_action_widget(self.more_for)
        self.body.addWidget(self.table)
        self.restyle()

    def restyle(self) -> None:
        """Take the text size of the theme."""
        self.setFixedHeight(theme.px(HEIGHT))

    def show_state(self, state: State) -> None:
        """Show the runs. Where only figures are new, the rows stay as they are, with their order and selection."""
        self._runs = list(reversed(state.runs))
        columns, subtitle = _columns(state, self._runs)
        self.set_subtitle(subtitle)
        self.model.tips = [_tip(state, run) for run in self._runs]
        same_shape = [column.title for column in columns] == [column.title for column in self._columns]
        if same_shape and len(self._runs) == self.model.rowCount():
            for old, new in zip(self._columns, columns, strict=True):
                old.values[:] = new.values  # type: ignore[index]
            self.model.refresh()
        else:
            self._columns = columns
            self.model.set_columns(columns, len(self._runs))
        self._select(state)
        refusal = BY_ID["go_on"].refusal(state)
        self.more_for.setEnabled(not refusal)
        self.more.setEnabled(not refusal)
        self.more.setToolTip(refusal or BY_ID["go_on"].tip)

    def _select(self, state: State) -> None:
        run = shown_run(state)
        number = next((at for at, each in enumerate(self._runs) if each is run), None)
        selected = self.table.selectionModel().selectedRows()
        if number is None:
            self.table.clearSelection()
        elif not selected or (len(selected) == 1 and self.table.current_data_row() != number):
            self.table.select_data_row(number)

    @Slot(QModelIndex)
    def _show_run_at(self, index: QModelIndex) -> None:
        if index.isValid():
            self._session.fitting.show_run(self._runs[self.model.data_row(index.row())].number)

    def _fill_menu(self, menu: QMenu, data_row: int) -> None:
        run, session = self._runs[data_row], self._session
        fitting, ended = session.fitting, run.model is not None and not is_learning(session.state, run)
        here = _is_here(session.state, run)
        show = menu.addAction(tr("Show {run}", run=run.name), lambda: fitting.show_run(run.number))
        show.setEnabled(ended and here and session.state.phase != "fitting")
        if not here:
            menu.addAction(tr("Open its data again"), lambda: session.open_source(run.source))
        copy = menu.addAction(theme.icon("copy"), tr("Copy as Python"), lambda: self._copy_python(run))
        copy.setEnabled(ended)
        for name in ("from_here", "back_to_best", "fit_on_all"):
            spec = BY_ID[name]
            action = menu.addAction(spec.text, lambda name=name: self.action_wanted.emit(name))
            action.setEnabled(run is session.state.current_run and not spec.refusal(session.state))
            action.setToolTip(spec.refusal(session.state) or spec.tip)
        peace = session.state.job is None
        for words, ask in ((tr("Export run..."), ask_for_run), (tr("Save model..."), ask_for_model)):
            action = menu.addAction(words, lambda ask=ask: ask(self, session, run))
            action.setEnabled(ended and peace)
        menu.addAction(theme.icon("text-t"), tr("Rename..."), lambda: self._rename(run))
        star = tr("Take the star away") if run.starred else tr("Star")
        menu.addAction(theme.icon("star"), star, lambda: session.keeping.star(run.number))
        forget = menu.addAction(theme.icon("trash"), tr("Forget"), lambda: session.keeping.forget(run.number))
        forget.setEnabled(ended)

    def _rename(self, run: Run) -> None:
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Rename"))
        dialog.setLabelText(tr("Name of the run; empty for its number"))
        dialog.setTextValue(run.title)
        dialog.textValueSelected.connect(lambda title: self._session.keeping.rename(run.number, title))
        dialog.open()

    def _copy_python(self, run: Run) -> None:
        QApplication.clipboard().setText(as_python(run))
        self._session.tell(Notice("ok", tr("{run} is on the clipboard as Python.", run=run.name)))


def _run_words(run: Run) -> str:
    return f"{STAR} {run.name}" if run.starred else run.name


def _is_here(state: State, run: Run) -> bool:
    return state.data is not None and run.split.ratings is state.data.ratings


def _tip(state: State, run: Run) -> str:
    if _is_here(state, run):
        return ""
    return tr("Of {data}, which is not open. The context menu opens its data again.", data=run.split.ratings.name)


def _columns(state: State, runs: list[Run]) -> tuple[list[Column], str]:
    """The columns that tell the runs apart, and a subtitle of what does not."""
    figures = [figures_at(state, run) for run in runs]
    several = len(runs) > 1
    told: list[str] = []
    current = shown_run(state)
    lambdas = [lambda_words(run.config) for run in runs]
    reseeded = len({run.split.seed for run in runs}) > 1
    aside = [split_words(run, with_seed=reseeded) for run in runs]
    aside_width = 116 if reseeded else 100 if max(map(len, aside), default=0) > 8 else 84
    short = len({algorithm_words(run, short=True) for run in runs}) > 1
    algorithms = [algorithm_words(run, short=short) for run in runs]
    resplit = len({id(run.split) for run in runs if _is_here(state, run)}) > 1
    swatches = [_swatch(state, run, run is current) for run in runs]
    columns = [
        Column(title="", values=swatches, cell=SwatchCell(), width=36),
        Column(title=tr("Run"), values=[_run_words(run) for run in runs], keys=[run.number for run in runs]),
        *_unless_equal(tr("Algorithm"), algorithms, "{}", told, 76),
        *_unless_equal("K", [run.config.k for run in runs], "K {}", told, 36, right=True, always=not several),
        *_unless_equal("λ", lambdas, "λ {}", told, 78, right=True, always=not several),
        *(_unless_equal(tr("Set aside"), aside, "", told, aside_width, right=True) if resplit else []),
        *_figure_columns(runs, figures, with_best=not resplit),  # of another hold-out it would be another best
    ]
    seconds = [run.history[-1].seconds if run.history else NAN for run in runs]
    columns.append(
        Column(title=tr("Time"), values=seconds, format=_time_words, align="right", width=62, tip=tr("Time of solving"))
    )
    return columns, tr("all {same}", same=", ".join(told)) if told and several else ", ".join(told)


def _figure_columns(runs: list[Run], figures: Sequence[Figures | None], *, with_best: bool) -> list[Column]:
    """Errors where any run predicts ratings, figures of lists where any does not; a dash for what a run has not."""

    def column(title: str, name: str, tip: str, width: int) -> Column:
        values = [getattr(each, name) if each else NAN for each in figures]
        return _number_column(title, values, tip, width)

    judged = any(run.split.share for run in runs)
    mixed = len({run.config.predicts_ratings for run in runs}) > 1  # room for the two kinds, and no best of both
    columns = []
    if any(run.config.predicts_ratings for run in runs):
        columns.append(column(tr("Training"), "rmse_train", tr("RMSE on the ratings it learnt from, in stars"), 64))
        tip = tr("RMSE on the hold-out, in stars; of what is kept, the closing half-step included")
        if judged:
            columns.append(column(tr("Hold-out"), "rmse_holdout", tip, 64))
        else:
            squared = [each.rmse_train**2 if each else NAN for each in figures]
            tip = tr("Mean squared error: RMSE squared")
            columns.append(_number_column(tr("Mean sq. error"), squared, tip, 100))
    if not all(run.config.predicts_ratings for run in runs):
        if judged:
            tip = tr("Of lists of 20 on hold-out users, 0 to 1; higher is better")
            columns.append(column(tr("NDCG@20"), "ndcg", tip, 78))
            if not mixed:
                columns.append(column(tr("Recall@20"), "recall", tip, 80))
        else:
            losses = [each.loss if each else NAN for each in figures]
            tip = tr("The objective; it tells runs with equal settings apart")
            columns.append(
                Column(title=tr("Loss L"), values=losses, format=_loss_words, align="right", tip=tip, width=86)
            )
    if judged and with_best and not mixed:
        best = [best_words(run) for run in runs]
        columns.append(Column(title=tr("Best at epoch"), values=best, align="right", width=102))
    return columns


def _unless_equal(
    title: str,
    values: list[Any],
    words: str,
    told: list[str],
    width: int,
    *,
    right: bool = False,
    always: bool = False,
) -> list[Column]:
    """A column, or where all values are equal none and its words in `told`."""
    if len(set(values)) <= 1 and not always:
        told += [words.format(values[0])] if values and words else []
        return []
    return [Column(title=title, values=values, format=_plain, align="right" if right else "left", width=width)]


def _number_column(title: str, values: list[float], tip: str, width: int) -> Column:
    return Column(title=title, values=values, format=error_figure, align="right", tip=tip, width=width)


def _plain(value: Any) -> str:
    return count(value) if isinstance(value, int) else str(value)


def _loss_words(loss: float) -> str:
    return DASH if math.isnan(loss) else count(loss) if abs(loss) >= 100 else decimal(loss, 4)


def _time_words(seconds: float) -> str:
    if math.isnan(seconds):
        return DASH
    return f"{decimal(seconds, 2)} s" if seconds < 10 else duration(seconds)


def _swatch(state: State, run: Run, is_shown: bool) -> str:
    if not is_shown:
        return "older"
    return "holdout" if run.split.share else "training"
