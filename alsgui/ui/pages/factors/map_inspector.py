"""The inspector of the map: what is brushed, or what lies near the selected point."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from alsgui import text
from alsgui.core.projection import Neighbours
from alsgui.core.ratings import Ints
from alsgui.io.atomic import atomic_text
from alsgui.io.spreadsheet import SafeWriter
from alsgui.text import counted, tr
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.factors.map_points import MapPoints
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.facts import FactList
from alsgui.ui.widgets.labels import ElidedLabel, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.tables import DataTable

END_WORDS = {
    "left": "At the left end",
    "right": "At the right end",
    "bottom": "At the bottom end",
    "top": "At the top end",
}


class MapInspector(QWidget):
    """Title and count, ranges, a table of points, and what can be done with them.

    Signals
    -------
    chosen(int)
        Row of the side (a user or movie) whose line was chosen.
    end_wanted(str)
        What is listed shall be an end of an axis: "left", "right", "bottom" or "top".
    recommend_wanted(object)
        A list for the mean of the users listed (their rows) was asked for.
    exported(str)
        A file was written.
    export_failed(str)
        It could not be; the reason.
    """

    chosen = Signal(int)
    end_wanted = Signal(str)
    recommend_wanted = Signal(object)
    exported = Signal(str)
    export_failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: Ints = np.zeros(0, np.int64)
        self._filling = False
        self._title, self._count = ElidedLabel("", "card"), label("", "hint")
        self.facts = FactList()
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("Points"))
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.export = button(tr("Export"), "export")
        self.export.clicked.connect(self._ask)
        self.copy = button(tr("Copy"), "copy")
        self.copy.clicked.connect(self.table.copy_all)
        self.ends = button(tr("Axis end"), "arrows-left-right", tip=tr("Place all along a line from or to these"))
        self.ends.setMenu(self._ends_menu())
        self.recommend = button(tr("Recommend for their mean"), "thumbs-up",
                                tip=tr("The list of a person whose weights are the mean of these users"))  # fmt: skip
        self.recommend.clicked.connect(lambda: self.recommend_wanted.emit(self._rows))
        self.hint = label(tr("Brush points, or click one to see what lies near it."), "hint", wrap=True)
        head = row(self._title, self._count, gap=8)
        head.setStretchFactor(self._title, 1)
        foot = row(self.export, self.copy, self.ends, None, gap=6)
        whole = column(head, self.facts, self.hint, gap=8, margins=(16, 14, 16, 14))
        whole.addWidget(self.table, 100)
        whole.add(None)
        whole.add(row(self.recommend, None))
        whole.addLayout(foot)
        self.setLayout(whole)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say what can be done."""
        self._title.setText("")
        self._count.setText("")
        self.facts.set_rows([])
        self._rows = np.zeros(0, np.int64)
        for part in (self.table, self.export, self.copy, self.ends, self.recommend):
            part.setVisible(False)
        self.hint.setVisible(True)

    def show_brushed(self, points: MapPoints, inside: Ints) -> None:
        """List brushed points (positions among the points), the well known first."""
        order = inside[np.argsort(-points.counts[inside], kind="stable")]
        one, many = points.words
        self._show_head(tr("Brushed"), counted(len(inside), one, many))
        ranges = []
        for title, values in ((points.x_title, points.x[inside]), (points.y_title, points.y[inside])):
            if len(values):
                words = tr("{low} to {high}", low=text.decimal(float(values.min()), 2),
                           high=text.decimal(float(values.max()), 2))  # fmt: skip
                ranges.append((title.split(":")[0], words, None, title))
        self.facts.set_rows(ranges)
        columns = [
            Column(title=tr("Ratings"), values=points.counts[order], format=text.count, align="right", width=66),
            Column(title=tr("Mean"), values=points.means[order], format=text.rating, align="right", width=58),
        ]
        self._fill(points, points.listed[order], columns)
        self.recommend.setVisible(points.choice.thing == "user" and bool(len(order)))

    def show_near(self, points: MapPoints, at: int, near: Neighbours) -> None:
        """List what lies near a point (a row of the side), with how far it is."""
        one = points.words[0]
        place = np.flatnonzero(points.listed == at)
        title = points.full(int(place[0])).split("\n")[0] if len(place) else one.capitalize()
        self._show_head(tr("Near {name}", name=title), "")
        unit = tr("stars") if points.source.predicts_ratings else tr("score")
        tip = tr("Root of the mean square difference of the predictions, biases aside, in {unit}", unit=unit)
        self.facts.set_rows([(tr("distance"), tr("in {unit}, as predictions differ", unit=unit), "muted", tip)])
        places = {int(row): place for place, row in enumerate(points.listed)}
        counts = points.counts[[places[int(row)] for row in near.rows]]
        columns = [
            Column(title=tr("Ratings"), values=counts, format=text.count, align="right", width=66),
            Column(title=tr("Distance"), values=near.distances, format=lambda far: text.decimal(far, 3),
                   align="right", width=74, tip=tip),
        ]  # fmt: skip
        self._fill(points, near.rows, columns)
        self.recommend.setVisible(False)

    def listed(self) -> Ints:
        """Rows of the side that are listed."""
        return self._rows

    def export_csv(self, path: str | Path) -> None:
        """Write what is listed, and tell by signal."""
        try:
            with atomic_text(path) as stream:
                writer = SafeWriter(stream)
                writer.writerow([column.title for column in self.model.columns])
                writer.writerows(
                    [str(column.value(at)) for column in self.model.columns] for at in range(len(self._rows))
                )
        except Exception as problem:  # noqa: BLE001 - whatever the disk says is told, and nothing is lost
            self.export_failed.emit(str(problem))
        else:
            self.exported.emit(str(path))

    def _show_head(self, title: str, words: str) -> None:
        self._title.setText(title)
        self._count.setText(words)
        self.hint.setVisible(False)
        for part in (self.table, self.export, self.copy, self.ends):
            part.setVisible(True)

    def _fill(self, points: MapPoints, rows: Ints, numbers: Sequence[Column]) -> None:
        source, is_movie = points.source, points.choice.thing == "movie"
        ids = source.movie_ids if is_movie else source.user_ids
        names = [source.title(int(at)) if is_movie else ids[int(at)] for at in rows]
        self._rows = rows
        self._filling = True
        self.model.set_columns([Column(title=points.words[0].capitalize(), values=names), *numbers], len(rows))
        self._filling = False
        self.ends.setVisible(bool(len(rows)))

    def _ends_menu(self) -> QMenu:
        menu = QMenu(self)
        for end, words in END_WORDS.items():
            menu.addAction(tr(words), lambda end=end: self.end_wanted.emit(end))
        return menu

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not self._filling:
            self.chosen.emit(int(self._rows[self.model.data_row(now.row())]))

    @Slot()
    def _ask(self) -> None:
        dialog = QFileDialog(self, tr("Save"), "points.csv", tr("CSV table (*.csv)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.export_csv)
        dialog.open()
