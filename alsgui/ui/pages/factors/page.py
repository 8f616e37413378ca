"""The Factors page: u, m and r as pictures and as numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from alsgui.core.attributes import Attributes, attributes
from alsgui.core.factor_view import FactorSource
from alsgui.core.model import Model
from alsgui.session.session import Session
from alsgui.session.state import Live, Notice, State
from alsgui.text import count, percent, tr
from alsgui.ui import theme
from alsgui.ui.pages.base import Page
from alsgui.ui.pages.factors.attributes import AttributesPanel
from alsgui.ui.pages.factors.diagnosis import DiagnosisView
from alsgui.ui.pages.factors.empty import NothingYet
from alsgui.ui.pages.factors.inspector import FactorsInspector
from alsgui.ui.pages.factors.map import MapView
from alsgui.ui.pages.factors.meaning import MeaningView
from alsgui.ui.pages.factors.numbers import Numbers
from alsgui.ui.pages.factors.picture_menus import PictureMenus
from alsgui.ui.pages.factors.pictures import Pictures
from alsgui.ui.pages.factors.starts import StartsView
from alsgui.ui.pages.factors.taking import plots_menu
from alsgui.ui.widgets.banner import Banner
from alsgui.ui.widgets.buttons import icon_button
from alsgui.ui.widgets.layouts import row
from alsgui.ui.widgets.segment import Segment

WIDE = 1040
"""Width of the page from which the attributes stand beside the picture."""

NUMBERS_MS = 500
"""Time between two fillings of the tables while a fit goes on."""

PICTURE_SHARE, ATTRIBUTES_SHARE = 11, 10


class FactorsPage(Page):
    """Pictures of u, m and r with what is known of a cell, attributes where there is room, and tables."""

    key = "factors"

    def __init__(self, session: Session) -> None:
        super().__init__(session, tr("Factors"))
        self._origin: Model | Live | None = None
        self._source: FactorSource | None = None
        self._attributes: Attributes | None = None
        self.which = Segment(
            [
                ("pictures", tr("u · m · r")),
                ("error", tr("y · r · error")),
                ("map", tr("Map")),
                ("attributes", tr("Attributes")),
                ("numbers", tr("Numbers")),
                ("diagnosis", tr("Diagnosis")),
                ("starts", tr("Starts")),
            ],
            tr("View"),
        )
        self.which.chosen.connect(self._show_view)
        self.export = icon_button("export", tr("Take the picture or the numbers along"))
        self.export.clicked.connect(self._open_export_menu)
        self.header.addWidget(self.which)
        self.header.addWidget(self.export)
        self.pictures = Pictures(session)
        self.pictures.cell_chosen.connect(self._choose)
        self.menus = PictureMenus(session, self.pictures)
        for sheet in (self.pictures.picture, self.pictures.side_by_side):
            sheet.exported.connect(self._tell_exported)
            sheet.export_failed.connect(self._tell_not_exported)
        self.attributes = AttributesPanel()
        self.numbers = Numbers()
        self.numbers.target_chosen.connect(self._choose)
        self.nothing = NothingYet()
        self.nothing.action_wanted.connect(self.action_wanted)
        both = row(self.pictures, self.attributes, gap=12)
        both.setStretch(0, PICTURE_SHARE)
        both.setStretch(1, ATTRIBUTES_SHARE)
        together = QWidget()
        together.setLayout(both)
        self.map = MapView(session)
        self.map.target_chosen.connect(self._choose)
        self.meaning = MeaningView(session)
        self.starts = StartsView(session)
        self.diagnosis = DiagnosisView(session)
        self.diagnosis.target_chosen.connect(self._choose)
        self._views: dict[str, QWidget] = {
            "pictures": together,
            "error": together,
            "map": self.map,
            "attributes": self.meaning,
            "numbers": self.numbers,
            "diagnosis": self.diagnosis,
            "starts": self.starts,
        }
        self._stack = QStackedWidget()
        for part in dict.fromkeys((*self._views.values(), self.nothing)):
            self._stack.addWidget(part)
        self.holdout = Banner()
        self.holdout.acted.connect(self._leave_holdout_out)
        self.holdout.dismissed.connect(self._forget_holdout)
        self._tells_of_holdout = True
        self.pictures.panels.prepared.connect(self._tell_of_holdout)
        self.body.addWidget(self.holdout)
        self.body.addWidget(self._stack, 1)
        self.factors_inspector = FactorsInspector()
        self.factors_inspector.recommend_wanted.connect(self._recommend)
        self._inspectors = QStackedWidget()
        for part in (self.factors_inspector, self.map.inspector):
            self._inspectors.addWidget(part)
        self.inspector = self._inspectors
        self._pause = QTimer(self, singleShot=True, interval=NUMBERS_MS)
        self._pause.timeout.connect(self._show_rest)
        go_to = QShortcut(QKeySequence(Qt.Key.Key_G), self)
        go_to.activated.connect(self._go_to)

    def show_state(self, state: State, changed: set[str]) -> None:
        """Show the factors of the fit that goes on, else those of the model."""
        if self._source is not None and state.live is not None and changed and changed <= {"job", "runs"}:
            self.subtitle.setText(_subtitle(state))  # epochs come more often than the factors that are shown
            return
        if changed & {"model", "live", "split", "data"}:
            self._take(state)
        self._show_parts(state)
        source = self._source
        if source is None:
            self.factors_inspector.show_cell(None, state.selection, None)
            self._show_rest()
            return
        self.subtitle.setText(_subtitle(state))
        is_live = state.live is not None
        self.pictures.set_source(source, is_live=is_live)
        self.pictures.set_selection(state.selection)
        self.factors_inspector.show_cell(source, state.selection, self._attributes)
        self.attributes.show_attributes(source, self._attributes, state.selection)
        if not (is_live and self._pause.isActive()):
            self._show_rest()

    def show_view(self, key: str) -> None:
        """Show "pictures", "error" or "numbers"."""
        self.which.set_current(key)
        self._show_view(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the attributes beside the picture where there is room."""
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Lay out anew when the text size changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._lay_out()

    def _take(self, state: State) -> None:
        """Have the newest factors, and what their attributes are about."""
        live, split = state.live, state.split
        origin = state.model if live is None else live
        if origin is self._origin and origin is not None:
            return
        self._origin = origin
        if live is not None and split is not None:
            run = state.current_run
            config = run.config if run is not None else state.config
            source: FactorSource | None = FactorSource.of_fit(live.factors, live.predictor, split, config)
        else:
            source = None if state.model is None else FactorSource.of_model(state.model)
        if not _is_about_the_same(self._source, source):
            self._attributes = None  # they name movies by column: of other ratings they would name others
        self._source = source
        if source is None:
            return
        factors, counts = source.factors, source.movie_counts
        self.session.light.request("factors.attributes", lambda: attributes(factors, counts), self._know)

    def _know(self, known: Attributes) -> None:
        source, selection = self._source, self.session.state.selection
        if source is not None and known.low.shape[0] == source.factors.k:
            self._attributes = known
            self.factors_inspector.show_cell(source, selection, known)
            self.attributes.show_attributes(source, known, selection)
            if self.which.current() == "map":
                self.map.show_source(source, known, self.session.state)

    def _show_parts(self, state: State) -> None:
        there = self._source is not None
        self.which.setVisible(there)
        self.export.setVisible(there)
        self.subtitle.setVisible(there)
        if there:
            self.pictures.show_side_by_side(self.which.current() == "error")
            self._tell_of_holdout()
            self._stack.setCurrentWidget(self._views[self.which.current()])
        else:
            self.nothing.show_phase(state.phase)
            self._stack.setCurrentWidget(self.nothing)

    @Slot(str)
    def _show_view(self, key: str) -> None:
        if self._source is not None:
            self._stack.setCurrentWidget(self._views[key])
            if key in ("pictures", "error"):
                self.pictures.show_side_by_side(key == "error")
            self._lay_out()
            self._tell_of_holdout()
            self._show_rest()

    @Slot()
    def _show_rest(self) -> None:
        """Fill the view beside the pictures that is looked at; that of a fit that goes on rests a while afterwards."""
        source, state, key = self._source, self.session.state, self.which.current()
        on_map = source is not None and key == "map"
        self._inspectors.setCurrentWidget(self.map.inspector if on_map else self.factors_inspector)
        if source is None or key in ("pictures", "error"):
            return
        if key == "numbers":
            self.numbers.show_factors(source, state.selection)
        elif key == "map":
            self.map.show_source(source, self._attributes, state)
        elif key == "attributes":
            self.meaning.show_source(source, state)
        elif key == "diagnosis":
            self.diagnosis.show_source(source, state)
        elif key == "starts":
            self.starts.show_source(source, state)
        if state.live is not None:
            self._pause.start()

    def _lay_out(self) -> None:
        self.attributes.setVisible(self.width() >= theme.px(WIDE) and self.which.current() == "pictures")

    @Slot(int, int)
    def _choose(self, user: int, movie: int) -> None:
        """Select for the whole app; -1 leaves what is selected."""
        selection = self.session.state.selection
        if user >= 0 and movie >= 0:
            self.session.select_cell(user, movie)
        elif user >= 0:
            self.session.select_user(user)
        elif movie >= 0 and movie != selection.movie:
            self.session.select_movie(movie)

    @Slot()
    def _recommend(self) -> None:
        self.session.choose_person("user")
        self.session.show_page("recommend")

    @Slot()
    def _go_to(self) -> None:
        if self._source is None:
            return
        fields = {"numbers": self.numbers.search, "map": self.map.toolbar.search}
        if self.which.current() in fields:
            fields[self.which.current()].setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            if self.which.current() != "error":
                self.which.set_current("pictures")
                self._show_view("pictures")
            self.pictures.toolbar.open_search()

    @Slot()
    def _tell_of_holdout(self) -> None:
        """Say that ratings are in the picture that the model never saw, until that is settled."""
        source, panels = self._source, self.pictures.panels
        split = None if source is None else source.split
        is_observed = any(key in ("y", "r", "error") for key in panels.keys)
        is_shown = self.which.current() == "error" and is_observed and not panels.training_only
        if split is None or not len(split.held_out) or not is_shown or not self._tells_of_holdout:
            self.holdout.hide()
            return
        run = self.session.state.current_run
        words = tr(
            "{run} never saw {share} of these ratings (its hold-out). They are in this picture too.",
            run=tr("The model") if run is None else run.name,
            share=percent(len(split.held_out) / split.ratings.n_ratings),
        )
        self.holdout.show_message("warning", words, tr("Show training only"))

    @Slot()
    def _leave_holdout_out(self) -> None:
        self.pictures.panels.set_training_only(True)

    @Slot()
    def _forget_holdout(self) -> None:
        self._tells_of_holdout = False

    @Slot(str)
    def _tell_exported(self, path: str) -> None:
        self.session.tell(Notice("ok", tr("{path} is written.", path=path)))

    @Slot(str)
    def _tell_not_exported(self, reason: str) -> None:
        self.session.tell(Notice("error", reason))

    @Slot()
    def _open_export_menu(self) -> None:
        key = self.which.current()
        of_pictures = key in ("pictures", "error", "numbers")
        menu = self.pictures.sheet.export_menu() if of_pictures else plots_menu(self._views[key])
        menu.addSeparator()
        menu.addAction(theme.icon("export"), tr("Export u, m and r…"), lambda: self.action_wanted.emit("export"))
        menu.popup(self.export.mapToGlobal(self.export.rect().bottomLeft()))


def _is_about_the_same(one: FactorSource | None, other: FactorSource | None) -> bool:
    """Whether what is known of the attributes of the one may stand until that of the other has come."""
    if one is None or other is None:
        return False
    return one.factors.k == other.factors.k and one.movie_ids == other.movie_ids


def _subtitle(state: State) -> str:
    """Which run is shown, and how far it is."""
    run = state.current_run
    if run is None:
        return ""
    if state.live is not None:
        return tr("{run} learns, epoch {n}", run=run.name, n=count(state.live.epoch))
    return tr("{run}, epoch {n}", run=run.name, n=count(run.history[-1].epoch)) if run.history else run.name
