"""What `tests.perf.engine` runs in processes of their own: one solver on one set of ratings, ours or a peer's."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from threadpoolctl import threadpool_limits

from alsgui.core.generate import chapter
from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Ratings, Scale, numbered
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.config import ImplicitConfig, ObservedConfig
from alsgui.core.solvers.factors import Factors
from alsgui.core.solvers.predictions import predicted_cells
from alsgui.core.solvers.problem import squared_length
from alsgui.core.split import split
from alsgui.core.steps import Epoch, HalfStep
from alsgui.core.training import Training
from alsgui.io.samples import open_sample
from tests.perf.data import movielens_like

LAMBDA, LAMBDA_BIAS = 10.0, 4.0
IMPLICIT_LAMBDA, ALPHA = 30.0, 4.0
_CACHE = Path(tempfile.gettempdir()) / "alsgui-perf"

Floats = npt.NDArray[Any]


def prepare(data: str) -> Ratings:
    """The ratings of a name; made-up ones are kept in the temporary folder, since making them takes a minute."""
    if data == "sample":
        return open_sample("ml-latest-small").ratings
    path = _CACHE / f"{data}.npz"
    if not path.is_file():
        _CACHE.mkdir(exist_ok=True)
        made = movielens_like(data).csr
        np.savez(path, indptr=made.indptr, indices=made.indices, data=made.data, shape=made.shape)
    with np.load(path) as parts:
        csr = sparse.csr_array((parts["data"], parts["indices"], parts["indptr"]), shape=tuple(parts["shape"]))
    n_users, n_movies = csr.shape
    return Ratings(csr, numbered(n_users), numbered(n_movies), Scale(0.5, 5, 0.5))


def sgemm(threads: int) -> float:
    """FLOP per second of a large float32 product on so many threads, the best of five."""
    one = np.random.default_rng(0).random((3000, 3000), np.float32)
    best = np.inf
    with threadpool_limits(limits=threads, user_api="blas"):
        for _ in range(5):
            start = time.perf_counter()
            one @ one
            best = min(best, time.perf_counter() - start)
    return 2 * 3000**3 / best


class Memory:
    """Watches this process's resident memory: GiB at the peak over what was there at first."""

    def __init__(self) -> None:
        self._before = self._peak = self._now()
        threading.Thread(target=self._watch, daemon=True).start()

    @staticmethod
    def _now() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**30

    def _watch(self) -> None:
        while True:
            self._peak = max(self._peak, self._now())
            time.sleep(0.01)

    def peak(self) -> float:
        """GiB so far."""
        return self._peak - self._before


class Judge:
    """The objective of anybody's factors."""

    def __init__(self, ratings: Ratings, threads: int) -> None:
        self._ratings, self._workers = ratings, Workers(threads, lambda: False)

    def observed(self, users: Floats, movies: Floats, b: Floats, c: Floats, mu: float) -> float:
        """Squared errors, plain ridge, and the biases' own."""
        one = np.ones
        left = np.column_stack([users, mu + b, one(len(users))])
        form = Predictor(left, np.column_stack([movies, one(len(movies)), c]))
        errors = 0.0
        for cells in self._ratings.cells_in_parts():
            difference = cells.values - predicted_cells(form, cells.users, cells.movies, self._workers)
            errors += float(difference @ difference)
        ridge = LAMBDA * (squared_length(users) + squared_length(movies))
        return errors + ridge + LAMBDA_BIAS * float(np.square(b, dtype=float).sum() + np.square(c, dtype=float).sum())

    def implicit(self, users: Floats, movies: Floats) -> float:
        """All cells, by the Gram trick: every cell weighs 1, a stored one 1 + alpha."""
        grams = [rows.astype(np.float64).T @ rows.astype(np.float64) for rows in (users, movies)]
        total = float(np.sum(grams[0] * grams[1]))
        form = Predictor(users, movies)
        for cells in self._ratings.cells_in_parts():
            r = predicted_cells(form, cells.users, cells.movies, self._workers)
            total += float(np.sum((1 + ALPHA) * np.square(1 - r) - np.square(r)))
        return total + IMPLICIT_LAMBDA * (squared_length(users) + squared_length(movies))


