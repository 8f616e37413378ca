"""One number for each user or movie, drawn as a strip beside the pictures in their order, by exact means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from alsgui.core.factor_view import FactorView, centred_limit
from alsgui.core.lod import FactorTiles, Span
from alsgui.core.ratings import Floats
from alsgui.core.view_orders import ViewSide, side_facts

MarginKey = Literal["activity", "mean", "attribute"]

_LOW, _HIGH = 2.0, 98.0


@dataclass(frozen=True)
class MarginChoice:
    """What a strip shows; `attribute` counts from 0, where the key is "attribute"."""

    key: MarginKey
    attribute: int = 0


@dataclass(frozen=True, eq=False)
class Margin:
    """A strip of one side of a view.

    Parameters
    ----------
    choice
        What it shows.
    low, high
        Ends of its scale: of a count from one rating on, of a mean its 2nd and 98th percentile in stars, of an
        attribute minus and plus the same.
    is_log
        Whether equal ratios take equal lengths.
    is_centred
        Whether it grows from zero both ways.
    is_rating
        Whether a mean is of ratings; else, where those are not there, of predictions.
    """

    choice: MarginChoice
    low: float
    high: float
    is_log: bool
    is_centred: bool
    is_rating: bool
    _tiles: FactorTiles

    def means(self, span: Span) -> npt.NDArray[np.float32]:
        """Mean over the known rows of every pixel, NaN where there is none."""
        return self._tiles.tile(span, Span(0, 1, 1))[:, 0]


def build_margin(view: FactorView, side: ViewSide, choice: MarginChoice) -> Margin:
    """Prepare a strip of the users (at the right of r) or of the movies (above r)."""
    facts = side_facts(view.source, side)
    order = view.user_order if side == "user" else view.movie_order
    known = facts.counts > 0
    if choice.key == "attribute":
        values: Floats = facts.factors[:, choice.attribute].astype(np.float64)
        limit = centred_limit(values[known])
        return Margin(choice, -limit, limit, False, True, False, FactorTiles(values[:, None], order, known))
    if choice.key == "activity":
        counts = facts.counts.astype(np.float64)
        most = max(float(counts.max(initial=0)), 2.0)
        return Margin(choice, 1.0, most, True, False, False, FactorTiles(counts[:, None], order))
    means = facts.mean_predictions() if facts.means is None else np.where(known, facts.means, 0.0)
    inside = means[known]
    low, high = (float(end) for end in np.percentile(inside, (_LOW, _HIGH))) if len(inside) else (0.0, 1.0)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    tiles = FactorTiles(means[:, None], order, known)
    return Margin(choice, low, high, False, False, facts.means is not None, tiles)
