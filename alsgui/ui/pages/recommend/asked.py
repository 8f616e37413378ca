"""Which movie a person who rates is asked for next, and what is not known of them yet. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from alsgui.core.model import Model
from alsgui.session.state import PersonChoice
from alsgui.text import tr

ENOUGH_RATINGS = 20
"""A movie with fewer is not asked for: few people know it."""


@dataclass(frozen=True)
class NextMovie:
    """What is known of a person who rates: the next movie to ask for, and how much is not known yet.

    Parameters
    ----------
    column
        The movie whose rating would say most; None where all were asked for.
    unknown
        What is not known of the person, as a share (0 to 1) of what was not known before the first rating; NaN where
        the model cannot tell.
    reason
        Why there is no suggestion; empty where there is one.
    """

    column: int | None
    unknown: float
    reason: str = ""


def next_movie(model: Model, choice: PersonChoice) -> NextMovie:
    """The movie with the largest f^T A^-1 f, A from what the person has rated so far.

    What is not known yet is the root mean square of sqrt(f^T A^-1 f) over those movies, against that of nobody.
    """
    if model.split is None or model.n_starts > 1:
        return NextMovie(None, math.nan, tr("This model cannot tell which rating would say most."))
    support = model.summary.movie_counts
    most = int(support.max(initial=0))
    known = np.flatnonzero(support >= min(ENOUGH_RATINGS, max(most // 2, 1)))
    features = model.equations.features("m")[known]
    columns, stars = np.array(list(choice.rated), np.int64), np.array(list(choice.rated.values()))
    spread = model.equations.of("u", columns, stars).spread(features)
    at_first = model.equations.of("u", columns[:0], stars[:0]).spread(features)
    unknown = (
        math.sqrt(float(np.mean(spread)) / float(np.mean(at_first))) if np.all(np.isfinite(at_first)) else math.nan
    )
    open_ones = ~np.isin(known, [*choice.rated, *choice.skipped])
    if not open_ones.any():
        return NextMovie(None, unknown, tr("Every well-known {noun} was asked for.", noun=model.noun))
    best = int(known[open_ones][np.argmax(spread[open_ones])])
    return NextMovie(best, unknown)
