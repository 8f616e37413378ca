"""Pictures side by side: y, r on the same cells and the error; or two models; any two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from alsgui.core.factor_view import FactorSource, FactorView
from alsgui.core.lod import Span
from alsgui.core.lod_observed import FEWEST, Tile
from alsgui.core.observed_view import Limits, ObservedView, OtherView, PanelKey, build_observed, build_other
from alsgui.session.session import Session
from alsgui.text import tr
from alsgui.ui.widgets.cells import TileRequest
from alsgui.ui.widgets.panel_picture import PanelPicture, PanelSpec

AVERAGED_PIXELS = 4
"""Side of the tiles over which y and the error are averaged, in pixels of the screen."""

ARRANGEMENTS: dict[str, tuple[PanelKey, ...]] = {
    "y-r-error": ("y", "r", "error"),
    "y-r": ("y", "r"),
    "y-r_all": ("y", "r_all"),
    "r-error": ("r", "error"),
    "y-error": ("y", "error"),
    "runs": ("r_all", "r_other"),
    "runs-difference": ("r_all", "r_other", "difference"),
}

SCALE: dict[PanelKey, str] = {
    "y": "r", "r": "r", "r_all": "r", "r_other": "r", "error": "error", "difference": "difference",
}  # fmt: skip
"""Whose colours a picture has: those that stand on one scale have one bar."""


def arrangement_words(key: str, other: str) -> str:
    """What stands side by side, as in the menu."""
    return {
        "y-r-error": tr("y · r · error"),
        "y-r": tr("y · r on the same cells"),
        "y-r_all": tr("y · r on all cells"),
        "r-error": tr("r · error"),
        "y-error": tr("y · error"),
        "runs": tr("r · r of {run}", run=other),
        "runs-difference": tr("r · r of {run} · difference", run=other),
    }[key]


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the pictures are drawn from; None for what is not there."""

    view: FactorView
    observed: ObservedView | None
    other: OtherView | None


