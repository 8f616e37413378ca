"""The inspector of the Factors page: the selected cell, where its prediction comes from, its largest products."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from alsgui import text
from alsgui.core.attributes import Attributes
from alsgui.core.explain import ByAttribute
from alsgui.core.factor_view import FactorSource
from alsgui.core.ratings import Floats
from alsgui.session.state import Selection
from alsgui.text import STAR, tr
from alsgui.ui import theme
from alsgui.ui.pages.factors.words import end_titles, movie_words, user_words
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.bars import Contribution, ContributionBars
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.chips import Chip
from alsgui.ui.widgets.facts import FactList, Rule
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.waterfall import Waterfall

MOST_PRODUCTS = 9
NAMES, INDEX = 144, 26

StepRow = tuple[str, str, float, str]


class Caption(QWidget):
    """Small muted line whose subscripts are set below the line."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme.px(120), theme.px(16))

    def paintEvent(self, event: object) -> None:
        """Draw the words."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            size = QSizeF(self.size())
            paint.put(painter, 0, size.height() / 2, self._words, width=size.width())


class FactorsInspector(QWidget):
    """Panel at the right: chips, facts, waterfall, products.

    Signals
    -------
    recommend_wanted()
        The list of the selected user was asked for.
    """

    recommend_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cell: tuple[FactorSource, int, int] | None = None
        self.user, self.movie = Chip("user", "–"), Chip("movie", "–")
        self.facts = FactList()
        self.waterfall = Waterfall()
        self.products = ContributionBars(tr("Largest products"), names=NAMES)
        self.note = label("", "hint", wrap=True)
        self._origin = _group(Rule(), Caption(tr("Where the prediction comes from")), self.waterfall)
        self._largest = _group(Rule(), Caption(tr("uₖ × mₖ, the largest")), self.products)
        self.hint = label(tr("Click a cell of r to see how its prediction comes about."), "hint", wrap=True)
        self.recommend = button(tr("Recommend for user"), "thumbs-up")
        self.recommend.clicked.connect(self.recommend_wanted)
        self.copy = icon_button("copy", tr("Copy these numbers"))
        self.copy.clicked.connect(self.copy_numbers)
        self._foot = row(self.recommend, None, self.copy)
        self._chips = row(self.user, self.movie, None, gap=6)
        content = QWidget()
        content.setLayout(
            column(
                self._chips,
                self.hint,
                self.facts,
                self.note,
                self._origin,
                self._largest,
                None,
                gap=10,
                margins=(16, 14, 16, 8),
            )
        )
        area = QScrollArea()
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QWidget()
        foot.setLayout(row(self._foot, margins=(16, 6, 16, 14)))
        self.setLayout(column(area, foot, gap=0))

    def show_cell(self, source: FactorSource | None, selection: Selection, known: Attributes | None) -> None:
        """Show the selected cell of a source; `known` names the attributes."""
        n_users, n_movies, _ = (0, 0, 0) if source is None else source.shape
        user = selection.user if selection.user is not None and selection.user < n_users else None
        movie = selection.movie if selection.movie is not None and selection.movie < n_movies else None
        self._cell = None if source is None or user is None or movie is None else (source, user, movie)
        self.user.setVisible(source is not None and user is not None)
        self.movie.setVisible(source is not None and movie is not None)
        if source is not None and user is not None:
            self._name(self.user, user_words(source, user), 110)
        if source is not None and movie is not None:
            self._name(self.movie, movie_words(source, movie), 150)
        has_cell = self._cell is not None
        for part in (self.facts, self._largest, self.copy):
            part.setVisible(has_cell)
        self.hint.setVisible(not has_cell and source is not None)
        self.recommend.setVisible(source is not None)
        self.recommend.setEnabled(user is not None)
        self._origin.setVisible(has_cell and source is not None and source.has_biases)
        self.note.setVisible(False)
        if self._cell is not None:
            self._show(*self._cell, known)

    @Slot()
    def copy_numbers(self) -> None:
        """Put facts and every product on the clipboard, tab-separated."""
        if self._cell is None:
            return
        source, user, movie = self._cell
        terms = source.terms(user, movie)
        lines = [
            ("user", source.user_ids[user]),
            ("title", source.title(movie)),
            ("y", source.observed(user, movie)),
            ("r", terms.total),
        ]
        if source.has_biases:
            lines += [("mu", terms.mean), ("b_u", terms.user_bias), ("b_m", terms.movie_bias)]
        lines += [(f"u_{k} m_{k}", float(value)) for k, value in enumerate(terms.products, 1)]
        QGuiApplication.clipboard().setText("".join(f"{name}\t{value}\n" for name, value in lines))

    def _show(self, source: FactorSource, user: int, movie: int, known: Attributes | None) -> None:
        terms = source.terms(user, movie)
        self.facts.set_rows(fact_rows(source, user, movie, terms.total))
        if source.has_biases:
            steps = step_rows(source, user, movie, terms)
            self.waterfall.set_steps(steps, terms.total)
        ends = [end_titles(source, known, k) for k in range(source.factors.k)]
        rows = product_rows(terms.products, ends, source.names)
        self.products.set_rows(rows, float(terms.products.sum()))
        words = note_words(source, user, movie)
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self._largest.setVisible(bool(np.any(terms.products)))

    @staticmethod
    def _name(chip: Chip, words: str, room: int) -> None:
        chip.set_text(paint.elided(words, theme.px(room), 12, 500))
        chip.setToolTip(words)


def fact_rows(source: FactorSource, user: int, movie: int, predicted: float) -> list[tuple[str, str, str | None, str]]:
    """Lines of rating, prediction and error of one cell."""
    given = source.observed(user, movie)
    is_known = not math.isnan(given)
    held_out = tr(" (held out)") if source.is_held_out(user, movie) else ""
    observed = f"{text.rating(given)} {STAR}{held_out}" if is_known else tr("not rated")
    if source.split is None:
        observed = tr("not known")
    if not source.predicts_ratings:
        tip = tr("About 0 to 1, not a rating: how strongly the model expects it")
        return [
            (tr("y  observed"), observed, None if is_known else "muted", tr("What the user gave")),
            (tr("r  score"), text.score(predicted), None, tip),
        ]
    scale = source.scale
    clipped = min(max(predicted, scale.minimum), scale.maximum)
    rows: list[tuple[str, str, str | None, str]] = [
        (tr("y  observed"), observed, None if is_known else "muted", tr("The rating that the user gave")),
        (tr("r  predicted"), f"{text.rating(predicted)} {STAR}", None, tr("As the model predicts it")),
    ]
    if text.rating(clipped) != text.rating(predicted):
        words = tr("     on the {low}–{high} scale", low=f"{scale.minimum:g}", high=f"{scale.maximum:g}")
        rows.append((words, f"{text.rating(clipped)} {STAR}", None, tr("Kept within the scale of the ratings")))
    error = text.contribution(given - predicted) if is_known else text.DASH
    rows.append((tr("y − r  error"), error, None if is_known else "muted", tr("Rating less prediction, in stars")))
    return rows


def step_rows(source: FactorSource, user: int, movie: int, terms: ByAttribute) -> list[StepRow]:
    """Steps of the waterfall: mean, biases, sum of the products."""
    k = len(terms.products)
    return [
        ("μ", tr("all ratings"), terms.mean, "muted"),
        ("bᵤ", user_words(source, user).lower(), terms.user_bias, "user"),
        ("bₘ", movie_words(source, movie), terms.movie_bias, "movie"),
        ("Σₖ", tr("uₖ mₖ, {n} of them", n=k), float(terms.products.sum()), "muted"),
    ]


def product_rows(
    products: Floats, ends: list[tuple[str, str] | None], names: tuple[str, ...] = ()
) -> list[Contribution]:
    """The largest products by size, then all others in one row; attributes by name, else by their ends."""
    order = np.argsort(-np.abs(products), kind="stable")
    n_shown = len(products) if len(products) <= MOST_PRODUCTS + 1 else MOST_PRODUCTS
    called = names or ("",) * len(products)
    rows = [
        Contribution(
            str(k + 1),
            called[k] or pair_words(ends[k]),
            float(products[k]),
            full=called[k] or paint.BETWEEN.join(ends[k] or ()),
        )
        for k in order[:n_shown]
    ]
    others = order[n_shown:]
    if len(others):
        rows.append(Contribution("", tr("{n} others", n=len(others)), float(products[others].sum()), rest=True))
    return rows


def pair_words(titles: tuple[str, str] | None) -> str:
    """Two titles with an arrow between, each shortened as far as the room asks."""
    if titles is None:
        return text.DASH
    return paint.elided_pair(titles, theme.px(NAMES - INDEX), 12, 400)


def note_words(source: FactorSource, user: int, movie: int) -> str:
    """What else must be known of a cell of a row or column without ratings."""
    lonely = [
        words
        for words, counts, at in (
            (user_words(source, user), source.user_counts, user),
            (movie_words(source, movie), source.movie_counts, movie),
        )
        if not counts[at]
    ]
    if lonely:
        who = tr(" and ").join(lonely)
        return tr("{who}: no rating in training. The prediction is what is known of the rest.", who=who)
    return ""


def _group(*parts: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(column(*parts, gap=8))
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made
