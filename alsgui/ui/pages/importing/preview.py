"""The rows of a file as they would be understood, with the role of each column above it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from alsgui.io.looked import ColumnLook, Look, PreviewRow
from alsgui.text import count, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.qss import set_property
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import ElidedLabel
from alsgui.ui.widgets.layouts import column
from alsgui.ui.widgets.tables import DataTable

LINE_WIDTH, COLUMN_WIDTH, UNDERSTOOD_WIDTH = 72, 108, 210
BOX_HEIGHT, STRIP_HEIGHT = 30, 54

LIST_ROLES = (
    ("user", tr("User")), ("item", tr("Movie")), ("rating", tr("Rating")), ("time", tr("Time")),
    ("title", tr("Title")), ("genres", tr("Genres")), ("", tr("Leave out")),
)  # fmt: skip
MATRIX_ROLES = (("", tr("Rating")), ("id", tr("Row id")), ("drop", tr("Leave out")))
_COLOURS = {"user": "user", "item": "movie", "title": "movie", "genres": "movie", "id": "user", "rating": "rating"}


class PreviewCard(Card):
    """First rows and rows of three places; roles by drop-down; the text as it stands in the file on request.

    Signals
    -------
    role_chosen(int, str)
        Position of a column, and the role that it is given.
    """

    role_chosen = Signal(int, str)

    def __init__(self) -> None:
        super().__init__(tr("Preview"), edge_to_edge=True)
        self._look: Look | None = None
        self.raw = button(tr("Raw text"), "text-aa", "ghost", tr("The rows as they stand in the file"))
        self.raw.setCheckable(True)
        self.raw.toggled.connect(self._show_rows)
        self.add_action_widget(self.raw)
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("Rows as they will be understood"), narrowest=UNDERSTOOD_WIDTH)
        self.table.setSortingEnabled(False)
        self.roles = RoleStrip(self.table)
        self.roles.chosen.connect(self.role_chosen)
        whole = column(self.roles, self.table, gap=0)
        whole.setStretchFactor(self.table, 1)
        self.body.addLayout(whole, 1)

    def show_look(self, look: Look) -> None:
        """Show another look."""
        self._look = look
        words = look.preview_note
        if look.n_columns > len(look.columns):
            words = tr("{note}; the first {n} of {all} columns", note=words, n=count(len(look.columns)),
                       all=count(look.n_columns))  # fmt: skip
        self.set_subtitle(words)
        self.raw.setVisible(bool(look.rows) and any(row.raw for row in look.rows))
        self._show_rows()

    @Slot()
    def _show_rows(self) -> None:
        look = self._look
        if look is None:
            return
        rows: list[PreviewRow | None] = []
        for each in look.rows:
            rows += [None, each] if each.starts_place and rows else [each]
        raw = self.raw.isChecked()
        columns = [_line_column(rows)]
        if raw:
            columns.append(Column(title=tr("Text"), values=[each.raw if each else "" for each in rows]))
        else:
            columns += [_cell_column(rows, each) for each in look.columns]
            columns.append(_understood_column(rows))
        self.roles.setVisible(not raw and bool(look.columns))
        place = self.table.horizontalScrollBar().value()
        self.model.set_columns(columns, len(rows))
        self.table.horizontalScrollBar().setValue(place)
        self.roles.show_columns(look.columns, MATRIX_ROLES if look.options.wide else LIST_ROLES)


def _line_column(rows: Sequence[PreviewRow | None]) -> Column:
    def words(line: PreviewRow | None) -> str:
        if line is None:
            return "⋯"
        return "" if not line.line else count(line.line) if line.exact else f"≈ {count(line.line)}"

    return Column(
        title=tr("Line"), values=lambda at: rows[at], format=words, align="right", width=LINE_WIDTH,
        role_colour=lambda _: "muted", tip=tr("Line of the file; ≈ where it is estimated from the place"),
    )  # fmt: skip


def _cell_column(rows: Sequence[PreviewRow | None], look: ColumnLook) -> Column:
    def cell(at: int) -> tuple[str, bool]:
        row = rows[at]
        text = row.cells[look.position] if row is not None and look.position < len(row.cells) else ""
        return text, row is not None and row.problem is not None and look.role == "rating"

    is_rating = look.role == "rating" or (look.role == "" and look.kind in ("number", "whole number"))
    return Column(
        title=look.name or tr("column {n}", n=look.position + 1), values=cell, format=lambda value: value[0],
        align="right" if is_rating else "left", width=COLUMN_WIDTH, tip=look.name,
        role_colour=lambda value: "error" if value[1] else "faint" if look.role in ("drop", "out") else None,
    )  # fmt: skip


def _understood_column(rows: Sequence[PreviewRow | None]) -> Column:
    def words(row: PreviewRow | None) -> str:
        if row is None:
            return ""
        return tr("rejected: {reason}", reason=row.problem.reason) if row.problem else row.understood

    return Column(
        title=tr("Understood as"), values=lambda at: rows[at], format=words,
        role_colour=lambda row: "error" if row is not None and row.problem else "muted",
    )  # fmt: skip


class RoleStrip(QWidget):
    """Drop-downs that stand above the columns of a table and move with them.

    Signals
    -------
    chosen(int, str)
        Position of a column, and the role that it is given.
    """

    chosen = Signal(int, str)

    def __init__(self, table: DataTable) -> None:
        super().__init__()
        self._table = table
        self._columns: tuple[ColumnLook, ...] = ()
        self._roles: tuple[tuple[str, str], ...] = LIST_ROLES
        self.boxes: dict[int, QComboBox] = {}
        self._facts: dict[int, QLabel] = {}
        head = table.horizontalHeader()
        head.sectionResized.connect(self._place)
        head.geometriesChanged.connect(self._place)
        table.horizontalScrollBar().valueChanged.connect(self._place)
        table.viewport().installEventFilter(self)
        theme.current().changed.connect(self._scale)
        self._scale()

    def show_columns(self, columns: tuple[ColumnLook, ...], roles: tuple[tuple[str, str], ...]) -> None:
        """Show the roles of other columns."""
        if roles != self._roles:
            for box in self.boxes.values():
                box.clear()
            self._roles = roles
        self._columns = columns
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the table's width."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    @Slot()
    def _place(self) -> None:
        """Put a drop-down above each column in sight; thousands of columns need no thousands of drop-downs."""
        head = self._table.horizontalHeader()
        shown = set()
        for at, look in enumerate(self._columns):
            if at + 1 >= head.count():
                break
            left, width = head.sectionViewportPosition(at + 1), head.sectionSize(at + 1)
            if left + width <= 0 or left >= self._table.viewport().width():
                continue
            shown.add(at)
            box, facts = self._box(at), self._facts[at]
            self._show(box, facts, look)
            box.setGeometry(left + theme.px(2), 0, width - theme.px(4), theme.px(BOX_HEIGHT))
            facts.setGeometry(
                left + theme.px(8),
                theme.px(BOX_HEIGHT + 2),
                width - theme.px(10),
                theme.px(STRIP_HEIGHT - BOX_HEIGHT - 6),
            )
        for at, box in self.boxes.items():
            box.setVisible(at in shown)
            self._facts[at].setVisible(at in shown)

    def _box(self, at: int) -> QComboBox:
        if at not in self.boxes:
            box = QComboBox(self)
            box.activated.connect(partial(self._chosen, at))
            self.boxes[at] = box
            facts = ElidedLabel("", "caption")
            facts.setParent(self)
            self._facts[at] = facts
        return self.boxes[at]

    def _show(self, box: QComboBox, facts: QLabel, look: ColumnLook) -> None:
        if not box.count():
            for key, text in self._roles:
                box.addItem(text, key)
        box.setCurrentIndex(max(box.findData(look.role), 0))
        name = look.name or tr("column {n}", n=look.position + 1)
        box.setAccessibleName(tr("Role of {name}", name=name))
        words = tr("{facts} in the first rows", facts=look.facts) if look.facts else ""
        box.setToolTip("\n".join(filter(None, (name, words, tr("For example {all}", all=", ".join(look.examples))))))
        set_property(box, "role", _COLOURS.get(look.role, ""))
        facts.setText(look.facts or look.kind)

    def _chosen(self, at: int, index: int) -> None:
        role = self.boxes[at].itemData(index)
        if at < len(self._columns) and role != self._columns[at].role:
            self.chosen.emit(self._columns[at].position, role)

    @Slot()
    def _scale(self) -> None:
        self.setFixedHeight(theme.px(STRIP_HEIGHT))
        self._place()
