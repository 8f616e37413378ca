"""`implicit`: ALS for views, clicks and purchases (Hu, Koren and Volinsky 2008).

L = sum over all cells c (p - u^T m)^2 + lambda_u sum s_i^q |u_i|^2 + lambda_m sum s_j^q |m_j|^2

A stored value y says that something happened: p = 1 (0 where y < 0), with confidence c = base + alpha |y|, or
base + alpha whatever y is. Every other cell has p = 0 with confidence a, the weight of the unobserved. s is the row's
summed confidence over all cells, q the power of lambda (Rendle et al. 2021 find 1 serves).

Row i solves (a F F^T + sum (c - a) f f^T + Lambda) u_i = sum c p f over its stored cells: the sum over all cells is one
Gram matrix. Cost of an epoch: stored x K^2 + (N + M) K^3 / 3 exactly, 6 (stored x K + (N + M) K^2) for two steps of
conjugate gradients.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from alsgui.core.solvers.settings import Config, Solver

if TYPE_CHECKING:
    from alsgui.core.ratings import Floats, Ratings
    from alsgui.core.solvers.problem import Problem

_USUAL_LAMBDA = 0.02


@dataclass(frozen=True, kw_only=True)
class ImplicitConfig(Config):
    """Settings of `implicit`.

    Parameters
    ----------
    alpha
        How much confidence a stored value adds.
    base
        Confidence of a stored value of 0.
    confidence
        "event": what is stored counts the same whatever its value; "value": c = base + alpha |y|.
    unobserved
        Weight a of the cells that are not stored.
    mass
        What that power is taken of: the row's summed "confidence" over all cells, or its "count" of stored values
        with a preference.
    lambda_power
        Power q of the row's summed confidence that multiplies its ridge: 0 plain.
    solver, cg_steps, accelerate
        As for `observed`.
    """

    algorithm: ClassVar[str] = "implicit"
    title: ClassVar[str] = "Implicit ALS"
    summary: ClassVar[str] = (
        "Predicts a preference from what people did: views, clicks, purchases. What is missing counts as a weak no. "
        "Its scores are no ratings."
    )
    formula: ClassVar[str] = "L = Σ c (p − uᵀm)² + λu Σ sᵠ|u|² + λm Σ sᵠ|m|²"
    inits: ClassVar[tuple[str, ...]] = ("normal", "small", "uniform", "svd", "unit")
    predicts_ratings: ClassVar[bool] = False

    k: int = 64
    epochs: int = 16
    alpha: float = 15.0
    base: float = 1.0
    confidence: Literal["event", "value"] = "event"
    unobserved: float = 1.0
    lambda_power: float = 1.0
    mass: Literal["confidence", "count"] = "confidence"
    init: str = "normal"
    solver: Solver = "auto"
    cg_steps: int = 2
    accelerate: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("alpha", 0, 1e9)
        self._check("base", 0, 1e9)
        self._check("unobserved", 0, 1e6)
        self._check("lambda_power", 0, 2)
        self._check("cg_steps", 1, 100, whole=True)
        self._check_choice("mass", "confidence", "count")
        self._check_choice("confidence", "event", "value")
        self._check_choice("solver", "auto", "exact", "cg")

    def resolved(self, ratings: Ratings) -> Self:
        """lambda = 0.02 at power 1; at another power, what penalises the mean row as much."""
        total = float(self.confidences(ratings.csr.data).sum(dtype="float64"))
        total += self.unobserved * (ratings.n_users * ratings.n_movies - ratings.n_ratings)
        usual = [_USUAL_LAMBDA * (total / n) ** (1 - self.lambda_power) for n in (ratings.n_users, ratings.n_movies)]
        return replace(
            self,
            lambda_u=usual[0] if self.lambda_u is None else self.lambda_u,
            lambda_m=usual[1] if self.lambda_m is None else self.lambda_m,
        )

    def confidences(self, values: Floats) -> Floats:
        """c of stored values."""
        sizes = abs(values) if self.confidence == "value" else values * 0 + 1
        return self.base + self.alpha * sizes

    def problem(self, training: Ratings) -> Problem:
        """Rows with a matrix of their own beside the Gram matrix of all cells."""
        from alsgui.core.solvers.implicit_rows import ImplicitProblem

        return ImplicitProblem(training, self)
