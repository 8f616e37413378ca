"""Titles like a title, users like a user: by cosine, dot product or Euclidean distance."""

from __future__ import annotations

from typing import Literal, get_args

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from alsgui import text
from alsgui.core.model import Model
from alsgui.core.similar import Measure, Similar, similar_movies, similar_users
from alsgui.session.session import Session
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.tables import DataTable

MOST = 50


class SimilarDialog(QDialog):
    """A list of what is nearest to the selected title or user. A row selects it everywhere.

    Parameters
    ----------
    parent, model, session
        Where it stands, whose factors are compared, and whose selection is followed.
    what
        "movie" or "user".
    """

    def __init__(self, parent: QWidget, model: Model, session: Session, what: Literal["movie", "user"]) -> None:
        super().__init__(parent)
        self._model, self._session, self._what = model, session, what
        selected = session.state.selection.movie if what == "movie" else session.state.selection.user
        self.at = 0 if selected is None else selected
        self.found: Similar | None = None
        names = {"cosine": tr("Cosine"), "dot": tr("Dot product"), "euclidean": tr("Distance")}
        self.measure = Segment([(key, names[key]) for key in get_args(Measure)], tr("Measure"))
        self.measure.chosen.connect(self._ask)
        self.table_model = ArrayTableModel()
        self.table = DataTable(self.table_model, tr("Similar"))
        self.table.activated.connect(self._choose)
        self.table.clicked.connect(self._choose)
        nouns = text.pluralised(model.noun) if what == "movie" else tr("users")
        title = tr("Similar {nouns}", nouns=nouns)
        self.setWindowTitle(title)
        self.heading = label("", "body", "movie" if what == "movie" else "user", wrap=True)
        card = Card(edge_to_edge=True)
        card.body.addWidget(self.table)
        close = button(tr("Close"))
        close.clicked.connect(self.accept)
        letter = "m" if what == "movie" else "u"
        hint = label(tr("By {letter}; biases play no part. A row selects it everywhere.", letter=letter), "hint")
        whole = column(label(title, "title"), self.heading, row(self.measure, None), card, row(hint, None, close),
                       gap=12, margins=(20, 18, 20, 18))  # fmt: skip
        whole.setStretchFactor(card, 1)
        self.setLayout(whole)
        self.resize(theme.px(520), theme.px(560))
        self.finished.connect(lambda: session.light.forget("similar"))
        self._ask(self.measure.current())

    @Slot(str)
    def _ask(self, measure: str) -> None:
        at, model = self.at, self._model
        find = similar_movies if self._what == "movie" else similar_users
        chosen: Measure = "dot" if measure == "dot" else "euclidean" if measure == "euclidean" else "cosine"
        self.heading.setText(self._name(at))
        self._session.light.request("similar", lambda: find(model, at, MOST, measure=chosen), self._show)

    @Slot(object)
    def _show(self, found: Similar) -> None:
        self.found = found
        counts = self._model.summary.movie_counts if self._what == "movie" else self._model.summary.user_counts
        far = self.measure.current() == "euclidean"
        values = -found.cosines if far else found.cosines
        head = {"cosine": tr("Cosine"), "dot": tr("Dot"), "euclidean": tr("Distance")}[self.measure.current()]
        columns = [
            Column(title=self._model.noun.capitalize() if self._what == "movie" else tr("User"),
                   values=[self._name(int(at)) for at in found.columns]),
            Column(title=head, values=values, format=lambda value: text.decimal(value, 3), align="right", width=84),
            Column(title=tr("Ratings"), values=counts[found.columns], format=text.count, align="right", width=76),
        ]  # fmt: skip
        self.table_model.set_columns(columns, len(found.columns))

    def _choose(self, index: object) -> None:
        row_chosen = self.table.current_data_row()
        if row_chosen is None or self.found is None:
            return
        at = int(self.found.columns[row_chosen])
        select = self._session.select_movie if self._what == "movie" else self._session.select_user
        select(at)

    def _name(self, at: int) -> str:
        return self._model.title(at) if self._what == "movie" else tr("User {id}", id=self._model.user_ids[at])
