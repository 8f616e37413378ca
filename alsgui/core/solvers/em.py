"""`em`: expectation-maximisation, the chapter's likeness: fill what is unknown with what the model says, refit, repeat.

L = sum over observed (y - r)^2 + lambda_u sum |u|^2 + lambda_m sum |m|^2 + lambda_bias (sum b^2 + sum c^2)

Each half-step fills the holes with the current predictions and makes the dense ridge step of `ridge`; this is
softImpute-ALS (Hastie, Mazumder, Lee and Zadeh 2015). The filled matrix is never built: with the errors e of the
observed cells, x <- x + (F F^T + Lambda)^-1 (sum e f - Lambda x). The loss is that of `observed` with p = 0, and never
rises; but since most of what is fitted is the model's own guess, it falls slowly where little is observed. The closing
half-step solves u over the observed ratings alone, as folding in does. Cost of an epoch: 6 ratings x K + (N + M) K^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from alsgui.core.solvers.settings import Config

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings
    from alsgui.core.solvers.problem import Problem


@dataclass(frozen=True, kw_only=True)
class EmConfig(Config):
    """Settings of `em`.

    Parameters
    ----------
    lambda_bias
        Ridge on the biases.
    biases
        Whether users and movies have a bias beside the mean; without, r = u^T m as in the text-book.
    """

    algorithm: ClassVar[str] = "em"
    title: ClassVar[str] = "EM"
    summary: ClassVar[str] = (
        "Fills what is missing with its own predictions and refits, again and again. "
        "Ends where Observed ALS with p = 0 does, many times slower: that is the lesson."
    )
    formula: ClassVar[str] = "L = Σ (y − r)² + λu Σ |u|² + λm Σ |m|² + λb (Σ b² + Σ c²)"
    inits: ClassVar[tuple[str, ...]] = ("normal", "uniform", "svd", "means", "unit", "orthonormal")

    epochs: int = 200
    lambda_bias: float = 4.0
    biases: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("lambda_bias", 0, 1e12)

    def usual_lambda(self, ratings: Ratings) -> float:
        """That of `observed` with p = 0: 12.5 spreads of the ratings."""
        return 12.5 * ratings.spread

    def problem(self, training: Ratings) -> Problem:
        """One matrix for all rows, the holes filled by the model itself."""
        from alsgui.core.solvers.em_rows import EmProblem

        return EmProblem(training, self)
