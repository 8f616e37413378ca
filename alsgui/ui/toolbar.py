"""The toolbar: open, fit, which model, search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSizePolicy

from alsgui.io.catalog import CATALOG
from alsgui.session.state import State
from alsgui.text import THIN_SPACE, count, error_figure, tr
from alsgui.ui import theme
from alsgui.ui.find import finder
from alsgui.ui.widgets.buttons import Kind, button, icon_button, relabel
from alsgui.ui.widgets.layouts import row
from alsgui.ui.widgets.searchbox import SearchBox

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.ui.main_window import MainWindow

NARROW = 1100
"""Below this width, in pixels before the text size, search is a button and the rail has icons alone."""

TIGHT = 900
"""Below this width buttons that an icon tells are icons alone: a large text size in a small window."""


class Toolbar(QFrame):
    """Buttons for the main way through the program. Each stands for an action of the table."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.setProperty("k", "bar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._buttons: dict[str, QPushButton] = {}
        samples = ("sample", *(f"download_{entry.name}" for entry in CATALOG))
        self.samples = self._menu_button(tr("Samples"), "books", [window.actions_by_id[name] for name in samples])
        examples = [window.actions_by_id[name] for name in ("chapter", "low_rank", "invented", "generate")]
        self.examples = self._menu_button(tr("Generate"), "dice-five", examples)
        self.fit = self._button("fit", "primary")
        self.fit.clicked.disconnect()
        self.fit.clicked.connect(self._fit_or_pause)
        self.fit.installEventFilter(self)
        self.model = button(tr("No model yet"), "stack")
        self.model_menu = QMenu(self)
        self.model_menu.aboutToShow.connect(self._list_runs)
        self.model.setMenu(self.model_menu)
        self.search = SearchBox(tr("Search users, movies, actions"), finder(window), "Ctrl K")
        self.search.activated.connect(lambda run: run())
        self.search_button = icon_button("magnifying-glass", tr("Search (Ctrl+K)"))
        self.search_button.clicked.connect(window.focus_search)
        self.dark = icon_button("moon", tr("Light or dark"))
        self.dark.clicked.connect(window.actions_by_id["dark"].trigger)
        self.inspector = icon_button("columns", tr("Inspector (F4)"))
        self.inspector.clicked.connect(window.actions_by_id["inspector"].trigger)
        self.setLayout(
            row(
                self._button("open", "ghost"), self.samples, self.examples, _line(),
                self.fit, self._button("half_step"), self._button("stop"), _line(),
                self.model, None, self.search, self.search_button, self.dark, self.inspector,
                gap=6, margins=(8, 8, 8, 8),
            )
        )  # fmt: skip

    def sizeHint(self) -> QSize:
        """46 high."""
        return QSize(super().sizeHint().width(), theme.px(46))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a double click on Fit as one click: its second half would pause the fit that its first has started."""
        return watched is self.fit and event.type() is QEvent.Type.MouseButtonDblClick

    def show_state(self, state: State) -> None:
        """Enable, disable and name the buttons."""
        for name, made in self._buttons.items():
            action = self._window.actions_by_id[name]
            made.setEnabled(action.isEnabled())
            made.setToolTip(action.toolTip())
        self._show_fit(state)
        self._show_model(state)
        self.dark.setIcon(theme.icon("sun" if theme.current().dark else "moon"))

    def set_room(self, width: float) -> None:
        """Search as a button or a field, buttons as icons or words, as `width` (before the text size) allows."""
        self.search.setVisible(width >= NARROW)
        self.search_button.setVisible(width < NARROW)
        for made in (self.samples, self.examples, *(self._buttons[name] for name in ("open", "half_step", "stop"))):
            made.setText(THIN_SPACE + made.accessibleName() if width >= TIGHT else "")

    def _show_fit(self, state: State) -> None:
        if state.phase != "fitting" or state.job is None:
            relabel(self.fit, tr("Fit"), "play-fill")
            return
        action = self._window.actions_by_id["pause"]
        words = (tr("Resume"), "play-fill") if state.job.paused else (tr("Pause"), "pause-fill")
        relabel(self.fit, *words)
        self.fit.setEnabled(action.isEnabled())
        self.fit.setToolTip(action.toolTip())

    def _show_model(self, state: State) -> None:
        model = state.model
        shown = state.current_run.config if state.phase == "fitting" and state.current_run else None
        config = shown or (model.config if model is not None else None)
        words = tr("{title}  ·  K {k}", title=config.title, k=config.k) if config else tr("No model yet")
        relabel(self.model, words, "stack")
        self.model.setEnabled(bool(state.runs))
        self.model.setToolTip(tr("Which run is shown") if state.runs else tr("Open ratings and press Fit"))

    def _list_runs(self) -> None:
        state = self._window.session.state
        self.model_menu.clear()
        for run in reversed(state.runs):
            if run.model is None:
                continue
            action = self.model_menu.addAction(
                tr("{name}:  K {k}, {figure}", name=run.name, k=count(run.config.k), figure=_figure_words(run.model))
            )
            action.setCheckable(True)
            action.setChecked(run.model is state.model)
            same = state.data is not None and run.split.ratings is state.data.ratings
            action.setEnabled(same and state.phase != "fitting")
            action.triggered.connect(lambda _=False, n=run.number: self._window.session.fitting.show_run(n))

    def _fit_or_pause(self) -> None:
        fitting = self._window.session.state.phase == "fitting"
        self._window.actions_by_id["pause" if fitting else "fit"].trigger()

    def _button(self, name: str, kind: Kind = "secondary") -> QPushButton:
        action = self._window.actions_by_id[name]
        spec = self._window.specs[name]
        made = button(spec.text.rstrip("."), spec.icon, kind)
        made.clicked.connect(action.trigger)
        self._buttons[name] = made
        return made

    def _menu_button(self, text: str, icon: str, actions: list[QAction]) -> QPushButton:
        made = button(text, icon, "ghost")
        menu = QMenu(made)
        menu.setToolTipsVisible(True)
        menu.addActions(actions)
        made.setMenu(menu)
        return made


def _figure_words(model: Model) -> str:
    """The figure by which a run is known: hold-out RMSE or NDCG, else training RMSE or the loss."""
    if not model.config.predicts_ratings:
        lists = model.holdout_ranking
        if lists.n_users:
            return tr("NDCG@20 {ndcg}", ndcg=error_figure(lists.ndcg))
        return tr("loss {loss}", loss=count(model.half_steps[-1].loss)) if model.half_steps else tr("not judged")
    judged = model.holdout_figures if model.holdout_figures.n else model.training_figures
    sample = tr("hold-out") if model.holdout_figures.n else tr("training")
    return tr("{sample} RMSE {rmse}", sample=sample, rmse=error_figure(judged.rmse))


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("k", "line")
    line.setFixedHeight(theme.px(20))
    return line
