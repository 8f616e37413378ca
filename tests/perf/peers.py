"""Seconds per epoch of `observed` beside peers, in turn on the same ratings: `python -m tests.perf.peers [--users N]`.

Peers: ALS as one would write it with NumPy (one solve per row), and cmfrec where it is installed. All at one thread
with the same K, plain lambda, biases and float32. Times on a busy machine differ from run to run, so that the ratio
of the fastest of three turns is what counts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from threadpoolctl import threadpool_limits

from alsgui.core.generate import movies
from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.split import split
from alsgui.core.training import Epoch, iter_fit

LAMBDA, LAMBDA_BIAS = 10.0, 4.0
EPOCHS, TURNS = 4, 3


def ours(ratings: Ratings, k: int) -> float:
    """Seconds of solving per epoch, evaluation of the loss included."""
    config = ObservedConfig(
        k=k, lambda_u=LAMBDA, lambda_m=LAMBDA, lambda_bias=LAMBDA_BIAS, lambda_power=0, epochs=EPOCHS, tolerance=0,
        threads=1,
    )  # fmt: skip
    epochs = [step for step in iter_fit(split(ratings, 0.0), config) if isinstance(step, Epoch)]
    return epochs[-1].record.seconds / EPOCHS


def plain_numpy(ratings: Ratings, k: int) -> float:
    """Seconds per epoch of a loop over rows: gather, multiply, solve."""
    rng = np.random.default_rng(0)
    loadings = {"u": rng.standard_normal((ratings.n_users, k + 2)), "m": rng.standard_normal((ratings.n_movies, k + 2))}
    ridge = np.diag(np.append(np.full(k, LAMBDA), LAMBDA_BIAS)).astype(np.float32)
    sides = {"u": ("m", ratings.csr), "m": ("u", ratings.csc)}
    mean = np.float32(ratings.mean)
    # Columns: k weights, the other side's constant 1, the own bias.
    own = {side: np.hstack([rows[:, :k], np.ones((len(rows), 1)), np.zeros((len(rows), 1))]).astype(np.float32)
           for side, rows in loadings.items()}  # fmt: skip
    start = time.perf_counter()
    for side, (other, y) in sides.items():
        for row in range(len(own[side])):
            entries = slice(y.indptr[row], y.indptr[row + 1])
            if entries.start < entries.stop:
                known = own[other][y.indices[entries]]
                f = known[:, : k + 1]
                solved = np.linalg.solve(f.T @ f + ridge, f.T @ (y.data[entries] - mean - known[:, k + 1]))
                own[side][row, :k], own[side][row, k + 1] = solved[:k], solved[k]
    return time.perf_counter() - start


def cmfrec(ratings: Ratings, k: int) -> float:
    """Seconds per epoch of cmfrec's exact solver, from two numbers of epochs, so that its set-up is not counted."""
    from cmfrec import CMF  # type: ignore[import-not-found]

    y = ratings.csr.tocoo()

    def seconds(epochs: int) -> float:
        model = CMF(
            k=k, lambda_=LAMBDA, niter=epochs, use_cg=False, user_bias=True, item_bias=True, nthreads=1,
            use_float=True, finalize_chol=False, precompute_for_predictions=False, verbose=False,
        )  # fmt: skip
        start = time.perf_counter()
        model.fit(y)
        return time.perf_counter() - start

    return (seconds(2 * EPOCHS) - seconds(EPOCHS)) / EPOCHS


def main() -> None:
    """Print Markdown: seconds per epoch and how many times ours the peer takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--movies", type=int, default=3000)
    options = parser.parse_args()
    ratings = movies(options.users, options.movies)
    peers: dict[str, Callable[[Ratings, int], float]] = {"plain NumPy": plain_numpy}
    if find_spec("cmfrec"):
        peers["cmfrec, exact"] = cmfrec
    print(f"{ratings.n_ratings:,} ratings, {ratings.n_users:,} x {ratings.n_movies:,}\n")
    print("| K | alsgui |" + "".join(f" {name} | ratio |" for name in peers))
    print("|---|---|" + "---|---|" * len(peers))
    for k in (10, 20, 64):
        with threadpool_limits(limits=1, user_api="blas"):
            turns = [[solver(ratings, k) for solver in (ours, *peers.values())] for _ in range(TURNS)]
        best, *others = np.min(turns, axis=0)
        print(f"| {k} | {best:.4f} s |" + "".join(f" {other:.4f} s | {other / best:.1f} |" for other in others))


if __name__ == "__main__":
    main()
