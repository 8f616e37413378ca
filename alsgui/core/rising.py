"""A loss that rises: when that is no rounding any more, and what to do about it.

Half-steps that are solved never raise the loss, so one that rises says that arithmetic has come to its end. Rounding
may move it by a small share of the squared ratings. Two epochs in a row above the lowest one by more, or a single one
at ten times as much, end the fit.
"""

from __future__ import annotations

from alsgui.core.errors import NumericalError
from alsgui.core.model import EpochRecord
from alsgui.core.solvers.settings import Config
from alsgui.text import count, decimal, tr

NOISE = {"float32": 1e-5, "float64": 1e-10}
"""Share of the squared values, or of the first epoch's loss, by which rounding may raise it."""

PATIENCE = 2
DIVERGED = 10.0


class LossWatch:
    """Watches the losses of the epochs of one start of a fit.

    Parameters
    ----------
    config
        Settings, resolved.
    squares
        What the loss is without a model (`Problem.squares`): rounding is measured by it, since a loss may come near 0.

    Attributes
    ----------
    lowest : EpochRecord or None
        Of the epochs seen.
    """

    def __init__(self, config: Config, squares: float) -> None:
        self._config, self._squares = config, squares
        # Scaling m after its half-step raises the loss by itself, but not without end.
        self._may_rise = getattr(config, "scale_m", "none") != "none"
        self._noise = 0.0
        self._n_above = 0
        self.lowest: EpochRecord | None = None

    def is_new_low(self, record: EpochRecord, midway: float = 0.0) -> bool:
        """Take note of an epoch; whether its loss is the lowest so far.

        `midway` is the loss between its half-steps: the first one may come down from far above, and round by that.

        Raises
        ------
        NumericalError
            When the loss rises; says from where to where, and what to change.
        """
        if self.lowest is None:
            self._noise = NOISE[self._config.dtype] * max(record.loss, midway, self._squares)
        elif record.loss > self.lowest.loss:
            lowest = max(self.lowest.loss, 0.0)  # a sum of squares, whatever rounding makes of it
            self._n_above = self._n_above + 1 if record.loss > lowest + self._noise else 0
            diverged = record.loss > DIVERGED * lowest + self._noise
            if diverged or (self._n_above >= PATIENCE and not self._may_rise):
                raise _rising(self._config, self.lowest, record)
            return False
        self._n_above, self.lowest = 0, record
        return True

    def fell(self, before: EpochRecord, now: EpochRecord) -> float | None:
        """By how much the loss fell in an epoch; None where it rose by more than rounding."""
        fall = before.loss - now.loss
        return None if fall < -self._noise and not self._may_rise else fall


def _rising(config: Config, low: EpochRecord, high: EpochRecord) -> NumericalError:
    mends = [tr("Use a larger lambda")]
    if config.dtype == "float32":
        mends.append(tr("64-bit numbers (float64)"))
    if getattr(config, "accelerate", False):
        mends.append(tr("no acceleration"))
    if getattr(config, "solver", "exact") != "exact":
        mends.append(tr("the exact solver"))
    *some, last = mends
    return NumericalError(
        tr("The loss rises: it was {low} after epoch {first}, and is {high} after epoch {n}.",
           low=_words(low.loss), first=low.epoch, high=_words(high.loss), n=high.epoch),
        tr("{some} or {last}.", some=", ".join(some), last=last) if some else f"{last}.",
    )  # fmt: skip


def _words(loss: float) -> str:
    return count(loss) if abs(loss) >= 1000 else decimal(loss, 4)
