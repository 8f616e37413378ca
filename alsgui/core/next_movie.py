"""What to ask a new person next, and how much is still not known of them.

The next movie is the one with the largest f_j^T A_i^-1 f_j, A_i from what the person has rated so far: the answer that
says most. Only movies with at least `LEAST_RATINGS` ratings are asked for, since people have to know them.

    suggested(model, person, n, skip)   columns of the next movies to ask for
    remaining(model, person)            what is not known of the person, beside somebody of whom nothing is known
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from alsgui.core.errors import DataError
from alsgui.core.model import Model
from alsgui.core.people import Person, given_ratings
from alsgui.core.ratings import Floats, Ints
from alsgui.text import tr

LEAST_RATINGS = 20
_LEAST_PRIOR = 1e-3
"""Share of a movie's mean square that stands for lambda where lambda is 0: else nothing rated is nothing known."""


@dataclass(frozen=True)
class Remaining:
    """How much is not known of a person.

    Parameters
    ----------
    share
        Mean of f^T A^-1 f over the movies that are asked for, relative to that of a person without ratings: 1 to 0.
    deviation
        Its square root in units of a rating's own noise: times `Calibration.s` it is in stars.
    """

    share: float
    deviation: float


def suggested(model: Model, person: Person, n: int = 1, skip: Collection[int] = ()) -> Ints:
    """The `n` movies whose rating would say most of a person, the best first; those in `skip` are left out.

    Raises
    ------
    DataError
        When the model cannot say, since it was saved without its ratings or is an average of several starts.
    """
    asked = _asked(model)
    kept = asked[np.isnan(given_ratings(model, person)[asked])]
    kept = kept[~np.isin(kept, np.fromiter(skip, np.int64, len(skip)))]
    spread = _unknown(model, person, kept)
    return np.asarray(kept[np.argsort(-spread, kind="stable")[:n]])


def remaining(model: Model, person: Person) -> Remaining:
    """What is not known of a person; see `suggested` for errors."""
    asked = _asked(model)
    now = float(np.mean(_unknown(model, person, asked)))
    nobody = Person(np.zeros(model.k), 0.0, rated=(np.empty(0, np.int64), np.empty(0)))
    return Remaining(now / float(np.mean(_unknown(model, nobody, asked))), float(np.sqrt(now)))


def _asked(model: Model) -> Ints:
    """Movies that are asked for: well known ones, or where there are none the better known half."""
    counts = model.summary.movie_counts
    known = np.flatnonzero(counts >= LEAST_RATINGS)
    return known if len(known) else np.flatnonzero((counts > 0) & (counts >= np.median(counts[counts > 0])))


def _unknown(model: Model, person: Person, columns: Ints) -> Floats:
    if model.n_starts > 1:
        raise DataError(tr("The model is the average of several starts."), tr("Keep the best one instead."))
    equations = model.equations
    rated, given = person.ratings(model)
    features = equations.features("m")
    least = _LEAST_PRIOR * float(np.mean(features[_asked(model)] ** 2))
    return equations.of_rated("u", rated, given, least).spread(features[columns])
