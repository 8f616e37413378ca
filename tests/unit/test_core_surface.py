"""The loss as a surface: lowest points, saddle, half-steps along the axes, and the bowl of one user."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsgui.core.exercise import Exercise, Walk, loss
from alsgui.core.surface import Scalar, bowl_values, grid, levels, user_bowl

scalars = st.builds(
    Scalar,
    st.floats(-5, 5),
    st.floats(0.05, 6).map(lambda x: round(x, 3)),
    st.floats(0.05, 6).map(lambda x: round(x, 3)),
)
points = st.tuples(st.floats(-3, 3), st.floats(-3, 3))


def slope(scalar: Scalar, u: float, m: float) -> tuple[float, float]:
    residual = scalar.y - u * m
    return -2 * m * residual + 2 * scalar.lambda_u * u, -2 * u * residual + 2 * scalar.lambda_m * m


@given(scalars)
def test_the_gradient_is_zero_at_lowest_points_and_at_the_saddle(scalar: Scalar) -> None:
    for u, m in [*scalar.minima(), *scalar.saddles()]:
        np.testing.assert_allclose(slope(scalar, u, m), 0, atol=1e-6)
    assert len(scalar.minima()) == (1 if scalar.is_flat else 2)
    assert len(scalar.saddles()) == (0 if scalar.is_flat else 1)


@given(scalars)
def test_nothing_on_a_grid_is_lower_than_the_lowest_points(scalar: Scalar) -> None:
    first, second = grid((-6, -6), (6, 6), 61)
    lowest = scalar.loss(*scalar.minima()[0])
    assert np.min(scalar.loss(first, second)) >= lowest - 1e-9


@given(scalars, points)
def test_half_steps_run_along_one_axis_each_and_never_rise(scalar: Scalar, start: tuple[float, float]) -> None:
    way = scalar.half_steps(start, 9)
    assert way[0] == start and len(way) == 10
    heights = [scalar.loss(*point) for point in way]
    assert all(after <= before + 1e-9 for before, after in pairwise(heights))
    for number, (before, after) in enumerate(pairwise(way)):
        held = 1 if number % 2 == 0 else 0
        assert before[held] == after[held]
        assert abs(slope(scalar, *after)[1 - held]) < 1e-6


def test_the_bowl_of_a_user_is_the_loss_that_depends_on_that_user() -> None:
    exercise = Exercise().with_rating(2, 0, "")
    walk = Walk(exercise)
    walk.half_step()
    pair = walk.factors
    for user in range(4):
        solution, system, lowest = user_bowl(exercise, pair, user)
        np.testing.assert_allclose([float(x) for x in pair.columns("u")[user]], solution, atol=1e-9)
        other = pair.with_column("u", user, (Decimal("0.7"), Decimal("-1.1")))
        first, second = np.array([[0.7]]), np.array([[-1.1]])
        expected = float(loss(exercise, other).total - loss(exercise, pair).total)
        height = float(bowl_values(solution, system, lowest, first, second)[0, 0])
        assert height - lowest == pytest.approx(expected, rel=1e-9)


def test_a_user_without_equations_has_no_bowl() -> None:
    empty = Exercise(((None,) * 3,) * 4, lambda_u=Decimal(0))
    with pytest.raises(np.linalg.LinAlgError):
        user_bowl(empty, empty.start(), 0)


def test_levels_rise_and_a_plain_has_none() -> None:
    heights = levels(np.arange(100.0).reshape(10, 10))
    assert heights == sorted(heights) and len(heights) == 12
    assert levels(np.ones((3, 3))) == []