class Panels(QObject):
    """Draws an arrangement of pictures in the order of a `FactorView`.

    Signals
    -------
    prepared()
        Other pictures are on their way: limits and titles are those of what is chosen now.
    """

    prepared = Signal()

    def __init__(self, session: Session, picture: PanelPicture) -> None:
        super().__init__(picture)
        self._session = session
        self.picture = picture
        self.arrangement = "y-r-error"
        self.averages, self.training_only = True, False
        self.limits: Mapping[str, tuple[float, float]] = {}
        self._other: tuple[str, FactorSource] | None = None
        self._view: FactorView | None = None
        self._prepared: Prepared | None = None
        self.shows_cells = False
        """Whether every cell is drawn for itself: then grey is no rating, whatever is averaged further out."""
        for at, heatmap in enumerate(picture.panels):
            heatmap.tile_wanted.connect(lambda request, at=at: self._fetch(at, request))

    @property
    def keys(self) -> tuple[PanelKey, ...]:
        """The pictures that are shown, from the left."""
        return ARRANGEMENTS[self.arrangement]

    def prepared_for(self) -> Prepared | None:
        """What is drawn; None before it is there."""
        return self._prepared

    def other_name(self) -> str:
        """Name of the second run; empty without one."""
        return "" if self._other is None else self._other[0]

    def set_view(self, view: FactorView) -> None:
        """Draw another view: other factors, or another order."""
        if view is not self._view:
            self._view = view
            self._prepare()

    def arrange(self, arrangement: str, other: tuple[str, FactorSource] | None = None) -> None:
        """Show other pictures; `other` is the name and source of the second run, where one is shown."""
        self.arrangement, self._other = arrangement, other
        self._prepare()

    def begin_anew(self) -> None:
        """Forget what was chosen for other ratings; `set_view` draws."""
        self.arrangement, self._other, self._view = "y-r-error", None, None
        self.training_only = False

    def set_training_only(self, only: bool) -> None:
        """Leave the hold-out out of y and the error, or have it in."""
        self.training_only = only
        self._prepare()

    def set_averages(self, averages: bool) -> None:
        """Average over tiles of pixels, or draw every pixel for itself."""
        self.averages = averages
        self._dress()

    def set_limits(self, limits: Mapping[str, tuple[float, float]]) -> None:
        """Fix the ends of colours, by scale; those not named are the usual ones."""
        self.limits = limits
        self._dress()

    def limits_of(self, key: PanelKey) -> Limits | None:
        """Usual limits of a picture; None before they are known."""
        made = self._prepared
        if made is None:
            return None
        if key in ("r_other", "difference"):
            if made.other is None:
                return None
            return made.other.limits if key == "r_other" else made.other.difference_limits
        if made.observed is None:
            return Limits(*made.view.r_limits, *made.view.actual) if key == "r_all" else None
        if key == "error":
            return made.observed.averaged_error if self.averages else made.observed.error
        alone = "y" not in self.keys and "r" not in self.keys
        averaged = self.averages or alone
        return made.observed.averaged if averaged else made.observed.single

    def _prepare(self) -> None:
        view, only, other = self._view, self.training_only, self._other
        if view is None:
            return
        needs_other = "r_other" in self.keys

        def work() -> Prepared:
            second = build_other(view, other[1]) if needs_other and other is not None else None
            return Prepared(view, build_observed(view, training_only=only), second)

        self._session.light.prepare("factors.panels", work, self._take)

    def _take(self, made: Prepared) -> None:
        before, self._prepared = self._prepared, made
        same = before is not None and before.view.shape == made.view.shape and before.view.choice == made.view.choice
        if not same:
            self.picture.set_shape(*made.view.shape)
        self._dress()

    def _dress(self) -> None:
        """Titles, limits and tiles of what is chosen."""
        if self._prepared is None:
            return
        keys = self.keys
        specs = [self._spec(key, shared=SCALE[key] in map(SCALE.get, keys[at + 1 :])) for at, key in enumerate(keys)]
        self.picture.set_panels(specs)
        for at, key in enumerate(keys):
            usual = self.limits_of(key)
            if usual is not None:
                self.picture.set_limits(at, *self.limits.get(SCALE[key], (usual.low, usual.high)))
                self.picture.bars[at].set_actual(usual.actual_low, usual.actual_high, self._range_words(key))
            on_observed = key in ("y", "r", "error")
            few = tr("few") if self.averages and not self.shows_cells else tr("none")
            self.picture.bars[at].set_missing(few if on_observed else "")
            self.picture.panels[at].set_tile_pixels(AVERAGED_PIXELS if self.averages and on_observed else 1)
        self.picture.refresh()
        self.prepared.emit()

    def _tell_of_cells(self, at: int, request: TileRequest) -> None:
        """Have the legend speak of what is drawn: tiles, pixels or single cells."""
        n_values = request.n_row_pixels, request.n_column_pixels
        cells = request.row_stop - request.row_start, request.column_stop - request.column_start
        shows_cells = n_values == cells
        if at == 0 and shows_cells != self.shows_cells:
            self.shows_cells = shows_cells
            few = tr("few") if self.averages and not shows_cells else tr("none")
            for key, bar in zip(self.keys, self.picture.bars, strict=False):
                bar.set_missing(few if key in ("y", "r", "error") else "")
            self.prepared.emit()

    def _range_words(self, key: PanelKey) -> str:
        return tr("sampled") if key != "r_all" else tr("actual")

    def _spec(self, key: PanelKey, *, shared: bool) -> PanelSpec:
        other = self.other_name()
        words = {
            "y": ("y", tr("observed"), tr("Observed ratings y")),
            "r": ("r", tr("predicted, same cells"), tr("Predictions r on the observed cells")),
            "r_all": ("r", tr("predicted"), tr("Predictions r")),
            "r_other": ("r", tr("of {run}", run=other), tr("Predictions r of {run}", run=other)),
            "error": ("y − r", tr("error"), tr("Error y - r")),
            "difference": ("r − r", tr("this less {run}", run=other), tr("Difference of the predictions")),
        }  # fmt: skip
        colormap = "diverging" if key in ("error", "difference") else "viridis"
        symbol, title, name = words[key]
        return PanelSpec(symbol, title, name, colormap, bar=not shared)  # type: ignore[arg-type]

    def _fetch(self, at: int, request: TileRequest) -> None:
        made, keys = self._prepared, self.keys
        if made is None or at >= len(keys):
            return
        key = keys[at]
        users = Span(request.row_start, request.row_stop, request.n_row_pixels)
        movies = Span(request.column_start, request.column_stop, request.n_column_pixels)
        leaves_few_out = request.block > 1

        def work() -> tuple[Tile, Tile | None] | None:
            if key == "r_other":
                return None if made.other is None else (made.other.r.tile(users, movies), None)
            if key == "difference":
                return None if made.other is None else (made.other.difference.tile(users, movies), None)
            if made.observed is None:
                return (made.view.r.tile(users, movies), None) if key == "r_all" else None
            return made.observed.panel(key, users, movies, leaves_few_out=leaves_few_out)

        def deliver(answer: tuple[Tile, Tile | None] | None) -> None:
            if answer is not None and made is self._prepared:
                self.picture.panels[at].set_tile(request, *answer)
                self._tell_of_cells(at, request)

        self._session.light.request(f"factors.panel {at}", work, deliver, late=True)

    def observed_at(self, user_place: int, movie_place: int) -> tuple[int, float, float] | None:
        """Ratings under the tile of a cell, their mean and their mean error, as drawn; None where it is no tile."""
        made, heatmap = self._prepared, self.picture.panels[0]
        request = heatmap.request()
        if made is None or made.observed is None or request is None:
            return None
        users = Span(request.row_start, request.row_stop, request.n_row_pixels)
        movies = Span(request.column_start, request.column_stop, request.n_column_pixels)
        at = users.pixel_of(user_place), movies.pixel_of(movie_place)
        if at[0] is None or at[1] is None or (users.pixels, movies.pixels) == (users.cells, movies.cells):
            return None
        tile = made.observed.tiles.kept(users, movies)
        if tile is None or tile.error is None:
            return None
        return int(tile.counts[at]), float(tile.y[at]), float(tile.error[at])


def legend_words(averages: bool, shows_cells: bool) -> str:
    """What grey and paleness stand for, for the axis title."""
    if shows_cells:
        return tr("grey cells are not rated")
    if averages:
        return tr("grey tiles hold fewer than {n} ratings", n=FEWEST)
    return tr("paler: fewer of the cells are rated")
