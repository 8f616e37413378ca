"""Alternation with acceleration: one half-step after the other, none of which raises the loss.

Each half-step goes `RELAXATION` times its way: x <- x_old + 1.7 (x_solved - x_old), from the third on. What is kept is
always the solved side with the side it was solved for, so that the loss of what is kept is known without extra work.
Where it would rise, the extrapolation before it is taken back and the side is solved again (successive over-relaxation
with a safeguard; Hageman and Young 1981 for the linear case).

Where rows are solved by conjugate gradients, both sides are turned now and then to the axes in which a diagonal
preconditioner says most: neither r nor the penalty changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from alsgui.core.ratings import Floats
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.factors import Side
from alsgui.core.solvers.packed import Point
from alsgui.core.solvers.problem import Problem, Solved

RELAXATION = 1.7
_PLAIN_HALF_STEPS = 2
_TURNS = frozenset({0, 1, 2, 3, 5, 8, 12, 18})
"""Epochs before which both sides are turned."""

RISE = {"float32": 5e-7, "float64": 1e-13}
"""Share of the loss by which rounding alone may seem to raise it, by precision."""


@dataclass(frozen=True, eq=False)
class Momentum:
    """Where an accelerated fit stands; going on from it gives the bits of a fit that never paused.

    Parameters
    ----------
    point
        Both sides, the one solved last extrapolated.
    solved
        Packed rows of the side solved last, as they were solved; None before the first half-step.
    side
        That side.
    loss
        The loss of what was kept.
    half_steps
        How many there were.
    """

    point: Point
    solved: Floats | None = None
    side: Side = "u"
    loss: float = np.inf
    half_steps: int = 0

    @property
    def kept(self) -> Point:
        """The side solved last as it was solved, with the side that it was solved for."""
        return self.point if self.solved is None else self.point.replaced(self.side, self.solved)

    def turned(self, axes: Floats) -> Momentum:
        """The same in other axes."""
        point = Point(self.point.layout, _turned(self.point.left, axes), _turned(self.point.right, axes))
        return replace(self, point=point, solved=None if self.solved is None else _turned(self.solved, axes))


class Alternation:
    """The half-steps of one fit.

    Parameters
    ----------
    problem
        What is solved.
    momentum
        Where to begin.
    accelerate
        Whether half-steps are extrapolated.
    """

    def __init__(self, problem: Problem, momentum: Momentum, *, accelerate: bool) -> None:
        self.problem = problem
        self.momentum = momentum
        self._accelerate = accelerate

    def turn(self, epoch: int) -> None:
        """Turn both sides before an epoch (counted from 0) where that makes rows easier to solve."""
        axes = self.problem.rotation(self.momentum.point) if epoch in _TURNS else None
        if axes is not None:
            self.momentum = self.momentum.turned(axes)

    def half_step(self, side: Side, workers: Workers, *, exact: bool = False) -> Iterator[float | Solved]:
        """Solve one side and extrapolate it. Yields shares done, then what is kept."""
        before = self.momentum
        point, solved = before.point, None
        for solved in self.problem.solve(side, point, workers, exact=exact):
            if not isinstance(solved, Solved):
                yield solved
        assert isinstance(solved, Solved)
        extrapolated = before.solved is not None and before.solved is not point.rows(before.side)
        if extrapolated and not solved.loss <= before.loss * (1 + RISE[point.left.dtype.name]):
            point = before.kept
            *_, solved = self.problem.solve(side, point, workers, exact=exact)
            assert isinstance(solved, Solved)
        rows = solved.rows
        if self._accelerate and before.half_steps >= _PLAIN_HALF_STEPS:
            old = point.rows(side)
            rows = old + old.dtype.type(RELAXATION) * (rows - old)
        self.momentum = Momentum(point.replaced(side, rows), solved.rows, side, solved.loss, before.half_steps + 1)
        yield solved


def _turned(rows: Floats, axes: Floats) -> Floats:
    k = len(axes)
    turned = rows.copy()
    turned[:, :k] = rows[:, :k] @ axes.astype(rows.dtype)
    return turned
