"""Epochs that `em` needs beside `observed`, to within 0.1 % of the same optimum: `python -m tests.perf.em`.

Planted ratings of rank 2 with holes, lambda 2, no biases, the same start; the optimum is the lowest loss that either
reaches in 3,000 epochs. `observed` runs with p = 0, exact and without acceleration, so that the two differ in nothing
but what stands in the holes.
"""

from __future__ import annotations

import alsgui

SHARES = (0.8, 0.5, 0.3, 0.1)
EPOCHS = 3000
NEAR = 1.001


def losses(ratings: alsgui.Ratings, algorithm: str, **settings: object) -> list[float]:
    """The loss after each epoch."""
    how = {"k": 2, "lambda_u": 2.0, "lambda_m": 2.0, "biases": False, "init": "normal", "holdout": 0, "tolerance": 0.0}
    model = alsgui.fit(ratings, algorithm, epochs=EPOCHS, dtype="float64", **how, **settings)  # type: ignore[arg-type]
    return [record.loss for record in model.history]


def first(curve: list[float], target: float) -> str:
    """The first epoch at or below a loss."""
    return next((str(epoch) for epoch, loss in enumerate(curve, 1) if loss <= target), f"more than {EPOCHS}")


def main() -> None:
    """Print Markdown."""
    print("| observed | epochs of `observed` | epochs of `em` | their losses at the end, em over observed |")
    print("|---|---|---|---|")
    for share in SHARES:
        ratings = alsgui.generate("low_rank", n_users=100, n_movies=80, k=2, observed=share, noise=0.3)
        als = losses(ratings, "observed", lambda_power=0.0, accelerate=False, solver="exact")
        em = losses(ratings, "em")
        target = NEAR * min(*als, *em)
        print(f"| {share:.0%} | {first(als, target)} | {first(em, target)} | {em[-1] / als[-1]:.6f} |")


if __name__ == "__main__":
    main()
