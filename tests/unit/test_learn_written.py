"""What Learn writes down is what NumPy computes: formulas, sums in full, gradient and loss, and the copied script."""

from __future__ import annotations

import contextlib
import io
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsgui.core.exercise import STEPS, Exercise, Walk
from alsgui.ui.pages.learn.written import (
    as_python,
    digits_needed,
    in_full,
    loss_parts,
    marked,
    short_python,
    shown,
    told,
    vector,
    written_steps,
)
from tests.unit.test_core_exercise import arrays, exercises, numpy_loss, taken

decimals = st.integers(-99999, 99999).map(lambda whole: Decimal(whole) / 1000)


def numbers_of(latex: str) -> np.ndarray:
    """The matrix that a formula shows."""
    found = re.search(r"\\begin\{pmatrix\} (.*) \\end\{pmatrix\}", latex)
    assert found is not None
    return np.array([[float(x) for x in line.split("&")] for line in found.group(1).split(r"\\")])


def value_of(written: str) -> tuple[Fraction, str, Fraction]:
    """A sum as it is written, worked out exactly; its sign; what stands right of it."""
    left, sign, right = re.fullmatch(r"(.*) ([=≈]) (.*)", written.replace("determinant ", "")).groups()  # type: ignore[union-attr]
    code = re.sub(r"(\d+(?:\.\d+)?)", r'Fraction("\1")', left.replace("²", "**SQUARE"))
    code = code.replace("−", "-").replace("×", "*").replace("SQUARE", "2")
    return eval(code), sign, Fraction(right.replace("−", "-"))


@given(exercises(), st.integers(1, 11))
def test_every_formula_shows_numpys_numbers(exercise: Exercise, n: int) -> None:
    walk = Walk(exercise)
    for _ in range(n):
        walk.finish_solve()
    solve = walk.current
    assert solve is not None
    u, m = arrays(solve.before)
    others, y = (m, taken(exercise)) if solve.side == "u" else (u, taken(exercise).T)
    rated = ~np.isnan(y[solve.index])
    f, g = others[:, rated], y[solve.index][rated]
    system = f @ f.T + float(solve.ridge) * np.eye(2)
    steps = written_steps(solve)
    assert len(steps) == STEPS
    expected = [
        g[None],
        (f @ g)[:, None],
        f @ f.T,
        system,
        np.linalg.inv(system),
        np.linalg.solve(system, f @ g)[:, None],
    ]
    for number, (step, numbers) in enumerate(zip(steps, expected, strict=True)):
        if numbers.size:
            half_a_digit = 0.5e-4 if number == 4 else 0.5e-3
            np.testing.assert_allclose(numbers_of(step.latex), numbers, rtol=1e-7, atol=half_a_digit * 1.001)
        assert step.latex.startswith(step.open_latex)
        if "=" not in step.latex.partition(r"\begin")[0] and numbers.size:
            assert r"\approx" in step.latex


@given(exercises(), st.integers(1, 8))
def test_whoever_types_the_sums_into_a_calculator_reads_what_is_written(exercise: Exercise, n: int) -> None:
    walk = Walk(exercise)
    for _ in range(n):
        walk.finish_solve()
    assert walk.current is not None
    for step in written_steps(walk.current)[1:]:
        if not re.search("[=≈]", step.note):
            assert not walk.current.places and step.note == "0"  # nothing to add up
            continue
        outcome, sign, result = value_of(step.note)
        digits = len(step.note.rpartition(".")[2]) if "." in step.note.rpartition(" ")[2] else 0
        assert abs(outcome - result) <= Fraction(1, 2 * 10**digits)
        if sign == "=":
            assert outcome == result


@given(st.lists(st.tuples(decimals, decimals), min_size=1, max_size=4), st.integers(0, 3))
def test_a_sum_carries_the_digits_that_make_it_come_out(terms: list[tuple[Decimal, Decimal]], digits: int) -> None:
    total = sum((a * b for a, b in terms), Decimal(0))
    outcome, sign, result = value_of(in_full(terms, total, digits))
    assert result == Fraction(round(total, digits))
    assert abs(outcome - result) <= Fraction(1, 2 * 10**digits)
    assert (sign == "=") == (outcome == result == Fraction(total))


def test_sums_are_written_as_people_write_them() -> None:
    d = Decimal
    assert (
        in_full([(d("2.4"), d(4)), (d("0.3"), d(5)), (d("1.5"), d(1))], d("12.6"), 1)
        == "2.4 × 4 + 0.3 × 5 + 1.5 × 1 = 12.6"
    )
    assert in_full([(d("-0.5"), d("-0.5")), (d("-2"), d("2"))], d("-3.75"), 2) == "0.5² − 2² = −3.75"
    assert in_full([(d("-1"), d("3")), (d("2"), d("-4"))], d(-11), 0) == "−1 × 3 + 2 × (−4) = −11"
    assert in_full([(d(1) / d(3), d(2))], d(2) / d(3), 2) == "0.333 × 2 ≈ 0.67"


