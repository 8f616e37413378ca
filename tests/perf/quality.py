"""How well models predict what they have not seen, beside peers: `python -m tests.perf.quality`.

Stars: five fixed folds of the sample; `observed` against cmfrec (where it is installed), user + movie biases, the
movie's mean and the mean of all. Every held-out rating counts, and one function scores everybody. The settings of each
model and fold are chosen by a hold-out inside that fold's training ratings, never by the fold itself.

Lists: ratings of 4 and more as events, a fifth of each user's held out, five such splits; `implicit` against the
package of that name (where it is installed) and popularity, by recall and NDCG at 20, settings chosen likewise.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from threadpoolctl import threadpool_limits

import alsgui
from alsgui.core.baselines import baselines
from alsgui.core.metrics import Judge
from alsgui.core.predictor import Predictor
from alsgui.core.ranking import RankingJudge, popularity
from alsgui.core.ratings import Ratings
from alsgui.core.split import Split
from alsgui.io.samples import open_sample
from tests.perf.defaults import folds

Settings = dict[str, Any]
Score = Callable[[Split, Settings], tuple[float, float]]
"""Two figures of settings on a split: RMSE and MAE, or NDCG and recall."""

OBSERVED = [
    {"k": k, "multiple": multiple, "epochs": epochs}
    for k, multiple, epochs in product((20, 40), (1.1, 1.25, 1.4, 1.55), (20,))
]
CMFREC = [{"k": k, "lambda_": penalty, "niter": 15} for k, penalty in product((10, 20, 40), (8.0, 10.0, 13.0, 16.0))]
IMPLICIT = [
    {"k": k, "alpha": alpha, "lambda_u": penalty, "lambda_m": penalty}
    for k, alpha, penalty in product((32, 64), (5.0, 10.0, 15.0, 20.0), (0.01, 0.02, 0.03))
]
PACKAGE = [
    {"factors": k, "alpha": alpha, "regularization": penalty}
    for k, alpha, penalty in product((16, 32, 64), (2.0, 4.0, 10.0, 20.0), (3.0, 10.0, 30.0, 100.0))
]


def inner(parts: Split, share: float = 0.1) -> Split:
    """A hold-out inside the training ratings of a split: what settings are chosen by."""
    return alsgui.split(parts.training, share=share, seed=1)


def observed(parts: Split, settings: Settings) -> tuple[float, float]:
    """RMSE and MAE of ours."""
    rest = {name: value for name, value in settings.items() if name != "multiple"}
    penalty = settings["multiple"] * parts.training.spread
    model = alsgui.fit(parts, lambda_u=penalty, lambda_m=penalty, tolerance=0.0, **rest)
    return model.holdout_figures.rmse, model.holdout_figures.mae


def usual(parts: Split, settings: Settings) -> tuple[float, float]:
    """RMSE and MAE of ours as the window begins."""
    model = alsgui.fit(parts, **settings)
    return model.holdout_figures.rmse, model.holdout_figures.mae


def cmfrec(parts: Split, settings: Settings) -> tuple[float, float]:
    """RMSE and MAE of cmfrec; its own rule for users and movies without ratings."""
    from cmfrec import CMF  # type: ignore[import-not-found]

    model = CMF(user_bias=True, item_bias=True, verbose=False, random_state=1, nthreads=2, **settings)
    model.fit(parts.training.csr.tocoo())
    known_u, known_m = parts.training.user_counts > 0, parts.training.movie_counts > 0
    b, c = model.user_bias_ * known_u, model.item_bias_ * known_m  # what it leaves unsolved are random numbers
    left = np.column_stack([model.A_ * known_u[:, None], model.glob_mean_ + b, np.ones(len(b))])
    form = Predictor(left, np.column_stack([model.B_ * known_m[:, None], np.ones(len(c)), c]))
    assert parts.holdout is not None
    figures = Judge.of(parts.holdout, parts.training).figures(form)
    return figures.rmse, figures.mae


def implicit(parts: Split, settings: Settings) -> tuple[float, float]:
    """NDCG and recall at 20 of ours."""
    model = alsgui.fit(parts, "implicit", **settings)
    return model.holdout_ranking.ndcg, model.holdout_ranking.recall


def package(parts: Split, settings: Settings) -> tuple[float, float]:
    """NDCG and recall at 20 of the `implicit` package, given 1 + alpha for each event."""
    from implicit.als import AlternatingLeastSquares  # type: ignore[import-not-found]

    rest = {name: value for name, value in settings.items() if name != "alpha"}
    weights = parts.training.csr.copy()
    weights.data = np.full(len(weights.data), 1 + settings["alpha"], np.float32)
    model = AlternatingLeastSquares(alpha=1.0, iterations=15, random_state=1, num_threads=2, **rest)
    model.fit(sparse.csr_matrix(weights), show_progress=False)
    return _judged(parts, Predictor(np.asarray(model.user_factors), np.asarray(model.item_factors)))


def most_popular(parts: Split, _: Settings) -> tuple[float, float]:
    """NDCG and recall at 20 of the same list for everybody."""
    judge = RankingJudge.of(parts, events=True)
    assert judge is not None
    figures = judge.score(popularity(parts.training))
    return figures.ndcg, figures.recall


def _judged(parts: Split, form: Predictor) -> tuple[float, float]:
    judge = RankingJudge.of(parts, events=True)
    assert judge is not None
    figures = judge.figures(form)
    return figures.ndcg, figures.recall


def chosen(score: Score, grid: list[Settings], parts: Split, *, high: bool) -> Settings:
    """The settings with the best first figure on the inner hold-out."""
    if len(grid) == 1:
        return grid[0]
    inside = inner(parts, 0.2 if high else 0.1)
    figures = [score(inside, settings)[0] for settings in grid]
    return grid[int(np.argmax(figures) if high else np.argmin(figures))]


def per_user_fifths(ratings: Ratings, n: int) -> Iterable[Split]:
    """Splits that keep aside a fifth of each user's events, rounded."""
    for seed in range(n):
        rng = np.random.default_rng(seed)
        draw = rng.random(ratings.n_ratings)
        held: list[npt.NDArray[np.int64]] = []
        for row in range(ratings.n_users):
            span = np.arange(ratings.csr.indptr[row], ratings.csr.indptr[row + 1])
            held.append(span[np.argsort(draw[span])][: round(0.2 * len(span))])
        yield Split(ratings, np.sort(np.concatenate(held)).astype(np.int64), 0.2, seed)