@dataclass(frozen=True)
class Task:
    """One solver ("alsgui", "alsgui exact", "cmfrec cg", ...) on one set of ratings."""

    algorithm: str
    solver: str
    data: str
    k: int
    threads: int
    epochs: int

    @property
    def exact(self) -> bool:
        """Whether rows are solved exactly whatever K."""
        return self.solver.endswith(" exact")

    @property
    def enough(self) -> int:
        """Epochs to run: exact ones are many times dearer, and fewer are needed to time them."""
        return max(self.epochs // 2, 4) if self.exact else self.epochs


Reached = tuple[float, float, float]
"""Epochs, seconds, objective."""


def run(task: Task) -> dict[str, Any]:
    """The curve of one solver, for `engine.Curve`."""
    ratings = prepare(task.data)
    ratings.csc  # noqa: B018 - both orders are loaded before memory is watched
    ratings.users_of_ratings  # noqa: B018
    judge = Judge(ratings, task.threads)
    curves: dict[tuple[str, str], Callable[..., Iterator[Reached]]] = {
        ("observed", "alsgui"): _ours_observed,
        ("implicit", "alsgui"): _ours_implicit,
        ("observed", "cmfrec"): _cmfrec,
        ("implicit", "implicit"): _implicit,
    }
    memory = Memory()
    points = list(curves[task.algorithm, task.solver.split()[0]](ratings, judge, task))
    whole = [point for point in points if point[0] >= 1]
    first, last = whole[0], whole[-1]
    per_epoch = (last[1] - first[1]) / (last[0] - first[0]) if last[0] > first[0] else last[1]
    return {
        "epochs": [point[0] for point in points],
        "seconds": [point[1] for point in points],
        "losses": [point[2] for point in points],
        "per_epoch": per_epoch,
        "memory": memory.peak(),
    }


def _ours_observed(ratings: Ratings, judge: Judge, task: Task) -> Iterator[Reached]:
    config = ObservedConfig(
        k=task.k, lambda_u=LAMBDA, lambda_m=LAMBDA, lambda_bias=LAMBDA_BIAS, lambda_power=0.0, tolerance=0.0,
        closing=False, epochs=task.enough, threads=task.threads, solver="exact" if task.exact else "auto",
    )  # fmt: skip
    yield from _ours(ratings, config, lambda f, mu: judge.observed(f.users, f.movies, f.user_bias, f.movie_bias, mu))


def _ours_implicit(ratings: Ratings, judge: Judge, task: Task) -> Iterator[Reached]:
    config = ImplicitConfig(
        k=task.k, lambda_u=IMPLICIT_LAMBDA, lambda_m=IMPLICIT_LAMBDA, alpha=ALPHA, lambda_power=0.0, tolerance=0.0,
        closing=False, epochs=task.enough, threads=task.threads, solver="exact" if task.exact else "auto",
    )  # fmt: skip
    yield from _ours(ratings, config, lambda f, _: judge.implicit(f.users, f.movies))


def _ours(
    ratings: Ratings, config: ObservedConfig | ImplicitConfig, objective: Callable[[Factors, float], float]
) -> Iterator[Reached]:
    """Every half-step counts half an epoch; the objective is the judge's, and its seconds are not ours."""
    list(Training(split(chapter(20, 30), 0.0), replace(config, epochs=1)).steps())  # loads the compiled kernels
    parts = split(ratings, 0.0)
    began, apart, halves = time.perf_counter(), 0.0, 0
    training = Training(parts, config)
    for step in training.steps():
        if isinstance(step, HalfStep):
            halves += 1
            now = time.perf_counter()
            yield halves / 2, now - began - apart, objective(step.factors, training.problem.mu)
            apart += time.perf_counter() - now
        elif isinstance(step, Epoch) and step.record.epoch == config.epochs:
            return


def _cmfrec(ratings: Ratings, judge: Judge, task: Task) -> Iterator[Reached]:
    """It cannot be watched, so it is fitted anew for 1, 2, 4, ... epochs, then between; each fit is timed whole."""
    from cmfrec import CMF  # type: ignore[import-not-found]

    y = ratings.csr.tocoo()

    def fitted(n: int) -> Reached:
        model = CMF(
            k=task.k, lambda_=[LAMBDA_BIAS, LAMBDA_BIAS, LAMBDA, LAMBDA, 0.0, 0.0], niter=n, use_cg=not task.exact,
            user_bias=True, item_bias=True, nthreads=task.threads, use_float=True, finalize_chol=False,
            precompute_for_predictions=False, verbose=False, random_state=1,
        )  # fmt: skip
        start = time.perf_counter()
        model.fit(y)
        seconds = time.perf_counter() - start
        loss = judge.observed(model.A_, model.B_, model.user_bias_, model.item_bias_, model.glob_mean_)
        return float(n), seconds, loss

    numbers = (
        [1, 3, 6, 9, 12, 15, 18, 22, 26, 32, 40, 50, task.epochs] if not task.exact else [1, 3, 6, 9, 12, 15, 20, 25]
    )
    for n in numbers:
        if n <= task.epochs:
            yield fitted(n)


def _implicit(ratings: Ratings, judge: Judge, task: Task) -> Iterator[Reached]:
    from implicit.als import AlternatingLeastSquares  # type: ignore[import-not-found]

    weights = ratings.csr.copy()
    weights.data = np.full(ratings.n_ratings, 1 + ALPHA, np.float32)
    model = AlternatingLeastSquares(
        factors=task.k, regularization=IMPLICIT_LAMBDA, alpha=1.0, iterations=task.enough,
        num_threads=task.threads, use_cg=not task.exact, use_native=True, random_state=1,
    )  # fmt: skip
    points: list[Reached] = []
    clock = {"began": time.perf_counter(), "apart": 0.0}

    def watch(iteration: int, *_: Any) -> None:
        now = time.perf_counter()
        loss = judge.implicit(np.asarray(model.user_factors), np.asarray(model.item_factors))
        points.append((iteration + 1.0, now - clock["began"] - clock["apart"], loss))
        clock["apart"] += time.perf_counter() - now

    model.fit(sparse.csr_matrix(weights), show_progress=False, callback=watch)
    yield from points


def cost_of_evaluating(data: str) -> float:
    """Share of an epoch that knowing the loss and the hold-out's RMSE takes."""
    parts = split(prepare(data), 0.1)
    with threadpool_limits(limits=1, user_api="blas"):
        training = Training(parts, ObservedConfig(k=64, epochs=6, tolerance=0.0, closing=False))
        began = time.perf_counter()
        solving, judging = 0.0, 0.0
        for step in training.steps():
            now = time.perf_counter()
            if isinstance(step, HalfStep):
                solving += now - began
                began = now
            elif isinstance(step, Epoch):
                judging += now - began
                began = now
    return judging / (solving + judging)
