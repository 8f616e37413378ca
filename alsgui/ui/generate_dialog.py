"""Asks what ratings to make up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from alsgui.text import count, tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.fields import NumberField, SettingRow
from alsgui.ui.widgets.labels import label, set_colour
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment

Fields = dict[str, NumberField]

_USERS = (1, 20_000)
_MOST_CELLS = 20_000_000
"""They are made as a whole matrix, of 8 bytes a cell."""

_WORDS = {
    "chapter": tr(
        "The text-book's example: integers 1 to 5, uniform and independent. Also sets K = 2 and no hold-out."
    ),
    "low_rank": tr("3.5 + uᵀm + noise, with known u and m: does a fit find them again?"),
    "movies": tr("Made-up titles and genres, few popular movies and many rare ones, and users with characteristics."),
}


class GenerateDialog(QDialog):
    """Kind, sizes and seed; Generate hands them to `generate(kind, **settings)`."""

    def __init__(self, parent: QWidget, generate: Callable[..., None]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Generate ratings"))
        self._generate = generate
        self.kind = Segment(
            [("chapter", tr("Chapter")), ("low_rank", tr("Low rank")), ("movies", tr("Movies"))], tr("Kind of ratings")
        )
        self.kind.chosen.connect(self._show_kind)
        self._words = label("", "body", "muted", wrap=True)
        self.problem = label("", "hint", wrap=True)
        set_colour(self.problem, "error")
        self.problem.hide()
        self._forms = QStackedWidget()
        self.fields = {kind: self._form(kind) for kind in _WORDS}
        make = button(tr("Generate"), kind="primary")
        make.setDefault(True)
        make.clicked.connect(self._accept)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        feet = row(None, cancel, make)
        parts = (label(tr("Generate ratings"), "title"), self.kind, self._words, self._forms, self.problem, None, feet)
        self.setLayout(column(*parts, gap=12, margins=(20, 18, 20, 18)))
        self._show_kind("chapter")
        self.setFixedWidth(theme.px(420))

    def _form(self, kind: str) -> Fields:
        users, movies = {"chapter": (50, 200), "low_rank": (200, 300), "movies": (400, 600)}[kind]
        rows: dict[str, SettingRow] = {}
        fields: Fields = {}

        def add(name: str, symbol: str, title: str, field: NumberField, words: str) -> None:
            fields[name] = field
            rows[name] = SettingRow(symbol, title, field, words)

        add("n_users", "N", tr("Users"), _whole(users, *_USERS), tr("Rows of y"))
        add("n_movies", "M", tr("Movies"), _whole(movies, *_USERS), tr("Columns of y"))
        if kind == "low_rank":
            add("k", "K", tr("Attributes"), _whole(3, 1, 50), tr("Of the truth that is to be found again"))
            add("observed", "", tr("Observed"), NumberField(0.3, 0.001, 1, percent=True), tr("Share of the cells"))
            add("noise", "", tr("Noise"), NumberField(0.3, 0, 5, step=0.1), tr("Standard deviation, in stars"))
        if kind == "movies":
            density = NumberField(0.05, 0.001, 0.5, percent=True)
            add("density", "", tr("Observed"), density, tr("Share of the cells, about"))
        add("seed", "", tr("Seed"), _whole(0, 0, 2**31), tr("The same seed makes the same ratings"))
        form = QWidget()
        form.setLayout(column(*rows.values(), None, gap=10))
        self._forms.addWidget(form)
        return fields

    def _show_kind(self, kind: str) -> None:
        self._words.setText(_WORDS[kind])
        self._forms.setCurrentIndex(list(_WORDS).index(kind))
        self._forms.setFixedHeight(self._forms.currentWidget().sizeHint().height())  # not of the longest form
        self.problem.hide()
        self.adjustSize()

    def _accept(self) -> None:
        kind = self.kind.current()
        settings: dict[str, Any] = {}
        for name, field in self.fields[kind].items():
            if field.problem:
                field.setFocus()
                return
            field.editingFinished.emit()  # not every system takes the focus from a field when a button is pressed
            share = name in ("observed", "noise", "density")
            settings[name] = field.value() if share else int(field.value())
        n_cells = settings["n_users"] * settings["n_movies"]
        if n_cells > _MOST_CELLS:
            words = tr("{n} cells are too many: use at most {most}.", n=count(n_cells), most=count(_MOST_CELLS))
            self.problem.setText(words)
            self.problem.show()
            return
        self._generate(kind, **settings)
        self.accept()


def _whole(value: int, low: int, high: int) -> NumberField:
    return NumberField(value, low, high, whole=True)
