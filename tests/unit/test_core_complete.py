"""The compiled products of a complete y are those of NumPy, whatever the shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsgui.core.ratings import Ratings
from alsgui.core.solvers.complete import CompleteY
from alsgui.core.solvers.kernels import complete

SAME = {"float32": 1e-5, "float64": 1e-12}


def parts(n: int, m: int, k: int, dtype: str) -> tuple[CompleteY, Any, Any, Any]:
    rng = np.random.default_rng(n * 10_000 + m * 100 + k)
    y = rng.random((n, m)).astype(np.float32)
    users, movies = (np.ascontiguousarray(rng.random((rows, k + 3)), dtype) for rows in (n, m))
    for rows in (users, movies):
        rows[:, k:] = np.nan  # padding is never read
        rows.setflags(write=False)
    return CompleteY(Ratings.from_dense(y), [(0, n)]), y.astype(np.float64), users, movies


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(n=st.integers(1, 20), m=st.integers(1, 40), k=st.integers(1, 9), first=st.integers(0, 19))
def test_any_rows_times_the_other_side(dtype: str, n: int, m: int, k: int, first: int) -> None:
    own, y, users, movies = parts(n, m, k, dtype)
    first %= n
    sums = own.user_sums(first, n, own.tall(movies[:, :k], dtype), k)
    np.testing.assert_allclose(sums, (y[first:] @ movies[:, :k]).T, rtol=SAME[dtype])
    shares = own.no_movie_sums(k, dtype)
    own.add_movie_shares(first, n, users, k, shares)
    own.add_movie_shares(0, first, users, k, shares)
    np.testing.assert_allclose(shares[:k], users[:, :k].T.astype(np.float64) @ y, rtol=SAME[dtype])
    assert not shares[k:].any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_more_columns_than_a_panel_has(dtype: str) -> None:
    own, y, users, movies = parts(7, 2 * complete._PANEL + 5, 5, dtype)
    np.testing.assert_allclose(
        own.user_sums(0, 7, own.tall(movies[:, :5], dtype), 5), (y @ movies[:, :5]).T, rtol=SAME[dtype]
    )
    shares = own.no_movie_sums(5, dtype)
    own.add_movie_shares(0, 7, users, 5, shares)
    np.testing.assert_allclose(shares[:5], users[:, :5].T.astype(np.float64) @ y, rtol=SAME[dtype])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(n=st.integers(0, 150), k=st.integers(0, 9))
def test_the_quadratic_form_of_rows_that_share_a_matrix(dtype: str, n: int, k: int) -> None:
    rng = np.random.default_rng(n * 10 + k)
    gram, b, rows = rng.random((k, k)), rng.random((k, n)).astype(dtype), rng.random((n, k)).astype(dtype)
    exact = rows.astype(np.float64)
    expected = np.sum(exact * (exact @ gram.T)) - 2 * np.sum(exact.T * b)
    assert complete.quadratic(gram, b, rows) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_many_blocks_become_few_that_cover_every_row_once() -> None:
    own = CompleteY(Ratings.from_dense(np.ones((1000, 2))), [(row, row + 1) for row in range(1000)])
    assert len(own.blocks) <= 32
    assert [row for block in own.blocks for piece in own.pieces(*block) for row in range(*piece)] == list(range(1000))
