"""What a fit has reached, and where it stood before a half-step that can be undone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from alsgui.core.model import EpochRecord, HalfStepRecord
from alsgui.core.solvers.alternation import Momentum
from alsgui.core.solvers.factors import Side
from alsgui.core.solvers.packed import Point


@dataclass
class Progress:
    """What a fit has reached; `kept` can be a model, `last_side` is the side solved last."""

    kept: Point
    last_side: Side | None = None
    epoch: int = 0
    seconds: float = 0.0
    history: list[EpochRecord] = field(default_factory=list)
    half_steps: list[HalfStepRecord] = field(default_factory=list)
    stopped: str = "epochs"
    midway: bool = False

    def copied(self) -> Progress:
        """The same, which stays as it is."""
        return replace(self, history=list(self.history), half_steps=list(self.half_steps))


Place = tuple[Progress, Momentum, tuple[Momentum, int] | None, tuple[EpochRecord, Point] | None]
"""Where a fit stood: progress, momentum, last complete epoch, best epoch."""
