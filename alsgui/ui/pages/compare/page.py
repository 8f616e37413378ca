"""Compare: runs and baselines above; below the search, the curves, or two of them against each other."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from alsgui.session.session import Session
from alsgui.session.split_words import words_of
from alsgui.session.state import State
from alsgui.text import count, tr
from alsgui.ui.actions import BY_ID
from alsgui.ui.pages.base import Page
from alsgui.ui.pages.compare.entries import Entry, JudgeBook, entries_of
from alsgui.ui.pages.compare.experiments import ExperimentCards
from alsgui.ui.pages.compare.inspector import CompareInspector
from alsgui.ui.pages.compare.search import SearchCards
from alsgui.ui.pages.compare.table import ContendersCard
from alsgui.ui.pages.compare.two import TwoCards
from alsgui.ui.run_curves import CurveBook
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.curves import ERRORS, LISTS, TrainingPlot
from alsgui.ui.widgets.empty import EmptyState
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment

_VIEWS = (
    ("search", tr("Search")),
    ("curves", tr("Curves")),
    ("two", tr("Two runs")),
    ("experiment", tr("Experiments")),
)


class ComparePage(Page):
    """Runs side by side, and the search for settings."""

    key = "compare"

    def __init__(self, session: Session) -> None:
        super().__init__(session, tr("Compare"))
        self._book = JudgeBook(session, self._figures_came)
        self._curves = CurveBook()
        self._entries: list[Entry] = []
        self.view = Segment(_VIEWS, tr("Below the table"))
        self.view.chosen.connect(lambda _: self._show_view(session.state))
        self.header.addWidget(self.view)
        self.contenders = ContendersCard(self._book)
        self.contenders.changed.connect(self._chosen)
        self.contenders.activated.connect(self._show_run)
        self.search = SearchCards(session)
        self.two = TwoCards(session, self._book)
        self.plot = TrainingPlot(tr("Curves of all runs"))
        curves = Card()
        curves.setAccessibleName(tr("Curves of all runs"))
        curves.body.addWidget(self.plot)
        self._views = QStackedWidget()
        self.experiments = ExperimentCards(session)
        for view in (self.search, curves, self.two, self.experiments):
            self._views.addWidget(view)
        self._full = QWidget()
        full = column(self.contenders, self._views, gap=12)
        full.setStretch(1, 1)
        self._full.setLayout(full)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._full)
        self._stack.addWidget(self._emptiness())
        self.body.addWidget(self._stack, 1)
        self.compare_inspector = CompareInspector(session)
        self.inspector = self.compare_inspector
        self.compare_inspector.action_wanted.connect(self.action_wanted)

    def show_state(self, state: State, changed: set[str]) -> None:
        """Show the table where runs are new, and the view below it."""
        self._stack.setCurrentIndex(1 if state.data is None else 0)
        self.view.setVisible(state.data is not None)
        if "theme" in changed:
            self.contenders.restyle()
        if changed & {"data", "split", "runs", "model", "theme"}:
            self._show_table(state)
        if "experiment" in changed and state.experiment:
            self.view.set_current("experiment")
        self._show_view(state)
        self.compare_inspector.show_state(state)

    def _emptiness(self) -> QWidget:
        openers = []
        for name in ("open", "sample", "generate"):
            spec = BY_ID[name]
            made = button(spec.text.rstrip("."), spec.icon, tip=spec.tip)
            made.clicked.connect(lambda _=False, name=name: self.action_wanted.emit(name))
            openers.append(made)
        words = EmptyState(
            tr("No ratings yet"), tr("Open a file or a sample, or make some up, to compare runs on them.")
        )
        empty = QWidget()
        empty.setLayout(column(None, words, row(*openers, None), None, None, gap=14, margins=(48, 0, 48, 0)))
        return empty

    # Showing

    def _show_table(self, state: State) -> None:
        self._entries, elsewhere = entries_of(state)
        if state.split is None:
            return
        split = state.split
        same = tr("same hold-out: {what}, seed {seed}", what=words_of(split), seed=split.seed)
        aside = same if len(split.held_out) else tr("no hold-out: nothing can be judged")
        self.subtitle.setText(aside)
        events = self._events()
        self._book.want(self._entries, split, self.contenders.n, events=events)
        judged_on = ""
        if split.kind == "users" and len(split.held_out):
            judged_on = tr("on users kept aside, folded in")
        elif len(split.held_out):
            judged_on = tr("on {n} held-out ratings", n=count(len(split.held_out)))
        self.contenders.show_entries(self._entries, events=events, elsewhere=elsewhere, judged_on=judged_on)

    def _show_view(self, state: State) -> None:
        view = self.view.current()
        self._views.setCurrentIndex([key for key, _ in _VIEWS].index(view))
        if view == "search":
            self.search.show_state(state)
        elif view == "curves":
            self._show_curves(state)
        elif view == "two":
            self.two.show_pair(state, self._pair())
        else:
            self.experiments.show_state(state)

    def _show_curves(self, state: State) -> None:
        runs = [run for run in state.runs if run.split is state.split and run.history]
        current = state.current_run if state.current_run in runs else (runs[-1] if runs else None)
        in_stars = current is None or current.config.predicts_ratings
        shown = [run for run in runs if run.config.predicts_ratings == in_stars and run is not current]
        self.plot.set_measure(ERRORS if in_stars else LISTS)
        self.plot.set_epoch_limit(max((run.history[-1].epoch for run in runs), default=0))
        known = state.baselines
        self.plot.set_baselines([(tr("biases"), known.biases.rmse)] if known is not None and in_stars else [])
        made = [self._curves.curve(run, current=False) for run in shown]
        self.plot.set_runs([*made, *([self._curves.curve(current, current=True)] if current is not None else [])])

    def _events(self) -> bool:
        """Whether any held-out event is relevant: where no run predicts ratings."""
        runs = [entry.run for entry in self._entries if entry.run is not None]
        return bool(runs) and not any(run.config.predicts_ratings for run in runs)

    def _pair(self) -> tuple[Entry, Entry] | None:
        """Two selected rows, the lower first; with one, it against the biases; with none, the newest run."""
        chosen = self.contenders.selected()
        if len(chosen) >= 2:
            return chosen[1], chosen[0]
        biases = next((entry for entry in self._entries if entry.key == "biases"), None)
        runs = [entry for entry in self._entries if entry.run is not None]
        other = chosen[0] if chosen else (runs[0] if runs else None)
        if biases is None or other is None or other is biases:
            return None
        return biases, other

    # What comes back, and gestures

    def _figures_came(self) -> None:
        self._note("runs")

    @Slot()
    def _chosen(self) -> None:
        self._note("runs")

    @Slot(object)
    def _show_run(self, entry: Entry) -> None:
        if entry.run is not None and entry.run.number:
            self.session.fitting.show_run(entry.run.number)
