"""The attributes beside the picture: a table of sizes and ends, and the detail of the chosen one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, QRectF, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.core.attributes import Attributes
from alsgui.core.factor_view import FactorSource
from alsgui.core.ratings import Floats, Ints
from alsgui.session.state import Selection
from alsgui.text import counted, decimal, pluralised, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.factors.words import user_words, without_year
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.bars import Contribution, ContributionBars, Histogram, Marker
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.tables import DataTable

MOST_BARS, FEWEST_BARS, NAMES = 48, 6, 200
HEAD_AND_FOOT, LOWEST, TALLEST = 48, 92, 190


class SizeCell:
    """Bar of a share of the largest, and the number."""

    def paint(self, painter: QPainter, area: QRectF, value: float) -> None:
        """Draw `value`, 0 to 1."""
        width, height = theme.px(44), theme.px(5)
        ground = QRectF(area.left(), area.center().y() - height / 2, width, height)
        paint.bar(painter, ground, "border", height / 2)
        if value > 0:
            paint.bar(painter, QRectF(ground.topLeft(), ground.size()).adjusted(0, 0, (value - 1) * width, 0), "accent")
        words = decimal(value, 2)
        paint.put(painter, area.right(), area.center().y(), words, "text", size=13, weight=400, align="right")

    def paint_head(self, painter: QPainter, area: QRectF) -> bool:
        """Leave the title."""
        return False


class AttributesPanel(QWidget):
    """Table over detail: of the chosen attribute the users' weights, and the movies at its ends."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[FactorSource, Attributes] | None = None
        self._selection = Selection()
        self._chosen: int | None = None
        self._order: Ints = np.zeros(0, np.int64)
        self._filling = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("Attributes"))
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.overview = Card(tr("Attributes"), tr("size; attributes overlap, sizes do not add up"), edge_to_edge=True)
        self.overview.body.addWidget(self.table, 1)
        self.detail = Card(tr("Attribute {k}", k=1))
        self.histogram = Histogram(tr("User weights"), role="user", count_axis=False)
        self._weights = label("", "caption")
        self._end_names = (label(tr("Low end"), "caption"), label(tr("High end"), "caption"))
        self.ends = (ContributionBars(tr("Low end"), names=NAMES), ContributionBars(tr("High end"), names=NAMES))
        self.detail.body.add(self._weights)
        self.detail.body.addWidget(self.histogram, 10)
        sides = [column(name, bars, None, gap=4) for name, bars in zip(self._end_names, self.ends, strict=True)]
        both = row(*sides, gap=16)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self.detail.body.addLayout(both)
        self.detail.body.add(None)
        whole = column(self.overview, self.detail, gap=12)
        whole.setStretch(0, 3)
        whole.setStretch(1, 2)
        self.setLayout(whole)

    def show_attributes(self, source: FactorSource, known: Attributes | None, selection: Selection) -> None:
        """Show the attributes of a source and where the selected user stands."""
        self._selection = selection
        if known is None:
            return
        if self._shown is None or self._shown[1] is not known:
            self._shown = (source, known)
            if self._chosen is None or self._chosen >= source.factors.k:
                self._chosen = int(np.argmax(known.sizes))
            self._fill(source, known, self._chosen)
        self._show_detail()

    def _fill(self, source: FactorSource, known: Attributes, chosen: int) -> None:
        order = np.argsort(-known.sizes, kind="stable")
        nouns = pluralised(source.noun).capitalize()
        columns = [
            Column(title="k", values=order + 1, width=44, align="right"),
            Column(
                title=tr("Size"),
                values=known.sizes[order],
                cell=SizeCell(),
                width=112,
                tip=tr("|uₖ| |mₖ| relative to the largest"),
            ),
            Column(title=tr("{Movies} at the low end", Movies=nouns), values=_ends(source, known.low[order])),
            Column(title=tr("{Movies} at the high end", Movies=nouns), values=_ends(source, known.high[order])),
        ]
        self._order = order
        self._filling = True
        self.model.set_columns(columns, len(order))
        self.histogram.setMinimumHeight(theme.px(LOWEST))
        self.histogram.setMaximumHeight(theme.px(TALLEST))
        self.overview.setMaximumHeight(theme.px(28) * (len(order) + 1) + theme.px(HEAD_AND_FOOT))
        self.table.select_data_row(int(np.flatnonzero(order == chosen)[0]))
        self._filling = False

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._filling:
            self._chosen = int(self._order[self.model.data_row(current.row())])
            self._show_detail()

    def _show_detail(self) -> None:
        if self._shown is None or self._chosen is None:
            return
        (source, known), k = self._shown, self._chosen
        nouns = pluralised(source.noun)
        name = source.name(k)
        self.detail.set_title(tr("Attribute {k}: {name}", k=k + 1, name=name) if name else tr("Attribute {k}", k=k + 1))
        self.detail.set_subtitle(
            tr("{movies} with at least {ratings}", movies=nouns, ratings=counted(known.at_least, tr("rating")))
        )
        informed = source.user_counts > 0
        weights = source.factors.users[informed, k].astype(np.float64)
        self._weights.setText(tr("user weights u, all {n}", n=counted(len(weights), tr("user"))))
        histogram_of(self.histogram, weights)
        user = self._selection.user
        marker = None
        if user is not None and user < len(informed) and informed[user]:
            marker = Marker(float(source.factors.users[user, k]), user_words(source, user), "user")
        self.histogram.set_marker(marker)
        loadings = source.factors.movies[:, k]
        sides = (known.low[k], known.high[k])
        reach = float(np.abs(loadings[np.concatenate(sides)]).max(initial=0.0)) or None
        for bars, columns in zip(self.ends, sides, strict=True):
            rows = [Contribution("", source.title(int(at)), float(loadings[at])) for at in columns]
            bars.set_rows(rows, reach=reach)


def histogram_of(histogram: Histogram, weights: Floats) -> None:
    """Show how weights spread."""
    counts, edges = np.histogram(weights, _n_bars(len(weights)))
    histogram.set_counts((edges[:-1] + edges[1:]) / 2, counts, soft=True)


def _n_bars(n_users: int) -> int:
    return int(np.clip(2 * np.sqrt(n_users), FEWEST_BARS, MOST_BARS))


def _ends(source: FactorSource, ends: Ints) -> list[str]:
    """The two outermost movies of each attribute, in words."""
    return [" · ".join(without_year(source.title(int(at))) for at in columns[:2]) for columns in ends]
