"""What is known of settings that are judged on the same folds: means, standard errors, the best and the simplest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from alsgui.core.ratings import Floats, Ints

NAN = float("nan")

Place = tuple[int, ...]
"""Where a setting stands: (row, column) of a grid, or (number,) of a trial."""


class FoldTable(ABC):
    """Errors of settings on folds, NaN where nothing is known.

    Attributes
    ----------
    errors, seconds
        Places of the settings x folds.
    failed
        Settings that had no answer in a fold.
    """

    errors: Floats
    seconds: Floats
    failed: frozenset[Place]

    @abstractmethod
    def simplest_first(self) -> Iterable[Place]:
        """Places of all settings, the simplest first."""

    @property
    def n_folds(self) -> int:
        """Folds that all are judged on."""
        return int(self.errors.shape[-1])

    @cached_property
    def folds_done(self) -> Ints:
        """How many folds of each setting are done."""
        return np.asarray(np.count_nonzero(~np.isnan(self.seconds), axis=-1))

    @property
    def n_fits(self) -> int:
        """Fits that are done."""
        return int(self.folds_done.sum())

    @cached_property
    def means(self) -> Floats:
        """Mean error of each setting over the folds done; NaN where none is, or a fit had no answer."""
        done = self.folds_done
        means = np.where(done > 0, np.nansum(self.errors, axis=-1) / np.maximum(done, 1), NAN)
        for place in self.failed:
            means[place] = NAN
        return means

    @cached_property
    def standard_errors(self) -> Floats:
        """Of the means over the folds; NaN for fewer than two."""
        spread = np.full(self.means.shape, NAN)
        for place in np.argwhere(self.folds_done > 1):
            folds = self.errors[tuple(place)]
            folds = folds[~np.isnan(folds)]
            spread[tuple(place)] = np.std(folds, ddof=1) / np.sqrt(len(folds)) if len(folds) > 1 else NAN
        return spread

    @cached_property
    def best(self) -> Place | None:
        """The setting with the lowest mean error, of those with the most folds done; None before the first."""
        ready = np.isfinite(self.means)
        if not ready.any():
            return None
        ready &= self.folds_done == self.folds_done[ready].max()
        at = int(np.argmin(np.where(ready, self.means, np.inf)))
        return tuple(int(part) for part in np.unravel_index(at, self.means.shape))

    def difference(self, place: Place, other: Place) -> tuple[float, float]:
        """Mean of the differences of two settings' errors over the folds that both have, and its standard error.

        Differences within a fold: what makes a fold hard for all is not noise of the comparison.
        """
        pairs = self.errors[place] - self.errors[other]
        pairs = pairs[~np.isnan(pairs)]
        if not len(pairs):
            return NAN, NAN
        error = float(np.std(pairs, ddof=1) / np.sqrt(len(pairs))) if len(pairs) > 1 else NAN
        return float(np.mean(pairs)), error

    @cached_property
    def simplest(self) -> Place | None:
        """The simplest setting whose error is within one standard error of the best.

        The standard error is that of the fold differences to the best (see `difference`).
        """
        best = self.best
        if best is None:
            return None
        return next(place for place in self.simplest_first() if place == best or self._as_good(place, best))

    def _as_good(self, place: Place, best: Place) -> bool:
        mean, error = self.difference(place, best)
        as_far = self.folds_done[place] == self.folds_done[best]
        return bool(as_far and np.isfinite(self.means[place]) and mean <= error)
