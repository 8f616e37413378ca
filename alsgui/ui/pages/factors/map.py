"""The Map view: movies or users along two axes, brushed into the inspector."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from alsgui.core.attributes import Attributes
from alsgui.core.dots import draws_compiled
from alsgui.core.embedding import Embedding
from alsgui.core.factor_view import FactorSource
from alsgui.core.projection import Neighbours, Space, inside_polygon, neighbours
from alsgui.core.ratings import Ints
from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.text import counted, tr
from alsgui.ui import theme
from alsgui.ui.pages.factors.map_inspector import MapInspector
from alsgui.ui.pages.factors.map_legend import MapLegend
from alsgui.ui.pages.factors.map_points import (
    Axis,
    Group,
    MapChoice,
    MapPoints,
    listed_rows,
    map_points,
    usual_choice,
    wants_umap,
)
from alsgui.ui.pages.factors.map_toolbar import MapToolbar
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.colorbar import ColorBar
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.plot import PlotSheet
from alsgui.ui.widgets.point_map import Scatter
from alsgui.ui.widgets.point_map_cloud import Cloud, Request
from alsgui.ui.widgets.point_map_gestures import View

BAR_HEIGHT, LOWEST_BAR, SIDE, NEAR = 216, 110, 88, 30
MOST_FOUND = 200


@dataclass(frozen=True, eq=False)
class Bookmark:
    """A view that was kept: what was chosen, the part in view, and what was brushed."""

    words: str
    choice: MapChoice
    view: View
    brush: NDArray[np.float64] | None


class MapSheet(PlotSheet):
    """Map, colour bar and legend, exported as one picture."""

    def __init__(self, scatter: Scatter, bar: ColorBar, legend: MapLegend) -> None:
        super().__init__(tr("Map"))
        self._side = QWidget()
        side = column(bar, legend, None, gap=10)
        side.setStretchFactor(bar, 100)
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._side.setLayout(side)
        both = row(scatter, self._side, gap=10)
        both.setStretch(0, 1)
        self.setLayout(both)
        theme.current().changed.connect(self._scale)
        self._bar = bar
        self._scale()

    @Slot()
    def _scale(self) -> None:
        self._side.setFixedWidth(theme.px(SIDE))
        self._bar.setMinimumHeight(theme.px(LOWEST_BAR))
        self._bar.setMaximumHeight(theme.px(BAR_HEIGHT))


class MapView(QWidget):
    """Toolbar over map, with the inspector that belongs to it.

    Signals
    -------
    target_chosen(int, int)
        User and movie to select, -1 to leave what is selected.
    """

    target_chosen = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._source: FactorSource | None = None
        self._known: Attributes | None = None
        self._choice = MapChoice()
        self._points: MapPoints | None = None
        self._kept: list[Bookmark] = []
        self._arriving: Bookmark | None = None
        self._searched = ""
        self._embedding: Embedding | None = None
        self.inspector = MapInspector()
        self.inspector.chosen.connect(self._choose_row)
        self.inspector.end_wanted.connect(self._end_of_listed)
        self.inspector.recommend_wanted.connect(self._recommend_for_mean)
        self.toolbar = MapToolbar()
        self.toolbar.choice_made.connect(self._take_choice)
        self.toolbar.searched.connect(self._search)
        self.toolbar.bookmarks.clicked.connect(self._open_bookmarks)
        self.scatter = Scatter(tr("Map"))
        self.toolbar.mode_chosen.connect(self.scatter.set_mode)
        self.toolbar.all_wanted.connect(self.scatter.show_all)
        self.scatter.picture_wanted.connect(self._draw)
        self.scatter.clicked.connect(self._click)
        self.scatter.brushed.connect(self._brush)
        self.scatter.dropped.connect(self._drop)
        self.scatter.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.bar = ColorBar(Qt.Orientation.Vertical, tr("Colours"))
        self.bar.set_margins(23, 4)
        self.legend = MapLegend()
        self.sheet = MapSheet(self.scatter, self.bar, self.legend)
        card = Card()
        card.body.addWidget(self.toolbar)
        card.body.addWidget(self.sheet, 1)
        self.setLayout(column(card))

    @property
    def points(self) -> MapPoints | None:
        """What is shown."""
        return self._points

    @property
    def choice(self) -> MapChoice:
        """What is chosen."""
        return self._choice

    def show_source(self, source: FactorSource, known: Attributes | None, state: State) -> None:
        """Show the points of a source once it is `known` what its attributes are about; they come a moment later."""
        arrived = state.embedding is not self._embedding
        self._embedding = state.embedding
        if arrived and wants_umap(self._choice):
            self._ask()
        if known is not None and (source is not self._source or known is not self._known):
            is_other = self._source is None or self._source.movie_ids != source.movie_ids
            fits = not is_other and self._source is not None and self._source.factors.k == source.factors.k
            new = source is not self._source
            self._source, self._known = source, known
            if not fits:
                self._choice, self._kept = usual_choice(source, known), []
            self.toolbar.offer(source, known, self._choice)
            if new:
                self._ask()
        self._show_selection()

    def set_choice(self, choice: MapChoice) -> None:
        """Show another map."""
        self._choice = choice
        if self._source is not None and self._known is not None:
            self.toolbar.offer(self._source, self._known, choice)
            self._ask()

    def keep(self) -> None:
        """Bookmark what is seen."""
        if self._points is not None:
            words = f"{self._points.x_title.split(' in ')[0]}  ×  {self._points.y_title.split(' in ')[0]}"
            self._kept.append(Bookmark(words, self._choice, self.scatter.view(), self.scatter.brush()))

    def go_back(self, place: int) -> None:
        """Show a bookmarked view again."""
        self._arriving = self._kept[place]
        self.set_choice(self._arriving.choice)

    # What comes and goes

    def _ask(self) -> None:
        source, known, choice, embedding = self._source, self._known, self._choice, self._embedding
        if source is None or known is None:
            return
        if wants_umap(choice):
            listed = listed_rows(source, choice)
            if embedding is None or not embedding.is_of(source.factors, choice.thing, listed):
                self._embed(source, known, choice, listed)
                return
        self._session.light.request("factors.map", lambda: map_points(source, choice, known, embedding), self._take)

    def _embed(self, source: FactorSource, known: Attributes, choice: MapChoice, listed: Ints) -> None:
        """Have points placed by UMAP; what is shown stays until then, and comes back where that cannot begin."""
        space = Space.of(source, choice.thing)
        if not self._session.studies.embed(space, source.factors, listed) and self._points is not None:
            self._choice = self._points.choice
            self.toolbar.offer(source, known, self._choice)

    def _take(self, points: MapPoints) -> None:
        if points.source is not self._source:
            return
        before = self._points
        same = before is not None and _same_place(before.choice, points.choice) and before.source is points.source
        self._points = points
        role = "movie" if points.choice.thing == "movie" else "user"
        scheme = points.scheme
        cloud = Cloud(points.x, points.y, points.counts, scheme.rgb, points.full, points.short, role)
        self.scatter.set_cloud(cloud, points.x_title, points.y_title, keep_view=same)
        if self._arriving is not None:
            kept, self._arriving = self._arriving, None
            self.scatter.set_view(kept.view)
            self.scatter.set_brush(kept.brush)
        self.bar.setVisible(scheme.colormap is not None)
        if scheme.colormap is not None:
            self.bar.set_colormap(scheme.colormap)
            self.bar.set_limits(*scheme.limits)
            self.bar.set_caption(scheme.caption)
            self.bar.set_actual(*scheme.actual)
        self.legend.show_cloud(cloud, scheme.names)
        self._search(self._searched)
        self._brush(self.scatter.brush())

    def _draw(self, request: Request) -> None:
        self._session.light.request(
            "factors.map.picture",
            lambda: (request, request.draw(compiled=draws_compiled())),
            lambda made: self.scatter.set_picture(*made),
        )

    def _show_selection(self) -> None:
        points = self._points
        if points is None:
            return
        selection = self._session.state.selection
        row = selection.movie if points.choice.thing == "movie" else selection.user
        place = np.flatnonzero(points.listed == row) if row is not None else np.zeros(0, np.int64)
        self.scatter.set_selected(int(place[0]) if len(place) else None)
        if self.scatter.brush() is None:
            self._show_near(points, row if len(place) else None)

    def _show_near(self, points: MapPoints, row: int | None) -> None:
        if row is None:
            self.inspector.show_nothing()
            return

        def work() -> tuple[MapPoints, int, Neighbours]:
            return points, row, neighbours(points.space, row, points.listed, NEAR)

        def take(made: tuple[MapPoints, int, Neighbours]) -> None:
            if made[0] is self._points and self.scatter.brush() is None:
                self.inspector.show_near(*made)

        self._session.light.request("factors.map.near", work, take)

    # Gestures

    @Slot()
    def _take_choice(self) -> None:
        source, known = self._source, self._known
        if source is None or known is None:
            return
        chosen = _as_a_pair(self.toolbar.choice(self._choice), self._choice)
        if chosen.thing != self._choice.thing:
            chosen = replace(usual_choice(source, known, chosen.thing), across=chosen.across, up=chosen.up)
            own = [axis if axis.kind != "own" else Axis("component", at) for at, axis in
                   enumerate((chosen.across, chosen.up))]  # fmt: skip
            chosen = replace(chosen, across=own[0], up=own[1])
        self.set_choice(chosen)

    @Slot(int)
    def _click(self, point: int) -> None:
        if self._points is not None:
            self._choose_row(int(self._points.listed[point]))

    @Slot(object)
    def _recommend_for_mean(self, users: Ints) -> None:
        """Show the list of the mean of the users brushed."""
        about = tr("{n} brushed on the map", n=counted(len(users), tr("user")))
        self._session.persons.mean_of([int(user) for user in users], about)
        self._session.show_page("recommend")

    @Slot(int)
    def _choose_row(self, at: int) -> None:
        if self._choice.thing == "movie":
            self.target_chosen.emit(-1, at)
        else:
            self.target_chosen.emit(at, -1)

    @Slot(object)
    def _brush(self, corners: NDArray[np.float64] | None) -> None:
        points = self._points
        if points is None:
            return
        if corners is None:
            self.scatter.set_brush_words("")
            self._show_selection()
            return
        inside: Ints = np.flatnonzero(inside_polygon(points.x, points.y, corners))
        self.scatter.set_brush_words(counted(len(inside), *points.words))
        self.inspector.show_brushed(points, inside)

    @Slot(str, int)
    def _drop(self, end: str, point: int) -> None:
        if self._points is not None:
            self._set_end(end, Group(self._points.short(point), self._points.listed[[point]]))

    @Slot(str)
    def _end_of_listed(self, end: str) -> None:
        points, listed = self._points, self.inspector.listed()
        if points is None or not len(listed):
            return
        selection = self._session.state.selection
        row = selection.movie if self._choice.thing == "movie" else selection.user
        if self.scatter.brush() is None and row is not None:
            place = int(np.flatnonzero(points.listed == row)[0])
            self._set_end(end, Group(points.short(place), np.array([row])))
        else:
            first = points.short(int(np.flatnonzero(points.listed == listed[0])[0]))
            words = first if len(listed) == 1 else tr("{first} + {n}", first=first, n=len(listed) - 1)
            self._set_end(end, Group(words, listed))

    def _set_end(self, end: str, group: Group) -> None:
        """Make a point or a group an end of an axis; the other end stays if it was set."""
        at = 0 if end in ("left", "right") else 1
        own = list(self._choice.own)
        own[at] = replace(own[at], **{"start" if end in ("left", "bottom") else "stop": group})
        axes = [self._choice.across, self._choice.up]
        axes[at] = Axis("own", at)
        self.set_choice(replace(self._choice, across=axes[0], up=axes[1], own=(own[0], own[1])))

    @Slot(str)
    def _search(self, typed: str) -> None:
        """Highlight points whose name or id holds what was typed."""
        self._searched = typed
        points = self._points
        wanted = typed.strip().casefold()
        if points is None or not wanted:
            self.scatter.set_found(np.zeros(0, np.int64))
            return
        source, is_movie = points.source, points.choice.thing == "movie"
        ids = source.movie_ids if is_movie else source.user_ids
        names = (source.titles or ids) if is_movie else ids
        holding = [
            place
            for place, at in enumerate(points.listed)
            if wanted in names[int(at)].casefold() or wanted == ids[int(at)].casefold()
        ]
        found = np.array(holding, np.int64)
        self.scatter.set_found(found[np.argsort(-points.counts[found], kind="stable")][:MOST_FOUND])
        self.toolbar.set_found(len(holding))

    @Slot()
    def _open_bookmarks(self) -> None:
        at = self.toolbar.bookmarks
        self.bookmark_menu().popup(at.mapToGlobal(QPointF(at.rect().bottomLeft()).toPoint()))

    def bookmark_menu(self) -> QMenu:
        """Menu that keeps what is seen, and lists what was kept."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(theme.icon("bookmark-simple"), tr("Bookmark this view"), self.keep)
        if self._kept:
            menu.addSeparator()
        for place, kept in enumerate(self._kept):
            menu.addAction(kept.words, lambda place=place: self.go_back(place))
        return menu


def _as_a_pair(chosen: MapChoice, before: MapChoice) -> MapChoice:
    """UMAP's axes come and go together; the one that was just chosen decides."""
    axes = [chosen.across, chosen.up]
    kinds = [axis.kind == "umap" for axis in axes]
    if all(kinds) or not any(kinds):
        return chosen
    if wants_umap(before):  # one was changed to something else: the other goes, too
        axes[kinds.index(True)] = Axis("component", kinds.index(True))
    else:
        axes = [Axis("umap", 0), Axis("umap", 1)]
    return replace(chosen, across=axes[0], up=axes[1])


def _same_place(one: MapChoice, other: MapChoice) -> bool:
    """Whether only colours differ."""
    return (one.thing, one.across, one.up, one.at_least) == (
        other.thing, other.across, other.up, other.at_least
    ) and one.own == other.own  # fmt: skip
