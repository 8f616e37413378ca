"""The line above the factor picture: order of rows and columns, filter of movies, search, zoom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from alsgui.core.factor_view import FactorSource, Order, ViewChoice
from alsgui.core.view_orders import OrderKey
from alsgui.text import pluralised, tr
from alsgui.ui import theme
from alsgui.ui.pages.factors.words import Found, filter_words, order_tip, order_words
from alsgui.ui.widgets.buttons import icon_button
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import row
from alsgui.ui.widgets.searchbox import SearchBox

SUPPORTS = (5, 20)
GAP = 4
USUAL_SUPPORT, ENOUGH_MOVIES = 20, 100
"""At first movies with fewer ratings are left out, if enough others remain: their loadings hardly leave zero."""

MOST_LISTED = 12


class PictureToolbar(QWidget):
    """Choices of what is drawn.

    Signals
    -------
    choice_made()
        Another order or filter was chosen; `choice` is what holds now.
    zoomed(str)
        "in", "out" or "all" was asked for.
    averages_chosen(bool)
        Whether y and the error are averaged over tiles of pixels.
    fit_wanted()
        Colours are to be fitted to what is in view.
    arrangements_wanted(), more_wanted()
        The menu of what stands side by side, and of colours and margins, is to be opened.
    list_wanted(str)
        A person's own list of "user" or "movie" is asked for.
    target_chosen(object)
        A user or movie to go to, as ("user" or "movie", row or column).
    """

    choice_made = Signal()
    averages_chosen = Signal(bool)
    fit_wanted = Signal()
    arrangements_wanted = Signal()
    more_wanted = Signal()
    list_wanted = Signal(str)
    zoomed = Signal(str)
    target_chosen = Signal(object)

    def __init__(self, find: Callable[[str], list[Found]]) -> None:
        super().__init__()
        self._is_side_by_side = False
        self._chosen_before: dict[QComboBox, int] = {}
        self.rows, self.columns, self.filter = QComboBox(), QComboBox(), QComboBox()
        self.rows.setAccessibleName(tr("Order of rows"))
        self.columns.setAccessibleName(tr("Order of columns"))
        self.filter.setAccessibleName(tr("Which are shown"))
        for box in (self.rows, self.columns, self.filter):
            box.setMaxVisibleItems(MOST_LISTED)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.activated.connect(self._chosen)
        self._filter_label = label("", "body", "muted")
        self.search = SearchBox(tr("Go to id or title"), find)
        self.search.activated.connect(self.target_chosen)
        self.search.installEventFilter(self)
        self.finder = icon_button("magnifying-glass", tr("Go to an id or title (G)"))
        self.finder.clicked.connect(self.open_search)
        self._labels = [label(tr("Rows"), "body", "muted"), label(tr("Columns"), "body", "muted"), self._filter_label]
        self.averages = QCheckBox(tr("Average 4 px tiles"))
        self.averages.setToolTip(
            tr("One pixel of y or the error is mostly noise: means over 4 × 4 pixels with at least 3 ratings")
        )
        self.averages.setChecked(True)
        self.averages.toggled.connect(self.averages_chosen)
        self.arrange = icon_button("columns", tr("What stands side by side"))
        self.arrange.clicked.connect(self.arrangements_wanted)
        self.fit = icon_button("palette", tr("Fit colours to what is visible"))
        self.fit.clicked.connect(self.fit_wanted)
        self.more = icon_button("sliders-horizontal", tr("Colours and margins"))
        self.more.clicked.connect(self.more_wanted)
        self._zooms = [self._zoom_button(*spec) for spec in (
            ("magnifying-glass-minus", tr("Zoom out (−)"), "out"),
            ("magnifying-glass-plus", tr("Zoom in (+)"), "in"),
            ("arrows-out", tr("Show all (Home)"), "all"),
        )]  # fmt: skip
        boxes = zip(self._labels, (self.rows, self.columns, self.filter), strict=True)
        fields = [part for pair in boxes for part in pair]
        tools = [self.search, self.finder, self.arrange, self.fit, self.more, *self._zooms]
        self.setLayout(row(*fields, self.averages, None, *tools, gap=GAP))
        self._is_searching = False
        self.show_side_by_side(False)
        theme.current().changed.connect(self._scale)
        self._scale()

    @property
    def choice(self) -> ViewChoice:
        """What is chosen."""
        at_least = self.filter.currentData() if self.filter.count() else 0
        return ViewChoice(_order(self.rows), _order(self.columns), int(at_least or 0))

    def offer(self, source: FactorSource, *, anew: bool) -> None:
        """Offer what a source allows. What is chosen stays where it can, unless it is shown `anew`."""
        rated = ["rating"] if source.split is not None else []
        for box, titles in ((self.rows, []), (self.columns, ["title"] if source.titles is not None else [])):
            keys = ["blocks", "leaves", "prediction", *rated, "activity", "id", *titles]
            choices = [Order(cast(OrderKey, key)) for key in keys]
            choices += [Order("attribute", k) for k in range(source.factors.k)]
            before = None if anew or not box.count() else _order(box)
            own = before if before is not None and before.key == "list" else Order("list")
            _fill(box, [(order_words(order, source), order) for order in [*choices, own]], before)
            self._chosen_before[box] = box.currentIndex()
        support = self.filter.currentData() if self.filter.count() and not anew else _usual_support(source)
        counts = source.movie_counts
        useful = [n for n in SUPPORTS if 0 < np.count_nonzero(counts >= n) < len(counts)]
        _fill(self.filter, [(filter_words(n), n) for n in (0, *useful)], support)
        self._filter_label.setText(pluralised(source.noun).capitalize())
        self._lay_out()

    def show_side_by_side(self, shown: bool) -> None:
        """Have the controls of pictures that stand side by side, or those of u, m and r."""
        self._is_side_by_side = shown
        self._scale()

    def set_list(self, side: str, ids: tuple[str, ...]) -> None:
        """Order a side by a person's own list."""
        box = self.rows if side == "user" else self.columns
        box.setItemData(box.count() - 1, Order("list", ids=ids))
        box.setCurrentIndex(box.count() - 1)
        self._chosen_before[box] = box.currentIndex()
        self.choice_made.emit()

    def listed(self, side: str) -> tuple[str, ...]:
        """The list that a person gave of a side; empty before there is one."""
        box = self.rows if side == "user" else self.columns
        own = box.itemData(box.count() - 1)
        return own.ids if isinstance(own, Order) else ()

    def show_all_movies(self) -> None:
        """Leave no movie out."""
        self.filter.setCurrentIndex(0)
        self.choice_made.emit()

    @Slot()
    def open_search(self) -> None:
        """Show the field that asks for an id or title, and put the cursor into it."""
        self._is_searching = True
        self._lay_out()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def close_search(self) -> None:
        """Hide the field."""
        self.search.clear()
        self._is_searching = False
        self._lay_out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close the search field on Escape in the empty field, and when it is left."""
        if watched is self.search and self.search.isVisible():
            leaving = event.type() is QEvent.Type.FocusOut
            escaped = (
                isinstance(event, QKeyEvent)
                and event.type() is QEvent.Type.KeyPress
                and event.key() == Qt.Key.Key_Escape
                and not self.search.text()
            )
            if leaving or escaped:
                self.close_search()
                return escaped
        return super().eventFilter(watched, event)

    @Slot()
    def _chosen(self) -> None:
        for box, side in ((self.rows, "user"), (self.columns, "movie")):
            if self.sender() is box and _order(box).key == "list":
                box.setCurrentIndex(self._chosen_before[box])  # until there is a list
                self.list_wanted.emit(side)
                return
            self._chosen_before[box] = box.currentIndex()
        self.choice_made.emit()

    @Slot()
    def _scale(self) -> None:
        wide, narrow = (104, 120) if self._is_side_by_side else (130, 126)
        for box, width in ((self.rows, wide), (self.columns, wide), (self.filter, narrow)):
            box.setFixedWidth(theme.px(width))
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have what there is room for."""
        super().resizeEvent(event)
        self._lay_out()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the two orders: all else gives way."""
        return QSize(
            self.rows.minimumWidth() + self.columns.minimumWidth() + 3 * GAP, super().minimumSizeHint().height()
        )

    def _lay_out(self) -> None:
        """Show what belongs to this kind of pictures, as far as it fits, the most needed first."""
        has_filter = self.filter.count() > 1 and not self._is_searching
        wanted = [(self.rows, True), (self.columns, True), (self.search, self._is_searching),
                  (self.arrange, self._is_side_by_side), (self.more, True), (self.fit, True), (self.filter, has_filter),
                  (self.averages, self._is_side_by_side), *((part, True) for part in self._zooms),
                  *((part, True) for part in self._labels[:2]), (self._filter_label, has_filter),
                  (self.finder, not self._is_searching)]  # fmt: skip
        room = self.width() - 6 * GAP
        for part, is_wanted in wanted:
            width = (part.minimumWidth() or part.sizeHint().width()) + GAP
            fits = is_wanted and (room >= width or part in (self.rows, self.columns, self.search))
            part.setVisible(fits)
            room -= width if fits else 0

    def _zoom_button(self, icon: str, tip: str, what: str) -> QWidget:
        made = icon_button(icon, tip)
        made.clicked.connect(lambda: self.zoomed.emit(what))
        return made


def _order(box: QComboBox) -> Order:
    chosen = box.currentData()
    return chosen if isinstance(chosen, Order) else Order()


def _fill(box: QComboBox, items: Sequence[tuple[str, object]], chosen: object) -> None:
    """List items, with `chosen` in force where it is among them, else the first."""
    box.clear()
    for at, (words, data) in enumerate(items):
        box.addItem(words, data)
        tip = order_tip(data.key) if isinstance(data, Order) else ""
        if tip:
            box.setItemData(at, tip, Qt.ItemDataRole.ToolTipRole)
    places = [place for place, (_, data) in enumerate(items) if data == chosen]
    box.setCurrentIndex(places[0] if places else 0)


def _usual_support(source: FactorSource) -> int:
    return USUAL_SUPPORT if np.count_nonzero(source.movie_counts >= USUAL_SUPPORT) >= ENOUGH_MOVIES else 0
