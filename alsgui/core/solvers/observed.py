"""`observed`: ALS over the ratings that exist, with mean, biases and count-scaled ridge.

L = sum over observed (y - r)^2 + lambda_u sum n_i^p |u_i|^2 + lambda_m sum n_j^p |m_j|^2
    + lambda_bias (sum b_i^2 + sum c_j^2),    r = mu + b_i + c_j + u_i^T m_j

Row i solves (sum f f^T + Lambda) (u_i, b_i) = sum (y - mu - c_j) f with f = (m_j, 1) over its ratings. p = 1 is
ALS-WR (Zhou, Wilkinson, Schreiber and Pan 2008). Cost of an epoch: ratings x K^2 + (N + M) K^3 / 3 exactly,
6 ratings x K for two steps of conjugate gradients.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from alsgui.core.solvers.settings import Config, Solver

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings
    from alsgui.core.solvers.problem import Problem


@dataclass(frozen=True, kw_only=True)
class ObservedConfig(Config):
    """Settings of `observed`: fits only the ratings that exist.

    Parameters
    ----------
    lambda_bias
        Ridge on the biases, never scaled by counts.
    lambda_power
        Power p of the row's count n that multiplies its ridge: 0 plain, 1 ALS-WR (Zhou et al. 2008).
    biases
        Whether users and movies have a bias beside the mean; without, r = u^T m as in the text-book.
    bias_damping
        None solves biases with the factors; a number sets them beforehand, as mean errors with so many ratings of zero
        error averaged in, and holds them.
    solver
        How a row is solved: "exact" (Cholesky), "cg" (some steps of conjugate gradients from the row before), or
        "auto": exact up to K = 24, cg above. The closing half-step is always exact.
    cg_steps
        Steps of conjugate gradients.
    accelerate
        Go 1.7 times the way of each half-step, and back where the loss would rise.
    """

    algorithm: ClassVar[str] = "observed"
    title: ClassVar[str] = "Observed ALS"
    summary: ClassVar[str] = "Fits only the ratings that exist. The usual choice for stars with holes."
    formula: ClassVar[str] = "L = Σ (y − r)² + λu Σ nᵖ|u|² + λm Σ nᵖ|m|² + λb (Σ b² + Σ c²)"

    inits: ClassVar[tuple[str, ...]] = ("normal", "uniform", "svd", "means", "unit")

    lambda_bias: float = 4.0
    lambda_power: float = 0.5
    biases: bool = True
    bias_damping: float | None = None
    init: str = "svd"
    solver: Solver = "auto"
    cg_steps: int = 2
    accelerate: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("lambda_bias", 0, 1e12)
        self._check("lambda_power", 0, 2)
        if self.bias_damping is not None:
            self._check("bias_damping", 0, 1e9)
        self._check("cg_steps", 1, 100, whole=True)
        self._check_choice("solver", "auto", "exact", "cg")

    def usual_lambda(self, ratings: Ratings) -> float:
        """What cross-validation chose (see the docs), in spreads of the ratings: 1.25 at p = 0.5, 12.5 at 0."""
        return 12.5 * math.pow(100, -self.lambda_power) * ratings.spread

    def problem(self, training: Ratings) -> Problem:
        """Rows with a matrix of their own: every rating weighs 1 and pulls by y - mu."""
        from alsgui.core.solvers.entry_rows import EntryProblem, Meaning

        mu, lambda_bias = (training.mean, self.lambda_bias) if self.biases else (0.0, None)
        damping = self.bias_damping if self.biases else None
        return EntryProblem(training, self, Meaning.rating(mu), mu=mu, lambda_bias=lambda_bias, damping=damping)
