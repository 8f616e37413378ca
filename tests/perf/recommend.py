"""Lists for everyone beside `implicit`, and how soon a list follows a slider: `python -m tests.perf.recommend`.

162,541 users x 59,047 movies, K = 64, n = 10, factors fitted to ratings of MovieLens 25M's shape, what was rated is
left out. Both rank the same numbers: `implicit` gets u with a 1 and m with its bias, so that its product is ours less
what is the same for all movies. Each runs in a process of its own, in turn; memory is the peak over what was there with
model and ratings loaded. The lists are compared on some users. Beside them the bound of a product of all cells.

Then 60,000 movies, K = 64: from changed weights to a ranked list, every movie listed, in milliseconds of the processor
and of the clock; painting is not in it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from alsgui.core.everyone import lists_for_everyone
from alsgui.core.metrics import ErrorFigures
from alsgui.core.model import Model, build_model
from alsgui.core.people import Person
from alsgui.core.ratings import Ratings
from alsgui.core.recommend import Filters, for_person
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.solvers.factors import Factors
from alsgui.core.split import split
from alsgui.core.training import fitted, iter_fit
from tests.perf.engine_runs import _CACHE, Memory, prepare, sgemm

K, N_TOP, EPOCHS, COMPARED = 64, 10, 5, 2000


def factors(data: str) -> Path:
    """The file of fitted factors, made once."""
    path = _CACHE / f"{data}-k{K}.npz"
    if not path.is_file():
        ratings = prepare(data)
        with threadpool_limits(limits=1, user_api="blas"):
            config = ObservedConfig(k=K, epochs=EPOCHS, closing=False, tolerance=0.0)
            made = fitted(iter_fit(split(ratings, 0.0), config), lambda _: None)
        kept = made.factors
        np.savez(path, users=kept.users, movies=kept.movies, b=kept.user_bias, c=kept.movie_bias, mu=made.mu)
    return path


def loaded(data: str) -> Model:
    """Model and ratings, as a window has them."""
    ratings = prepare(data)
    with np.load(factors(data)) as parts:
        kept = Factors(parts["users"], parts["movies"], parts["b"], parts["c"])
    config = ObservedConfig(k=K, lambda_u=1.0, lambda_m=1.0)
    return build_model(
        config, kept, split(ratings, 0.0), history=(), half_steps=(), training_figures=ErrorFigures(),
        holdout_figures=ErrorFigures(), stopped="epochs", settled=False, versions={},
    )  # fmt: skip


def ours(data: str, threads: int) -> dict[str, Any]:
    """Seconds, GiB, and the first lists."""
    model = loaded(data)
    rules = Filters(at_least=0, n_top=N_TOP)
    with threadpool_limits(limits=1, user_api="blas"):
        next(iter(lists_for_everyone(model, rules, threads)))  # loads the compiled kernel
        memory, began = Memory(), time.perf_counter()
        columns = np.full((model.n_users, N_TOP), -1, np.int32)
        predicted = np.full((model.n_users, N_TOP), np.nan, np.float32)
        for block in lists_for_everyone(model, rules, threads):
            columns[block.rows], predicted[block.rows] = block.columns, block.predicted
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "memory": memory.peak(), "lists": columns[:COMPARED]}


def theirs(data: str, threads: int) -> dict[str, Any]:
    """The same by `implicit`'s `recommend` for an array of all users."""
    from implicit.als import AlternatingLeastSquares  # type: ignore[import-not-found]
    from scipy.sparse import csr_matrix

    model = loaded(data)
    assert model.ratings is not None
    peer = AlternatingLeastSquares(factors=K + 1, num_threads=threads)
    peer.user_factors = np.ascontiguousarray(np.hstack([model.factors.users, np.ones((model.n_users, 1), np.float32)]))
    peer.item_factors = np.ascontiguousarray(np.column_stack([model.factors.movies, model.movie_bias]))
    seen, everybody = csr_matrix(model.ratings.csr), np.arange(model.n_users)
    with threadpool_limits(limits=1, user_api="blas"):
        peer.recommend(everybody[:100], seen[:100], N=N_TOP)
        memory, began = Memory(), time.perf_counter()
        columns, _ = peer.recommend(everybody, seen, N=N_TOP)
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "memory": memory.peak(), "lists": columns[:COMPARED]}


def follows(n_movies: int = 60_000, turns: int = 60) -> tuple[float, float]:
    """Median milliseconds of the processor and of the clock from weights to a list."""
    rng = np.random.default_rng(0)
    users = np.repeat(np.arange(200), 300)
    movies = np.concatenate([rng.choice(n_movies, 300, replace=False) for _ in range(200)])
    ratings = Ratings.from_indices(
        users, movies, rng.integers(1, 11, len(users)) / 2, list(map(str, range(200))), list(map(str, range(n_movies)))
    )
    model = fitted(iter_fit(split(ratings, 0.0), ObservedConfig(k=K, epochs=2)), lambda _: None)
    taken: list[tuple[float, float]] = []
    for _ in range(turns):
        person = Person(rng.standard_normal(K), 0.0)
        cpu, clock = time.thread_time(), time.perf_counter()
        for_person(model, person, Filters(at_least=0))
        taken.append((1e3 * (time.thread_time() - cpu), 1e3 * (time.perf_counter() - clock)))
    middle = np.median(taken, axis=0)
    return float(middle[0]), float(middle[1])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="25m")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--turns", type=int, default=2)
    asked = parser.parse_args()
    factors(asked.data)
    spawn = multiprocessing.get_context("spawn")
    results: dict[str, list[dict[str, Any]]] = {"alsgui": [], "implicit": []}
    for _ in range(asked.turns):
        for name, run in (("alsgui", ours), ("implicit", theirs)):
            with spawn.Pool(1) as pool:
                results[name].append(pool.apply(run, (asked.data, asked.threads)))
    n_users, n_movies = prepare(asked.data).csr.shape
    print(f"{n_users:,} users x {n_movies:,} movies, K = {K}, n = {N_TOP}, {asked.threads} threads")
    best = {name: min(runs, key=lambda one: one["seconds"]) for name, runs in results.items()}
    for name, one in best.items():
        print(f"  {name:9} {one['seconds']:7.2f} s   {1024 * one['memory']:6.0f} MiB over the model")
    bound = 2 * n_users * n_movies * K / sgemm(asked.threads)
    print(f"  a product of all cells alone, at the fastest: {bound:.2f} s")
    print(f"  implicit / alsgui: {best['implicit']['seconds'] / best['alsgui']['seconds']:.2f}")
    same = np.mean(np.sort(best["alsgui"]["lists"], 1) == np.sort(best["implicit"]["lists"], 1))
    print(f"  the same movies: {100 * same:.3f} % of the lists of {COMPARED:,} users")
    cpu, clock = follows()
    print(f"60,000 movies, K = {K}: weights to list {cpu:.1f} ms of the processor, {clock:.1f} ms of the clock")


if __name__ == "__main__":
    main()
