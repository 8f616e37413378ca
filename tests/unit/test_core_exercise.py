"""The exercise by hand: its numbers are NumPy's, steps go forward and back, and what cannot be solved says so."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsgui.core.errors import ConfigError
from alsgui.core.exercise import (
    N_MOVIES,
    N_USERS,
    SOLVES_PER_EPOCH,
    STEPS,
    Exercise,
    K,
    Pair,
    Walk,
    gradient,
    loss,
    parsed_rating,
)
from alsgui.core.generate import generate

cells = st.one_of(st.none(), st.integers(-50, 50).map(lambda tenths: Decimal(tenths) / 10))
ridges = st.integers(100, 10_000).map(lambda steps: Decimal(steps) / 10_000)


@st.composite
def exercises(draw: st.DrawFn) -> Exercise:
    rows = tuple(tuple(draw(cells) for _ in range(N_MOVIES)) for _ in range(N_USERS))
    return Exercise(rows, draw(ridges), draw(ridges), draw(st.integers(0, 99)), draw(st.booleans()))


def arrays(pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    return np.array(pair.u, dtype=float), np.array(pair.m, dtype=float)


def taken(exercise: Exercise) -> np.ndarray:
    y = exercise.dense()
    return np.nan_to_num(y) if exercise.holes_as_zeros else y


def numpy_loss(exercise: Exercise, pair: Pair) -> tuple[float, float, float]:
    u, m = arrays(pair)
    y = taken(exercise)
    error = np.nansum((y - u.T @ m) ** 2)
    return float(error), float(exercise.lambda_u) * (u**2).sum(), float(exercise.lambda_m) * (m**2).sum()


@given(exercises(), st.integers(1, SOLVES_PER_EPOCH * 2))
def test_every_solve_is_numpys_ridge_regression(exercise: Exercise, n: int) -> None:
    walk = Walk(exercise)
    for _ in range(n):
        assert walk.finish_solve()
    solve = walk.current
    assert solve is not None
    u, m = arrays(solve.before)
    others = m if solve.side == "u" else u
    y = taken(exercise)
    row = y[solve.index] if solve.side == "u" else y[:, solve.index]
    rated = ~np.isnan(row)
    f, g = others[:, rated], row[rated]
    system = float(solve.ridge) * np.eye(K) + f @ f.T
    np.testing.assert_allclose(np.array(solve.pull, dtype=float), f @ g, atol=1e-9)
    np.testing.assert_allclose(np.array(solve.gram, dtype=float), f @ f.T, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(np.array(solve.system, dtype=float), system, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(np.array(solve.inverse, dtype=float) @ system, np.eye(K), atol=1e-6)
    solution = np.linalg.solve(system, f @ g)
    np.testing.assert_allclose(np.array(solve.solution, dtype=float), solution, rtol=1e-7, atol=1e-7)
    before, after = loss(exercise, solve.before), loss(exercise, solve.after)
    for own, pair in ((before, solve.before), (after, solve.after)):
        parts = [float(x) for x in (own.error, own.ridge_u, own.ridge_m)]
        np.testing.assert_allclose(parts, numpy_loss(exercise, pair), rtol=1e-10, atol=1e-10)
    assert after.total <= before.total
    assert all(abs(x) < Decimal("1e-15") for x in gradient(exercise, solve.after, solve.side, solve.index))


@given(exercises())
def test_the_gradient_is_the_slope_of_the_loss(exercise: Exercise) -> None:
    pair, step = exercise.start(), Decimal("1e-9")
    for side, n in (("u", N_USERS), ("m", N_MOVIES)):
        for index in range(n):
            own = pair.columns(side)[index]
            slopes = []
            for k in range(K):
                up, down = (
                    pair.with_column(side, index, tuple(x + sign * step * (k == at) for at, x in enumerate(own)))
                    for sign in (1, -1)
                )
                slopes.append((loss(exercise, up).total - loss(exercise, down).total) / (2 * step))
            expected = [float(x) for x in gradient(exercise, pair, side, index)]
            np.testing.assert_allclose([float(x) for x in slopes], expected, atol=1e-6)


@given(exercises(), st.lists(st.sampled_from(["forward", "finish_solve", "half_step"]), max_size=12))
def test_going_back_restores_the_digits(exercise: Exercise, acts: list[str]) -> None:
    walk = Walk(exercise)
    stations = [(walk.position, walk.factors)]
    for act in acts:
        assert getattr(walk, act)()
        stations.append((walk.position, walk.factors))
    for position, factors in reversed(stations):
        while walk.position > position:
            assert walk.back()
        assert walk.factors == factors
    assert not walk.back() or walk.position == 0 or not acts
    walk.reset()
    assert walk.position == 0 and walk.factors == exercise.start() and walk.current is None
    assert walk.step == walk.epoch == 0


def test_an_epoch_solves_all_users_then_all_movies() -> None:
    walk = Walk()
    order = []
    while walk.position < STEPS * SOLVES_PER_EPOCH:
        walk.finish_solve()
        assert walk.current is not None and walk.step == STEPS and walk.epoch == 1
        order.append((walk.current.side, walk.current.index))
    assert order == [("u", 0), ("u", 1), ("u", 2), ("u", 3), ("m", 0), ("m", 1), ("m", 2)]
    assert walk.forward() and walk.epoch == 2 and walk.step == 1


def test_the_same_way_forward_after_going_back() -> None:
    walk = Walk()
    walk.half_step()
    there = (walk.position, walk.factors)
    for _ in range(15):
        walk.back()
    walk.half_step()
    assert (walk.position, walk.factors) == there


def test_half_steps_end_with_a_side() -> None:
    walk = Walk()
    walk.forward()
    for solves in (4, 7, 11, 14):
        assert walk.half_step() and walk.n_begun == solves and walk.step == STEPS


def test_run_ends_where_every_gradient_is_zero_whatever_the_start() -> None:
    totals = []
    for seed in range(3):
        walk = Walk(Exercise(seed=seed))
        while not walk.run():
            assert not walk.problem
        gradients = [
            x for side, n in (("u", N_USERS), ("m", N_MOVIES)) for i in range(n)
            for x in gradient(walk.exercise, walk.factors, side, i)
        ]  # fmt: skip
        assert max(abs(x) for x in gradients) < Decimal("0.01")
        totals.append(float(loss(walk.exercise, walk.factors).total))
    np.testing.assert_allclose(totals, totals[0], rtol=1e-5)


def test_start_values_have_one_decimal_and_follow_the_seed() -> None:
    pair = Exercise().start()
    assert pair == Exercise().start() and pair != Exercise(seed=1).start()
    assert all(round(x, 1) == x for row in (*pair.u, *pair.m) for x in row)
    drawn = np.random.default_rng(0).standard_normal((K, N_USERS + N_MOVIES)).round(1)
    np.testing.assert_allclose(np.hstack(arrays(pair)), drawn)


def test_a_matrix_without_inverse_is_named_and_nothing_moves() -> None:
    for side, exercise in (
        ("user 1", Exercise(lambda_u=Decimal(0)).with_rating(0, 0, "").with_rating(0, 1, "")),
        ("movie 1", Exercise(((None,) * 3,) * 4, lambda_m=Decimal(0))),
    ):
        walk = Walk(exercise)
        while walk.forward():
            pass
        position = walk.position
        assert side in walk.problem and "above 0" in walk.problem
        assert not walk.finish_solve() and not walk.half_step() and not walk.run()
        assert walk.position == position
        walk.back()
        assert not walk.problem


def test_a_half_step_that_meets_such_a_matrix_stops_before_it() -> None:
    exercise = Exercise(lambda_m=Decimal(0))
    for user in range(N_USERS):
        exercise = exercise.with_rating(user, 1, "")
    walk = Walk(exercise)
    assert walk.half_step() and not walk.half_step()
    assert "movie 2" in walk.problem and walk.n_begun == N_USERS + 1


def test_a_run_of_a_few_epochs_is_not_settled() -> None:
    walk = Walk()
    assert not walk.run(5) and not walk.problem and walk.epoch == 5


@pytest.mark.parametrize(
    ("text", "cell"),
    [("4", 4), (" 3,5 ", "3.5"), ("\u22122", -2), ("", None), ("-", None), ("?", None), ("0.125", "0.125")],
)
def test_ratings_are_read_as_people_type_them(text: str, cell: object) -> None:
    assert parsed_rating(text) == (None if cell is None else Decimal(str(cell)))


@pytest.mark.parametrize("text", ["four", "1e9", "nan", "inf", "1001", "0.1234", "1 2", "--"])
def test_what_is_no_rating_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(ConfigError) as problem:
        Exercise().with_rating(0, 0, text)
    assert problem.value.message and problem.value.hint


def test_a_hole_is_left_out_or_counts_as_zero() -> None:
    holed = Exercise().with_rating(1, 1, "")
    zeros = Exercise(holed.y, holes_as_zeros=True)
    assert holed.n_holes == zeros.n_holes == 1
    left_out, as_zero = Walk(holed), Walk(zeros)
    left_out.run(), as_zero.run()
    assert left_out.factors.prediction(1, 1) > as_zero.factors.prediction(1, 1) + 1


def test_the_exercise_can_be_generated_as_ratings() -> None:
    ratings = generate("exercise", y=[[5, None], [1, 2.5]])
    assert (ratings.n_users, ratings.n_movies, ratings.n_ratings) == (2, 2, 3)
    assert generate("exercise").n_ratings == N_USERS * N_MOVIES
