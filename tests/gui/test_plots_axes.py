"""Arithmetic of axes: ticks, scales, labels that keep apart, cells under a pixel."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsgui.ui.widgets.axes import (
    Scale,
    cell_ticks,
    count_ticks,
    digits_of,
    power_ticks,
    push_apart,
    round_ticks,
    short_count,
    steady_range,
)
from alsgui.ui.widgets.cells import Span, cells_of_pixel, tile_places

sizes = st.integers(1, 5000)


@given(n_pixels=sizes, n_cells=sizes)
def test_every_pixel_stands_for_at_least_one_cell_and_none_is_left_out(n_pixels: int, n_cells: int) -> None:
    blocks = [cells_of_pixel(pixel, n_pixels, n_cells) for pixel in range(n_pixels)]
    assert all(stop > start for start, stop in blocks)
    assert blocks[0][0] == 0
    assert blocks[-1][1] == n_cells
    assert all(after[0] <= before[1] for before, after in itertools.pairwise(blocks))


@given(n_pixels=sizes, n_cells=sizes)
def test_pixels_that_hold_several_cells_share_none(n_pixels: int, n_cells: int) -> None:
    if n_cells >= n_pixels:
        blocks = [cells_of_pixel(pixel, n_pixels, n_cells) for pixel in range(n_pixels)]
        assert all(after[0] == before[1] for before, after in itertools.pairwise(blocks))


@given(n_pixels=st.integers(1, 2000), n_cells=sizes)
def test_a_tile_of_the_view_is_drawn_pixel_for_pixel(n_pixels: int, n_cells: int) -> None:
    places = tile_places(Span(0, n_cells), n_pixels, 0, n_cells, n_pixels)
    assert places.tolist() == list(range(n_pixels))


def test_a_tile_beside_the_view_fills_only_its_part() -> None:
    places = tile_places(Span(0, 4), 8, 2, 6, 4)
    assert places.tolist() == [-1, -1, -1, -1, 0, 0, 1, 1]


@given(
    wanted=st.lists(st.floats(0, 300), max_size=12),
    gap=st.floats(1, 20),
)
def test_labels_pushed_apart_never_overlap_and_keep_their_order(wanted: list[float], gap: float) -> None:
    placed = push_apart(wanted, gap, 0, 300)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    ranked = [placed[index] for index in order]
    assert all(below - above >= gap - 1e-9 for above, below in itertools.pairwise(ranked))
    if ranked and (len(ranked) - 1) * gap <= 300:
        assert ranked[0] >= -1e-9
        assert ranked[-1] <= 300 + 1e-9


def test_labels_with_room_stay_where_they_are() -> None:
    assert push_apart([50.0, 10.0, 30.0], 15, 0, 100) == [50.0, 10.0, 30.0]


def test_two_labels_at_one_place_move_by_the_same_amount() -> None:
    assert push_apart([40.0, 40.0], 10, 0, 100) == [35.0, 45.0]


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-3, 1e6))
def test_round_ticks_lie_inside_and_are_few(low: float, span: float) -> None:
    ticks = round_ticks(low, low + span)
    assert len(ticks) <= 5
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in ticks)


def test_ticks_of_cells_count_from_one_at_round_numbers() -> None:
    assert [cell + 1 for cell in cell_ticks(0, 610, 7)] == [1, 100, 200, 300, 400, 500, 600]
    assert [cell + 1 for cell in cell_ticks(0, 4, 5)] == [1, 2, 3, 4]
    assert [cell + 1 for cell in cell_ticks(100, 400, 4)] == [200, 300, 400]


def test_power_ticks_fall_back_to_round_numbers_within_one_decade() -> None:
    assert power_ticks(0.8, 2000) == [1, 10, 100, 1000]
    assert power_ticks(20, 60) == [20, 30, 40, 50, 60]


@pytest.mark.parametrize("log", [False, True])
def test_a_scale_and_its_inverse_agree(log: bool) -> None:
    scale = Scale(0.5, 80.0, 300, 10, log)
    assert scale.pixel(0.5) == 300
    assert scale.pixel(80.0) == 10
    assert math.isclose(scale.value(scale.pixel(7.0)), 7.0)


def test_counts_on_an_axis_are_short() -> None:
    assert [short_count(n) for n in (0, 500, 2000, 2500, 60000, 2.5e6)] == ["0", "500", "2k", "2.5k", "60k", "2.5M"]


def test_what_is_counted_has_no_ticks_between_whole_numbers() -> None:
    assert count_ticks(0, 1) == [0, 1]
    assert count_ticks(0, 2) == [0, 1, 2]
    assert power_ticks(1, 2.3) == [1, 2]
    assert count_ticks(0, 26_818, 3) == [0, 10_000, 20_000]


def test_digits_are_those_that_the_ticks_need() -> None:
    assert digits_of([0.5, 1.0]) == 1
    assert digits_of([1.0, 2.0]) == 0
    assert digits_of([0.85, 0.875]) == 3


def test_a_range_stays_while_the_values_grow_within_it() -> None:
    first = steady_range(0.56, 0.88, None)
    assert first[0] <= 0.56
    assert first[1] >= 0.88
    assert steady_range(0.57, 0.87, first) == first
    assert steady_range(0.57, 1.3, first)[1] >= 1.3


def test_zooming_keeps_the_cell_under_the_cursor_in_place() -> None:
    span = Span(0, 100).zoomed(0.5, 80, 100)
    assert span == Span(40, 90)
    assert math.isclose(span.share_of(80), 0.8)


def test_a_view_never_leaves_the_matrix_nor_shows_fewer_than_three_cells() -> None:
    assert Span(0, 100).moved(-20, 100) == Span(0, 100)
    assert Span(50, 60).moved(100, 100) == Span(90, 100)
    assert Span(0, 100).zoomed(1e-9, 50, 100).length == 3
    assert Span(0, 2).zoomed(0.1, 1, 2) == Span(0, 2)


def test_a_view_shifts_no_further_than_needed_to_show_a_cell() -> None:
    assert Span(10, 20).showing(15, 100) == Span(10, 20)
    assert Span(10, 20).showing(20, 100) == Span(11, 21)
    assert Span(10, 20).showing(5, 100) == Span(5, 15)


def test_a_view_has_whole_ends_where_pixels_hold_several_cells() -> None:
    assert Span(0.4, 99.6).settled(50) == Span(0, 100)
    assert Span(0.4, 9.6).settled(50) == Span(0.4, 9.6)
