"""The ranked list: its filters, the table, and how many there are."""

from __future__ import annotations

from math import isfinite

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from alsgui import text
from alsgui.core.ratings import Ints
from alsgui.core.recommend import Filters
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.recommend.cells import RankedModel
from alsgui.ui.pages.recommend.columns import ListView, Sureness
from alsgui.ui.pages.recommend.filters import FilterBar
from alsgui.ui.pages.recommend.ranking import Ranked
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.chips import Chip
from alsgui.ui.widgets.labels import ElidedLabel, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.tables import DataTable

LOOK_MS = 60
"""After the last scroll, before it is asked how sure the rows on screen are."""


class RankedTable(DataTable):
    """Table whose rows can be left out of every list.

    Signals
    -------
    leave_out_wanted()
        The row at hand is not wanted.
    """

    leave_out_wanted = Signal()

    def context_menu(self) -> QMenu:
        """As the base, and leaving the row out."""
        menu = super().context_menu()
        leave = menu.addAction(theme.icon("x"), tr("Leave out of lists"), self.leave_out_wanted.emit)
        leave.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        leave.setEnabled(self.currentIndex().isValid())
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the row out by Delete."""
        if event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.leave_out_wanted.emit()
        else:
            super().keyPressEvent(event)


class ListPanel(QWidget):
    """Middle of Recommend.

    Signals
    -------
    filters_wanted(object)
        Fields of `Filters` that the person changed, by name.
    movie_chosen(int)
        Column of the movie in the row that the person went to.
    sureness_wanted(object)
        Columns (int64) of movies on screen of which it is not known how sure they are.
    alone_wanted()
        The list shall be compared with nobody's.
    """

    filters_wanted = Signal(object)
    movie_chosen = Signal(int)
    sureness_wanted = Signal(object)
    alone_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._view: ListView | None = None
        self._filters = Filters()
        self._wide = self._clip = self._filling = False
        self._reach = 0.0
        self.table_model = RankedModel()
        self.table = RankedTable(self.table_model, tr("Recommendations"))
        self.table.leave_out_wanted.connect(self.leave_out)
        self.table.selectionModel().currentRowChanged.connect(self._row_entered)
        self.table.activated.connect(self._choose)
        self.table.clicked.connect(self._choose)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._ask_sureness)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self._look.start())
        self.bar = FilterBar()
        self.bar.wanted.connect(self.filters_wanted)
        self.bar.clip_wanted.connect(self._clip_chosen)
        self.footer, self.band = ElidedLabel("", "hint"), label("", "hint")
        self.beside = Chip("user", "", removable=True)
        self.beside.removed.connect(self.alone_wanted)
        self.beside.hide()
        self._add_keys()
        card = Card(edge_to_edge=True)
        card.body.addLayout(row(self.bar, margins=(12, 0, 12, 0)))
        card.body.addWidget(self.table, 1)
        whole = column(gap=8)
        whole.addWidget(card, 1)
        feet = row(self.footer, self.beside, self.band, gap=12)
        feet.setStretchFactor(self.footer, 1)
        whole.addLayout(feet)
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask how sure the rows are that came into sight."""
        super().resizeEvent(event)
        if self._view is not None and self._view.sure:
            self._look.start()

    # What is shown

    def show_list(self, made: Ranked, selected: int | None) -> None:
        """Show a list in the sorting at hand, with the movie selected if it is in it."""
        if made.listed is None:
            self.show_nobody()
            return
        if self._view is not None and self._view.model is not made.model:
            self._reach = 0.0
        reach = 0.0 if made.unsure else self._reach  # that of the last list, so that the axis does not jump
        self._view = ListView(made.model, made.listed, self._wide, self._clip, made.beside, reach)
        self._filters = made.filters
        self.bar.show_counts(made.model, made.listed, made.filters, made.choice)
        self.bar.show_careful(made.careful, made.unsure)
        self.footer.setText(_count_words(made))
        self.band.setText("")
        self.beside.setVisible(made.beside is not None)
        if made.beside is not None:
            self.beside.set_text(tr("beside {name}", name=made.beside.name))
        self._fill(selected)
        if made.unsure:
            self._show_band(made.unsure)
        else:
            self._look.start()

    def show_nobody(self) -> None:
        """Show no list: nobody is chosen."""
        self._view = None
        self.table_model.set_columns((), 0)
        self.footer.setText("")
        self.band.setText("")
        self.beside.hide()

    def show_sureness(self, found: dict[int, Sureness], reason: str) -> None:
        """Show how sure some predictions are, or why it is not known."""
        if self._view is None:
            return
        is_wider = self._wide and not self._view.sure and bool(found)
        self._view.sure.update(found)
        widest = max((each.of_the_mean for each in found.values() if isfinite(each.sd)), default=0.0)
        if widest > self._reach or (found and widest < 0.5 * self._reach):
            self._reach = self._view.reach = widest
            is_wider = True
        self._show_band(reason)
        if is_wider:
            self._fill(self._selected())
        self.table.viewport().update()

    def _show_band(self, reason: str) -> None:
        """Say what the bands are, or why there are none."""
        noun = "" if self._view is None else self._view.model.noun
        self.band.setText(tr("no band") if reason else tr("band: not known of person and {noun}", noun=noun))
        self.band.setToolTip(
            reason or tr("By how much more ratings could move the prediction; hover a row for all parts")
        )

    def set_wide(self, wide: bool, selected: int | None) -> None:
        """Show genres, deviations and means where there is room."""
        if wide != self._wide:
            self._wide = wide
            if self._view is not None:
                self._view.wide = wide
            self._fill(selected)

    def select(self, movie: int | None, *, scroll: bool = True) -> None:
        """Select the row of a movie, or none."""
        found: list[int] = []
        if self._view is not None and movie is not None:
            found = np.flatnonzero(self._view.listed.columns == movie).tolist()
        self._filling = True
        if not found:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        elif self.table.current_data_row() != found[0] or not self.table.selectionModel().hasSelection():
            place = self.table.verticalScrollBar().value()
            self.table.select_data_row(found[0])
            if not scroll:
                self.table.verticalScrollBar().setValue(place)
        self._filling = False

    def reveal(self) -> None:
        """Bring the selected row into sight, or the first."""
        index = self.table.currentIndex()
        self.table.scrollTo(index) if index.isValid() else self.table.scrollToTop()

    # Filling

    def _fill(self, selected: int | None) -> None:
        view = self._view
        if view is None:
            return
        head, bar = self.table.horizontalHeader(), self.table.verticalScrollBar()
        sorted_by, order, place = head.sortIndicatorSection(), head.sortIndicatorOrder(), bar.value()
        titles = [each.title for each in self.table_model.columns]
        sorted_title = titles[sorted_by] if 0 <= sorted_by < len(titles) else ""
        columns = view.columns()
        self._filling = True
        self.table_model.tip = view.tip
        self.table_model.set_columns(columns, len(view.listed))
        now_at = next((at for at, each in enumerate(columns) if each.title and each.title == sorted_title), -1)
        head.setSortIndicator(now_at, order)
        self.table_model.sort(now_at, order)
        bar.setValue(place)
        self._filling = False
        self.select(selected, scroll=False)

    def columns_on_screen(self) -> Ints:
        """Movies of the rows that can be seen."""
        if self._view is None or not self.table_model.rowCount():
            return np.empty(0, np.int64)
        first = max(self.table.rowAt(0), 0)
        last = self.table.rowAt(self.table.viewport().height() - 1)
        last = self.table_model.rowCount() - 1 if last < 0 else last
        rows = [self.table_model.data_row(at) for at in range(first, last + 1)]
        return np.asarray(self._view.listed.columns[rows], np.int64)

    def _ask_sureness(self) -> None:
        if self._view is not None:
            missing = [int(movie) for movie in self.columns_on_screen() if int(movie) not in self._view.sure]
            if missing:
                self.sureness_wanted.emit(np.array(missing, np.int64))

    def _selected(self) -> int | None:
        at = self.table.current_data_row()
        return None if at is None or self._view is None else int(self._view.listed.columns[at])

    # Gestures

    def _add_keys(self) -> None:
        find = QShortcut(Qt.Key.Key_Slash, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.bar.filter.setFocus)

    @Slot()
    def leave_out(self) -> None:
        """Leave the movie of the row at hand out of every list."""
        movie = self._selected()
        if movie is not None:
            self.filters_wanted.emit({"exclude": self._filters.exclude | {movie}})

    @Slot(bool)
    def _clip_chosen(self, clip: bool) -> None:
        self._clip = clip
        if self._view is not None:
            self._view.clip = clip
            self._fill(self._selected())

    @Slot(QModelIndex, QModelIndex)
    def _row_entered(self, index: QModelIndex, _before: QModelIndex) -> None:
        self._choose(index)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if not self._filling and index.isValid() and self._view is not None:
            self.movie_chosen.emit(int(self._view.listed.columns[self.table_model.data_row(index.row())]))


def _count_words(made: Ranked) -> str:
    model, listed = made.model, made.listed
    n = 0 if listed is None else listed.n_candidates
    if listed is None or n == 0:
        return tr("No {noun} is left: take a filter away.", noun=model.noun)
    candidates = text.counted(n, tr("candidate"))
    by = tr("prediction") if model.config.predicts_ratings else tr("score (about 0 to 1, not a rating)")
    if made.careful and not made.unsure:
        by = tr("prediction less one s.d.")
    if made.filters.diversity:
        by = tr("{by} and variety", by=by)
    if len(listed) < n:
        return tr("The best {n} of {candidates}, ranked by {by}. Ties by id.", n=text.count(len(listed)),
                  candidates=candidates, by=by)  # fmt: skip
    return tr("{candidates}, ranked by {by}. Ties by id.", candidates=candidates, by=by)
