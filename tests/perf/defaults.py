"""Cross-validate the settings of `observed` on the sample: `python -m tests.perf.defaults [--grid small]`.

Every hold-out rating counts, predictions are clipped to the range of the training ratings, and one setting serves all
folds. Prints Markdown; `resources/docs/benchmarks.md` keeps a run and what follows from it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from alsgui.core.baselines import baselines
from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.split import Split
from alsgui.core.steps import Epoch
from alsgui.core.training import iter_fit
from alsgui.io.samples import open_sample

FOLDS = 5
EPOCHS = (10, 15, 20, 30)
MULTIPLES = {0.0: (9.0, 12.5, 15.0, 18.0), 0.5: (0.9, 1.1, 1.25, 1.4, 1.55, 1.8), 1.0: (0.08, 0.125, 0.15, 0.18)}
"""lambda over the spread s_y of the ratings, by power p of the count."""


@dataclass(frozen=True)
class Setting:
    """One row of the table; `multiple` is lambda / s_y."""

    k: int
    power: float
    multiple: float
    lambda_bias: float = 4.0
    biases: bool = True

    def config(self, training: Ratings) -> ObservedConfig:
        """The settings of a fit on these ratings."""
        penalty = self.multiple * training.spread
        return ObservedConfig(
            k=self.k,
            lambda_u=penalty,
            lambda_m=penalty,
            lambda_bias=self.lambda_bias,
            lambda_power=self.power,
            biases=self.biases,
            epochs=max(EPOCHS),
            tolerance=0.0,
            threads=1,
        )


USUAL = Setting(20, 0.5, 1.25)


def folds(ratings: Ratings, seed: int = 0) -> list[Split]:
    """Splits whose hold-outs are disjoint and together hold every rating."""
    shuffled = np.random.default_rng(seed).permutation(ratings.n_ratings)
    return [Split(ratings, np.sort(part), 1 / FOLDS, seed) for part in np.array_split(shuffled, FOLDS)]


def settings(grid: str) -> Iterator[Setting]:
    """The grid: K x p x lambda, then the bias's lambda and no biases at the usual K and p."""
    if grid == "small":
        yield USUAL
        return
    for k, power in product((10, 20, 40), MULTIPLES):
        yield from (Setting(k, power, multiple) for multiple in MULTIPLES[power])
    yield from (Setting(20, 0.5, 1.25, lambda_bias) for lambda_bias in (2.0, 3.0, 5.0, 8.0))
    yield from (Setting(20, 0.5, multiple, biases=False) for multiple in MULTIPLES[0.5])


def by_epochs(setting: Setting, split: Split) -> list[float]:
    """Hold-out RMSE of one fit after each number of epochs in `EPOCHS`."""
    steps = iter_fit(split, setting.config(split.training))
    curve = [step.record.rmse_holdout for step in steps if isinstance(step, Epoch)]
    return [curve[epochs - 1] for epochs in EPOCHS]


def by_fold(setting: Setting, splits: list[Split]) -> npt.NDArray[np.float64]:
    """`by_epochs` for every fold (folds x epochs)."""
    with threadpool_limits(limits=1, user_api="blas"):
        return np.array([by_epochs(setting, split) for split in splits])


def main() -> None:
    """Print one row for each setting: means over the folds, and how far it is from the usual one fold by fold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grid", choices=("full", "small"), default="full")
    splits = folds(open_sample("ml-latest-small").ratings)
    grid = parser.parse_args().grid
    floor = np.array([figures.biases.rmse for figures in map(baselines, splits) if figures])
    print(f"user + movie biases: {floor.mean():.4f}, standard deviation over folds {floor.std(ddof=1):.4f}\n")
    print("| K | p | lambda / s_y | lambda_bias |" + "".join(f" {epochs} epochs |" for epochs in EPOCHS), end="")
    print(" against the usual, 20 epochs |\n|---|---|---|---|" + "---|" * (len(EPOCHS) + 1))
    usual = by_fold(USUAL, splits)
    for setting in settings(grid):
        figures = usual if setting == USUAL else by_fold(setting, splits)
        difference = (figures - usual)[:, EPOCHS.index(20)]
        bias = f"{setting.lambda_bias:g}" if setting.biases else "no biases"
        means = "".join(f" {mean:.4f} |" for mean in figures.mean(axis=0))
        print(f"| {setting.k} | {setting.power:g} | {setting.multiple:g} | {bias} |{means}", end="")
        print(f" {difference.mean():+.4f}, sd {difference.std(ddof=1):.4f} |", flush=True)


if __name__ == "__main__":
    main()
