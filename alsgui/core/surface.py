"""The loss as a surface: with one user, one movie and one attribute; and of one user's two weights while m is held."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from alsgui.core.exercise import Exercise, Pair, cells_of
from alsgui.core.ratings import Floats

Point = tuple[float, float]


@dataclass(frozen=True)
class Scalar:
    """N = M = K = 1: L(u, m) = (y - u m)^2 + lambda_u u^2 + lambda_m m^2.

    Parameters
    ----------
    y
        The one rating, in stars.
    lambda_u, lambda_m
        Ridge, above 0: at 0 the lowest points are a whole curve, or do not exist.
    """

    y: float = 3.0
    lambda_u: float = 0.5
    lambda_m: float = 0.5

    def loss(self, u: Floats | float, m: Floats | float) -> Floats | float:
        """L at points (u, m)."""
        return (self.y - u * m) ** 2 + self.lambda_u * u**2 + self.lambda_m * m**2

    def half_steps(self, start: Point, n: int) -> list[Point]:
        """Points (u, m) of `n` half-steps, the start first: u solved with m held, then m with u held, ..."""
        points = [start]
        u, m = start
        for number in range(n):
            if number % 2 == 0:
                u = m * self.y / (m * m + self.lambda_u)
            else:
                m = u * self.y / (u * u + self.lambda_m)
            points.append((u, m))
        return points

    @property
    def is_flat(self) -> bool:
        """Whether zero is the one lowest point: |y| <= sqrt(lambda_u lambda_m)."""
        return abs(self.y) <= math.sqrt(self.lambda_u * self.lambda_m)

    def minima(self) -> list[Point]:
        """The lowest points: two that mirror one another, or zero alone.

        From both first-order conditions u^2 = |y| s - lambda_m and m^2 = |y| / s - lambda_u, s^2 = lambda_m/lambda_u.
        """
        if self.is_flat:
            return [(0.0, 0.0)]
        s = math.sqrt(self.lambda_m / self.lambda_u)
        u = math.sqrt(abs(self.y) * s - self.lambda_m)
        m = math.copysign(math.sqrt(abs(self.y) / s - self.lambda_u), self.y)
        return [(u, m), (-u, -m)]

    def saddles(self) -> list[Point]:
        """Zero, where it is no minimum: the gradient is zero there, but a step to either side lowers L."""
        return [] if self.is_flat else [(0.0, 0.0)]


def user_bowl(exercise: Exercise, pair: Pair, user: int) -> tuple[Floats, Floats, float]:
    """L as a function of one user's weights with m held: (x - solution)^T A (x - solution) + lowest, K = 2.

    Returns
    -------
    solution, A, lowest
        u_i (2), lambda_u I + m m^T (2 x 2), and this user's share of L at the solution: errors and their own ridge.

    Raises
    ------
    numpy.linalg.LinAlgError
        When A has no inverse.
    """
    cells = cells_of(exercise, "u", user)
    columns = pair.columns("m")
    m = np.array([[float(x) for x in columns[j]] for j, _ in cells]).reshape(-1, 2).T
    y = np.array([float(value) for _, value in cells])
    system = float(exercise.lambda_u) * np.eye(2) + m @ m.T
    solution = np.linalg.solve(system, m @ y)
    lowest = float(y @ y - solution @ (m @ y))
    return solution, system, lowest


def grid(low: Point, high: Point, n: int = 121) -> tuple[Floats, Floats]:
    """n x n points between two corners, as two arrays of first and second coordinates."""
    first, second = np.meshgrid(np.linspace(low[0], high[0], n), np.linspace(low[1], high[1], n))
    return first, second


def bowl_values(solution: Floats, system: Floats, lowest: float, first: Floats, second: Floats) -> Floats:
    """The bowl of `user_bowl` at the points of a grid."""
    a, b = first - solution[0], second - solution[1]
    values: Floats = lowest + system[0, 0] * a * a + 2 * system[0, 1] * a * b + system[1, 1] * b * b
    return values


def levels(values: Floats, n: int = 12) -> list[float]:
    """Heights at which contours are drawn: close together near the lowest point, where the slope is small."""
    low, high = float(values.min()), float(np.quantile(values, 0.9))
    shares = np.linspace(0, 1, n + 1)[1:] ** 2
    return [float(low + share * (high - low)) for share in shares] if high > low else []
