"""A table model over arrays: instant at a million rows, since it holds only an order of row numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from alsgui.ui import theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from alsgui.ui.widgets.table_cells import Cell

Index = QModelIndex | QPersistentModelIndex
ItemRole = Qt.ItemDataRole

VALUE_ROLE = ItemRole.UserRole
ROW_ROLE = ItemRole.UserRole + 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """One column of a table.

    Attributes
    ----------
    title
        Words of the head; sentence case.
    values
        One value per row: an array or list, or a function of the row number.
    format
        Makes the words of a value.
    align
        Side at which words and head stand; numbers stand at the right.
    tip
        Tooltip of the head.
    role_colour
        Token of a value's colour, or None for text.
    keys
        What rows are sorted by, if not `values`, or a function that makes it when it is first needed; there is no order
        without it where `values` is a function.
    cell
        Painter of the cell, if words are not enough.
    width
        Pixels before the text size; None takes the rest.
    """

    title: str
    values: Sequence[Any] | NDArray[Any] | Callable[[int], Any]
    format: Callable[[Any], str] = str
    align: Literal["left", "right"] = "left"
    tip: str = ""
    role_colour: Callable[[Any], str | None] | None = None
    keys: ArrayLike | Callable[[], ArrayLike] | None = None
    cell: Cell | None = None
    width: int | None = None

    def value(self, row: int) -> Any:
        """Value in a row of the data."""
        return self.values(row) if callable(self.values) else self.values[row]

    def sort_keys(self) -> NDArray[Any] | None:
        """Sort keys of all rows, or None where the column has no order."""
        import numpy as np

        if self.keys is not None:
            return np.asarray(self.keys() if callable(self.keys) else self.keys)
        return None if callable(self.values) else np.asarray(self.values)


class ArrayTableModel(QAbstractTableModel):
    """Shows `columns` of `n_rows` rows through an index array, which sorting reorders and a filter shortens.

    Rows of the *view* are what Qt counts; rows of the *data* are what `Column.values` counts.
    """

    def __init__(self, columns: Sequence[Column] = (), n_rows: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sorted_by: tuple[int, bool] | None = None
        self._kept: NDArray[np.intp] | None = None
        self._columns: list[Column] = []
        self.set_columns(columns, n_rows)

    @property
    def columns(self) -> Sequence[Column]:
        """The columns shown."""
        return self._columns

    def set_columns(self, columns: Sequence[Column], n_rows: int) -> None:
        """Show other data, unsorted and unfiltered."""
        import numpy as np

        self.beginResetModel()
        self._columns, self._n_rows = list(columns), n_rows
        self._kept, self._sorted_by = None, None
        self._order = np.arange(n_rows)
        self.endResetModel()

    def set_filter(self, kept: NDArray[Any] | None) -> None:
        """Show some rows only, sorted as before.

        Parameters
        ----------
        kept
            Boolean mask of shape (n_rows,), or row numbers of the data; None shows all.
        """
        import numpy as np

        self.beginResetModel()
        if kept is None:
            self._kept = None
        else:
            self._kept = np.flatnonzero(kept) if kept.dtype == bool else kept.astype(np.intp)
        self._order = self._ordered()
        self.endResetModel()

    def data_row(self, view_row: int) -> int:
        """Row of the data that stands at `view_row`."""
        return int(self._order[view_row])

    def view_row(self, data_row: int) -> int | None:
        """Row of the view where a row of the data stands; None if it is filtered out."""
        places = (self._order == data_row).nonzero()[0]
        return int(places[0]) if len(places) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Count the rows kept by the filter."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Count the columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = ItemRole.DisplayRole) -> Any:
        """Words, alignment, colour, value (`VALUE_ROLE`) or row of the data (`ROW_ROLE`) of a cell."""
        column = self._columns[index.column()]
        if role == ItemRole.DisplayRole:
            return column.format(column.value(self.data_row(index.row())))
        if role == ItemRole.TextAlignmentRole:
            return _alignment(column)
        if role == ItemRole.ForegroundRole and column.role_colour is not None:
            name = column.role_colour(column.value(self.data_row(index.row())))
            return None if name is None else QColor(theme.color(name))
        if role == VALUE_ROLE:
            return column.value(self.data_row(index.row()))
        if role == ROW_ROLE:
            return self.data_row(index.row())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ItemRole.DisplayRole) -> Any:
        """Title, tooltip and alignment of a column's head."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == ItemRole.DisplayRole:
            return column.title
        if role == ItemRole.ToolTipRole:
            return column.tip or None
        return _alignment(column) if role == ItemRole.TextAlignmentRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, equal rows in the order of the data and missing numbers last; -1 is the data's order."""
        import numpy as np

        sorted_by = (column, order is Qt.SortOrder.DescendingOrder) if 0 <= column < len(self._columns) else None
        if sorted_by == self._sorted_by:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = [self.data_row(index.row()) for index in before]
        self._sorted_by = sorted_by
        self._order = self._ordered()
        place = np.empty(self._n_rows, dtype=np.intp)
        place[self._order] = np.arange(len(self._order))
        after = [self.index(int(place[row]), index.column()) for row, index in zip(rows, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _ordered(self) -> NDArray[np.intp]:
        """Rows kept, in the order asked for."""
        import numpy as np

        kept = np.arange(self._n_rows) if self._kept is None else self._kept
        keys = None if self._sorted_by is None else self._columns[self._sorted_by[0]].sort_keys()
        if keys is None or self._sorted_by is None:
            return kept
        keys = keys[kept]
        if not self._sorted_by[1]:
            return kept[np.argsort(keys, kind="stable")]
        # Backwards twice keeps equal rows in their order; missing numbers go last again.
        places = len(keys) - 1 - np.argsort(keys[::-1], kind="stable")[::-1]
        if keys.dtype.kind == "f":
            missing = np.isnan(keys[places])
            places = np.concatenate([places[~missing], places[missing][::-1]])
        return kept[places]


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.align == "right" else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
