"""Seconds of one iteration of `nmf` beside scikit-learn, in turn on the same matrix: `python -m tests.perf.nmf`.

5,000 x 2,000, every cell, K = 20, the same start and number of threads; scikit-learn is given the precision that we
take. Beside them the bound: the two matrix products that an iteration needs, alone, and what they would take at the
speed of a product of two large squares, which no iteration can beat. Times are the fastest of several turns, and the
peer's the difference of the fastest for two numbers of iterations, so that setting up is nobody's. Variables that
choose a BLAS kernel (OPENBLAS_CORETYPE) belong unset: they slow the peer.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.decomposition import NMF
from threadpoolctl import threadpool_limits

from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import NmfConfig
from alsgui.core.split import split
from alsgui.core.steps import Epoch
from alsgui.core.training import iter_fit

N_USERS, N_MOVIES, K = 5_000, 2_000, 20
FEW, MANY, TURNS = 5, 25, 6
SQUARE = 2048


def ours(parts: Any, start: tuple[Any, Any], dtype: str, method: Any, threads: int) -> float:
    """Seconds per epoch, the loss included."""
    config = NmfConfig(
        k=K, epochs=MANY, tolerance=0.0, dtype=dtype, method=method, threads=threads, closing=False
    )  # fmt: skip
    with threadpool_limits(limits=1, user_api="blas"):
        seconds = [
            step.record.seconds
            for step in iter_fit(parts, config, start=(start[0].T, start[1]))
            if isinstance(step, Epoch)
        ]
    return (seconds[-1] - seconds[FEW - 1]) / (MANY - FEW)


def theirs(y: Any, start: tuple[Any, Any], method: Any, threads: int, iterations: int) -> float:
    """Seconds of so many iterations of scikit-learn, with its setting up."""
    model = NMF(K, init="custom", solver=method, tol=0, max_iter=iterations)
    W, H = (part.astype(y.dtype) for part in start)
    with threadpool_limits(limits=threads, user_api="blas"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        began = time.perf_counter()
        model.fit_transform(y, W=W, H=H)
        return time.perf_counter() - began


def bound(y: Any, start: tuple[Any, Any], threads: int) -> float:
    """Seconds of the two products alone."""
    W, H = (np.ascontiguousarray(part, y.dtype) for part in start)
    with threadpool_limits(limits=threads, user_api="blas"):
        began = time.perf_counter()
        for _ in range(MANY):
            y @ H.T
            y.T @ W
        return (time.perf_counter() - began) / MANY


def peak(y: Any, threads: int) -> float:
    """Seconds of as many multiply-adds in a product of two squares."""
    square = np.ones((SQUARE, SQUARE), y.dtype)
    with threadpool_limits(limits=threads, user_api="blas"):
        began = time.perf_counter()
        square @ square
        return (time.perf_counter() - began) * 2 * y.size * K / SQUARE**3


def main() -> None:
    """Print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--method", choices=("cd", "mu"), default="cd")
    options = parser.parse_args()
    threads, method = options.threads, options.method
    rng = np.random.default_rng(0)
    start = rng.random((N_USERS, K)), rng.random((K, N_MOVIES))
    y = rng.integers(1, 6, size=(N_USERS, N_MOVIES)).astype(np.float32)
    parts = split(Ratings.from_dense(y), 0.0)
    print(f"{method}, {threads} threads\n")
    print("| precision | alsgui, ms | scikit-learn, ms | ratio | the two products alone, ms | at the peak, ms |")
    print("|---|---|---|---|---|---|")
    for dtype in ("float32", "float64"):
        given = y.astype(dtype)
        solvers: list[Callable[[], float]] = [
            lambda dtype=dtype: ours(parts, start, dtype, method, threads),
            lambda given=given: theirs(given, start, method, threads, FEW),
            lambda given=given: theirs(given, start, method, threads, MANY),
            lambda given=given: bound(given, start, threads),
            lambda given=given: peak(given, threads),
        ]
        own, few, many, *bounds = 1000 * np.min([[solver() for solver in solvers] for _ in range(TURNS)], axis=0)
        peer = (many - few) / (MANY - FEW)
        columns = (dtype, f"{own:.2f}", f"{peer:.2f}", f"{peer / own:.1f}", *(f"{each:.2f}" for each in bounds))
        print(f"| {' | '.join(columns)} |")


if __name__ == "__main__":
    main()
