"""The picture of a factorisation: m above, u at the left, r between, with one view and one crosshair."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.colorbar import ColorBar
from alsgui.ui.widgets.heatmap import Heatmap
from alsgui.ui.widgets.plot import PlotSheet
from alsgui.ui.widgets.strip import DEPTH, Strip

USER_WIDTH, MOVIE_HEIGHT, BAR_WIDTH = 171, 128, 56
TITLE, AXIS, SPACE, LEFT = 23, 38, 13, 58


class FactorPicture(PlotSheet):
    """Heatmaps `u` (N x K), `m` (K x M) and `r` (N x M) with their colour bars, lined up to the pixel.

    Connect `tile_wanted` of each of the three, then call `set_shape`. Zoom and pan of one move the others.

    Signals
    -------
    hovered(int, int)
        User and movie under the cursor; -1 for the one that is not known (over u or m) or when the cursor left.
    clicked(int, int)
        User and movie that were chosen; -1 for the one that is not known.

    Attributes
    ----------
    u, m, r : Heatmap
        User weights, movie loadings, predictions.
    u_bar, m_bar, r_bar : ColorBar
        Their colour bars.
    user_strip, movie_strip : Strip
        Numbers of users at the right of r and of movies above it, hidden at first.
    corner : QVBoxLayout
        Room at the top left, above the bar of u, for a formula.
    """

    hovered = Signal(int, int)
    clicked = Signal(int, int)

    def __init__(self, name: str = "Factors u, m and predictions r", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.u, self.m, self.r = Heatmap(tr("User weights u")), Heatmap(tr("Movie loadings m")), Heatmap("r")
        self.u_bar = ColorBar(Qt.Orientation.Horizontal, tr("Colours of u"))
        self.m_bar = ColorBar(Qt.Orientation.Vertical, tr("Colours of m"))
        self.r_bar = ColorBar(Qt.Orientation.Vertical, tr("Colours of r"))
        self.user_strip = Strip(tr("Numbers of users"), Qt.Orientation.Vertical)
        self.movie_strip = Strip(tr("Numbers of movies"), Qt.Orientation.Horizontal)
        self.corner = QVBoxLayout()
        self._arrange()
        self._dress()
        self._link()
        self.restyle()

    def set_shape(self, n_users: int, n_movies: int, n_attributes: int) -> None:
        """Begin with another model: all of it in view, nothing known yet."""
        self.u.set_shape(n_users, n_attributes)
        self.m.set_shape(n_attributes, n_movies)
        self.r.set_shape(n_users, n_movies)
        ticks = [(0, tr("k 1"))] + ([(n_attributes - 1, str(n_attributes))] if n_attributes > 1 else [])
        # Few attributes have the number of the last one beside the bar of u, not below it.
        self.u_bar.set_margins(LEFT, 12 if 1 < n_attributes <= 5 else 0)
        self.u.set_column_axis(role="muted", ticks=ticks)
        self.m.set_row_axis(role="muted", ticks=ticks)

    def set_limits(self, u_limit: float, m_limit: float, r_limits: tuple[float, float]) -> None:
        """Fix the ends of the colours: zero-centred for u and m."""
        for heatmap, bar, low, high in (
            (self.u, self.u_bar, -u_limit, u_limit),
            (self.m, self.m_bar, -m_limit, m_limit),
            (self.r, self.r_bar, *r_limits),
        ):
            heatmap.set_limits(low, high)
            bar.set_limits(low, high)

    @Slot(object, object)
    def set_crosshair(self, user: int | None, movie: int | None) -> None:
        """Point at a user, a movie or both in all three parts."""
        self.u.set_crosshair(user, None)
        self.m.set_crosshair(None, movie)
        self.r.set_crosshair(user, movie)

    def show_strips(self, shown: bool) -> None:
        """Show a number of every user and movie beside r, in the part that is in view."""
        for strip in (self.user_strip, self.movie_strip):
            strip.setVisible(shown)
        self._follow_r(*self.r.view())

    def refresh(self) -> None:
        """Ask for all three tiles again, since the model changed."""
        for heatmap in (self.u, self.m, self.r):
            heatmap.refresh()

    def restyle(self) -> None:
        """Take the text size of the theme."""
        self.u.setFixedWidth(theme.px(USER_WIDTH))
        self.m.setFixedHeight(theme.px(MOVIE_HEIGHT))
        for bar in (self.m_bar, self.r_bar):
            bar.setFixedWidth(theme.px(BAR_WIDTH))
        self.m_bar.setFixedHeight(theme.px(MOVIE_HEIGHT))
        self.u_bar.setFixedHeight(theme.px(28))
        self.user_strip.setFixedWidth(theme.px(DEPTH + 34))
        self.movie_strip.setFixedHeight(theme.px(DEPTH + 4))
        super().restyle()

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        self.corner.addStretch(1)
        self.corner.addWidget(self.u_bar)
        # m reaches under the corner, where its row numbers stand.
        grid.addWidget(self.m, 0, 0, 1, 2)
        grid.addLayout(self.corner, 0, 0)
        self.corner.setContentsMargins(0, 0, 0, theme.px(14))
        self.u_bar.raise_()
        grid.addWidget(self.m_bar, 0, 3)
        grid.addWidget(self.movie_strip, 1, 0, 1, 2)
        grid.addWidget(self.u, 2, 0)
        grid.addWidget(self.r, 2, 1)
        grid.addWidget(self.user_strip, 2, 2)
        grid.addWidget(self.r_bar, 2, 3)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)
        self.user_strip.hide()
        self.movie_strip.hide()

    def _dress(self) -> None:
        for heatmap, bar in ((self.u, self.u_bar), (self.m, self.m_bar)):
            heatmap.set_colormap("diverging")
            bar.set_colormap("diverging")
        self.u.set_title("u", tr("user weights"), "user")
        self.m.set_title("m", tr("movie loadings"), "movie")
        self.u.set_margins(LEFT, TITLE, 0, AXIS)
        self.m.set_margins(USER_WIDTH + SPACE, TITLE, SPACE, 1)
        self.r.set_margins(SPACE, TITLE, SPACE, AXIS)
        self.movie_strip.set_margins(USER_WIDTH + SPACE, SPACE)
        self.user_strip.set_margins(TITLE, AXIS)
        self.m.show_column_axis(False)
        self.r.show_row_axis(False)
        self.u_bar.set_margins(LEFT, 0)
        self.m_bar.set_margins(TITLE, 1)
        self.m_bar.set_caption(tr("loading"))
        self.r_bar.set_margins(TITLE, AXIS)
        self.r_bar.set_caption(tr("stars"))
        self.u.set_zoom_axes(rows=True, columns=False)
        self.m.set_zoom_axes(rows=False, columns=True)

    def _link(self) -> None:
        self.r.view_changed.connect(self._follow_r)
        self.u.view_changed.connect(self._follow_u)
        self.m.view_changed.connect(self._follow_m)
        self.r.hovered.connect(self.hovered)
        self.r.clicked.connect(self._choose)
        self.u.hovered.connect(self._hover_user)
        self.m.hovered.connect(self._hover_movie)
        self.u.clicked.connect(self._choose_user)
        self.m.clicked.connect(self._choose_movie)

    @Slot(float, float, float, float)
    def _follow_r(self, row_start: float, row_stop: float, column_start: float, column_stop: float) -> None:
        self.u.set_view(row_start, row_stop, None, None)
        self.m.set_view(None, None, column_start, column_stop)
        self.user_strip.set_span(row_start, row_stop)
        self.movie_strip.set_span(column_start, column_stop)

    @Slot(float, float, float, float)
    def _follow_u(self, row_start: float, row_stop: float, _column_start: float, _column_stop: float) -> None:
        self.r.set_view(row_start, row_stop, None, None)

    @Slot(float, float, float, float)
    def _follow_m(self, _row_start: float, _row_stop: float, column_start: float, column_stop: float) -> None:
        self.r.set_view(None, None, column_start, column_stop)

    @Slot(int, int)
    def _hover_user(self, user: int, _attribute: int) -> None:
        self.hovered.emit(user, -1)

    @Slot(int, int)
    def _hover_movie(self, _attribute: int, movie: int) -> None:
        self.hovered.emit(-1, movie)

    @Slot(int, int)
    def _choose(self, user: int, movie: int) -> None:
        self.set_crosshair(user, movie)
        self.clicked.emit(user, movie)

    @Slot(int, int)
    def _choose_user(self, user: int, _attribute: int) -> None:
        self.set_crosshair(user, self.r.crosshair()[1])
        self.clicked.emit(user, -1)

    @Slot(int, int)
    def _choose_movie(self, _attribute: int, movie: int) -> None:
        self.set_crosshair(self.r.crosshair()[0], movie)
        self.clicked.emit(-1, movie)
