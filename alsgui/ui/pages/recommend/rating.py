"""Rate a few movies: search, give stars, and be asked for the one that says most next."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui import text
from alsgui.core.model import Model
from alsgui.core.ratings import Ints
from alsgui.session.state import PersonChoice
from alsgui.text import tr
from alsgui.ui.pages.recommend.asked import NextMovie
from alsgui.ui.pages.recommend.explained import shows_as_stars
from alsgui.ui.pages.recommend.movie_field import MovieField
from alsgui.ui.pages.recommend.rated import RatedList, RatedRow, rows_of
from alsgui.ui.pages.recommend.titles import spoken_title
from alsgui.ui.widgets.buttons import button, relabel
from alsgui.ui.widgets.labels import ElidedLabel, Rule, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.progress import ProgressLine

MOST_SHOWN = 12

HEAD_OF_LIST = 10
"""Titles by which a person sees the list settle."""


class RatePart(QWidget):
    """The ratings of somebody made up.

    Signals
    -------
    rated(int, float)
        Column of a movie and its stars; NaN takes the rating away.
    skipped(int)
        Column of a movie that is not to be suggested again.
    chosen(int)
        Column of a movie to explain.
    """

    rated = Signal(int, float)
    skipped = Signal(int)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._model: Model | None = None
        self._choice = PersonChoice("rated")
        self._asked: int | None = None
        self._next = NextMovie(None, math.nan)
        self._whole = False
        self.field = MovieField(tr("Search a movie to rate"), 248)
        self.field.activated.connect(self._found)
        self.next = self._make_next()
        self.list = RatedList(editable=True)
        self.list.chosen.connect(self.chosen)
        self.list.given.connect(self._given)
        self.all = button("", kind="link")
        self.all.clicked.connect(self._toggle)
        self.count = label("", "caption")
        head = row(self.count, None, self.all)
        self.hint = label(tr("Click the stars, or type a digit. Delete takes a rating away."), "hint", wrap=True)
        self._rated_before: dict[int, float] = {}
        self._top_before: tuple[int, ...] = ()
        self.known = self._make_known()
        self.setLayout(column(self.field, self.next, self.known, Rule(), head, self.list, self.hint, gap=8))

    def show_ratings(self, model: Model, choice: PersonChoice) -> None:
        """Show what they rated."""
        if model is not self._model:
            self._asked = None
        self._model, self._choice = model, choice
        self.field.set_model(model)
        scale = model.scale
        for each in (self.list, self.asked):
            each.set_scale(scale.minimum, scale.maximum, scale.step)
        if self._asked in choice.rated:
            self._asked = None
        self.field.setEnabled(model.split is not None)
        self._show()

    def show_next(self, found: NextMovie) -> None:
        """Show which movie to rate next, and what is not known yet."""
        self._next = found
        self._show()

    def show_list(self, columns: Ints) -> None:
        """Say how much of the head of the list the last rating changed; `columns` are the movies from the top."""
        top = tuple(int(column) for column in columns[:HEAD_OF_LIST])
        rated = dict(self._choice.rated)
        if rated == self._rated_before:
            return
        new = len(set(top) - set(self._top_before))
        is_known = bool(self._rated_before) and bool(rated)
        words = tr("The last rating brought {n} of the first {all} titles.", n=new, all=len(top))
        self.settled.setText(words if is_known else "")
        self.settled.setVisible(is_known)
        self._rated_before, self._top_before = rated, top

    @property
    def asked_for(self) -> int | None:
        """The movie that is asked for: one that the person searched, else the one that says most."""
        return self._next.column if self._asked is None else self._asked

    def _show(self) -> None:
        model, choice = self._model, self._choice
        if model is None:
            return
        rated = rows_of(model, np.array(list(choice.rated), np.int64), np.array(list(choice.rated.values())))
        few = len(rated) <= MOST_SHOWN
        shown = rated if self._whole else rated[:MOST_SHOWN]
        stars = shows_as_stars(model.scale)
        self.list.set_rows(shown, as_stars=stars)
        self.list.setVisible(bool(rated))
        self.hint.setVisible(bool(rated))
        self.count.setText(text.counted(len(rated), tr("rating")) if rated else tr("Nothing rated yet"))
        self.all.setVisible(not few)
        relabel(self.all, tr("Fewer") if self._whole else tr("All {n}", n=text.count(len(rated))))
        self._show_next(model, stars)

    def _show_next(self, model: Model, stars: bool) -> None:
        asked = self.asked_for
        self.asked.setVisible(asked is not None)
        self.skip.setVisible(asked is not None)
        searched = self._asked is not None
        self.why.setText(tr("Rate it") if searched else tr("Next: says most about this person"))
        self.reason.setText(self._next.reason)
        self.reason.setVisible(asked is None and bool(self._next.reason))
        if asked is not None:
            support = int(model.summary.movie_counts[asked])
            self.asked.set_rows([RatedRow(asked, spoken_title(model, asked), math.nan, support)], as_stars=stars)
        self.next.setVisible(asked is not None or bool(self._next.reason))
        known = not math.isnan(self._next.unknown)
        self.known.setVisible(known)
        if known:
            self.unknown.setText(text.percent(self._next.unknown, 0))
            self.bar.set_share(self._next.unknown)

    def _make_next(self) -> QWidget:
        self.why = ElidedLabel("", "caption")
        self.skip = button(tr("Skip"), kind="link", tip=tr("Ask for the next best"))
        self.skip.clicked.connect(self._skip)
        self.asked = RatedList(editable=True)
        self.asked.setAccessibleName(tr("Movie to rate"))
        self.asked.given.connect(self._given)
        self.asked.chosen.connect(self.chosen)
        self.reason = label("", "hint", wrap=True)
        made = QWidget()
        head = row(self.why, self.skip, gap=8)
        head.setStretchFactor(self.why, 1)
        made.setLayout(column(head, self.asked, self.reason, gap=2))
        return made

    def _make_known(self) -> QWidget:
        self.unknown = label("", "hint")
        self.settled = label("", "hint", wrap=True)
        self.settled.hide()
        self.bar = ProgressLine()
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made = QWidget()
        made.setToolTip(
            tr("How uncertain predictions still are for want of knowing this person, against before the first rating")
        )
        head = row(label(tr("Not known yet"), "hint"), None, self.unknown)
        made.setLayout(column(head, self.bar, self.settled, gap=4))
        return made

    def _found(self, column_found: object) -> None:
        if isinstance(column_found, int) and self._model is not None:
            if column_found in self._choice.rated:
                self._whole = True
                self._show()
                self.list.go_to(column_found)
                return
            self._asked = column_found
            self._show()
            self.asked.setFocus()

    def _given(self, movie: int, stars: float) -> None:
        if movie == self._asked and not math.isnan(stars):
            self._asked = None
        self.rated.emit(movie, stars)

    def _skip(self) -> None:
        asked = self.asked_for
        if asked is None:
            return
        if self._asked is not None:
            self._asked = None
            self._show()
        else:
            self.skipped.emit(asked)

    def _toggle(self) -> None:
        self._whole = not self._whole
        self._show()