Rows = dict[str, list[tuple[float, float]]]


def table(title: str, figures: tuple[str, str], rows: Rows, words: dict[str, str]) -> None:
    """Print means over splits, with the standard error of the mean."""
    print(f"\n{title}\n\n| model | {figures[0]} | {figures[1]} | settings chosen |\n|---|---|---|---|")
    for name, values in rows.items():
        means, errors = np.mean(values, axis=0), np.std(values, axis=0, ddof=1) / np.sqrt(len(values))
        cells = [f"{mean:.4f} ± {error:.4f}" for mean, error in zip(means, errors, strict=True)]
        print("| " + " | ".join([name, *cells, words.get(name, "")]) + " |")


def compete(
    contestants: dict[str, tuple[Score, list[Settings]]], splits: Iterable[Split], *, high: bool
) -> tuple[Rows, dict[str, str]]:
    """Every contestant on every split, with settings chosen inside it."""
    rows: Rows = {name: [] for name in contestants}
    words: dict[str, list[str]] = {name: [] for name in contestants}
    for parts in splits:
        for name, (score, grid) in contestants.items():
            settings = chosen(score, grid, parts, high=high)
            rows[name].append(score(parts, settings))
            words[name].append(" ".join(f"{value:g}" for value in settings.values()))
    return rows, {name: "; ".join(dict.fromkeys(choices)) for name, choices in words.items()}


def main() -> None:
    """Print both tables."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    sample = open_sample("ml-latest-small").ratings
    stars: dict[str, tuple[Score, list[Settings]]] = {
        "alsgui observed": (observed, OBSERVED),
        "alsgui observed, defaults": (usual, [{}]),
    }
    if find_spec("cmfrec"):
        stars["cmfrec"] = (cmfrec, CMFREC)
    lists: dict[str, tuple[Score, list[Settings]]] = {
        "alsgui implicit": (implicit, IMPLICIT),
        "alsgui implicit, defaults": (implicit, [{}]),
        "popularity": (most_popular, [{}]),
    }
    if find_spec("implicit"):
        lists["implicit"] = (package, PACKAGE)
    with threadpool_limits(limits=1, user_api="blas"):
        splits = folds(sample)
        rows, words = compete(stars, splits, high=False)
        for parts in splits:
            floor = baselines(parts)
            assert floor is not None and parts.holdout is not None
            rows.setdefault("user + movie biases", []).append((floor.biases.rmse, floor.biases.mae))
            rows.setdefault("movie mean", []).append((floor.movie_mean.rmse, floor.movie_mean.mae))
            flat = Judge.of(parts.holdout, parts.training).score(np.full(len(parts.holdout), parts.training.mean))
            rows.setdefault("mean of all", []).append((flat.rmse, flat.mae))
        table("Stars, five folds of the sample", ("RMSE", "MAE"), rows, words)
        events = sample.keeping(sample.csr.data >= 4)
        rows, words = compete(lists, per_user_fifths(events, 5), high=True)
        table("Lists, ratings of 4 and more, five splits", ("NDCG@20", "recall@20"), rows, words)


if __name__ == "__main__":
    main()
