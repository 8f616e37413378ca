"""All users, to be sorted by activity, mean or error; a row selects the user everywhere."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from alsgui import text
from alsgui.core.model import Model
from alsgui.core.ratings import Floats
from alsgui.session.session import Session
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.tables import DataTable

_PIECE = 1 << 18


class BrowseDialog(QDialog):
    """Users with their number of training ratings, mean, and RMSE. A head sorts, a row selects."""

    def __init__(self, parent: QWidget, model: Model, session: Session) -> None:
        super().__init__(parent)
        self._model, self._session = model, session
        self.setWindowTitle(tr("Users"))
        self.table_model = ArrayTableModel()
        self.table = DataTable(self.table_model, tr("Users"))
        self.table.activated.connect(self._choose)
        self.table.clicked.connect(self._choose)
        card = Card(edge_to_edge=True)
        card.body.addWidget(self.table)
        close = button(tr("Close"))
        close.clicked.connect(self.accept)
        hint = label(tr("A head sorts; a row selects the user everywhere."), "hint")
        whole = column(label(tr("Users"), "title"), card, row(hint, None, close), gap=12, margins=(20, 18, 20, 18))
        whole.setStretchFactor(card, 1)
        self.setLayout(whole)
        self.resize(theme.px(480), theme.px(560))
        self._fill(None)
        self.finished.connect(lambda: session.slow.forget("browse"))
        session.slow.request("browse", lambda: user_errors(model), self._fill)

    @Slot(object)
    def _fill(self, errors: Floats | None) -> None:
        model = self._model
        columns = [
            Column(title=tr("User"), values=model.user_ids),
            Column(title=tr("Ratings"), values=model.summary.user_counts, format=text.count, align="right", width=84,
                   tip=tr("Training ratings")),
        ]  # fmt: skip
        if model.split is not None:
            columns.append(Column(title=tr("Mean"), values=model.split.training.user_means, format=text.rating,
                                  align="right", width=72))  # fmt: skip
        if errors is not None:
            columns.append(Column(title=tr("RMSE"), values=errors, format=text.error_figure, align="right", width=84,
                                  tip=tr("Root mean squared error on training ratings, in stars")))  # fmt: skip
        head = self.table.horizontalHeader()
        sorted_by, order = head.sortIndicatorSection(), head.sortIndicatorOrder()
        self.table_model.set_columns(columns, model.n_users)
        self.table_model.sort(sorted_by, order)

    def _choose(self, _index: object) -> None:
        row_chosen = self.table.current_data_row()
        if row_chosen is not None:
            self._session.select_user(row_chosen)


def user_errors(model: Model) -> Floats | None:
    """RMSE of each user on their training ratings (N), in stars, NaN for none; None where there are no such errors."""
    if model.split is None or not model.config.predicts_ratings:
        return None
    training = model.split.training
    users, movies, values = training.users_of_ratings, training.csr.indices, training.csr.data
    squares = np.zeros(model.n_users)
    for start in range(0, len(values), _PIECE):
        part = slice(start, start + _PIECE)
        errors = values[part] - model.predictor.cells(users[part], movies[part])
        squares += np.bincount(users[part], errors**2, model.n_users)
    counts = np.where(training.user_counts > 0, training.user_counts, np.nan)
    return np.asarray(np.sqrt(squares / counts))
