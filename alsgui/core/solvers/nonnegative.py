"""`nonnegative`: alternating non-negative least squares, u >= 0 and m >= 0 (the problem of R's `ALS` package).

L = sum (y - u^T m)^2 + lambda_u sum |u|^2 + lambda_m sum |m|^2 over all cells, or over those that are observed

Each row is solved exactly with its entries at 0 or above (Lawson and Hanson 1974); a side may be left free. Cost of an
epoch: 2 ratings x K + (N + M) x K^3, the latter only where many entries of a row change between zero and positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from alsgui.core.solvers.settings import Config, Fill

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings
    from alsgui.core.solvers.problem import Problem


@dataclass(frozen=True, kw_only=True)
class NonnegativeConfig(Config):
    """Settings of `nonnegative`.

    Parameters
    ----------
    cells
        "observed": only ratings that exist count; "all": every cell, holes as `fill` says.
    fill
        With "all", what stands for a missing rating: "refuse" (an error), "zero", or "mean" (the movie's mean).
    free
        A side whose numbers may be negative: "none", "u", "m" or "both". Where its rows are not determined they get the
        shortest solution.
    scale_m
        After every solve of m: "none", "largest" divides each attribute of m by its largest absolute value, "length" by
        its Euclidean length (normS of R's package).
    fall
        End after the first half-step that lowers the squared errors by at most this share, also when they rise; None
        does not watch. R's package does with 0.001.
    half_steps
        End after so many half-steps; None: only `epochs` counts.
    """

    algorithm: ClassVar[str] = "nonnegative"
    title: ClassVar[str] = "Non-negative ALS"
    summary: ClassVar[str] = (
        "No weight is below zero, so that attributes only add up, which reads well. "
        "An attribute can die, and then another start is needed."
    )
    formula: ClassVar[str] = "L = Σ (y − uᵀm)² + λu Σ |u|² + λm Σ |m|²,  u, m ≥ 0"
    inits: ClassVar[tuple[str, ...]] = ("uniform", "normal", "unit", "means")

    k: int = 5
    lambda_u: float | None = 0.0
    lambda_m: float | None = 0.0
    epochs: int = 100
    cells: Literal["observed", "all"] = "observed"
    fill: Fill = "refuse"
    free: Literal["none", "u", "m", "both"] = "none"
    scale_m: Literal["none", "largest", "length"] = "none"
    fall: float | None = None
    half_steps: int | None = None
    init: str = "uniform"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_choice("cells", "observed", "all")
        self._check_choice("fill", "refuse", "zero", "mean")
        self._check_choice("free", "none", "u", "m", "both")
        self._check_choice("scale_m", "none", "largest", "length")
        if self.fall is not None:
            self._check("fall", -1e12, 1)
        if self.half_steps is not None:
            self._check("half_steps", 1, 1_000_000, whole=True)

    def usual_lambda(self, ratings: Ratings) -> float:
        """None: non-negativity alone keeps rows determined."""
        del ratings
        return 0.0

    def problem(self, training: Ratings) -> Problem:
        """Non-negative rows, of one matrix for all cells or with a matrix of their own."""
        from alsgui.core.solvers.nonnegative_rows import NonnegativeObserved, NonnegativeShared

        return NonnegativeShared(training, self) if self.cells == "all" else NonnegativeObserved(training, self)
