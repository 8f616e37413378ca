"""The numbers of u and m as tables: either way round, searched, copied in full precision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from alsgui.core.factor_view import FactorSource
from alsgui.core.ratings import Floats, Ints
from alsgui.session.state import Selection
from alsgui.text import count, decimal, pluralised, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.factors.words import Found, Target, find
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.buttons import icon_button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.searchbox import SearchBox
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.tables import MOST_ROWS_COPIED, DataTable

MOST_COLUMNS = 20_000
"""More users or movies stand only as rows."""

USUAL_COLUMNS = 1_000
"""Up to so many users and movies the tables stand as in the text-book at first, K x N."""

_NUMBER_WIDTH, _ID_WIDTH, _TITLE_WIDTH, _SHORT_WIDTH = 68, 92, 220, 64


class LabelledModel(ArrayTableModel):
    """Table whose rows have labels, which stay in sight."""

    def __init__(self) -> None:
        self._labels: Sequence[str] = ()
        super().__init__()

    def set_table(self, columns: Sequence[Column], labels: Sequence[str]) -> None:
        """Show columns, one row for each label."""
        self._labels = labels
        self.set_columns(columns, len(labels))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Label of a row, or what stands at the head of a column."""
        if orientation is Qt.Orientation.Vertical:
            inside = role == Qt.ItemDataRole.DisplayRole and 0 <= section < self.rowCount()
            return self._labels[self.data_row(section)] if inside else None
        return super().headerData(section, orientation, role)


