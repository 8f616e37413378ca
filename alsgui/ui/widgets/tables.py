"""The table of the kit: rows of 28 px with a rule below, sorted by its heads, copied as text."""

from __future__ import annotations

from numbers import Real
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from alsgui.text import tr
from alsgui.ui import icons, theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.widgets import paint

__all__ = ["MOST_ROWS_COPIED", "DataTable"]

MOST_ROWS_COPIED = 20_000
"""More would hold up the window; exporting is the way for those."""

PAD, EDGE = 8, 12
"""Left and right of the words of a cell, and at the table's own ends, where they stand under the card's title."""

_State = QStyle.StateFlag


def _inside(rect: QRect, column: int, n_columns: int) -> QRectF:
    """The part of a cell or head that is written on."""
    left, right = (EDGE if at_edge else PAD for at_edge in (column == 0, column == n_columns - 1))
    return QRectF(rect).adjusted(theme.px(left), 0, -theme.px(right), -1)


class RowDelegate(QStyledItemDelegate):
    """Paints ground, words or the column's own painter, the rule below the row and the ring of the focus."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one cell."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & _State.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        model = index.model()
        inside = _inside(rect, index.column(), model.columnCount())
        column = model.columns[index.column()] if isinstance(model, ArrayTableModel) else None
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if column is not None and isinstance(model, ArrayTableModel):
            # Straight from the column: a question to the model goes through Qt, three for each of a thousand cells.
            value = column.value(model.data_row(index.row()))
            if column.cell is not None:
                column.cell.paint(painter, inside, value)
            else:
                role = None if column.role_colour is None else column.role_colour(value)
                colour = None if role is None else theme.color(role)
                self._write(painter, option, inside, column.format(value), colour, to_right=column.align == "right")
        else:
            colour, words = index.data(Qt.ItemDataRole.ForegroundRole), str(index.data(Qt.ItemDataRole.DisplayRole))
            side = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
            to_right = bool(side & Qt.AlignmentFlag.AlignRight)
            self._write(painter, option, inside, words, colour, to_right=to_right)
        if state & _State.State_HasFocus:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -2))
        painter.restore()

    @staticmethod
    def _write(
        painter: QPainter,
        option: QStyleOptionViewItem,
        inside: QRectF,
        words: str,
        colour: QColor | None,
        *,
        to_right: bool,
    ) -> None:
        palette: QPalette = option.palette
        painter.setFont(option.font)
        painter.setPen(colour if colour is not None else palette.color(QPalette.ColorRole.Text))
        shown = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, int(inside.width()))
        side = Qt.AlignmentFlag.AlignRight if to_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inside, side | Qt.AlignmentFlag.AlignVCenter, shown)


class TableHead(QHeaderView):
    """Heads that stand as their columns do; a column with its own painter may draw its axis here."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorClearable(True)

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        """Paint one head."""
        model = self.model()
        if not isinstance(model, ArrayTableModel):
            return
        column = model.columns[logical_index]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, theme.color("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        inside = _inside(rect, logical_index, len(model.columns))
        if column.cell is None or not column.cell.paint_head(painter, inside):
            self._write(painter, inside, column, logical_index)
        painter.restore()

    def _write(self, painter: QPainter, inside: QRectF, column: Column, section: int) -> None:
        """Write the title, and beside it, towards the middle of the column, the arrow of the sorting."""
        level, side = inside.center().y(), float(theme.px(10))
        is_sorted = self.sortIndicatorSection() == section
        role = "text" if is_sorted else "muted"
        title = paint.elided(column.title, inside.width() - (side + theme.px(3) if is_sorted else 0))
        to_right = column.align == "right"
        width = paint.put(
            painter, inside.right() if to_right else inside.left(), level, title, role, align=column.align
        )
        if is_sorted:
            rising = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
            gap = theme.px(3)
            left = inside.right() - width - gap - side if to_right else inside.left() + width + gap
            name = "caret-up-fill" if rising else "caret-down-fill"
            icons.draw(painter, QRectF(left, level - side / 2, side, side), name, theme.color(role))


class DataTable(QTableView):
    """Table over an `ArrayTableModel`.

    Rows are selected whole; Ctrl+C and the context menu copy them as tab-separated text under their heads,
    numbers plain and unrounded. Columns without a width share what the others leave, `narrowest` pixels (before
    the text size) each at least.
    """

    def __init__(self, model: ArrayTableModel, name: str = "", *, narrowest: int = 48) -> None:
        super().__init__()
        self._model, self._narrowest = model, narrowest
        self.setAccessibleName(name)
        head = TableHead(self)
        self.setHorizontalHeader(head)
        self.setItemDelegate(RowDelegate(self))
        self.setModel(model)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        model.modelReset.connect(self._scale)
        theme.current().changed.connect(self._scale)
        self._scale()

    def table_model(self) -> ArrayTableModel:
        """Model shown."""
        return self._model

    def current_data_row(self) -> int | None:
        """Row of the data that the current cell is in."""
        index = self.currentIndex()
        return self._model.data_row(index.row()) if index.isValid() else None

    def select_data_row(self, data_row: int) -> None:
        """Select the row of the view where a row of the data stands, and bring it into sight."""
        place = self._model.view_row(data_row)
        if place is None:
            self.clearSelection()
        else:
            self.selectRow(place)
            self.scrollTo(self._model.index(place, 0))

    def copy_selection(self) -> None:
        """Copy the selected rows."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        if rows:
            QGuiApplication.clipboard().setText(self._as_text(rows))

    def copy_all(self) -> None:
        """Copy every row shown, up to `MOST_ROWS_COPIED`."""
        n_rows = min(self._model.rowCount(), MOST_ROWS_COPIED)
        QGuiApplication.clipboard().setText(self._as_text(range(n_rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy by the system's keys."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the focus without a row where none is current: Qt's first row would pass for one that was chosen."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
            return
        with QSignalBlocker(self.selectionModel()):
            super().focusInEvent(event)
            self.selectionModel().clearCurrentIndex()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width, and keep the current row in sight if it was."""
        super().resizeEvent(event)
        self._share_width()
        top = self.rowViewportPosition(self.currentIndex().row())  # -1 without a current row
        if 0 <= top < event.oldSize().height():
            self.scrollTo(self._model.index(self.currentIndex().row(), max(self.columnAt(0), 0)))

    def context_menu(self) -> QMenu:
        """Menu of what can be done with the rows."""
        menu = QMenu(self)
        copy = menu.addAction(theme.icon("copy"), tr("Copy"), self.copy_selection)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.selectionModel().hasSelection())
        everything = menu.addAction(tr("Copy all"), self.copy_all)
        everything.setEnabled(0 < self._model.rowCount() <= MOST_ROWS_COPIED)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _open_menu(self, place: QPoint) -> None:
        self.context_menu().popup(self.viewport().mapToGlobal(place))

    def _as_text(self, rows: Any) -> str:
        # A column without a title is a picture of what another column says in words.
        columns = [
            column
            for number, column in enumerate(self._model.columns)
            if column.title and not self.isColumnHidden(number)
        ]
        lines = ["\t".join(column.title for column in columns)]
        for row in rows:
            data_row = self._model.data_row(row)
            lines.append("\t".join(_plain(column.value(data_row), column.format) for column in columns))
        return "\n".join(lines) + "\n"

    def _scale(self) -> None:
        rows, head = self.verticalHeader(), self.horizontalHeader()
        rows.setMinimumSectionSize(theme.px(28))
        rows.setDefaultSectionSize(theme.px(28))
        head.setFixedHeight(theme.px(28))
        head.setMinimumSectionSize(theme.px(24))
        widths = {column.width for column in self._model.columns}
        if len(widths) == 1 and None not in widths:  # thousands of columns, such as one for each user
            head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            head.setDefaultSectionSize(theme.px(widths.pop() or 0))
            return
        for number, column in enumerate(self._model.columns):
            if column.width is not None:
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Interactive)
                self.setColumnWidth(number, theme.px(column.width))
        self._share_width()

    def _share_width(self) -> None:
        """Stretch the columns without a width, or where there is no room give them the least and scroll."""
        head, columns = self.horizontalHeader(), self._model.columns
        stretched = [number for number, column in enumerate(columns) if column.width is None]
        taken = sum(theme.px(column.width) for column in columns if column.width is not None)
        least = theme.px(self._narrowest)
        has_room = self.viewport().width() >= taken + least * len(stretched)
        for number in stretched:
            head.setSectionResizeMode(
                number, QHeaderView.ResizeMode.Stretch if has_room else QHeaderView.ResizeMode.Interactive
            )
            if not has_room:
                self.setColumnWidth(number, least)


def _plain(value: Any, words: Any) -> str:
    """Text of a value for a spreadsheet: numbers without thin spaces, signs and rounding."""
    if isinstance(value, Real) and not isinstance(value, bool):
        return f"{float(value):.10g}"
    return str(words(value)).replace("\t", " ").replace("\n", " ")
