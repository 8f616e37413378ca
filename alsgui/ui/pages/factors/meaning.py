"""The Attributes view: all parts of a prediction, what each is about, other attributes for the same predictions."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRectF, Qt, Slot
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from alsgui.core.basis import Basis, allowed
from alsgui.core.factor_view import FactorSource
from alsgui.core.meaning import Meaning, meaning
from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.text import counted, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.factors.attributes import histogram_of
from alsgui.ui.pages.factors.parts import (
    Part,
    end_rows,
    genre_words,
    histogram_words,
    listed_words,
    parts,
    proof_words,
    table_words,
    view_words,
    weights,
)
from alsgui.ui.pages.factors.words import user_words
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.bars import Contribution, ContributionBars, Histogram, Marker
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import ElidedLabel, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.tables import DataTable

NAMES, HISTOGRAM = 200, 92
TABLE_SHARE, DETAIL_SHARE = 10, 12

_SENTENCE = "Factors are only defined up to an invertible matrix T: uᵀm = (T u)ᵀ (T⁻ᵀ m)."
_TIPS = {
    "order": "Largest |uₖ| |mₖ| first",
    "scale": "Loadings of every attribute at length 1; the weights take the size",
    "svd": "Attributes that do not overlap: uᵀm by its singular values",
    "varimax": "Rotate so that each movie loads on few attributes",
}


class SignCell:
    """Number of an attribute, or the letter of a part, its subscript below the line."""

    def paint(self, painter: QPainter, area: QRectF, value: str) -> None:
        """Draw the sign."""
        paint.put(painter, area.left(), area.center().y(), value, "text", size=13, weight=500)

    def paint_head(self, painter: QPainter, area: QRectF) -> bool:
        """Leave the title."""
        return False


class NameCell:
    """What a part is called: a given name in ink, two extreme titles muted."""

    def paint(self, painter: QPainter, area: QRectF, value: Part) -> None:
        """Draw the name; both ends are shortened alike."""
        words, room = value.name, area.width()
        if value.unnamed and paint.BETWEEN in words:
            low, _, high = words.partition(paint.BETWEEN)
            words = paint.elided_pair((low, high), room, 13, 400)
        role = "muted" if value.unnamed else "text"
        paint.put(painter, area.left(), area.center().y(), words, role, size=13, weight=400, width=room)

    def paint_head(self, painter: QPainter, area: QRectF) -> bool:
        """Leave the title."""
        return False


class SizeWordsCell:
    """Bar of a size and its number; the number alone where there is no bar."""

    def paint(self, painter: QPainter, area: QRectF, value: Part) -> None:
        """Draw bar and number."""
        if value.size is not None:
            width, height = theme.px(44), theme.px(5)
            ground = QRectF(area.left(), area.center().y() - height / 2, width, height)
            paint.bar(painter, ground, "border", height / 2)
            if value.size > 0:
                paint.bar(painter, ground.adjusted(0, 0, (value.size - 1) * width, 0), "accent")
        paint.put(
            painter, area.right(), area.center().y(), value.size_words, "text", size=13, weight=400, align="right"
        )

    def paint_head(self, painter: QPainter, area: QRectF) -> bool:
        """Leave the title."""
        return False


class MeaningView(QWidget):
    """Table of parts at the left, the chosen one at the right; above, other attributes and the proof."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._source: FactorSource | None = None
        self._known: Meaning | None = None
        self._parts: list[Part] = []
        self._chosen: tuple[str, int] = ("attribute", -1)
        self._filling = False
        self._build_acts()
        self._build_table()
        self._build_detail()
        both = row(self.overview, self.detail, gap=12)
        both.setStretch(0, TABLE_SHARE)
        both.setStretch(1, DETAIL_SHARE)
        whole = column(self.acts_card, gap=12)
        whole.addLayout(both, 1)
        self.setLayout(whole)

    def _build_acts(self) -> None:
        self.acts: dict[str, QPushButton] = {}
        for act, words in (
            ("order", tr("Order by size")),
            ("scale", tr("Unit length")),
            ("svd", tr("SVD")),
            ("varimax", tr("Varimax")),
        ):
            self.acts[act] = button(words, tip=tr(_TIPS[act]))
            self.acts[act].clicked.connect(lambda _on=False, act=act: self._session.views.change(act))
        self.undo = button(tr("Undo"), "arrow-u-up-left", "ghost", tr("Take the last change or name back (Ctrl+Z)"))
        self.undo.clicked.connect(self._undo)
        back = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self._undo)
        self.shown_as = ElidedLabel("", "body", "muted")
        self.sentence = ElidedLabel(tr(_SENTENCE), "hint")
        self.proof = ElidedLabel("", "hint")
        self.acts_card = Card()
        line = row(*self.acts.values(), self.undo, 8, self.shown_as, gap=6)
        line.setStretchFactor(self.shown_as, 1)
        self.acts_card.body.addLayout(line)
        self.acts_card.body.add(self.sentence)
        self.acts_card.body.add(self.proof)
        self.acts_card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _build_table(self) -> None:
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("Parts of a prediction"))
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.overview = Card(tr("Parts of r"), " ", edge_to_edge=True)
        self.overview.body.addWidget(self.table, 1)
        self.overview.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def _build_detail(self) -> None:
        self.detail = Card(tr("Attribute"), " ")
        self.detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the attribute"))
        self.name.setToolTip(tr("Give the attribute a name; it is used everywhere, in exports too."))
        self.name.editingFinished.connect(self._take_name)
        self.flip = icon_button("arrows-left-right", tr("Exchange the two ends: flip the sign of uₖ and mₖ"))
        self.flip.clicked.connect(self._flip)
        self.naming = QWidget()
        self.naming.setLayout(row(self.name, self.flip, gap=6))
        self._weights = label("", "caption")
        self.histogram = Histogram(tr("Weights"), role="user", count_axis=False)
        self._end_names = (label("", "caption"), label("", "caption"))
        self.ends = (ContributionBars(tr("Low end"), names=NAMES), ContributionBars(tr("High end"), names=NAMES))
        self.genres = (label("", "hint", wrap=True), label("", "hint", wrap=True))
        sides = [
            column(name, bars, genres, None, gap=4)
            for name, bars, genres in zip(self._end_names, self.ends, self.genres, strict=True)
        ]
        both = row(*sides, gap=16)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        inside = QWidget()
        inside.setLayout(column(self.naming, self._weights, self.histogram, both, None, gap=8))
        area = scrolling(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.detail.body.addWidget(area, 1)

    def show_source(self, source: FactorSource, state: State) -> None:
        """Show the parts of a source; what they are about comes a moment later."""
        self._show_acts(state)
        if source is self._source:
            self._show_detail()
            return
        self._source = source
        self._session.light.request("factors.meaning", lambda: (source, meaning(source)), self._take)

    def _take(self, made: tuple[FactorSource, Meaning]) -> None:
        source, known = made
        if source is not self._source:
            return
        self._known = known
        basis = self._basis()
        self._parts = parts(source, known, shares=basis is not None and basis.has_shares)
        self._fill(basis)
        self._show_detail()

    def _basis(self) -> Basis | None:
        model = self._session.state.model
        seen = None if model is None or self._session.state.live is not None else model.shown
        return None if seen is None else seen.basis

    def _show_acts(self, state: State) -> None:
        model, live = state.model, state.phase == "fitting"
        for act, made in self.acts.items():
            is_allowed = model is not None and not live and allowed(model, act)
            made.setEnabled(is_allowed)
            why = tr("Wait until the fit has ended.") if live else tr("Factors of this algorithm are never negative.")
            made.setToolTip(tr(_TIPS[act]) if is_allowed else why)
        basis = self._basis()
        self.undo.setEnabled(basis is not None and basis.before is not None and not live)
        self.flip.setEnabled(model is not None and not live and allowed(model, "flip"))
        self.name.setEnabled(not live)
        self.shown_as.setText(tr("shown: {what}", what=view_words(basis)))
        seen = None if model is None or basis is None else model.shown
        there = seen is not None and seen.proof is not None
        if there and model is not None and seen is not None and seen.proof is not None:
            self.proof.setText(proof_words(seen.proof, stars=model.config.predicts_ratings))
        self.proof.setVisible(there)

    def _fill(self, basis: Basis | None) -> None:
        made = self._parts
        size_title = tr("Share") if basis is not None and basis.has_shares else tr("Size")
        columns = [
            Column(title="k", values=[part.sign for part in made], cell=SignCell(), width=44,
                   keys=[part.attribute if part.attribute >= 0 else 10**6 for part in made]),
            Column(title=tr("Name"), values=made, cell=NameCell(), format=lambda part: part.name,
                   keys=[part.name for part in made]),
            Column(title=size_title, values=made, cell=SizeWordsCell(), format=lambda part: part.size_words, width=120,
                   keys=[-1.0 if part.size is None else part.size for part in made],
                   tip=tr("|uₖ| |mₖ| relative to the largest; after SVD the share of the sum of squares")),
        ]  # fmt: skip
        self.overview.set_subtitle(table_words(basis))
        self._filling = True
        self.model.set_columns(columns, len(made))
        keys: list[tuple[str, int]] = [(part.kind, part.attribute) for part in made]
        if self._chosen not in keys:
            self._chosen = keys[0]
        self.table.select_data_row(keys.index(self._chosen))
        self._filling = False

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not self._filling:
            part = self._parts[self.model.data_row(now.row())]
            self._chosen = (part.kind, part.attribute)
            self._show_detail()

    def _part(self) -> Part | None:
        return next((part for part in self._parts if (part.kind, part.attribute) == self._chosen), None)

    def _show_detail(self) -> None:
        part, source, known = self._part(), self._source, self._known
        if part is None or source is None or known is None:
            return
        is_attribute = part.kind == "attribute"
        title = tr("Attribute {k}", k=part.sign) if is_attribute else part.name.capitalize()
        self.detail.set_title(title)
        self.detail.set_subtitle("" if part.kind == "mean" else listed_words(source, known, part))
        self.naming.setVisible(is_attribute)
        if not self.name.hasFocus() or not self.name.isModified():
            self.name.setText(source.name(part.attribute) if is_attribute else "")
        self.name.setPlaceholderText(tr("Name it: {words}", words=part.name) if part.unnamed else "")
        self._show_weights(source, part)
        self._show_ends(source, part)

    def _show_weights(self, source: FactorSource, part: Part) -> None:
        numbers = weights(source, part)
        self.histogram.setVisible(bool(len(numbers)))
        self.histogram.setFixedHeight(theme.px(HISTOGRAM))
        self._weights.setText(
            histogram_words(source, part, len(numbers))
            if len(numbers)
            else tr("{mu} ★, from {n}", mu=f"{source.mu:.4f}",
                    n=counted(int(source.user_counts.sum()), tr("training rating")))
        )  # fmt: skip
        if not len(numbers):
            return
        histogram_of(self.histogram, numbers)
        user, marker = self._session.state.selection.user, None
        if part.kind in ("attribute", "user_bias") and user is not None and user < len(source.user_counts):
            of_users = source.factors.user_bias if part.kind == "user_bias" else source.factors.users[:, part.attribute]
            if source.user_counts[user]:
                marker = Marker(float(of_users[user]), user_words(source, user), "user")
        self.histogram.set_marker(marker)

    def _show_ends(self, source: FactorSource, part: Part) -> None:
        sides = end_rows(source, part)
        reach = max((abs(value) for side in sides for _, value in side), default=0.0) or None
        for bars, listed in zip(self.ends, sides, strict=True):
            bars.set_rows([Contribution("", words, value, full=words) for words, value in listed], reach=reach)
            bars.setVisible(bool(listed))
        for name, words, listed in zip(self._end_names, (tr("Low end"), tr("High end")), sides, strict=True):
            name.setText(words if listed else "")
        for told, genres in zip(self.genres, (part.ends.low_genres, part.ends.high_genres), strict=True):
            told.setText(genre_words(genres))

    @Slot()
    def _take_name(self) -> None:
        part = self._part()
        if part is not None and part.kind == "attribute" and self.name.isModified():
            self.name.setModified(False)
            self._session.views.name(part.attribute, self.name.text())

    @Slot()
    def _flip(self) -> None:
        part = self._part()
        if part is not None and part.kind == "attribute":
            self._session.views.change("flip", part.attribute)

    @Slot()
    def _undo(self) -> None:
        self._session.views.undo()
