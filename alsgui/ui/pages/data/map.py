"""The map card of the Data page: y, users by activity down, movies by number of ratings across."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal, Slot

from alsgui.core.lod import Span
from alsgui.core.overview import Overview
from alsgui.core.ratings import Ratings
from alsgui.session.session import Session
from alsgui.session.state import Selection
from alsgui.text import STAR, count, decimal, tr
from alsgui.ui import theme
from alsgui.ui.pages.data.table import star_digits
from alsgui.ui.widgets.buttons import icon_button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.cells import TileRequest
from alsgui.ui.widgets.colorbar import ColorBar
from alsgui.ui.widgets.heatmap import Heatmap
from alsgui.ui.widgets.layouts import row

FIRST_COLUMNS = 400
"""Movies in view at first: few enough to see single ratings."""

BAR_MARGINS = (2, 38)
"""Above and below the colour bar, so that it ends where the picture ends."""


class RatingsMap(Card):
    """Observed ratings as a picture; a click selects user and movie.

    Signals
    -------
    cell_chosen(int, int)
        Row and column of the data, not of the picture.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__(tr("y, observed ratings"))
        self._session = session
        self._ratings: Ratings | None = None
        self._overview: Overview | None = None
        self.map = Heatmap(tr("Observed ratings"))
        self.map.tile_wanted.connect(self._fetch)
        self.map.clicked.connect(self._choose)
        self.map.view_changed.connect(self._name_view)
        self.map.set_row_label(self._user_label)
        self.map.set_column_label(self._movie_label)
        self.map.set_readout(self._readout)
        self.bar = ColorBar(name=tr("Colours of ratings"))
        self.bar.set_margins(*BAR_MARGINS)
        self.expand = icon_button("arrows-out", "")
        self.expand.clicked.connect(self._toggle_view)
        self.add_action_widget(self.expand)
        both = row(self.map, self.bar, gap=0)
        both.setStretchFactor(self.map, 1)
        self.body.addLayout(both, 1)

    def set_data(self, ratings: Ratings, overview: Overview) -> None:
        """Show another data set, its first columns in view."""
        self._ratings, self._overview = ratings, overview
        self.map.set_shape(ratings.n_users, ratings.n_movies)
        self.map.set_limits(*overview.limits)
        self.bar.set_limits(*overview.limits)
        if overview.limits != overview.value_range and ratings.scale.step <= 0:
            self.bar.set_actual(*overview.value_range)
        else:
            self.bar.clear_actual()
        self.bar.set_missing("" if ratings.complete else tr("none"))
        self.expand.setVisible(ratings.n_movies > FIRST_COLUMNS)
        self._show_first()
        self._name_view(*self.map.view())

    def set_selection(self, selection: Selection) -> None:
        """Point at the selected user and movie, and bring them into view."""
        if self._overview is None:
            return
        user, movie = selection.user, selection.movie
        at = (
            None if user is None else int(self._overview.user_place[user]),
            None if movie is None else int(self._overview.movie_place[movie]),
        )
        if at != self.map.crosshair():
            self.map.set_crosshair(*at)
            self._bring_into_view(*at)

    def _bring_into_view(self, user: int | None, movie: int | None) -> None:
        """Shift the view as far as a cell needs, no further."""
        top, bottom, left, right = self.map.view()
        down = 0.0 if user is None else min(user - top, 0.0) + max(user + 1 - bottom, 0.0)
        across = 0.0 if movie is None else min(movie - left, 0.0) + max(movie + 1 - right, 0.0)
        if down or across:
            self.map.set_view(top + down, bottom + down, left + across, right + across)

    def _show_first(self) -> None:
        if self._ratings is not None:
            n_columns = min(self._ratings.n_movies, FIRST_COLUMNS)
            self.map.set_view(0, self._ratings.n_users, 0, n_columns)

    @Slot()
    def _toggle_view(self) -> None:
        if self._all_shown():
            self._show_first()
        else:
            self.map.show_all()

    def _all_shown(self) -> bool:
        ratings = self._ratings
        return ratings is not None and self.map.view() == (0, ratings.n_users, 0, ratings.n_movies)

    @Slot(float, float, float, float)
    def _name_view(self, top: float, bottom: float, left: float, right: float) -> None:
        """Say what part of the matrix is in view, and what the button does."""
        if self._ratings is None:
            return
        ratings = self._ratings
        users = _with_part(tr("users by activity"), top, bottom, ratings.n_users)
        movies = _with_part(tr("{movies} by number of ratings", movies=ratings.nouns), left, right, ratings.n_movies)
        self.map.set_row_axis(users)
        self.map.set_column_axis(movies)
        shown = self._all_shown()
        tip = (
            tr("Show the first {n} {movies}", n=count(FIRST_COLUMNS), movies=ratings.nouns)
            if shown
            else tr("Show all {n} {movies}", n=count(ratings.n_movies), movies=ratings.nouns)
        )
        self.expand.setIcon(theme.icon("arrows-in" if shown else "arrows-out"))
        self.expand.setToolTip(tip)
        self.expand.setAccessibleName(tip)

    @Slot(object)
    def _fetch(self, request: TileRequest) -> None:
        if self._overview is None:
            return
        tiles = self._overview.tiles
        users = Span(request.row_start, request.row_stop, request.n_row_pixels)
        movies = Span(request.column_start, request.column_stop, request.n_column_pixels)
        self._session.light.request(
            "data.tile",
            lambda: tiles.observed(users, movies),
            lambda found: self.map.set_tile(request, found.y, found.share),
            late=True,
        )

    @Slot(int, int)
    def _choose(self, user_place: int, movie_place: int) -> None:
        if self._overview is not None:
            user, movie = self._overview.user_order[user_place], self._overview.movie_order[movie_place]
            self.cell_chosen.emit(int(user), int(movie))

    def _user_label(self, place: int) -> str:
        if self._ratings is None or self._overview is None:
            return ""
        return self._ratings.user_ids[int(self._overview.user_order[place])]

    def _movie_label(self, place: int) -> str:
        if self._ratings is None or self._overview is None:
            return ""
        return self._ratings.title(int(self._overview.movie_order[place]))

    def _readout(self, user_place: int, movie_place: int) -> str:
        if self._ratings is None or self._overview is None:
            return ""
        user, movie = int(self._overview.user_order[user_place]), int(self._overview.movie_order[movie_place])
        stars = self._ratings.value(user, movie)
        given = tr("not rated") if math.isnan(stars) else f"{decimal(stars, star_digits(self._ratings))} {STAR}"
        lines = [f"{tr('User {id}', id=self._ratings.user_ids[user])} · {self._ratings.title(movie)}", given]
        n_rows, n_columns = self.map.cells_per_pixel()
        if n_rows > 1 or n_columns > 1:
            mean = self.map.value_at(user_place, movie_place)
            rows, columns = (decimal(max(n, 1.0), 1) for n in (n_rows, n_columns))
            about = tr("Mean of the pixel's {rows} × {columns} cells", rows=rows, columns=columns)
            lines.append(f"{about} {tr('none rated') if math.isnan(mean) else decimal(mean, 2)}")
        return "\n".join(lines)


def _with_part(title: str, start: float, stop: float, n: int) -> str:
    """Axis title with the part in view, unless that is all."""
    first, last = round(start) + 1, round(stop)
    if (first, last) == (1, n):
        return title
    if first == 1:
        return tr("{title} (first {n})", title=title, n=count(last))
    return tr("{title} ({first} to {last})", title=title, first=count(first), last=count(last))
