"""The split into training and hold-out ratings. It belongs to the data, not to a run: all runs share it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import ConfigError
from alsgui.core.ratings import Cells, Ratings
from alsgui.text import tr

USUAL_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class Split:
    """Ratings divided into training and hold-out.

    Parameters
    ----------
    ratings
        All of them.
    held_out
        Positions in `ratings.csr.data` that are kept aside, ascending, int64; empty for no hold-out.
    share
        Share asked for, 0 to 1.
    seed
        Of the random choice.
    """

    ratings: Ratings
    held_out: npt.NDArray[np.int64]
    share: float
    seed: int

    @cached_property
    def training(self) -> Ratings:
        """Ratings that a model may see; the same users and movies as `ratings`."""
        if not len(self.held_out):
            return self.ratings
        kept = np.ones(self.ratings.n_ratings, dtype=np.bool_)
        kept[self.held_out] = False
        return self.ratings.keeping(kept)

    @cached_property
    def holdout(self) -> Cells | None:
        """Ratings kept aside to judge the model, or None."""
        if not len(self.held_out):
            return None
        csr = self.ratings.csr
        users = self.ratings.users_of_ratings[self.held_out]
        return Cells(users, csr.indices[self.held_out], csr.data[self.held_out])


def usual_share(ratings: Ratings) -> float:
    """10 % where y has holes, none where it is complete: a hold-out would make holes."""
    return 0.0 if ratings.complete else USUAL_SHARE


def split(ratings: Ratings, share: float | None = None, seed: int = 0) -> Split:
    """Keep aside a random share of the ratings.

    Parameters
    ----------
    ratings
        All ratings.
    share
        0 to 0.9; None takes the usual one. At least one rating is left for training; where two or more are there,
        above 0 keeps at least one aside.
    seed
        Of the random choice.

    Raises
    ------
    ConfigError
        When the share is out of range.
    """
    wanted = usual_share(ratings) if share is None else share
    if not 0 <= wanted <= 0.9:
        raise ConfigError(tr("The hold-out share is {share}.", share=wanted), tr("Use 0 to 0.9."))
    n_held_out = round(wanted * ratings.n_ratings)
    if wanted > 0:
        n_held_out = min(max(n_held_out, 1), ratings.n_ratings - 1)
    chosen = np.random.default_rng(seed).choice(ratings.n_ratings, size=n_held_out, replace=False)
    return Split(ratings, np.sort(chosen).astype(np.int64), wanted, seed)
