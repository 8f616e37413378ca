"""`nmf`: non-negative matrix factorisation by small steps, as scikit-learn's `NMF` goes (W is u^T, H is m).

L = 1/2 sum (y - u^T m)^2 + alpha_W M (l1 |u|_1 + (1 - l1) |u|^2 / 2) + alpha_H N (l1 |m|_1 + (1 - l1) |m|^2 / 2)

over all cells. One half-step is one pass: "cd" goes once through the coordinates of each row (Cichocki and Phan 2009),
"mu" multiplies (Lee and Seung 2001). The closing half-step solves u exactly for the m that is kept, as non-negative
least squares with the same penalties, to which passes converge; and so does folding in. Cost of an epoch: 2 cells x K
in one pass over a complete y, and 2 (N + M) K^2, the loss included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from alsgui.core.solvers.settings import Config, Fill

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings
    from alsgui.core.solvers.problem import Problem


@dataclass(frozen=True, kw_only=True)
class NmfConfig(Config):
    """Settings of `nmf`; lambda_u and lambda_m do not apply.

    Parameters
    ----------
    method
        "cd", coordinate descent, or "mu", multiplicative updates.
    alpha_w, alpha_h
        Penalty on u (times the number of movies) and on m (times the number of users); None takes alpha_w for both.
    l1_ratio
        0: squares, 1: sums of absolute values, which makes numbers exactly zero; a mixture between.
    fill
        What stands for a missing rating: "refuse" (an error), "zero", or "mean" (the movie's mean).
    sklearn_tol
        End by scikit-learn's own rule: "cd" when the projected gradients of an epoch sum to at most this share of those
        of the first, "mu" when ten epochs lower |y - u^T m| by less than this share of what it was at the start. None
        does not watch; `tolerance` counts beside it.
    """

    algorithm: ClassVar[str] = "nmf"
    title: ClassVar[str] = "NMF"
    summary: ClassVar[str] = (
        "Non-negative factors over all cells by small steps, as scikit-learn does. Needs ratings of 0 and above, and "
        "treats what is missing as it is filled."
    )
    formula: ClassVar[str] = "L = ½ Σ (y − uᵀm)² + αW M (l₁|u|₁ + (1 − l₁)|u|²/2) + αH N (l₁|m|₁ + (1 − l₁)|m|²/2)"
    moot: ClassVar[frozenset[str]] = frozenset({"lambda_u", "lambda_m"})
    inits: ClassVar[tuple[str, ...]] = ("nndsvda", "nndsvd", "random", "uniform")

    k: int = 5
    lambda_u: float | None = 0.0
    lambda_m: float | None = 0.0
    epochs: int = 200
    method: Literal["cd", "mu"] = "cd"
    alpha_w: float = 0.0
    alpha_h: float | None = None
    l1_ratio: float = 0.0
    fill: Fill = "refuse"
    sklearn_tol: float | None = None
    init: str = "nndsvda"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_choice("method", "cd", "mu")
        self._check_choice("fill", "refuse", "zero", "mean")
        self._check("alpha_w", 0, 1e12)
        if self.alpha_h is not None:
            self._check("alpha_h", 0, 1e12)
        self._check("l1_ratio", 0, 1)
        if self.sklearn_tol is not None:
            self._check("sklearn_tol", 0, 1)

    def usual_lambda(self, ratings: Ratings) -> float:
        """None: alpha is the penalty."""
        del ratings
        return 0.0

    def problem(self, training: Ratings) -> Problem:
        """Passes over non-negative rows that share a matrix."""
        from alsgui.core.solvers.nmf_rows import NmfProblem

        return NmfProblem(training, self)
