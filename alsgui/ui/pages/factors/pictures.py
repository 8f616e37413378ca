"""The pictures u, m and r: exact tiles computed off the window's thread, one crosshair, one readout."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer, Signal, Slot

from alsgui.core.factor_view import FactorSource, FactorView, build_view
from alsgui.core.lod import Span
from alsgui.core.ratings import Ints
from alsgui.session.session import Session
from alsgui.session.state import Selection
from alsgui.text import count, decimal, tr
from alsgui.ui.pages.factors.corner import Corner
from alsgui.ui.pages.factors.toolbar import PictureToolbar
from alsgui.ui.pages.factors.words import (
    Found,
    Target,
    cell_words,
    find,
    mean_words,
    movies_title,
    users_title,
    weight_words,
)
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.cells import TileRequest
from alsgui.ui.widgets.factor_picture import FactorPicture
from alsgui.ui.widgets.labels import ElidedLabel

LIVE_MS = 300
"""Time between two pictures of a fit that goes on."""

_SEPARATOR = "  ·  "


class Pictures(Card):
    """Card with the choices, the picture and a line that says what is under the cursor.

    Signals
    -------
    cell_chosen(int, int)
        User (row) and movie (column) that were chosen in the picture; -1 for the one that stays.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._source: FactorSource | None = None
        self._view: FactorView | None = None
        self._selection = Selection()
        self._building = self._waiting = self._is_live = False
        self._pause = QTimer(self, singleShot=True, interval=LIVE_MS)
        self._pause.timeout.connect(self._go_on)
        self.toolbar = PictureToolbar(self._find)
        self.picture = FactorPicture()
        self.corner = Corner()
        self.readout = ElidedLabel("", "hint")
        self.picture.corner.insertWidget(0, self.corner)
        self.body.add(self.toolbar)
        self.body.addWidget(self.picture, 1)
        self.body.add(self.readout)
        self._connect()
        self._show_hint()

    def set_source(self, source: FactorSource, *, is_live: bool) -> None:
        """Draw other factors; those of a fit that goes on are drawn when the picture before is there."""
        before, self._source = self._source, source
        if before is source:
            return
        same_data = before is not None and before.user_ids is source.user_ids and before.movie_ids is source.movie_ids
        if not (is_live and same_data and before is not None and before.factors.k == source.factors.k):
            self.toolbar.offer(source, anew=not same_data)
            self._building = False
        self._is_live = is_live
        if is_live and (self._building or self._pause.isActive()):
            self._waiting = True
            return
        self._request()

    def set_selection(self, selection: Selection) -> None:
        """Point at the selected user and movie, and bring them into view."""
        self._selection = selection
        at = self._selected_places()
        if self._view is not None and at != self.picture.r.crosshair():
            self.picture.set_crosshair(*at)
            self._bring_into_view(*at)

    def view(self) -> FactorView | None:
        """What is drawn; None before it is there."""
        return self._view

    # Making the view

    def _request(self) -> None:
        source, choice, exact = self._source, self.toolbar.choice, not self._is_live
        if source is None:
            return
        self._building, self._waiting = True, False
        self._session.light.request("factors.view", lambda: build_view(source, choice, exact=exact), self._built)

    @Slot()
    def _go_on(self) -> None:
        if self._waiting and not self._building:
            self._request()

    def _built(self, view: FactorView) -> None:
        self._building = False
        before, self._view = self._view, view
        same_cells = before is not None and before.choice == view.choice and before.shape == view.shape
        n_attributes = view.source.factors.k
        if not same_cells or self.picture.u.view()[3] != n_attributes:
            self.picture.set_shape(*view.shape, n_attributes)
        self.picture.set_limits(view.u_limit, view.m_limit, view.r_limits)
        self.picture.r_bar.set_caption(tr("stars") if view.source.predicts_ratings else tr("score"))
        self.picture.r_bar.set_actual(*view.actual, tr("actual") if view.is_exact else tr("sampled"))
        self.picture.u.set_row_axis(users_title(view.choice.rows))
        title = movies_title(view.source.noun, view.choice.columns, view.choice.at_least)
        self.picture.r.set_column_axis(title)
        self.picture.set_crosshair(*self._selected_places())
        self.picture.refresh()
        self._describe()
        self._pause.start()

    # Tiles

    @Slot(object)
    def _fetch_u(self, request: TileRequest) -> None:
        view = self._view
        if view is not None:
            rows, columns = _spans(request)
            self._session.light.request(
                "factors.u", lambda: view.u.tile(rows, columns), lambda tile: self.picture.u.set_tile(request, tile)
            )

    @Slot(object)
    def _fetch_m(self, request: TileRequest) -> None:
        view = self._view
        if view is not None:
            attributes, movies = _spans(request)
            self._session.light.request(
                "factors.m",
                lambda: np.ascontiguousarray(view.m.tile(movies, attributes).T),
                lambda tile: self.picture.m.set_tile(request, tile),
            )

    @Slot(object)
    def _fetch_r(self, request: TileRequest) -> None:
        view = self._view
        if view is not None:
            users, movies = _spans(request)
            self._session.light.request(
                "factors.r", lambda: view.r.tile(users, movies), lambda tile: self.picture.r.set_tile(request, tile)
            )

    # Gestures

    def _connect(self) -> None:
        picture = self.picture
        picture.u.tile_wanted.connect(self._fetch_u)
        picture.m.tile_wanted.connect(self._fetch_m)
        picture.r.tile_wanted.connect(self._fetch_r)
        picture.u.set_row_label(self._user_label)
        for heatmap in (picture.m, picture.r):
            heatmap.set_column_label(self._movie_label)
        picture.u.set_readout(lambda row, k: "\n".join(self._weight_words("user", row, k)))
        picture.m.set_readout(lambda k, column: "\n".join(self._weight_words("movie", column, k)))
        picture.r.set_readout(lambda row, column: "\n".join(self._cell_words(row, column)))
        picture.u.hovered.connect(self._hover_u)
        picture.m.hovered.connect(self._hover_m)
        picture.r.hovered.connect(self._hover_r)
        picture.r.set_title("r", tr("predictions"))
        picture.clicked.connect(self._choose)
        picture.r.view_changed.connect(self._describe)
        picture.r.tile_wanted.connect(self._describe)
        self.toolbar.choice_made.connect(self._request)
        self.toolbar.zoomed.connect(self._zoom)
        self.toolbar.target_chosen.connect(self._go_to)

    @Slot(int, int)
    def _choose(self, user_place: int, movie_place: int) -> None:
        view = self._view
        if view is not None:
            user = int(view.user_order[user_place]) if user_place >= 0 else -1
            movie = int(view.movie_order[movie_place]) if movie_place >= 0 else -1
            self.cell_chosen.emit(user, movie)

    @Slot(str)
    def _zoom(self, what: str) -> None:
        {"in": self.picture.r.zoom_in, "out": self.picture.r.zoom_out, "all": self.picture.r.show_all}[what]()

    @Slot(object)
    def _go_to(self, target: Target) -> None:
        side, at = target
        self.toolbar.close_search()
        self.picture.r.setFocus()
        if self._view is not None and side == "movie" and self._view.movie_place[at] < 0:
            self.toolbar.show_all_movies()
        self.cell_chosen.emit(*((at, -1) if side == "user" else (-1, at)))

    def _bring_into_view(self, user: int | None, movie: int | None) -> None:
        """Shift the view as far as a cell needs, no further."""
        top, bottom, left, right = self.picture.r.view()
        down = 0.0 if user is None else min(user - top, 0.0) + max(user + 1 - bottom, 0.0)
        across = 0.0 if movie is None else min(movie - left, 0.0) + max(movie + 1 - right, 0.0)
        if down or across:
            self.picture.r.set_view(top + down, bottom + down, left + across, right + across)

    # Words

    def _find(self, typed: str) -> list[Found]:
        return find(self._source, typed)

    def _user_label(self, place: int) -> str:
        return "" if self._view is None else self._view.source.user_ids[int(self._view.user_order[place])]

    def _movie_label(self, place: int) -> str:
        return "" if self._view is None else self._view.source.title(int(self._view.movie_order[place]))

    def _cell_words(self, user_place: int, movie_place: int) -> list[str]:
        view = self._view
        if view is None:
            return []
        user, movie = int(view.user_order[user_place]), int(view.movie_order[movie_place])
        return cell_words(view.source, user, movie, self.picture.r.cells_per_pixel())

    def _weight_words(self, side: str, place: int, attribute: int) -> list[str]:
        view = self._view
        if view is None:
            return []
        order = view.user_order if side == "user" else view.movie_order
        n_cells = self.picture.r.cells_per_pixel()[0 if side == "user" else 1]
        return weight_words(view.source, side, int(order[place]), attribute, n_cells)

    @Slot(int, int)
    def _hover_u(self, user_place: int, attribute: int) -> None:
        self._say(self._weight_words("user", user_place, attribute) if user_place >= 0 else [])

    @Slot(int, int)
    def _hover_m(self, attribute: int, movie_place: int) -> None:
        self._say(self._weight_words("movie", movie_place, attribute) if movie_place >= 0 else [])

    @Slot(int, int)
    def _hover_r(self, user_place: int, movie_place: int) -> None:
        self._say(self._cell_words(user_place, movie_place) if user_place >= 0 else [])

    def _say(self, words: list[str]) -> None:
        if words:
            self.readout.setText(_SEPARATOR.join(words))
        else:
            self._show_hint()

    def _show_hint(self) -> None:
        hints = (
            tr("click selects"),
            tr("wheel zooms"),
            tr("drag pans"),
            tr("arrows move"),
            tr("G goes to an id or title"),
        )
        self.readout.setText(_SEPARATOR.join(hints))

    @Slot()
    def _describe(self) -> None:
        """Write formula, size and what a pixel stands for into the corner."""
        view = self._view
        if view is None:
            return
        source = view.source
        n_rows, n_columns = self.picture.r.cells_per_pixel()
        if max(n_rows, n_columns) > 1:
            pixel = tr("1 px = {mean}", mean=mean_words(n_rows, n_columns))
        else:
            down, across = (decimal(1 / n, 1) for n in (n_rows, n_columns))
            pixel = tr("1 cell = {rows} × {columns} px", rows=down, columns=across)
        formula = tr("r = μ + bᵤ + bₘ + uᵀm") if source.has_biases else tr("r = uᵀm")
        n_users, n_movies = view.shape
        lines = [tr("{n} × {m} cells", n=count(n_users), m=count(n_movies)), pixel]
        unknown = not (source.user_counts.all() and source.movie_counts[view.movie_order].all())
        self.corner.set_words(formula, lines, shows_missing=bool(unknown))

    def _selected_places(self) -> tuple[int | None, int | None]:
        view, chosen = self._view, self._selection
        if view is None:
            return None, None
        user = None if chosen.user is None else _place(view.user_place, chosen.user)
        movie = None if chosen.movie is None else _place(view.movie_place, chosen.movie)
        return user, movie


def _place(places: Ints, index: int) -> int | None:
    place = int(places[index]) if index < len(places) else -1
    return place if place >= 0 else None


def _spans(request: TileRequest) -> tuple[Span, Span]:
    return (
        Span(request.row_start, request.row_stop, request.n_row_pixels),
        Span(request.column_start, request.column_stop, request.n_column_pixels),
    )
