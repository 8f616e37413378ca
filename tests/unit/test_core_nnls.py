"""The conditions of the minimum (Karush, Kuhn, Tucker) on thousands of non-negative rows of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from alsgui.core.solvers.kernels.compiled import SOLVED
from alsgui.core.solvers.kernels.nnls import nonnegative_row, nonnegative_rows, observed_rows
from alsgui.core.solvers.problem import read_only

Array = Any
Columns = Callable[[np.random.Generator, int, int], Array]

EXACT = 1e-11
"""What is left of a gradient, as a share of the terms it is made of."""

DEPENDENT = 4e-7
"""Attributes that depend on the rest to one part in the root of 1e-13 stay at zero."""


def normal(rng: np.random.Generator, n: int, K: int) -> Array:
    return rng.standard_normal((n, K))


def positive(rng: np.random.Generator, n: int, K: int) -> Array:
    return rng.random((n, K))


def whole_numbers(rng: np.random.Generator, n: int, K: int) -> Array:
    """Many ties: several attributes come to zero at the same time."""
    return rng.integers(0, 3, (n, K)).astype(float)


def low_rank(rng: np.random.Generator, n: int, K: int) -> Array:
    return rng.random((n, (K + 1) // 2)) @ rng.random(((K + 1) // 2, K))


def doubled(rng: np.random.Generator, n: int, K: int) -> Array:
    F = normal(rng, n, K)
    F[:, -1] = 2 * F[:, 0]
    return F


def dead(rng: np.random.Generator, n: int, K: int) -> Array:
    return normal(rng, n, K) * (rng.random(K) > 0.3)


def unlike_in_size(rng: np.random.Generator, n: int, K: int) -> Array:
    return normal(rng, n, K) * 10.0 ** rng.uniform(-6, 6, K)


def alike(rng: np.random.Generator, n: int, K: int) -> Array:
    return rng.standard_normal((n, 1)) + 0.1 * normal(rng, n, K)


def almost_the_same(rng: np.random.Generator, n: int, K: int) -> Array:
    return rng.standard_normal((n, 1)) + 10.0 ** rng.uniform(-9, -3) * normal(rng, n, K)


KINDS: tuple[Columns, ...] = (
    normal, positive, whole_numbers, low_rank, doubled, dead, unlike_in_size, alike, almost_the_same,
)  # fmt: skip


@dataclass
class Task:
    """min |F x - y|^2 + penalty |x|^2, x >= 0, from the row before."""

    F: Array
    y: Array
    penalty: float
    before: Array

    @property
    def gram(self) -> Array:
        return self.F.T @ self.F + self.penalty * np.eye(self.F.shape[1])

    def loss(self, x: Array) -> float:
        return float(np.sum((self.F @ x - self.y) ** 2) + self.penalty * (x @ x))

    def violation(self, x: Array) -> float:
        """The worst of the conditions, as a share of the size of its terms: infinite where x is not >= 0."""
        if not (np.isfinite(x).all() and (x >= 0).all()):
            return np.inf
        lengths = np.sqrt(np.diag(self.gram))
        slope, size = self.F.T @ (self.y - self.F @ x) - self.penalty * x, np.linalg.norm(self.y) + lengths @ x
        broken = np.where(x > 0, np.abs(slope), np.maximum(slope, 0))
        assert not broken[lengths == 0].any()
        assert not x[lengths == 0].any()
        return float(np.max(broken[lengths > 0] / (lengths[lengths > 0] * size), initial=0))


def task(rng: np.random.Generator, kind: Columns, K: int, penalty: float) -> Task:
    """The row before is as often small as large, and has zeros and numbers below zero."""
    n = int(rng.integers(1, 2 * K + 4))
    before = rng.standard_normal(K) * 10.0 ** rng.integers(-3, 5)
    if rng.random() < 0.5:
        before = np.abs(before)
    y = rng.standard_normal(n) if rng.random() < 0.5 else rng.integers(1, 6, n).astype(float)
    return Task(kind(rng, n, K), y, penalty, before)


def solved(given_: Task, before: Array) -> Array:
    K, x = len(before), np.array(before, float)
    nonnegative_row(given_.gram, given_.F.T @ given_.y, x, np.empty(K, np.int64), np.empty((K, K)), np.empty(K))
    return x


def is_determined(given_: Task) -> bool:
    """Whether no attribute comes near to depending on others."""
    lengths = np.sqrt(np.diag(given_.gram))
    if not lengths.all():
        return False
    return bool(np.linalg.eigvalsh(given_.gram / np.outer(lengths, lengths))[0] > 1e-10)


@pytest.mark.parametrize("penalty", [0.0, 0.3])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=40)
@given(seed=st.integers(0, 1_000_000), K=st.integers(1, 20))
def test_the_conditions_hold_from_any_row_before_and_the_loss_is_at_most_scipys(
    kind: Columns, penalty: float, seed: int, K: int
) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(8):
        one = task(rng, kind, K, penalty)
        x, cold = solved(one, one.before), solved(one, np.zeros(K))
        allowed = EXACT if is_determined(one) else DEPENDENT
        assert one.violation(x) <= allowed
        assert one.violation(cold) <= allowed
        F = np.vstack([one.F, np.sqrt(one.penalty) * np.eye(K)])
        theirs = nnls(F, np.append(one.y, np.zeros(K)))[0]
        assert one.loss(x) <= one.loss(theirs) + allowed * (one.y @ one.y)


@pytest.mark.parametrize("kind", [normal, positive, alike], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("before", [1e-3, 1.0, 1e3])
def test_no_row_of_ten_thousand_ends_beside_the_minimum_wherever_it_began(kind: Columns, before: float) -> None:
    """Some in every ten thousand did: rounding left the attribute that came to zero beside it; the search ended."""
    rng, K, rows = np.random.default_rng(5), 20, 10_000
    F = kind(rng, 2 * K, K)
    y = rng.standard_normal((rows, 2 * K))
    x = before * rng.random((rows, K))
    nonnegative_rows(0, rows, F.T @ F, y @ F, x)
    worst = max(Task(F, target, 0.0, row).violation(row) for target, row in zip(y, x, strict=True))
    assert worst <= EXACT


@pytest.mark.interpreted
@pytest.mark.parametrize("penalty", [0.0, 0.3])
def test_rows_over_their_own_ratings_hold_the_conditions_too(penalty: float) -> None:
    rng, K, rows, columns = np.random.default_rng(6), 8, 400, 30
    there = rng.random((rows, columns)) < rng.uniform(0.02, 0.9, (rows, 1))
    y, other = rng.integers(1, 6, (rows, columns)).astype(np.float32), rng.random((columns, K))
    starts = np.append(0, np.cumsum(there.sum(axis=1)))
    entries = read_only(starts, np.nonzero(there)[1].astype(np.int32), y[there])
    x = rng.standard_normal((rows, K)) * 100
    other.setflags(write=False)
    assert observed_rows(0, rows, entries, other, np.full(rows, penalty), True, x) == SOLVED
    for row, cells, target in zip(x, there, y.astype(float), strict=True):
        one = Task(other[cells], target[cells], penalty, row)
        if cells.any():
            assert one.violation(row) <= (EXACT if is_determined(one) else DEPENDENT)
        else:
            assert not row.any()


@pytest.mark.interpreted
def test_the_search_ends_also_where_there_is_no_minimum() -> None:
    """Matrices that are no Gram matrices at all: the loss has no floor, and sets can come again."""
    rng = np.random.default_rng(7)
    for _ in range(300):
        K = int(rng.integers(2, 12))
        A = rng.standard_normal((K, K))
        A += A.T
        np.fill_diagonal(A, 2 * rng.random(K))
        x = rng.standard_normal(K)
        nonnegative_row(A, rng.standard_normal(K), x, np.empty(K, np.int64), np.empty((K, K)), np.empty(K))
        assert (x >= 0).all()


@pytest.mark.interpreted
def test_free_rows_are_least_squares_and_the_first_without_a_single_answer_is_named() -> None:
    rng, K = np.random.default_rng(9), 3
    other, y = rng.standard_normal((5, K)), rng.standard_normal(12).astype(np.float32)
    other.setflags(write=False)
    indptr, indices = np.array([0, 5, 5, 10, 12]), np.array([*range(5), *range(5), 0, 3], np.int32)
    entries, rows = read_only(indptr, indices, y), np.full((4, K), 7.0)
    assert observed_rows(0, 4, entries, other, np.zeros(4), False, rows) == 3
    np.testing.assert_allclose(rows[0], np.linalg.lstsq(other, y[:5], rcond=None)[0], atol=1e-6)
    assert not rows[1].any()
    np.testing.assert_allclose(rows[2], np.linalg.lstsq(other, y[5:10], rcond=None)[0], atol=1e-6)
