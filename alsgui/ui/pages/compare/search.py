"""The search on the page: what is tried, the tiles or dots that fill in, and the error against lambda or the trials."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QStackedWidget, QWidget

from alsgui.core import guided
from alsgui.core.errors import AlsguiError
from alsgui.core.search import Grid, SearchTable
from alsgui.core.trials import FIRST_FOLDS, GuidedTable, Space
from alsgui.session.searching import ROW_LETTERS, value_words
from alsgui.session.session import Session
from alsgui.session.state import Search, State
from alsgui.text import MINUS, count, tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.compare.guided_form import GuidedForm
from alsgui.ui.pages.compare.trials import TrialTable, figures_of_trials, measure_words
from alsgui.ui.qss import set_property
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.error_curves import ErrorCurve, ErrorCurves
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.search_map import GridFigures, SearchMap
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.trial_map import TrialMap

ROW_WORDS = {
    "k": (tr("K, attributes"), tr("Attributes")),
    "lambda_power": (tr("p, λ times the row's count to this power"), tr("Power of the count")),
    "lambda_bias": (tr("λᵦ, ridge on biases"), tr("Ridge on biases")),
}


def figures_of(table: SearchTable) -> GridFigures:
    """The tiles of a table."""
    return GridFigures(
        [value_words(value) for value in table.grid.row_values],
        [value_words(value) for value in table.grid.lambdas],
        ROW_WORDS[table.grid.row_setting][0],
        tr("λ, on users and movies"),
        table.means,
        table.standard_errors,
        table.folds_done,
        table.grid.n_folds,
        table.best,
        table.simplest,
    )


class GridForm(QWidget):
    """Asks what to try: the setting against lambda, both lists of values, and the folds.

    Signals
    -------
    wanted(object)
        A `Grid` that makes sense.
    """

    wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown_for: object = None
        self.setting = Segment([(key, title) for key, (_, title) in ROW_WORDS.items()], tr("Searched against λ"))
        self.setting.chosen.connect(self._fill)
        self.rows, self.lambdas = QLineEdit(), QLineEdit()
        self.rows.setAccessibleName(tr("Values of the setting"))
        self.lambdas.setAccessibleName(tr("Values of λ"))
        self.folds = NumberField(5, 2, 20, whole=True, name=tr("Folds"))
        self.problem = label("", "hint", "error", wrap=True)
        self.start = button(tr("Search"), "play-fill", "primary", tr("Fit every setting on every fold"))
        self.start.clicked.connect(self._take)
        for field in (self.rows, self.lambdas):
            field.returnPressed.connect(self._take)
        self._what = label("", "hint", "muted", wrap=True)
        self._row_title = label("", "strong")
        self.folds.setFixedWidth(theme.px(84))
        words = tr("Every setting is fitted on the same folds of the training ratings; the hold-out is not touched.")
        lines = (
            label(words, "body", "muted", wrap=True),
            row(self.setting, None),
            row(self._row_title, self.rows, gap=12),
            row(label("λ", "strong"), self.lambdas, gap=12),
            row(label(tr("Folds"), "strong"), self.folds, None, gap=12),
            self._what,
            self.problem,
            row(self.start, None),
        )
        self.setLayout(column(*lines, None, gap=10))

    def show_state(self, state: State) -> None:
        """Fill in the usual values for the settings on Train, unless something was typed."""
        powers = ("lambda_power", "lambda_bias")
        for name in powers:
            has = hasattr(state.config, name)
            self.setting.set_enabled(name, has, tr("{title} has none.", title=state.config.title))
            if not has and self.setting.current() == name:
                self.setting.set_current("k")
        basis = (state.split, state.config.algorithm, getattr(state.config, "lambda_power", None))
        if basis != self._shown_for and state.split is not None:
            self._shown_for = basis
            self._fill(self.setting.current())
        idle = state.job is None
        self.start.setEnabled(idle and state.split is not None)
        self.start.setToolTip("" if idle else tr("{job} is going on.", job=state.job.name if state.job else ""))
        self._what.setText(tr("All else is as on Train: {title}.", title=state.config.title))

    def grid(self) -> Grid:
        """What is asked for.

        Raises
        ------
        AlsguiError, ValueError
            When a list cannot be read or makes no sense.
        """
        state = self._session.state
        assert state.split is not None
        config = state.config.resolved(state.split.training)
        return Grid(
            config, _numbers(self.rows), _numbers(self.lambdas), self.setting.current(), int(self.folds.value())
        )

    def _fill(self, setting: str) -> None:
        self._row_title.setText(ROW_LETTERS[setting])
        grid = self._session.searching.usual_grid(setting)
        if grid is not None:
            self.rows.setText(", ".join(value_words(value) for value in grid.row_values))
            self.lambdas.setText(", ".join(value_words(value) for value in grid.lambdas))

    @Slot()
    def _take(self) -> None:
        if not self.start.isEnabled():
            return
        for field in (self.rows, self.lambdas):
            set_property(field, "wrong", "false")
        try:
            for field in (self.rows, self.lambdas):
                self._checked(field)
            grid = self.grid()
        except AlsguiError as error:
            self.problem.setText(f"{error.message} {error.hint}")
        except ValueError as error:
            self.problem.setText(str(error))
        else:
            self.problem.setText("")
            self.wanted.emit(grid)

    @staticmethod
    def _checked(field: QLineEdit) -> None:
        try:
            _numbers(field)
        except ValueError:
            set_property(field, "wrong", "true")
            field.setFocus()
            raise


def _numbers(field: QLineEdit) -> tuple[float, ...]:
    """Numbers between commas, semicolons or spaces."""
    words = field.text().replace(MINUS, "-").replace(";", " ").replace(",", " ").split()
    numbers = []
    for word in words:
        try:
            number = float(word)
        except ValueError:
            raise ValueError(tr("{word} is not a number. Write numbers with commas between.", word=word)) from None
        if not math.isfinite(number):
            raise ValueError(tr("{word} is not a finite number.", word=word))
        numbers.append(number)
    return tuple(numbers)


INSTALL = "pip install alsgui[search]"


class AskPane(QWidget):
    """Grid or guided, and the form of either.

    Signals
    -------
    wanted(object)
        A `Grid` or a `Space` that makes sense.
    """

    wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.kind = Segment([("grid", tr("Grid")), ("guided", tr("Guided (optuna)"))], tr("How it is searched"))
        self.grid, self.guided = GridForm(session), GuidedForm(session)
        self._forms = QStackedWidget()
        for form in (self.grid, self.guided):
            self._forms.addWidget(form)
            form.wanted.connect(self.wanted)
        self.kind.chosen.connect(lambda kind: self._forms.setCurrentIndex(("grid", "guided").index(kind)))
        needs = tr("Guided needs optuna: {command}", command=INSTALL)
        self.missing = label(needs, "hint", "muted")
        self.missing.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        there = guided.available()
        self.kind.set_enabled("guided", there, needs)
        self.missing.setVisible(not there)
        self.setLayout(
            column(row(self.kind, self.missing, None, gap=12), scrolling(self._forms), gap=10, margins=(0, 6, 0, 0))
        )

    def show_state(self, state: State) -> None:
        """Fill both forms."""
        self.grid.show_state(state)
        self.guided.show_state(state)


class SearchCards(QWidget):
    """Tiles and the error against lambda, or dots and the table of trials; before a search, what to try."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._asking = False
        verbs = session.searching
        self.map = SearchMap(tr("Search"))
        self.map.spot_chosen.connect(verbs.choose)
        self.map.spot_activated.connect(verbs.make_model)
        self.curves = ErrorCurves(tr("Error against lambda"))
        self.dots, self.trials = TrialMap(tr("Search")), TrialTable()
        for shown in (self.dots, self.trials):
            shown.spot_chosen.connect(lambda number: verbs.choose((number,)))
            shown.spot_activated.connect(lambda number: verbs.make_model((number,)))
        self.ask = AskPane(session)
        self.ask.wanted.connect(self._start)
        self.form = self.ask.grid
        self.pause = icon_button("pause-fill", tr("Pause the search"))
        self.pause.clicked.connect(verbs.toggle_pause)
        self.stop = icon_button("stop-fill", tr("Stop the search; what is done is kept"))
        self.stop.clicked.connect(verbs.stop)
        self.resume = button(tr("Go on"), "play-fill", tip=tr("Go on where the search was left"))
        self.resume.clicked.connect(verbs.go_on)
        self.again = button(tr("New search"), "arrows-clockwise", "ghost", tr("Choose other values"))
        self.again.clicked.connect(self._ask)
        self.back = button(tr("Back"), "x", "ghost", tr("Back to the search that is there"))
        self.back.clicked.connect(self._stop_asking)
        self.left, self.right = Card(tr("Search")), Card(tr("Error against λ"))
        self.list = Card(tr("Trials"), edge_to_edge=True)
        copy = icon_button("copy", tr("Copy all trials"))
        copy.clicked.connect(self.trials.table.copy_all)
        self.list.add_action_widget(copy)
        for control in (self.pause, self.stop, self.resume, self.again, self.back):
            self.left.add_action_widget(control)
        self._stack = QStackedWidget()
        for pane in (self.ask, self.map, self.dots):
            self._stack.addWidget(pane)
        self.left.body.addWidget(self._stack)
        self.right.body.addWidget(self.curves)
        self.list.body.addWidget(self.trials)
        cards = row(self.left, self.right, self.list, gap=12)
        for at, (card, share) in enumerate(((self.left, 6), (self.right, 4), (self.list, 6))):
            card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # the shares alone count
            cards.setStretch(at, share)
        self.setLayout(cards)

    def show_state(self, state: State) -> None:
        """Show the search as far as it is, or the form."""
        search, job = state.search, state.job
        running = job is not None and job.kind == "search"
        if running:
            self._asking = False
        asking = search is None or self._asking
        table = None if search is None or asking else search.table
        is_guided = isinstance(table, GuidedTable)
        self._stack.setCurrentIndex(0 if table is None else 2 if is_guided else 1)
        self.right.setVisible(table is not None and not is_guided)
        self.list.setVisible(is_guided)
        self.ask.show_state(state)
        self.pause.setVisible(running)
        self.stop.setVisible(running)
        paused = job is not None and job.paused
        self.pause.setIcon(theme.icon("play-fill" if paused else "pause-fill"))
        self.pause.setToolTip(tr("Let the search go on") if paused else tr("Pause the search"))
        self.resume.setVisible(search is not None and not asking and not running and not search.table.complete)
        can_go_on = not is_guided or guided.available()
        self.resume.setEnabled(job is None and can_go_on)
        self.resume.setToolTip(tr("Go on where the search was left") if can_go_on else self.ask.missing.text())
        self.again.setVisible(not asking and not running)
        self.back.setVisible(asking and search is not None)
        if search is None or asking:
            self.left.set_title(tr("Search"))
            self.left.set_subtitle(tr("for settings, by cross-validation"))
        elif isinstance(search.table, GuidedTable):
            self._show_trials(search.table, search)
        else:
            self._show_table(search.table)
            self.map.set_chosen(search.chosen)

    def _show_trials(self, table: GuidedTable, search: Search) -> None:
        done, space = table.n_settled, table.space
        self.left.set_title(tr("Search: {measure}", measure=measure_words(table)))
        ring = tr("ring: best") if table.simplest == table.best else tr("ring: best, dashed: simplest")
        words = tr("{done} of {all} trials", done=count(done), all=space.n_trials)
        self.left.set_subtitle(f"{words}, {ring}" if table.best is not None else words)
        self.dots.set_figures(figures_of_trials(table))
        self.dots.set_chosen(None if search.chosen is None else search.chosen[0])
        self.trials.show_trials(table, None if search.cell is None else search.cell[0])
        given = int(np.count_nonzero(table.folds_done[:done] < space.n_folds))
        self.list.set_subtitle(tr("{n} given up after {folds} folds", n=given, folds=FIRST_FOLDS) if given else "")

    def _show_table(self, table: SearchTable) -> None:
        grid, measure = table.grid, measure_words(table)
        self.left.set_title(tr("Search: {measure}", measure=measure))
        done = int(np.count_nonzero(table.folds_done == grid.n_folds))
        frame = tr("frame: best") if table.simplest == table.best else tr("frame: best, dashed: simplest")
        words = tr("{folds} folds, {done} of {all} settings", folds=grid.n_folds, done=count(done), all=grid.n_cells)
        self.left.set_subtitle(f"{words}, {frame}" if table.best is not None else words)
        self.map.set_figures(figures_of(table))
        self.right.set_title(tr("{measure} against λ", measure=measure))
        self.right.set_subtitle(tr("± 1 s.e. over folds"))
        letter = ROW_LETTERS[grid.row_setting]
        best = table.best
        curves = [
            ErrorCurve(f"{letter} = {value_words(value)}", grid.lambdas, table.means[at].tolist(),
                       table.standard_errors[at].tolist(), strong=best is not None and at == best[0])
            for at, value in enumerate(grid.row_values)
        ]  # fmt: skip
        known = table.means[np.isfinite(table.means)]
        ceiling = None
        if len(known):
            ceiling = float(known.min() + 3 * (np.median(known) - known.min())) or None
        words_of_x = [(value, value_words(value)) for value in grid.lambdas]
        log = min(grid.lambdas) > 0
        self.curves.set_curves(curves, "λ", words_of_x, log_x=log, ceiling=ceiling)

    @Slot(object)
    def _start(self, wanted: Grid | Space) -> None:
        self._asking = False
        self._session.searching.start(wanted)

    @Slot()
    def _ask(self) -> None:
        self._asking = True
        self.show_state(self._session.state)
        self.ask.kind.setFocus() if self.ask.kind.current() == "guided" else self.form.rows.setFocus()

    @Slot()
    def _stop_asking(self) -> None:
        self._asking = False
        self.show_state(self._session.state)
