"""Why: one prediction taken apart by attribute and by the person's ratings, beside similar movies."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QWidget

from alsgui import text
from alsgui.core.model import Model
from alsgui.text import tr
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.recommend.cells import SCORE_WORDS, scale_words
from alsgui.ui.pages.recommend.explained import Explained, Neighbour, Pull, given_words
from alsgui.ui.pages.recommend.likeness import Likeness, LikenessList
from alsgui.ui.pages.recommend.movie_field import MovieField
from alsgui.ui.widgets.bars import Contribution, ContributionBars
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.labels import ElidedLabel, Rule, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.waterfall import Waterfall


class WhyPanel(QWidget):
    """Inspector of Recommend.

    Signals
    -------
    factors_wanted()
        The cell shall be shown on Factors.
    similar_wanted(), what_if_wanted()
        Similar movies, or the person with other ratings, are asked for.
    movie_chosen(int)
        Column of a similar movie, or of one that was searched.
    """

    factors_wanted = Signal()
    similar_wanted = Signal()
    what_if_wanted = Signal()
    movie_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._shown: Explained | None = None
        self.rank = label("", "hint")
        self.title = label("", "title", wrap=True)
        self.genres = ElidedLabel("", "hint")
        self.facts = label("", "hint")
        self.waterfall = Waterfall(tr("Where the prediction comes from"))
        self.tabs = Segment([("ratings", tr("By ratings")), ("attributes", tr("By attribute"))], tr("Why"))
        self.tabs.chosen.connect(self._tab_chosen)
        self._wanted_tab = "ratings"
        self.pulled = label("", "caption")
        self.pulls = ContributionBars(tr("Ratings that pulled it"), digits=2)
        self.start, self.sum = TotalLine(), TotalLine(strong=True)
        self.words = label("", "body", wrap=True)
        self.words.setProperty("t", "hint")
        self.note = QFrame()
        self.note.setProperty("k", "note")
        self.note.setLayout(column(self.words, margins=(10, 8, 10, 8)))
        self.liked = LikenessList(tr("Similar, and liked"), "movie")
        self.liked.chosen.connect(self.movie_chosen)
        self.similar = LikenessList(tr("Similar"), "movie")
        self.similar.chosen.connect(self.movie_chosen)
        self._similar_part = QWidget()
        self._similar_head = label("", "caption")
        head = row(self._similar_head, None, label(tr("cosine of m"), "caption"))
        self._similar_part.setLayout(column(Rule(), head, self.similar, gap=8))
        self.why_not = MovieField(tr("Why not that one? Search a title"), 288)
        self.why_not.activated.connect(self._searched)
        self.beside = label("", "hint", "user", wrap=True)
        self._nothing = label(tr("Choose a row to see where its prediction comes from."), "body", "muted", wrap=True)
        self._content = self._make_content()
        inside = QWidget()
        head = row(label(tr("Why"), "hint"), None, self.rank)
        inside.setLayout(column(head, self.why_not, self._nothing, self._content, None, gap=6, margins=(16, 14, 16, 8)))
        area = scrolling(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = column(gap=0)
        whole.addWidget(area, 1)
        whole.addWidget(self._make_foot())
        self.setLayout(whole)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Ask for a row."""
        self._shown = None
        self._content.hide()
        self._nothing.show()
        self.rank.setText("")
        for made in (self.to_factors, self.copy, self.similar_button):
            made.setEnabled(False)

    def show_explained(self, made: Explained, place: str, limits: tuple[float, float], *, stars: bool) -> None:
        """Show an explanation.

        Parameters
        ----------
        made
            The parts.
        place
            Where the movie stands: "rank 3", "rated 4.5".
        limits
            Range of the ratings, for predictions that lie outside.
        stars
            Whether ratings can be drawn as stars.
        """
        self._shown = made
        self.rank.setText(place)
        self.title.setText(made.title)
        self.genres.setText(made.genres)
        self.facts.setText(made.facts)
        self.beside.setText(made.beside)
        self.beside.setVisible(bool(made.beside))
        self.waterfall.set_steps(made.steps, made.total, made.total_words, made.digits)
        self.waterfall.setToolTip(scale_words(made.total, *limits) if made.in_stars else SCORE_WORDS)
        self._show_pulls(made, stars)
        self._show_liked(made)
        words = made.reason or made.sentence
        self.words.setText("\n".join(filter(None, (made.sentence, made.reason))))
        self.note.setVisible(bool(words))
        self._similar_head.setText(tr("Similar {movies}", movies=made.nouns))
        self.similar.set_rows(_likenesses(made.similar))
        self._nothing.hide()
        self._content.show()
        for button_made in (self.to_factors, self.copy, self.similar_button):
            button_made.setEnabled(True)

    def show_model(self, model: Model) -> None:
        """Search this model's movies."""
        self.why_not.set_model(model)

    def show_what_if(self, refusal: str) -> None:
        """Whether ratings of the person can be changed, or why not."""
        self.what_if.setEnabled(not refusal)
        self.what_if.setToolTip(refusal or tr("Change, add or remove ratings of this user, beside the original"))

    def set_wide(self, wide: bool) -> None:
        """Show similar movies where there is room."""
        self._similar_part.setVisible(wide)

    def _show_pulls(self, made: Explained, stars: bool) -> None:
        there = bool(made.pulls)
        self.tabs.set_enabled("ratings", there, made.reason)
        self._show_tab("ratings" if there and self._wanted_tab == "ratings" else "attributes")
        if not there:
            return
        starts = [pull for pull in made.pulls if pull.kind == "start"]
        self.start.setVisible(bool(starts))
        for pull in starts:
            self.start.show_number(pull.title, text.decimal(pull.value, made.digits))
        self.pulls.set_digits(made.digits)
        self.pulls.set_rows([pull_row(pull, stars) for pull in made.pulls if pull.kind != "start"])
        self.pulled.setText(tr("sum {stars}", stars=text.decimal(made.pulled, made.digits, sign=True)))
        self.sum.show_number(made.total_words, text.decimal(made.total, made.digits))

    def _show_liked(self, made: Explained) -> None:
        self._liked_part.setVisible(bool(made.liked))
        self.liked.set_rows(_likenesses(made.liked))

    def _searched(self, movie: object) -> None:
        if isinstance(movie, int):
            self.movie_chosen.emit(movie)

    def _tab_chosen(self, key: str) -> None:
        self._wanted_tab = key
        self._show_tab(key)

    def _show_tab(self, key: str) -> None:
        self.tabs.set_current(key)
        self._pulls_part.setVisible(key == "ratings")
        self._products_part.setVisible(key == "attributes")

    def _make_content(self) -> QWidget:
        content = QWidget()
        facts = row(self.genres, self.facts, gap=12)
        facts.setStretchFactor(self.genres, 1)
        self._pulls_part, self._products_part, self._liked_part = QWidget(), QWidget(), QWidget()
        head = row(label(tr("Ratings that pulled it"), "caption"), None, self.pulled)
        self._pulls_part.setLayout(column(self.start, head, self.pulls, self.sum, gap=6))
        view = label(tr("In the current view of the attributes: turning them changes these bars, not their sum."),
                     "hint", wrap=True)  # fmt: skip
        self._products_part.setLayout(column(self.waterfall, view, gap=8))
        liked = row(label(tr("Similar, and liked"), "caption"), None, label(tr("cosine of m"), "caption"))
        self._liked_part.setLayout(column(Rule(), liked, self.liked, gap=8))
        content.setLayout(
            column(self.title, facts, self.beside, self.tabs, self._pulls_part, self._products_part, self.note,
                   self._liked_part, self._similar_part, gap=8)
        )  # fmt: skip
        return content

    def _make_foot(self) -> QWidget:
        self.similar_button = button(
            tr("Similar..."), "film-strip", tip=tr("Similar movies by cosine, dot or distance")
        )
        self.similar_button.clicked.connect(self.similar_wanted)
        self.what_if = button(tr("What if..."), "flask")
        self.what_if.clicked.connect(self.what_if_wanted)
        self.to_factors = icon_button("grid-four", tr("Show the cell of r on Factors"), role="muted")
        self.to_factors.clicked.connect(self.factors_wanted)
        self.copy = icon_button("copy", tr("Copy this explanation as text"), role="muted")
        self.copy.clicked.connect(self._copy)
        foot = QWidget()
        foot.setLayout(
            row(self.similar_button, self.what_if, None, self.to_factors, self.copy, gap=6, margins=(16, 8, 16, 12))
        )
        return foot

    def _copy(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(self._shown.as_text())


class TotalLine(QWidget):
    """Words at the left, a number at the right; a strong one stands under a rule, as a sum does."""

    def __init__(self, *, strong: bool = False) -> None:
        super().__init__()
        self.words, self.number = (
            ElidedLabel("", "strong" if strong else "hint"),
            label("", "strong" if strong else "hint"),
        )
        line = row(self.words, self.number, gap=8)
        line.setStretchFactor(self.words, 1)
        self.setLayout(column(*([Rule()] if strong else []), line, gap=6))

    def show_number(self, words: str, number: str) -> None:
        """Show a number and what it is."""
        self.words.setText(words)
        self.number.setText(number)


def _likenesses(found: Sequence[Neighbour]) -> list[Likeness]:
    return [Likeness(near.column, near.title, near.cosine, text.decimal(near.cosine, 2)) for near in found]


def pull_row(pull: Pull, stars: bool) -> Contribution:
    """A part of a prediction as a row of bars; ratings that are no stars stand in the words."""
    if pull.kind != "rating":
        return Contribution("", pull.title, pull.value, rest=True)
    if stars:
        return Contribution("", pull.title, pull.value, pull.given)
    return Contribution("", f"{pull.title}, {given_words(pull.given)}", pull.value)
