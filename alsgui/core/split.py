"""The split into training and hold-out ratings. It belongs to the data, not to a run: all runs share it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import ConfigError
from alsgui.core.newcomers import TOLD, Newcomers, Told, newcomers
from alsgui.core.ratings import Cells, Ints, Ratings
from alsgui.text import tr

USUAL_SHARE = 0.1
FEWEST_TOLD = 2
"""Ratings of a user who is kept aside whole: one to tell, one to be judged by."""

Kind = Literal["random", "last", "each", "file", "users"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Judged(NamedTuple):
    """What a model is judged by.

    `known` has a row for everybody who is judged, with the ratings that are known of them; `cells` are the ratings
    that it has to predict, by row of `known`.
    """

    known: Ratings
    cells: Cells


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
        Of the ratings or, where users are kept aside whole, of the users, 0 to 1: what was asked for, or came out.
    seed
        Of the random choice.
    kind
        What was kept aside: "random", a share of all ratings; "last", each user's `n` newest; "each", `n` of each
        user at random; "file", those of a file; "users", a share of the users with all that they rated.
    n
        Ratings of each user, for "last" and "each".
    told
        Of "users": so many ratings of each are told before they are judged on others; None tells all but one.
    file
        Of "file": where it was; of a fit on all, the file whose ratings are among `ratings`.
    """

    ratings: Ratings
    held_out: npt.NDArray[np.int64]
    share: float
    seed: int
    kind: Kind = "random"
    n: int = 1
    told: Told = TOLD
    file: str = ""

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
        """Ratings kept aside to judge the model by as it is, or None.

        None, too, where users are kept aside whole: a model knows nothing of them; see `newcomers` and `judged`.
        """
        if not len(self.held_out) or self.kind == "users":
            return None
        users = self.ratings.users_of_ratings[self.held_out]
        return Cells(users, self.ratings.csr.indices[self.held_out], self.ratings.csr.data[self.held_out])

    @cached_property
    def newcomers(self) -> Newcomers | None:
        """The users who are kept aside whole, telling `told` ratings each; None where nobody is."""
        if self.kind != "users" or not len(self.held_out):
            return None
        return newcomers(self.ratings, self.held_out, self.seed, self.told)

    @cached_property
    def n_newcomers(self) -> int:
        """How many users are kept aside whole; not all of very many are judged."""
        if self.kind != "users" or not len(self.held_out):
            return 0
        return 1 + int(np.count_nonzero(np.diff(self.ratings.users_of_ratings[self.held_out])))

    @property
    def judged(self) -> Judged | None:
        """By what models are judged, whoever is kept aside; None without a hold-out."""
        if self.newcomers is not None:
            return Judged(self.newcomers.known, self.newcomers.cells)
        return None if self.holdout is None else Judged(self.training, self.holdout)


def usual_share(ratings: Ratings) -> float:
    """10 % where y has holes, none where it is complete: a hold-out would make holes."""
    return 0.0 if ratings.complete else USUAL_SHARE


def split(
    ratings: Ratings,
    share: float | None = None,
    seed: int = 0,
    *,
    kind: Kind = "random",
    n: int = 1,
    told: Told = TOLD,
) -> Split:
    """Keep some ratings aside; see `Split` for what each kind is, and `given_holdout` for those of a file.

    Parameters
    ----------
    ratings
        All ratings.
    share
        0 to 0.9, of the ratings ("random") or of the users with two ratings or more ("users"); None takes 10 %, of
        "random" nothing where y is complete. At least one rating is left for training; where two or more are there,
        above 0 keeps at least one aside.
    seed
        Of the random choice.
    kind
        "random", "last", "each" or "users".
    n
        For "last" and "each": ratings of each user, at least 1. A user with so few keeps one for training.
    told
        For "users": ratings that each tells, or None for all but one.

    Raises
    ------
    ConfigError
        When the share is out of range, there is no such kind, or the ratings have no time for "last".
    """
    if kind not in KINDS or kind == "file":
        raise ConfigError(tr("There is no hold-out {kind}.", kind=kind), tr("Use random, last, each or users."))
    usual = usual_share(ratings) if kind == "random" else USUAL_SHARE
    wanted = usual if share is None else share
    if not 0 <= wanted <= 0.9:
        raise ConfigError(tr("The hold-out share is {share}.", share=wanted), tr("Use 0 to 0.9."))
    if n < 1 or (told is not None and told < 0):
        raise ConfigError(tr("The hold-out is {n} ratings of each user.", n=min(n, told or 0)), tr("Use 1 or more."))
    rng = np.random.default_rng(seed)
    if kind == "random":
        n_held_out = round(wanted * ratings.n_ratings)
        if wanted > 0:
            n_held_out = min(max(n_held_out, 1), ratings.n_ratings - 1)
        chosen: Ints = rng.choice(ratings.n_ratings, size=n_held_out, replace=False)
    elif kind == "users":
        chosen = _of_users(ratings, wanted, rng)
    else:
        chosen = _of_each(ratings, n, _age(ratings) if kind == "last" else rng.random(ratings.n_ratings))
        wanted = len(chosen) / ratings.n_ratings
    return Split(ratings, np.sort(chosen).astype(np.int64), wanted, seed, kind, n, told)


def _age(ratings: Ratings) -> npt.NDArray[np.int64]:
    """How long ago each rating was given; of a user's simultaneous ones the last in the file's order is the newest."""
    if ratings.time is None:
        raise ConfigError(
            tr("The ratings have no time: none is the last."),
            tr("Keep some of each user aside at random, or read the file with its column of time."),
        )
    newest = np.lexsort((np.arange(ratings.n_ratings), ratings.time))[::-1]
    age = np.empty(ratings.n_ratings, np.int64)
    age[newest] = np.arange(ratings.n_ratings)
    return age


def _of_each(ratings: Ratings, n: int, order: npt.NDArray[np.generic]) -> Ints:
    """Positions of the n ratings of each user that come first in `order`; every user keeps one."""
    users, counts = ratings.users_of_ratings, ratings.user_counts
    sorted_positions = np.lexsort((order, users))
    place = np.arange(ratings.n_ratings) - np.asarray(ratings.csr.indptr, np.int64)[users]
    return np.asarray(sorted_positions[place < np.minimum(n, counts - 1)[users]])


def _of_users(ratings: Ratings, share: float, rng: np.random.Generator) -> Ints:
    """Positions of all ratings of a share of the users who rated enough; one user at least is left."""
    able = np.flatnonzero(ratings.user_counts >= FEWEST_TOLD)
    n_users = round(share * len(able))
    if share > 0:
        n_users = min(max(n_users, 1), int(np.count_nonzero(ratings.user_counts)) - 1, len(able))
    chosen = np.zeros(ratings.n_users, np.bool_)
    chosen[rng.choice(able, size=max(n_users, 0), replace=False)] = True
    return np.flatnonzero(chosen[ratings.users_of_ratings])
