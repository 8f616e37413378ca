"""What a guided search tries, and what is known of its trials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from alsgui.core.errors import ConfigError
from alsgui.core.fold_table import NAN, FoldTable, Place
from alsgui.core.ratings import Floats
from alsgui.core.solvers.config import Config, config_from_json
from alsgui.text import tr

MOST_TRIALS = 400
MORE_SETTINGS = ("lambda_power", "lambda_bias")
"""What can be searched beside K and lambda."""

FIRST_FOLDS = 2
CLEARLY = 3.0
"""A trial that is worse by so many standard errors of the best in each of its first folds gets no more."""

Range = tuple[float, float]


@dataclass(frozen=True)
class Trial:
    """Settings that are tried; None for a setting that is not searched."""

    k: int
    ridge: float
    lambda_power: float | None = None
    lambda_bias: float | None = None


@dataclass(frozen=True)
class Space:
    """What is searched, from the lowest to the highest value.

    Parameters
    ----------
    config
        Settings of all fits but for those that vary, resolved.
    k
        Whole numbers, sampled on a log scale.
    ridge
        lambda_u and lambda_m together, sampled on a log scale.
    lambda_power
        Sampled evenly; None keeps that of `config`.
    lambda_bias
        Sampled on a log scale; None keeps that of `config`.
    n_trials, n_folds
        How many settings are tried, and the folds that judge each.
    seed
        Of the folds and of the sampler.

    Raises
    ------
    ConfigError
        When a range makes no sense, or the algorithm has no such setting.
    """

    config: Config
    k: Range
    ridge: Range
    lambda_power: Range | None = None
    lambda_bias: Range | None = None
    n_trials: int = 30
    n_folds: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        known = {each.name for each in fields(self.config)}
        for name, (low, high) in self.ranges.items():
            if name != "ridge" and name not in known:
                raise ConfigError(
                    tr("{title} has no setting {name} to search.", title=self.config.title, name=name),
                    tr("Leave it out."),
                )
            words = tr("lambda") if name == "ridge" else name
            if low > high:
                raise ConfigError(tr("The lowest {name} is above the highest.", name=words), tr("Swap them."))
            if low <= 0 and name != "lambda_power":
                hint = tr("Begin above 0, however small.")
                raise ConfigError(tr("{name} is searched on a log scale, which has no 0.", name=words), hint)
        if not 1 <= self.n_trials <= MOST_TRIALS:
            raise ConfigError(tr("There are {n} trials.", n=self.n_trials), tr("Use 1 to {n}.", n=MOST_TRIALS))
        if not 2 <= self.n_folds <= 20:
            raise ConfigError(tr("There are {n} folds.", n=self.n_folds), tr("Use 2 to 20."))
        for end in (0, 1):
            self.config_of(self.trial({name: ends[end] for name, ends in self.ranges.items()}))

    @property
    def ranges(self) -> dict[str, Range]:
        """The settings that vary."""
        found = {"k": self.k, "ridge": self.ridge}
        found |= {name: getattr(self, name) for name in MORE_SETTINGS if getattr(self, name) is not None}
        return found

    def trial(self, values: dict[str, float]) -> Trial:
        """Settings with penalties rounded to three digits, within their ranges: what is read is what was fitted."""
        rounded: dict[str, Any] = {
            name: min(max(float(f"{values[name]:.3g}"), low), high) for name, (low, high) in self.ranges.items()
        }
        return Trial(**rounded | {"k": round(values["k"])})

    def config_of(self, trial: Trial) -> Config:
        """The settings of a trial, for a fit."""
        more: dict[str, Any] = {name: getattr(trial, name) for name in self.ranges if name in MORE_SETTINGS}
        return replace(self.config, k=trial.k, lambda_u=trial.ridge, lambda_m=trial.ridge, **more)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the file of a search."""
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        return kept | {"config": self.config.to_json()}


def space_from_json(values: dict[str, Any]) -> Space:
    """Inverse of `Space.to_json`."""
    ranges = {name: tuple(values[name]) for name in ("k", "ridge", *MORE_SETTINGS) if values[name] is not None}
    return Space(**values | {"config": config_from_json(values["config"])} | ranges)


