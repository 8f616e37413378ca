"""How fast pictures are drawn at MovieLens 25M: tiles of r, y and the error, and frames while a person pans.

    python -m tests.perf.heatmap [100k|1m|25m]

Prints the one-time preparation, each full-screen tile (1200 x 800; the best of five), the same by SciPy (two sparse
products with matrices that say which cell lies under which pixel), and the frames that the real widgets reach while
the view moves at every turn of the event loop: `fresh` are frames with a new tile, `shown` all that were painted.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from PySide6.QtWidgets import QApplication
from scipy import sparse
from threadpoolctl import threadpool_limits

from alsgui.core.lod import PredictionTiles, Span
from alsgui.core.lod_observed import ObservedTile, RatingTiles
from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Ratings
from alsgui.jobs.light import LightWork
from alsgui.ui import theme
from alsgui.ui.widgets.cells import TileRequest
from alsgui.ui.widgets.heatmap import Heatmap
from tests.perf.data import SHAPES, movielens_like

K, ACROSS, DOWN, SECONDS = 64, 1200, 800, 4.0

Result = TypeVar("Result")


def timed(work: Callable[[], Result], times: int = 1) -> tuple[float, Result]:
    best = np.inf
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def say(name: str, seconds: float, note: str = "") -> None:
    print(f"  {name:<34}{1000 * seconds:>9.1f} ms  {note}", flush=True)


class ByScipy:
    """The peer: y as block sums by two sparse products."""

    def __init__(self, ratings: Ratings, user_order: np.ndarray, movie_order: np.ndarray) -> None:
        self.y = ratings.csr[user_order][:, movie_order]
        self.seen = sparse.csr_array((np.ones_like(self.y.data), self.y.indices, self.y.indptr), self.y.shape)

    def tile(self, users: Span, movies: Span) -> np.ndarray:
        down = self._under(users, self.y.shape[0])
        across = self._under(movies, self.y.shape[1])
        sums, counts = ((down.T @ (matrix @ across)).toarray() for matrix in (self.y, self.seen))
        with np.errstate(invalid="ignore"):
            return sums / counts

    @staticmethod
    def _under(span: Span, n: int) -> sparse.csr_array:
        first, last = span.edges()
        pixels = np.repeat(np.arange(span.pixels), last - first)
        cells = np.arange(span.start, span.stop)
        return sparse.csr_array((np.ones(len(cells), np.float32), (cells, pixels)), (n, span.pixels))


def tiles(ratings: Ratings, form: Predictor) -> tuple[PredictionTiles, RatingTiles]:
    """Print what preparation and tiles take."""
    users = np.argsort(-ratings.user_counts, kind="stable")
    movies = np.argsort(-ratings.movie_counts, kind="stable")
    print("once, in the background")
    prefix, r_tiles = timed(lambda: PredictionTiles(form, users, movies))
    say("prefix sums of u and m", prefix)
    laid_out, y_tiles = timed(lambda: RatingTiles(ratings, users, movies, form, compiled=True))
    say("ratings in order, with errors", laid_out)
    say("together", prefix + laid_out, "target 3000 ms")
    own = sum(part.nbytes for part in (ratings.csr.data, ratings.csr.indices, ratings.csr.indptr))
    ours = 8 * (form.left.size + form.right.size) + 7 * ratings.n_ratings
    print(f"  memory {ours / 2**20:.0f} MiB; the ratings' own {own / 2**20:.0f} MiB by rows and as much by columns")
    print(f"a tile of {ACROSS} x {DOWN}")
    whole = Span(0, ratings.n_users, DOWN), Span(0, ratings.n_movies, ACROSS)
    say("r", timed(lambda: r_tiles.tile(*whole), 5)[0], "target 25 ms")

    def anew(tiles: RatingTiles, *spans: Span) -> ObservedTile:
        tiles._kept.clear()
        return tiles.observed(*spans)

    y_alone = RatingTiles(ratings, users, movies, compiled=True)
    y_time, ours_y = timed(lambda: anew(y_alone, *whole).y, 5)
    say("y", y_time, "target 60 ms")
    say("y, r on the same cells, error", timed(lambda: anew(y_tiles, *whole).r, 5)[0], "target 60 ms")
    middle = tuple(Span(n // 4, n // 2, pixels) for n, pixels in ((ratings.n_users, DOWN), (ratings.n_movies, ACROSS)))
    say("the same, a sixteenth of the cells", timed(lambda: anew(y_tiles, *middle).r, 5)[0])
    prepared, peer = timed(lambda: ByScipy(ratings, users, movies))
    peer_time, theirs = timed(lambda: peer.tile(*whole), 2)
    np.testing.assert_allclose(ours_y, theirs, atol=1e-4)
    say("y by SciPy", peer_time, f"{peer_time / y_time:.1f} x ours; {prepared:.1f} s to put in order first")
    return r_tiles, y_tiles


def frames(name: str, shape: tuple[int, int], tile: Callable[[Span, Span], np.ndarray]) -> None:
    """Move the view of a real widget at every turn of the event loop and count its frames."""
    app = QApplication.instance()
    assert app is not None
    light, heatmap, fresh, shown = LightWork(), Heatmap(name), 0, 0
    theme.current().changed.disconnect(heatmap.restyle)

    def fetch(request: TileRequest) -> None:
        rows = Span(request.row_start, request.row_stop, request.n_row_pixels)
        columns = Span(request.column_start, request.column_stop, request.n_column_pixels)
        light.request("tile", lambda: tile(rows, columns), lambda values: take(request, values), late=True)

    def take(request: TileRequest, values: np.ndarray) -> None:
        nonlocal fresh
        fresh += 1
        heatmap.set_tile(request, values)

    heatmap.tile_wanted.connect(fetch)
    heatmap.set_margins(0, 0, 0, 0)
    heatmap.resize(ACROSS, DOWN)
    heatmap.set_shape(*shape)
    heatmap.set_limits(-1, 1)
    heatmap.show()
    n_users, n_movies = shape
    start = time.perf_counter()
    while (now := time.perf_counter() - start) < SECONDS:
        share = 0.5 + 0.4 * np.sin(3 * now)  # zooms in and out, and pans with it
        left, top = (1 - share) * 0.5 * n_movies * now / SECONDS, (1 - share) * 0.5 * n_users
        heatmap.set_view(top, top + share * n_users, left, left + share * n_movies)
        app.processEvents()
        heatmap.repaint()
        shown += 1
    print(f"  {name:<34}{shown / SECONDS:>7.0f} shown/s{fresh / SECONDS:>7.0f} fresh/s   target 30", flush=True)
    light.close()
    heatmap.hide()
    heatmap.deleteLater()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shape", nargs="?", default="25m", choices=list(SHAPES))
    shape = parser.parse_args().shape
    threadpool_limits(limits=1, user_api="blas")  # as the window has it
    app = QApplication([])
    theme.current().apply(app)
    ratings, rng = movielens_like(shape), np.random.default_rng(0)
    left, right = (0.1 * rng.standard_normal((n, K + 2)) for n in (ratings.n_users, ratings.n_movies))
    form = Predictor(left.astype(np.float32), right.astype(np.float32))
    small = movielens_like("100k")
    few = Predictor(form.left[: small.n_users], form.right[: small.n_movies])
    for given in (None, few):  # compiles, where that was not done at set-up
        RatingTiles(small, form=given, compiled=True).observed(Span(0, 5, 5), Span(0, 5, 5))
    print(f"{ratings.n_users} x {ratings.n_movies}, {ratings.n_ratings} ratings, K = {K}")
    r_tiles, y_tiles = tiles(ratings, form)
    print("frames a second while the view moves")
    size = ratings.n_users, ratings.n_movies
    frames("r", size, r_tiles.tile)
    frames("y", size, y_tiles.tile)
    frames("error", size, lambda users, movies: _error(y_tiles, users, movies))


def _error(tiles: RatingTiles, users: Span, movies: Span) -> np.ndarray:
    error = tiles.observed(users, movies).error
    assert error is not None
    return error


if __name__ == "__main__":
    main()