@given(decimals)
def test_numbers_are_shown_with_the_decimals_that_they_need(number: Decimal) -> None:
    digits = digits_needed([number])
    assert Decimal(shown(number, digits).replace("−", "-")) == number
    assert digits == 0 or round(number, digits - 1) != number
    assert shown(Decimal("-0.001"), 2) == "0.00"


@given(exercises(), st.integers(1, 8))
def test_gradient_and_loss_before_and_after_are_numpys(exercise: Exercise, n: int) -> None:
    walk = Walk(exercise)
    for _ in range(n):
        walk.finish_solve()
    solve = walk.current
    assert solve is not None
    numbers = told(exercise, solve)
    y = taken(exercise)
    for gradient, pair in ((numbers.gradient_before, solve.before), (numbers.gradient_after, solve.after)):
        u, m = arrays(pair)
        residual = np.nan_to_num(y - u.T @ m)
        slopes = (
            -2 * m @ residual.T + 2 * float(exercise.lambda_u) * u
            if solve.side == "u"
            else -2 * u @ residual + 2 * float(exercise.lambda_m) * m
        )
        np.testing.assert_allclose([float(x) for x in gradient], slopes[:, solve.index], rtol=1e-8, atol=1e-8)
        largest = numbers.steepest_before if pair is solve.before else numbers.steepest_after
        assert float(largest) == pytest.approx(np.abs(slopes).max(), rel=1e-8, abs=1e-8)
    assert vector(numbers.gradient_after) == "(0.00, 0.00)"
    np.testing.assert_allclose([float(x) for x in numbers.left], [float(x) for x in numbers.right], atol=1e-12)
    for value, pair in ((numbers.loss_before, solve.before), (numbers.loss_after, solve.after)):
        *parts, total = (float(text) for text in loss_parts(value))
        assert sum(parts) == pytest.approx(total, abs=1e-9)
        np.testing.assert_allclose(parts, numpy_loss(exercise, pair), rtol=1e-9, atol=1.01e-3)


def test_the_gradient_of_a_side_is_zero_once_all_of_it_is_solved() -> None:
    walk = Walk()
    for side_ends in (4, 7, 11):
        walk.half_step()
        assert walk.current is not None and walk.n_begun == side_ends
        assert told(walk.exercise, walk.current).steepest_after < Decimal("1e-20")


@given(exercises(), st.integers(1, 8))
def test_the_copied_script_prints_the_numbers_on_screen_twice(exercise: Exercise, n: int) -> None:
    walk = Walk(exercise)
    for _ in range(n):
        walk.finish_solve()
    solve = walk.current
    assert solve is not None
    scope: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(as_python(exercise, solve), scope)
    for name in (f"{solve.side}_{solve.index}", "same"):
        np.testing.assert_allclose(scope[name], [float(x) for x in solve.solution], rtol=1e-6, atol=1e-6)  # type: ignore[arg-type]


@given(exercises(), st.integers(1, 8))
def test_the_lines_shown_compute_the_column(exercise: Exercise, n: int) -> None:
    walk = Walk(exercise)
    for _ in range(n):
        walk.finish_solve()
    solve = walk.current
    assert solve is not None
    u, m = arrays(solve.before)
    exec(short_python(exercise, solve), {"u": u, "m": m, "y": exercise.dense(), "np": np})
    own = (u if solve.side == "u" else m)[:, solve.index]
    np.testing.assert_allclose(own, [float(x) for x in solve.solution], rtol=1e-6, atol=1e-6)


def test_what_a_step_reads_is_lit_in_all_four_matrices() -> None:
    walk = Walk(Exercise().with_rating(1, 1, ""))
    assert marked(walk).read == marked(walk).solved == {}
    walk.finish_solve()
    walk.forward()  # user 2, step 1
    lit = marked(walk)
    assert lit.read["y"] == {(1, 0), (1, 2)} and lit.read["r"] == {(1, 0), (1, 1), (1, 2)}
    assert lit.solved["u"] == {(0, 1), (1, 1)} and "m" not in lit.read
    walk.forward()
    assert marked(walk).read["m"] == {(0, 0), (1, 0), (0, 2), (1, 2)}
    walk.forward()
    assert "y" not in marked(walk).read
    walk.finish_solve()
    assert marked(walk).solved["r"] == {(1, 0), (1, 1), (1, 2)}
    for _ in range(3):
        walk.finish_solve()
    assert walk.current is not None and walk.current.side == "m"
    lit = marked(walk)
    assert lit.read["y"] == {(0, 0), (1, 0), (2, 0), (3, 0)} and len(lit.read["u"]) == 8
    assert lit.solved["m"] == {(0, 0), (1, 0)}


def test_a_user_who_rated_nothing_gets_zeros_and_words_for_it() -> None:
    exercise = Exercise()
    for movie in range(3):
        exercise = exercise.with_rating(0, movie, "")
    walk = Walk(exercise)
    walk.finish_solve()
    assert walk.current is not None and walk.current.solution == (0, 0)
    steps = written_steps(walk.current)
    assert "0 of 3 rated" in steps[0].note and steps[0].shapes == "0 × 1"
    assert steps[1].note == "0"
