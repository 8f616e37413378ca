"""What a fit yields: progress, half-steps, epochs, and at last the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from alsgui.core.errors import NumericalError
from alsgui.core.model import EpochRecord, HalfStepRecord, Model
from alsgui.core.predictor import Predictor
from alsgui.core.solvers.factors import Factors, Side
from alsgui.core.solvers.settings import Config


@dataclass(frozen=True)
class HalfSweep:
    """Progress inside a half-step: share of the side's rows that is solved, 0 to 1."""

    side: Side
    epoch: int
    done: float


@dataclass(frozen=True, eq=False)
class HalfStep:
    """A half-step is complete; `factors` and `predictor` can be kept and drawn."""

    record: HalfStepRecord
    epoch: int
    factors: Factors
    _predictor_of: Callable[[Factors], Predictor] = field(repr=False)

    @cached_property
    def predictor(self) -> Predictor:
        """Predictions of `factors`, made when first asked for."""
        return self._predictor_of(self.factors)


@dataclass(frozen=True, eq=False)
class Epoch:
    """An epoch is complete; `factors` and `predictor` can be kept and drawn."""

    record: EpochRecord
    factors: Factors
    predictor: Predictor


@dataclass(frozen=True, eq=False)
class SteppedBack:
    """A half-step taken by hand was undone, to the bit: `history` and `factors` are those before it.

    `epoch` and `side` are of the half-step before; epoch 0 is the start.
    """

    history: tuple[EpochRecord, ...]
    epoch: int
    side: Side
    factors: Factors
    predictor: Predictor


@dataclass(frozen=True, eq=False)
class Fitted:
    """The last step: the model, and what went wrong when an error ended the fit after something was complete.

    `acts` are settings that make the model again, one fit going on from the other: a fit that was stepped by hand from
    some epoch on has two.
    """

    model: Model
    trouble: NumericalError | None = None
    acts: tuple[Config, ...] = ()


Step = HalfSweep | HalfStep | Epoch | SteppedBack | Fitted
