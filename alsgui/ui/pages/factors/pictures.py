"""The pictures u, m and r, and y, r and error beside each other: exact tiles, one order, one crosshair, one readout."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from alsgui.core.factor_view import FactorSource, FactorView, build_view
from alsgui.core.lod import Span
from alsgui.core.ratings import Ints
from alsgui.session.session import Session
from alsgui.session.state import Selection
from alsgui.text import count, decimal, tr
from alsgui.ui.pages.factors.colours import Colours
from alsgui.ui.pages.factors.corner import Corner
from alsgui.ui.pages.factors.margins import Margins
from alsgui.ui.pages.factors.panels import Panels, legend_words
from alsgui.ui.pages.factors.toolbar import PictureToolbar
from alsgui.ui.pages.factors.words import (
    Found,
    Target,
    cell_words,
    find,
    mean_words,
    movies_title,
    observed_words,
    users_title,
    weight_words,
)
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.cells import TileRequest
from alsgui.ui.widgets.factor_picture import FactorPicture
from alsgui.ui.widgets.heatmap import Heatmap
from alsgui.ui.widgets.labels import ElidedLabel
from alsgui.ui.widgets.panel_picture import PanelPicture
from alsgui.ui.widgets.plot import PlotSheet

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
        self.side_by_side = PanelPicture(tr("Pictures side by side"))
        self.panels = Panels(session, self.side_by_side)
        self.colours = Colours(self.picture, self.panels, lambda: self.is_side_by_side)
        self.margins = Margins(session, self.picture)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.picture)
        self._stack.addWidget(self.side_by_side)
        self.body.add(self.toolbar)
        self.body.addWidget(self._stack, 1)
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
        if before is not None and not same_data:
            self.colours.fix({})  # limits and runs of other ratings mean nothing for these
            self.panels.begin_anew()
        self._is_live = is_live
        if is_live and (self._building or self._pause.isActive()):
            self._waiting = True
            return
        self._request()

    def set_selection(self, selection: Selection) -> None:
        """Point at the selected user and movie, and bring them into view."""
        self._selection = selection
        at = self._selected_places()
        if self._view is not None and at != self._main.crosshair():
            self.picture.set_crosshair(*at)
            self.side_by_side.set_crosshair(*at)
            bring_into_view(self._main, *at)

    def show_side_by_side(self, shown: bool) -> None:
        """Show y, r and error beside each other, or u, m and r; the same part stays in view."""
        if shown == self.is_side_by_side:
            return
        here, there = (self.picture.r, self.side_by_side.panels[0])[:: 1 if shown else -1]
        seen = here.view()
        self._stack.setCurrentIndex(1 if shown else 0)
        self.toolbar.show_side_by_side(shown)
        if shown and self._view is not None:
            self.panels.set_view(self._view)
        if there.shape() == here.shape():
            there.set_view(*seen)

    @property
    def is_side_by_side(self) -> bool:
        """Whether pictures are beside each other."""
        return self._stack.currentIndex() == 1

    @property
    def sheet(self) -> PlotSheet:
        """What is exported: the pictures in view."""
        return self.side_by_side if self.is_side_by_side else self.picture

    def source(self) -> FactorSource | None:
        """Whose pictures these are."""
        return self._source

    def view(self) -> FactorView | None:
        """What is drawn; None before it is there."""
        return self._view

    # Making the view

    def _request(self) -> None:
        source, choice, exact = self._source, self.toolbar.choice, not self._is_live
        if source is None:
            return
        self._building, self._waiting = True, False
        self._session.light.prepare("factors.view", lambda: build_view(source, choice, exact=exact), self._built)

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
        self.colours.set_view(view)
        self.picture.r_bar.set_caption(tr("stars") if view.source.predicts_ratings else tr("score"))
        self.picture.r_bar.set_actual(*view.actual, tr("actual") if view.is_exact else tr("sampled"))
        self.picture.u.set_row_axis(users_title(view.choice.rows, view.source))
        self._name_columns()
        self.picture.set_crosshair(*self._selected_places())
        self.picture.refresh()
        if self.is_side_by_side:
            self.panels.set_view(view)
        self.margins.set_view(view)
        self._describe()
        self._pause.start()

    # Tiles

    @Slot(object)
    def _fetch_u(self, request: TileRequest) -> None:
        view = self._view
        if view is not None:
            rows, columns = _spans(request)
            self._session.light.request(
                "factors.u",
                lambda: view.u.tile(rows, columns),
                lambda tile: self.picture.u.set_tile(request, tile),
                late=True,
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
                late=True,
            )

    @Slot(object)
    def _fetch_r(self, request: TileRequest) -> None:
        view = self._view
        if view is not None:
            users, movies = _spans(request)
            self._session.light.request(
                "factors.r",
                lambda: view.r.tile(users, movies),
                lambda tile: self.picture.r.set_tile(request, tile),
                late=True,
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
        picture.clicked.connect(self._choose)
        for heatmap in (picture.u, picture.m, picture.r, *self.side_by_side.panels):
            heatmap.set_identities(self._user_id, self._movie_id)
        picture.u.set_identities(self._user_id, lambda k: str(k + 1))
        picture.m.set_identities(lambda k: str(k + 1), self._movie_id)
        for heatmap in self.side_by_side.panels:
            heatmap.set_row_label(self._user_label)
            heatmap.set_column_label(self._movie_label)
            heatmap.set_readout(lambda row, column: "\n".join(self._cell_words(row, column)))
        self.side_by_side.clicked.connect(self._choose)
        self.side_by_side.hovered.connect(self._hover_r)
        self.panels.prepared.connect(self._name_panels)
        picture.r.view_changed.connect(self._describe)
        picture.r.tile_wanted.connect(self._describe)
        self.toolbar.choice_made.connect(self._request)
        self.toolbar.zoomed.connect(self._zoom)
        self.toolbar.averages_chosen.connect(self.panels.set_averages)
        self.toolbar.fit_wanted.connect(self.colours.fit)
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
        main = self._main
        {"in": main.zoom_in, "out": main.zoom_out, "all": main.show_all}[what]()

    @Slot(object)
    def _go_to(self, target: Target) -> None:
        side, at = target
        self.toolbar.close_search()
        self._main.setFocus()
        if self._view is not None and side == "movie" and self._view.movie_place[at] < 0:
            self.toolbar.show_all_movies()
        self.cell_chosen.emit(*((at, -1) if side == "user" else (-1, at)))

    @property
    def _main(self) -> Heatmap:
        """The picture that keys, zoom and selection speak of."""
        return self.side_by_side.panels[0] if self.is_side_by_side else self.picture.r

    # Words

    def _find(self, typed: str) -> list[Found]:
        return find(self._source, typed)

    def _user_label(self, place: int) -> str:
        return "" if self._view is None else self._view.source.user_ids[int(self._view.user_order[place])]

    def _movie_label(self, place: int) -> str:
        return "" if self._view is None else self._view.source.title(int(self._view.movie_order[place]))

    def _user_id(self, place: int) -> str:
        return self._user_label(place)

    def _movie_id(self, place: int) -> str:
        return "" if self._view is None else self._view.source.movie_ids[int(self._view.movie_order[place])]

    def _name_columns(self) -> None:
        """Axis title, and the names of blocks in the place of the picture's own."""
        view = self._view
        if view is None:
            return
        names = [(block.start, block.stop, block.name) for block in view.movie_blocks]
        has_names = any(name for _, _, name in names)
        title = movies_title(
            view.source.noun, view.choice.columns, view.choice.at_least, has_names=has_names, source=view.source
        )
        self.picture.r.set_title(*(("", "") if has_names else ("r", tr("predictions"))))
        self.picture.r.set_column_axis(tr("r: {title}", title=title) if has_names else title)
        self.picture.r.set_column_blocks(names)
        self.picture.r.set_row_blocks([(block.start, block.stop, "") for block in view.user_blocks])

    @Slot()
    def _name_panels(self) -> None:
        """Axis titles and crosshair of the pictures side by side."""
        view, sheet = self._view, self.side_by_side
        if view is None:
            return
        title = movies_title(view.source.noun, view.choice.columns, view.choice.at_least, source=view.source)
        if self.panels.keys[0] in ("y", "r"):
            title = f"{title}; {legend_words(self.panels.averages, self.panels.shows_cells)}"
        sheet.axis_title.set_words(title)
        sheet.panels[0].set_row_axis(users_title(view.choice.rows, view.source))
        sheet.set_crosshair(*self._selected_places())
        words = tr("stars") if view.source.predicts_ratings else tr("score")
        self.picture.r_bar.set_caption(words)
        for bar in sheet.bars:
            bar.set_caption(words)

    def _cell_words(self, user_place: int, movie_place: int) -> list[str]:
        view = self._view
        if view is None:
            return []
        user, movie = int(view.user_order[user_place]), int(view.movie_order[movie_place])
        cells = self._main.cells_under(user_place, movie_place)
        if not self.is_side_by_side:
            return cell_words(view.source, user, movie, cells)
        found, words = self.panels.observed_at(user_place, movie_place), cell_words(view.source, user, movie, (1, 1))
        if found is None:
            return words
        return [*words, observed_words(cells, *found)]

    def _weight_words(self, side: str, place: int, attribute: int) -> list[str]:
        view = self._view
        if view is None:
            return []
        order = view.user_order if side == "user" else view.movie_order
        r = self.picture.r
        n_cells = r.cells_under(place, 0)[0] if side == "user" else r.cells_under(0, place)[1]
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


def bring_into_view(heatmap: Heatmap, row: int | None, column: int | None) -> None:
    """Shift the view as far as a cell needs, no further."""
    top, bottom, left, right = heatmap.view()
    down = 0.0 if row is None else min(row - top, 0.0) + max(row + 1 - bottom, 0.0)
    across = 0.0 if column is None else min(column - left, 0.0) + max(column + 1 - right, 0.0)
    if down or across:
        heatmap.set_view(top + down, bottom + down, left + across, right + across)


def _place(places: Ints, index: int) -> int | None:
    place = int(places[index]) if index < len(places) else -1
    return place if place >= 0 else None


def _spans(request: TileRequest) -> tuple[Span, Span]:
    return (
        Span(request.row_start, request.row_stop, request.n_row_pixels),
        Span(request.column_start, request.column_stop, request.n_column_pixels),
    )
