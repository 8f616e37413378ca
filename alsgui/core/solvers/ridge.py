"""`ridge`: the text-book's ALS over all cells of y.

L = sum_ij (y_ij - u_i^T m_j)^2 + lambda_u sum |u_i|^2 + lambda_m sum |m_j|^2
u_i = (lambda_u I + m m^T)^-1 m y_i for every user, then m_j = (lambda_m I + u u^T)^-1 u y_j for every movie

Cost of an epoch: 2 ratings x K + (N + M) K^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from alsgui.core.solvers.settings import Config, Fill

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings
    from alsgui.core.solvers.problem import Problem


@dataclass(frozen=True, kw_only=True)
class RidgeConfig(Config):
    """Settings of `ridge`: the text-book's L over all cells.

    Parameters
    ----------
    fill
        What stands for a missing rating: "refuse" (an error), "zero", or "mean" (the movie's mean).
    accelerate
        Go 1.7 times the way of each half-step, and back where the loss would rise.
    """

    algorithm: ClassVar[str] = "ridge"
    title: ClassVar[str] = "Text-book ridge"
    summary: ClassVar[str] = "The chapter's loss over all cells of y. Needs a value in every cell."
    formula: ClassVar[str] = "L = Σ (y − uᵀm)² + λu Σ |u|² + λm Σ |m|²"

    inits: ClassVar[tuple[str, ...]] = ("normal", "uniform", "svd", "means", "unit")

    fill: Fill = "refuse"
    accelerate: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_choice("fill", "refuse", "zero", "mean")

    def usual_lambda(self, ratings: Ratings) -> float:
        """A tenth of the spread: enough to keep every row's equations regular."""
        return 0.1 * ratings.spread

    def problem(self, training: Ratings) -> Problem:
        """One Cholesky factor for all rows of a side."""
        from alsgui.core.solvers.shared_rows import SharedProblem

        return SharedProblem(training, self, self.fill)