@dataclass(frozen=True)
class TrialScore:
    """One fit of a trial on one fold; `error` as in `search.Score`."""

    number: int
    trial: Trial
    fold: int
    error: float
    seconds: float


@dataclass(frozen=True, eq=False)
class GuidedTable(FoldTable):
    """What is known of the trials so far. Immutable.

    `errors` and `seconds` are n_trials x folds, NaN where nothing is known; `trials` are those that have begun.
    """

    space: Space
    errors: Floats
    seconds: Floats
    trials: tuple[Trial, ...] = ()
    failed: frozenset[Place] = field(default_factory=frozenset)

    @classmethod
    def empty(cls, space: Space) -> GuidedTable:
        """No trial has begun."""
        shape = (space.n_trials, space.n_folds)
        return cls(space, np.full(shape, NAN), np.full(shape, NAN))

    def with_scores(self, scores: Iterable[TrialScore]) -> GuidedTable:
        """The table with more fits in it."""
        errors, seconds, failed, trials = self.errors.copy(), self.seconds.copy(), set(self.failed), list(self.trials)
        for score in scores:
            if score.number == len(trials):
                trials.append(score.trial)
            errors[score.number, score.fold], seconds[score.number, score.fold] = score.error, score.seconds
            if np.isnan(score.error):
                failed.add((score.number,))
        return GuidedTable(self.space, errors, seconds, tuple(trials), frozenset(failed))

    def scores(self) -> list[TrialScore]:
        """What is known, fit by fit."""
        return [
            TrialScore(
                number, self.trials[number], fold, float(self.errors[number, fold]), float(self.seconds[number, fold])
            )
            for number, fold in np.argwhere(~np.isnan(self.seconds)).tolist()
        ]

    def config_at(self, place: Place) -> Config:
        """The settings of a trial."""
        return self.space.config_of(self.trials[place[0]])

    def simplest_first(self) -> Iterable[Place]:
        """The lowest K first, the most lambda first among equals."""
        order = sorted(range(len(self.trials)), key=lambda at: (self.trials[at].k, -self.trials[at].ridge, at))
        return ((number,) for number in order)

    def hopeless(self, number: int) -> bool:
        """Whether a trial is given up after its first folds: without an answer, or clearly worse than the best before.

        Clearly is, in each of them, by more than three standard errors of that best. No later fold has a say, so that
        an interrupted trial is judged as one that was not.
        """
        done = self.seconds[number, :FIRST_FOLDS]
        if np.isnan(done).any():
            return False
        errors = self.errors[number, :FIRST_FOLDS]
        if np.isnan(errors).any():
            return True
        whole = [at for at in range(number) if self.folds_done[at] == self.n_folds and np.isfinite(self.means[at])]
        if not whole:
            return False
        best = min(whole, key=lambda at: float(self.means[at]))
        gaps = errors - self.errors[best, :FIRST_FOLDS]
        return bool(np.all(gaps > CLEARLY * self.standard_errors[best]))

    def settled(self, number: int) -> bool:
        """Whether a trial has all folds that it gets."""
        return bool(self.folds_done[number] == self.n_folds) or self.hopeless(number)

    @property
    def n_settled(self) -> int:
        """Trials that are settled: all that have begun but, perhaps, the last."""
        begun = len(self.trials)
        return begun - (0 if begun == 0 or self.settled(begun - 1) else 1)

    @property
    def complete(self) -> bool:
        """Whether every trial is settled."""
        return self.n_settled == self.space.n_trials

    @property
    def share_done(self) -> float:
        """Of all trials, 0 to 1; that of the trial under way counts by its folds."""
        under_way = len(self.trials) > self.n_settled
        part = float(self.folds_done[len(self.trials) - 1]) / self.n_folds if under_way else 0.0
        return (self.n_settled + part) / self.space.n_trials

    def seconds_left(self, workers: int) -> float | None:
        """Estimate: a trial takes as long as the mean of those that are settled; None before the first."""
        if self.n_settled == 0:
            return None
        pace = float(np.nansum(self.seconds[: self.n_settled])) / self.n_settled
        return (1 - self.share_done) * self.space.n_trials * pace / workers