class LabelColumn(QHeaderView):
    """Labels at the left of the rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        """Paint one label."""
        model = self.model()
        words = str(model.headerData(logical_index, Qt.Orientation.Vertical) or "")
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, theme.color("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), theme.color("border"))
        room = rect.width() - 2 * theme.px(12)
        level = rect.center().y() + 0.5
        paint.put(painter, rect.left() + theme.px(12), level, words, "text", size=12, weight=500, width=room)
        painter.restore()


class FactorTable(DataTable):
    """Table of one factor matrix; copied with ids and titles, every digit kept."""

    def __init__(self, name: str) -> None:
        self._names: Sequence[tuple[str, ...]] = ()
        self._matrix: Floats = np.zeros((0, 0))
        self._heads: tuple[str, ...] = ()
        self._by_rows = True
        self.labelled = LabelledModel()
        super().__init__(self.labelled, name)
        self.setVerticalHeader(LabelColumn(self))
        self.setSelectionMode(DataTable.SelectionMode.ExtendedSelection)
        self._scale()

    def show_matrix(
        self,
        matrix: Floats,
        attributes: tuple[str, ...],
        names: Sequence[tuple[str, ...]],
        heads: tuple[str, ...],
        *,
        by_rows: bool,
    ) -> None:
        """Show a matrix (n x attributes), users or movies by rows or by columns.

        Parameters
        ----------
        attributes
            Heads of its columns: the bias and 1 to K.
        names, heads
            Id, and title where there is one, of each of the n, and what these are called in a copy.
        by_rows
            N x K; else K x N.
        """
        self._matrix, self._names, self._heads, self._by_rows = matrix, names, heads, by_rows
        self._attributes = attributes
        whole = DataTable.SelectionBehavior
        self.setSelectionBehavior(whole.SelectRows if by_rows else whole.SelectColumns)
        if by_rows:
            labels: Sequence[str] = [name[-1] for name in names]
            values: Iterable[tuple[str, Floats, str]] = zip(attributes, matrix.T, attributes, strict=True)
        else:
            labels = attributes
            values = ((name[0], line, name[-1]) for name, line in zip(names, matrix, strict=True))
        shown = partial(decimal, digits=3)
        columns = [
            Column(title=title, values=line, format=shown, align="right", width=_NUMBER_WIDTH, tip=tip)
            for title, line, tip in values
        ]
        self.labelled.set_table(columns, labels)
        wide = _TITLE_WIDTH if len(heads) > 1 else _ID_WIDTH
        self.verticalHeader().setFixedWidth(theme.px(wide if by_rows else _SHORT_WIDTH))
        self.verticalHeader().show()

    def copy_selection(self) -> None:
        """Copy the users or movies that are selected."""
        if self._by_rows:
            super().copy_selection()
            return
        picked = [index.column() for index in self.selectionModel().selectedColumns()]
        if picked:
            QGuiApplication.clipboard().setText(self._lines_across(range(self._matrix.shape[1]), sorted(picked)))

    def go_to(self, at: int) -> None:
        """Bring a user or movie into sight and mark it."""
        if self._by_rows:
            self.select_data_row(at)
        else:
            index = self.labelled.index(0, at)
            self.scrollTo(index, DataTable.ScrollHint.PositionAtCenter)
            self.setCurrentIndex(index)

    def thing_at(self, index: QModelIndex) -> int:
        """User or movie of a cell; -1 for none."""
        if not index.isValid():
            return -1
        return self.labelled.data_row(index.row()) if self._by_rows else index.column()

    def _as_text(self, rows: Any) -> str:
        picked = [self.labelled.data_row(line) for line in rows]
        if self._by_rows:
            lines = [[*self._heads, *self._attributes]]
            lines += [[*self._names[at], *map(str, self._matrix[at].tolist())] for at in picked]
            return _tab_separated(lines)
        return self._lines_across(picked, range(len(self._names)))

    def _lines_across(self, attributes: Sequence[int], things: Sequence[int]) -> str:
        """K x N: ids and titles as the first lines, then a line for each attribute."""
        lines = [[head, *(self._names[at][number] for at in things)] for number, head in enumerate(self._heads)]
        lines += [[self._attributes[k], *map(str, self._matrix[things, k].tolist())] for k in attributes]
        return _tab_separated(lines)


def _tab_separated(lines: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(words.replace("\t", " ") for words in line) for line in lines) + "\n"


class Numbers(QWidget):
    """u over m.

    Signals
    -------
    target_chosen(int, int)
        User (row) and movie (column) that were gone to; -1 for the one that stays.
    """

    target_chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._source: FactorSource | None = None
        self._showing = False
        self.turn = Segment([("nk", tr("N × K")), ("kn", tr("K × N"))], tr("Orientation"))
        self.turn.setToolTip(tr("K × N is the text-book's: one column per user or movie"))
        self.turn.chosen.connect(self._turned)
        self.search = SearchBox(tr("Go to id or title"), self._find)
        self.search.activated.connect(self._go_to)
        self.u, self.m = FactorTable(tr("User weights u")), FactorTable(tr("Movie loadings m"))
        self.u_card, self.m_card = (Card("u", "", edge_to_edge=True), Card("m", "", edge_to_edge=True))
        for card, table in ((self.u_card, self.u), (self.m_card, self.m)):
            copy = icon_button("copy", tr("Copy the table, up to {n} rows", n=count(MOST_ROWS_COPIED)))
            copy.clicked.connect(table.copy_all)
            card.add_action_widget(copy)
            card.body.addWidget(table, 1)
        self.u.selectionModel().currentChanged.connect(self._user_chosen)
        self.m.selectionModel().currentChanged.connect(self._movie_chosen)
        tools = row(self.turn, self.search, None)
        whole = column(tools, self.u_card, self.m_card, gap=12)
        whole.setStretch(1, 1)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def show_factors(self, source: FactorSource, selection: Selection) -> None:
        """Show u and m of a source, with the selected user and movie marked."""
        self._showing = True
        if source is not self._source:
            before, self._source = self._source, source
            n_most = max(source.shape[:2])
            if before is None or before.shape[:2] != source.shape[:2]:
                self.turn.set_enabled("kn", n_most <= MOST_COLUMNS, tr("Too many columns: export K × N instead."))
                self.turn.set_current("kn" if n_most <= USUAL_COLUMNS else "nk")
            self._fill()
        self._mark(selection)
        self._showing = False

    def _fill(self) -> None:
        source = self._source
        if source is None:
            return
        by_rows = self.turn.current() == "nk"
        factors = source.factors
        users, movies = [(identity,) for identity in source.user_ids], [(identity,) for identity in source.movie_ids]
        movie_heads: tuple[str, ...] = (tr("id"),)
        movie_names: Sequence[tuple[str, ...]] = movies
        if source.titles is not None:
            movie_names = list(zip(source.movie_ids, source.titles, strict=True))
            movie_heads = (tr("id"), tr("title"))
        for table, rows, bias, sign, names, heads in (
            (self.u, factors.users, factors.user_bias, "bᵤ", users, (tr("id"),)),
            (self.m, factors.movies, factors.movie_bias, "bₘ", movie_names, movie_heads),
        ):
            attributes = tuple(f"{k + 1} {source.name(k)}".rstrip() for k in range(factors.k))
            matrix = np.column_stack([bias, rows]) if source.has_biases else rows
            shown = (sign, *attributes) if source.has_biases else attributes
            table.show_matrix(matrix, shown, names, heads, by_rows=by_rows)
        n_users, n_movies, k = source.shape
        self._describe(self.u_card, tr("users"), n_users, k, source.user_counts, by_rows=by_rows)
        self._describe(self.m_card, pluralised(source.noun), n_movies, k, source.movie_counts, by_rows=by_rows)

    def _describe(self, card: Card, nouns: str, n: int, k: int, counts: Ints, *, by_rows: bool) -> None:
        sides = (tr("{n} {nouns}", n=count(n), nouns=nouns), tr("{k} attributes", k=count(k)))
        words = tr("{rows} × {columns}", rows=sides[not by_rows], columns=sides[by_rows])
        unknown = int(np.count_nonzero(counts == 0))
        if unknown:
            words += tr("; {n} without ratings in training are zero", n=count(unknown))
        card.set_subtitle(words)

    def _mark(self, selection: Selection) -> None:
        if self._source is None:
            return
        for table, at, n in zip((self.u, self.m), (selection.user, selection.movie), self._source.shape, strict=False):
            if at is not None and at < n and table.thing_at(table.currentIndex()) != at:
                table.go_to(at)

    @Slot(str)
    def _turned(self, _key: str) -> None:
        selected = (self.u.thing_at(self.u.currentIndex()), self.m.thing_at(self.m.currentIndex()))
        self._showing = True
        self._fill()
        self._mark(Selection(*(at if at >= 0 else None for at in selected)))
        self._showing = False

    def _find(self, typed: str) -> list[Found]:
        return find(self._source, typed)

    @Slot(object)
    def _go_to(self, target: Target) -> None:
        side, at = target
        (self.u if side == "user" else self.m).go_to(at)

    @Slot(QModelIndex, QModelIndex)
    def _user_chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._showing and current.isValid():
            self.target_chosen.emit(self.u.thing_at(current), -1)

    @Slot(QModelIndex, QModelIndex)
    def _movie_chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._showing and current.isValid():
            self.target_chosen.emit(-1, self.m.thing_at(current))
