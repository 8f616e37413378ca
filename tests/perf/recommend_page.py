"""From a moved slider to the repainted list, in the real window.

    python -m tests.perf.recommend_page [--movies 60000] [--k 64] [--moves 60]

A model of that size is made up, without a fit: the time does not depend on the numbers in it. Each move is the change
of one weight by the page's own slider; the time ends when the table has painted the list of that very weight. Beside
it stands what a plain NumPy ranking of the same movies takes in the same run: one product, one sort.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import time

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication
from threadpoolctl import threadpool_limits

from alsgui.app import application
from alsgui.core.metrics import ErrorFigures
from alsgui.core.model import Model, build_model
from alsgui.core.ratings import Ratings, Scale
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.solvers.factors import Factors
from alsgui.core.split import Split
from alsgui.session.session import Session
from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.recommend.page import RecommendPage

MOST_MS = 16.0


def made_up(n_movies: int, k: int, n_users: int = 400, seed: int = 0) -> Model:
    """A model of this size with titles and genres, and factors by chance."""
    rng = np.random.default_rng(seed)
    movies = np.concatenate([np.arange(n_movies), rng.integers(n_movies, size=5 * n_movies)])
    users = rng.integers(n_users, size=len(movies))
    pairs = np.unique(users.astype(np.int64) * n_movies + movies)
    ratings = Ratings.from_indices(
        pairs // n_movies, pairs % n_movies, rng.integers(1, 11, size=len(pairs)) / 2,
        [str(row) for row in range(n_users)], [str(column) for column in range(n_movies)], scale=Scale(0.5, 5, 0.5),
        titles=tuple(f"Movie {column}, The ({1950 + column % 70})" for column in range(n_movies)),
        genres=tuple(("Drama", "Comedy", "Drama|War")[column % 3] for column in range(n_movies)),
    )  # fmt: skip
    u, m = (rng.normal(0, 0.15, size=(n, k)).astype(np.float32) for n in (n_users, n_movies))
    b, c = (rng.normal(0, 0.3, size=n).astype(np.float32) for n in (n_users, n_movies))
    none = ErrorFigures(float("nan"), float("nan"), 0, 0)
    split = Split(ratings, np.empty(0, np.int64), 0.0, 0)
    return build_model(
        ObservedConfig(k=k).resolved(ratings), Factors(u, m, b, c), split, history=(), half_steps=(),
        training_figures=none, holdout_figures=none, stopped="epochs", settled=False, versions={},
    )  # fmt: skip


class Painted(QObject):
    """Knows when the table had painted the list that it was given last."""

    def __init__(self, page: RecommendPage) -> None:
        super().__init__()
        self._table, self._page, self.at, self.used = page.list.table, page, 0.0, 0.0
        self._list: object = None
        page.list.table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self._table.paintEvent(event)
            self.at, self.used, self._list = time.perf_counter(), time.process_time(), self._page._ranked
            return True
        return False

    def has(self, wanted: object) -> bool:
        """Whether the table shows `wanted` on the screen."""
        return self._list is wanted


def moves(page: RecommendPage, n: int) -> list[tuple[float, float]]:
    """Milliseconds of the clock and of the processor from each of `n` moves to the end of the paint of its list."""
    painted, session, app = Painted(page), page.session, QApplication.instance()
    assert app is not None
    slider = next(iter(page.person.weights.sliders.values()))
    taken = []
    for number in range(n):
        weight = slider.value() + (0.02 if number % 20 < 10 else -0.02)
        started, used = time.perf_counter(), time.process_time()
        slider._move(weight)
        while not (_is_shown(page, session) and painted.has(page._ranked)):
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)  # and not in a spin beside the worker
        taken.append((1000 * (painted.at - started), 1000 * (painted.used - used)))
    return taken


def _is_shown(page: RecommendPage, session: Session) -> bool:
    made = page._ranked
    return made is not None and made.choice is session.state.person


def plain(model: Model, n: int) -> list[tuple[float, float]]:
    """Milliseconds of clock and processor for one product and one sort in NumPy."""
    right, left = model.predictor.right.astype(np.float64), model.predictor.left[0].astype(np.float64)
    taken = []
    for _ in range(n):
        started, used = time.perf_counter(), time.process_time()
        np.argsort(-(right @ left), kind="stable")
        taken.append((1000 * (time.perf_counter() - started), 1000 * (time.process_time() - used)))
    return taken


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--movies", type=int, default=60_000)
    reader.add_argument("--k", type=int, default=64)
    reader.add_argument("--moves", type=int, default=60)
    asked = reader.parse_args()
    threadpool_limits(limits=1, user_api="blas")
    application()
    model, session = made_up(asked.movies, asked.k), Session()
    window = MainWindow(session)
    window.show()
    session.put(model=model)
    session.select_user(0)
    session.show_page("recommend")
    page = window.page("recommend")
    assert isinstance(page, RecommendPage)
    while not page.person.weights.sliders or page._ranked is None:
        QApplication.processEvents()
    moves(page, 10)
    ours, numpys = moves(page, asked.moves), plain(model, asked.moves)
    for name, taken in (("slider to repaint", ours), ("product and sort in NumPy", numpys)):
        clock, processor = np.median(taken, axis=0)
        low, high = np.percentile(np.array(taken)[:, 0], [5, 95])
        print(
            f"{name:28} {clock:6.1f} ms of the clock (5 % {low:.1f}, 95 % {high:.1f}), {processor:.1f} of the processor"
        )
    ratio = np.median(ours, axis=0) / np.median(numpys, axis=0)
    print(f"{ratio[0]:.2f} times NumPy by the clock, {ratio[1]:.2f} by the processor; {MOST_MS:g} ms are wanted")
    window.close()


if __name__ == "__main__":
    main()
