"""Long curves are thinned to what the screen can show, and lose no extreme."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from alsgui.ui.widgets.axes import log_range, log_ticks
from alsgui.ui.widgets.curve_thin import thinned, upright, worth_a_stroke

COLUMNS = 20


@given(
    y=arrays(np.float64, st.integers(200, 2000), elements=st.floats(-1e6, 1e6) | st.just(float("nan"))),
    view=st.tuples(st.floats(0, 1), st.floats(0, 1)).filter(lambda pair: pair[1] - pair[0] > 1e-3),
)
def test_every_column_keeps_its_lowest_and_highest_value(y: np.ndarray, view: tuple[float, float]) -> None:
    x = np.arange(1.0, len(y) + 1)
    low, high = view[0] * len(y), view[1] * len(y)
    thin_x, thin_y = thinned(x, y, low, high, COLUMNS)
    assert len(thin_x) <= 4 * (COLUMNS + 4)
    assert (np.diff(thin_x) >= 0).all()
    edges = np.linspace(low, high, COLUMNS + 1)
    for left, right in pairwise(edges):
        whole = y[(x >= left) & (x < right) & np.isfinite(y)]
        kept = thin_y[(thin_x >= left) & (thin_x < right)]
        if len(whole):
            assert whole.min() == kept.min()
            assert whole.max() == kept.max()


def test_a_short_curve_is_left_as_it_is_but_for_what_is_not_finite() -> None:
    x, y = np.arange(1.0, 6), np.array([1.0, np.nan, 3.0, 4.0, 5.0])
    thin_x, thin_y = thinned(x, y, 0.0, 10.0, COLUMNS)
    assert thin_x.tolist() == [1, 3, 4, 5]
    assert thin_y.tolist() == [1, 3, 4, 5]


def test_one_point_beyond_either_end_leads_the_curve_to_the_edge() -> None:
    x = np.arange(1.0, 10_001)
    thin_x, _ = thinned(x, x, 2000.5, 8000.5, COLUMNS)
    assert thin_x[0] == 2000
    assert thin_x[-1] == 8001


def test_the_first_epoch_has_a_column_of_its_own() -> None:
    x = np.arange(1.0, 10_001)
    y = np.where(x == 1, 100.0, 1.0)
    _, thin_y = thinned(x, y, 0.0, 10_000.0, COLUMNS)
    assert thin_y[0] == 100
    assert thin_y[1:].max() == 1


def test_a_view_beside_the_curve_keeps_its_nearest_end() -> None:
    x = np.arange(1.0, 10_001)
    assert thinned(x, x, 20_000.0, 30_000.0, COLUMNS)[0].tolist() == [10_000]


def test_a_stroke_keeps_turns_and_drops_what_the_eye_cannot_see() -> None:
    across = np.arange(0.0, 100, 0.5)
    flat = worth_a_stroke(across, np.zeros(200), 4.0)
    assert flat.sum() < 30
    assert flat[[0, -1]].all()
    spiked = np.zeros(200)
    spiked[101] = 1.0
    assert worth_a_stroke(across, spiked, 4.0)[101]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1e3, 1e6, [1e3, 1e4, 1e5, 1e6]),
        (1e1, 1e9, [1e1, 1e3, 1e5, 1e7, 1e9]),
        (1.0, 100.0, [1, 3, 10, 30, 100]),
        (0.5, 10.0, [0.5, 1, 2, 5, 10]),
        (0.5, 0.9, [0.5, 0.6, 0.7, 0.8, 0.9]),
    ],
)
def test_ticks_of_a_logarithmic_axis_are_few_and_round(low: float, high: float, ticks: list[float]) -> None:
    assert log_ticks(low, high) == pytest.approx(ticks)


def test_a_logarithmic_range_is_steady_and_never_empty() -> None:
    first = log_range(1e3, 1e6, None)
    assert first[0] <= 1e3
    assert first[1] >= 1e6
    assert log_range(2e3, 9e5, first) == pytest.approx(first)
    low, high = log_range(5.0, 5.0, None)
    assert low < 5 < high
    assert log_range(1.0, 10.0, (0.0, 10.0))[0] > 0


def test_upright_strokes_cover_a_zigzag_and_meet_one_another() -> None:
    across = np.array([0.1, 0.5, 0.9, 1.2, 1.8, 3.5])
    up = np.array([5.0, 1.0, 3.0, 8.0, 7.0, 20.0])
    x, high, low = upright(across, up)
    assert x.tolist() == [0.5, 1.5, 3.5]
    assert high.tolist() == [1.0, 3.0, 7.0]
    assert low.tolist() == [5.0, 8.0, 20.0]
