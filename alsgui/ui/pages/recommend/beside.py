"""Another person's list beside the one that is shown. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from alsgui.core.ratings import Floats, Ints


@dataclass(frozen=True, eq=False)
class Beside:
    """Another person: their name and weights (K), and for every movie the prediction and the rank (0: not listed)."""

    name: str
    weights: Floats
    predicted: Floats
    ranks: Ints
