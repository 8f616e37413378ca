"""Asks what to export of a model, in which formats, which way round, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QWidget

from alsgui.core.model import Model
from alsgui.io.export import default_orientation
from alsgui.io.export_predictions import MOST_BYTES, r_size_bytes
from alsgui.session.session import Session
from alsgui.text import byte_size, count, tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.labels import Rule, label, set_colour
from alsgui.ui.widgets.layouts import Box, column, row
from alsgui.ui.widgets.segment import Segment

FORMATS = {"csv": "CSV", "npz": "NumPy (.npz)", "mat": "MATLAB (.mat)", "mtx": "Matrix Market (.mtx)"}


class ExportDialog(QDialog):
    """Factors to a folder, or predictions to a file. The session writes; this only asks."""

    def __init__(self, parent: QWidget, model: Model, session: Session) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self._model, self._session = model, session
        self.what = Segment([("factors", tr("u, m, biases")), ("predictions", tr("r, predictions"))], tr("What"))
        self.what.chosen.connect(self._show_what)
        self.formats = {key: QCheckBox(text) for key, text in FORMATS.items()}
        self.formats["csv"].setChecked(True)
        for box in self.formats.values():
            box.toggled.connect(self._show_size)
        self.format = Segment([(key, key.upper()) for key in FORMATS], tr("Format of r"))
        self.orientation = Segment([("KxN", "K × N"), ("NxK", "N × K")], tr("Orientation"))
        self.orientation.set_current(default_orientation(model))
        self.orientation.setToolTip(tr("K x N: a column for each user, as in the text-book. N x K: a row."))
        self._size = label("", "hint", wrap=True)
        self.block = {
            "first user": _whole(1, model.n_users), "last user": _whole(model.n_users, model.n_users),
            "first movie": _whole(1, model.n_movies), "last movie": _whole(model.n_movies, model.n_movies),
        }  # fmt: skip
        for field in self.block.values():
            field.changed.connect(self._show_size)
        self._factors, self._predictions = QWidget(), QWidget()
        self._factors.setLayout(self._factor_form())
        self._predictions.setLayout(self._prediction_form())
        self.export = button(tr("Choose a place..."), "export", "primary")
        self.export.clicked.connect(self._ask_where)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.setLayout(
            column(
                label(tr("Export"), "title"), self.what, self._factors, self._predictions, None,
                row(None, cancel, self.export), gap=12, margins=(20, 18, 20, 18),
            )
        )  # fmt: skip
        self.setFixedWidth(theme.px(440))
        self._show_what("factors")
        self._show_size()

    def _factor_form(self) -> Box:
        boxes = list(self.formats.values())
        return column(
            label(tr("Format"), "strong"), *boxes, Rule(),
            label(tr("Orientation"), "strong"), self.orientation,
            label(tr("Written into the header of every file. Ids and titles go along."), "hint", wrap=True), gap=8,
        )  # fmt: skip

    def _prediction_form(self) -> Box:
        fields = self.block
        users = row(label(tr("Users"), "strong"), None, fields["first user"], label(tr("to")), fields["last user"])
        columns = label(tr("Columns"), "strong")
        columns.setToolTip(tr("Positions of the {noun}s, 1-based", noun=self._model.noun))
        movies = row(columns, None, fields["first movie"], label(tr("to")), fields["last movie"])
        return column(label(tr("Format"), "strong"), self.format, Rule(), users, movies, self._size, gap=8)

    def _show_what(self, what: str) -> None:
        self._factors.setVisible(what == "factors")
        self._predictions.setVisible(what == "predictions")
        self._show_size()
        self.adjustSize()

    def _span(self, thing: str) -> range:
        return range(int(self.block[f"first {thing}"].value()) - 1, int(self.block[f"last {thing}"].value()))

    def _show_size(self) -> None:
        users, movies = self._span("user"), self._span("movie")
        if not len(users) or not len(movies):
            problem = tr("The last position comes before the first.")
        else:
            size = r_size_bytes(self._model, slice(users.start, users.stop), slice(movies.start, movies.stop))
            shown = tr("{n} × {m} predictions, {size} as numbers.", n=count(len(users)), m=count(len(movies)),
                       size=byte_size(size))  # fmt: skip
            self._size.setText(shown)
            problem = tr("{shown} Choose a smaller block.", shown=shown) if size > MOST_BYTES else ""
        if problem:
            self._size.setText(problem)
        set_colour(self._size, "error" if problem else None)
        if self.what.current() == "factors":
            problem = "" if self._chosen_formats() else tr("Choose at least one format.")
        self.export.setEnabled(not problem)
        self.export.setToolTip(problem)

    def _ask_where(self) -> None:
        for field in self.block.values():
            field.editingFinished.emit()  # not every system takes the focus from a field when a button is pressed
        if not self.export.isEnabled():
            return
        if self.what.current() == "factors":
            chooser = QFileDialog(self, tr("Export u, m and biases to a folder"))
            chooser.setFileMode(QFileDialog.FileMode.Directory)
        else:
            chooser = QFileDialog(self, tr("Export r"))
            chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            chooser.setDefaultSuffix(self.format.current())
            chooser.selectFile(f"r.{self.format.current()}")
        chooser.fileSelected.connect(self.export_to)
        chooser.open()

    def export_to(self, place: str) -> None:
        """Have the session write to a folder (factors) or file (predictions)."""
        if self.what.current() == "factors":
            self._session.export_factors(place, self._chosen_formats(), self.orientation.current())
        else:
            # Put behind, not in place of what stands after the last dot: r 1.2 is no name with a suffix.
            ending = f".{self.format.current()}"
            path = Path(place if place.endswith(ending) else place + ending)
            self._session.export_predictions(path, self.format.current(), self._span("user"), self._span("movie"))
        self.accept()

    def _chosen_formats(self) -> tuple[str, ...]:
        return tuple(key for key, box in self.formats.items() if box.isChecked())


def _whole(value: int, high: int) -> NumberField:
    field = NumberField(value, 1, high, whole=True)
    field.setFixedWidth(theme.px(84))
    return field
