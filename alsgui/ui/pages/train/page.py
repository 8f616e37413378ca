"""Train: settings at the left, the live curve above the runs, the shown run in the inspector."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from alsgui.session.session import Session
from alsgui.session.split_verbs import why_not_now
from alsgui.session.state import Notice, Run, State
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.actions import BY_ID
from alsgui.ui.pages.base import Page
from alsgui.ui.pages.train.inspector import RunInspector
from alsgui.ui.pages.train.runs import RunsCard
from alsgui.ui.pages.train.settings import SettingsPanel
from alsgui.ui.pages.train.words import (
    first_epoch,
    is_learning,
    last_epoch,
    loss_formula,
    measure_words,
    outcome,
    place_of,
    shown_run,
    status_words,
)
from alsgui.ui.run_curves import CurveBook
from alsgui.ui.widgets.buttons import Kind, button, icon_button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.curves import ERRORS, LISTS, TrainingPlot
from alsgui.ui.widgets.empty import EmptyState
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment

WIDE_WINDOW = 1500
"""From this width of the window the settings are wider."""

_CURVE_FIELDS = {"runs", "model", "baselines", "popularity", "data", "split", "theme"}
_PANEL_FIELDS = {"config", "split", "data", "theme"}


class TrainPage(Page):
    """Fit, and watch it learn."""

    key = "train"

    def __init__(self, session: Session) -> None:
        settings = SettingsPanel(session)
        super().__init__(session, tr("Train"), left_panel=settings)
        self.settings = settings
        self._curves = CurveBook()
        self._was_learning = self._was_locked = False
        self._shown_baselines: list[tuple[str, float]] = []
        self.plot = TrainingPlot(tr("Training curves"))
        self.plot.hovered_epoch.connect(self._point_at)
        self.plot.exported.connect(self._tell_exported)
        self.plot.export_failed.connect(self._tell_not_exported)
        self.runs = RunsCard(session)
        self.run_inspector = RunInspector(session)
        self.inspector = self.run_inspector
        self._build_header()
        self._build_empty()
        card = Card()
        card.setAccessibleName(tr("Training curves"))
        card.body.addWidget(self.plot)
        self._stack = QStackedWidget()
        self._stack.addWidget(card)
        self._stack.addWidget(self._empty)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self.runs)
        self.settings.reset_wanted.connect(lambda: self.action_wanted.emit("reset_settings"))
        self.settings.holdout.file_wanted.connect(lambda: self.action_wanted.emit("holdout_file"))
        self.settings.holdout.export_wanted.connect(lambda: self.action_wanted.emit("export_split"))
        self.runs.action_wanted.connect(self.action_wanted)
        self.run_inspector.action_wanted.connect(self.action_wanted)

    def show_state(self, state: State, changed: set[str]) -> None:
        """Show settings, curves, runs and the inspector, each where something of it is new."""
        run = shown_run(state)
        learning = state.phase == "fitting"
        turned = learning != self._was_learning
        locked = bool(why_not_now(state))
        unlocked, self._was_locked = locked != self._was_locked, locked
        self._was_learning = learning
        self.subtitle.setText(status_words(state))
        if changed & _PANEL_FIELDS or turned or unlocked:
            self._show_settings(state, changed)
        if changed & _CURVE_FIELDS or turned:
            self._show_curves(state, run)
            self.runs.show_state(state)
            self._show_emptiness(state, run)
        if "job" in changed or turned:
            self._show_progress(state, run)
        self.run_inspector.show_state(state, changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the settings the width that fits the window."""
        super().resizeEvent(event)
        self._fit_panel()

    # Building

    def _build_header(self) -> None:
        self.x_axis = Segment([("epochs", tr("Epochs")), ("seconds", tr("Seconds"))], tr("Axis of the curves"))
        self.x_axis.chosen.connect(lambda key: self.plot.show_seconds(key == "seconds"))
        self.y_axis = Segment([("linear", tr("Linear")), ("log", tr("Log"))], tr("Scale of the curves"))
        self.y_axis.chosen.connect(lambda key: self.plot.show_log(key == "log"))
        self.export = icon_button("export", tr("Take the curves along: picture or numbers"))
        self.export.clicked.connect(self._offer_export)
        self._plot_controls = (self.x_axis, self.y_axis, self.export)
        for control in self._plot_controls:
            self.header.addWidget(control)

    def _build_empty(self) -> None:
        self.fit_button = self._action_button("fit", "primary")
        self._openers = [self._action_button(name) for name in ("open", "sample", "generate")]
        self._words = EmptyState("", "", [])
        self._empty = QWidget()
        buttons = row(self.fit_button, *self._openers, None)
        self._empty.setLayout(column(None, self._words, buttons, None, None, gap=14, margins=(48, 0, 48, 0)))

    def _action_button(self, name: str, kind: Kind = "secondary") -> QWidget:
        spec = BY_ID[name]
        made = button(spec.text.rstrip("."), spec.icon, kind, spec.tip)
        made.clicked.connect(lambda: self.action_wanted.emit(name))
        return made

    # Showing

    def _show_settings(self, state: State, changed: set[str]) -> None:
        self.settings.show_state(state)
        if "theme" in changed:
            self._fit_panel()
            self.runs.restyle()

    def _show_curves(self, state: State, run: Run | None) -> None:
        if run is None:
            self.plot.set_runs([])
            return
        in_stars = run.config.predicts_ratings
        others = [
            each
            for each in state.runs
            if each is not run and each.split is run.split and each.history and each.config.predicts_ratings == in_stars
        ]
        curves = [self._curves.curve(each, current=False) for each in others]
        self.plot.set_measure(ERRORS if in_stars else LISTS)
        self.plot.set_epoch_limit(last_epoch(state, run))
        self._show_baselines(state if run.split is state.split and run.split.share > 0 else None, in_stars=in_stars)
        self.plot.set_subtitles(measure_words(state, run), loss_formula(run.config))
        self.plot.set_sentence(*outcome(state, run))
        own = [self._curves.curve(run, current=True)] if run.history else []
        self.plot.set_runs([*curves, *own])

    def _show_progress(self, state: State, run: Run | None) -> None:
        """How far the epoch is that goes on, beyond those whose figures are known."""
        if run is None or not is_learning(state, run) or state.job is None or state.job.done is None:
            self.plot.set_progress("u", None)
            return
        n, side, share = place_of(state, run)
        known = run.history[-1].epoch if run.history else 0
        inside = first_epoch(run) + n - 1 - known + (0.5 if side == "m" else 0.0) + share / 2
        self.plot.set_progress(side, inside if 0 < inside <= 1 else None)

    def _show_baselines(self, state: State | None, *, in_stars: bool) -> None:
        shown: list[tuple[str, float]] = []
        if state is not None and not in_stars and state.popularity is not None:
            shown = [(tr("most rated"), state.popularity.watched.ndcg)]
        elif state is not None and in_stars and state.baselines is not None and state.ratings is not None:
            movie_mean = tr("{noun} mean", noun=state.ratings.noun)
            shown = [(movie_mean, state.baselines.movie_mean.rmse), (tr("biases"), state.baselines.biases.rmse)]
        if shown != self._shown_baselines:
            self._shown_baselines = shown
            self.plot.set_baselines(shown)

    def _show_emptiness(self, state: State, run: Run | None) -> None:
        empty = run is None
        self._stack.setCurrentIndex(1 if empty else 0)
        self.runs.setVisible(bool(state.runs))
        for control in self._plot_controls:
            control.setVisible(not empty)
        has_data = state.data is not None
        self.fit_button.setVisible(has_data)
        for opener in self._openers:
            opener.setVisible(not has_data)
        if has_data:
            self._words.set_words(tr("No run yet"), tr("Press Fit and watch u and m learn the ratings, step by step."))
        else:
            self._words.set_words(tr("No ratings yet"), tr("Open a file or a sample, or make some up."))

    def _fit_panel(self) -> None:
        self.settings.set_wide(self.window().width() / theme.current().scale >= WIDE_WINDOW)

    # Gestures

    @Slot(int)
    def _point_at(self, epoch: int) -> None:
        self.run_inspector.show_epoch(epoch if epoch >= 0 else None)

    @Slot()
    def _offer_export(self) -> None:
        self.plot.export_menu().popup(self.export.mapToGlobal(QPoint(0, self.export.height())))

    @Slot(str)
    def _tell_exported(self, path: str) -> None:
        self.session.tell(Notice("ok", tr("The curves are in {path}.", path=path)))

    @Slot(str)
    def _tell_not_exported(self, reason: str) -> None:
        self.session.tell(Notice("error", tr("The curves were not written."), reason))
