"""Where movies and users lie, who is near, and the picture of very many points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alsgui
from alsgui.core.basis import ACTS, changed, shown
from alsgui.core.dots import Dots, draws_compiled, picture_of
from alsgui.core.factor_view import FactorSource
from alsgui.core.generate import generate
from alsgui.core.model import Model
from alsgui.core.projection import Space, between, group_mean, inside_polygon, neighbours, principal


@pytest.fixture(scope="module")
def model() -> Model:
    return alsgui.fit(generate("movies", n_users=40, n_movies=50, density=0.4), k=3, epochs=4, threads=1)


def spaces(model: Model) -> list[Space]:
    source = FactorSource.of_model(model)
    return [Space.of(source, "movie"), Space.of(source, "user")]


def test_the_distance_of_movies_is_how_far_their_predictions_differ(model: Model) -> None:
    movies, users = spaces(model)
    near = neighbours(movies, 4, np.arange(50), n=49)
    known = model.summary.user_counts > 0
    products = users.rows[known] @ movies.rows.T
    expected = np.sqrt(np.mean((products - products[:, [4]]) ** 2, axis=0))
    np.testing.assert_allclose(near.distances, expected[near.rows], rtol=1e-6)
    assert np.all(np.diff(near.distances) >= 0) and 4 not in near.rows
    assert len(neighbours(movies, 4, np.array([4, 7, 9]), n=5).rows) == 2


@pytest.mark.parametrize("act", [*ACTS, "flip"])
def test_distances_and_components_are_the_same_in_every_basis(model: Model, act: str) -> None:
    moved = replace(model, shown=shown(model, changed(model, act)))
    for before, after in zip(spaces(model), spaces(moved), strict=True):
        listed = np.arange(len(before.rows))
        np.testing.assert_allclose(
            neighbours(after, 1, listed).distances, neighbours(before, 1, listed).distances, atol=1e-5
        )
        old, new = principal(before, listed), principal(after, listed)
        np.testing.assert_allclose(np.abs(new.coordinates), np.abs(old.coordinates), atol=1e-4)
        assert new.shares == pytest.approx(old.shares, abs=1e-4)


def test_components_are_those_of_the_centred_points(model: Model) -> None:
    space = spaces(model)[0]
    found = principal(space, np.arange(50))
    points = space.rows @ space.root
    values = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    np.testing.assert_allclose(np.linalg.norm(found.coordinates, axis=0), values[:2], rtol=1e-6)
    assert found.shares == pytest.approx(tuple(values[:2] ** 2 / (values**2).sum()))
    largest = np.abs(found.coordinates).argmax(axis=0)
    assert np.all(found.coordinates[largest, [0, 1]] > 0)


def test_one_attribute_has_a_second_component_of_nothing() -> None:
    model = alsgui.fit(generate("movies", n_users=20, n_movies=20), k=1, epochs=2, threads=1)
    found = principal(spaces(model)[0], np.arange(20))
    assert found.shares == pytest.approx((1.0, 0.0))
    np.testing.assert_array_equal(found.coordinates[:, 1], 0)
    assert np.isfinite(principal(spaces(model)[0], np.zeros(0, np.int64)).coordinates).all()


def test_on_a_line_between_two_groups_they_stand_at_0_and_1(model: Model) -> None:
    space = spaces(model)[0]
    start, stop = group_mean(space, np.array([3])), group_mean(space, np.array([7, 8]))
    along = between(space, start, stop)
    assert along[3] == pytest.approx(0)
    assert along[[7, 8]].mean() == pytest.approx(1)
    np.testing.assert_array_equal(between(space, start, start), 0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_lasso_takes_what_lies_inside_a_star(seed: int) -> None:
    rng = np.random.default_rng(seed)
    turns = np.sort(rng.uniform(0, 2 * np.pi, 9))
    lengths = rng.uniform(0.5, 2, 9)
    corners = np.column_stack([lengths * np.cos(turns), lengths * np.sin(turns)])
    x, y = rng.uniform(-2, 2, 60), rng.uniform(-2, 2, 60)
    inside = inside_polygon(x, y, corners)
    for point in range(60):  # the winding number: how often the star goes round the point
        around = corners - [x[point], y[point]]
        angles = np.arctan2(around[:, 1], around[:, 0])
        steps = (np.diff(np.append(angles, angles[0])) + np.pi) % (2 * np.pi) - np.pi
        assert inside[point] == (round(steps.sum() / (2 * np.pi)) % 2 != 0)


def dots_at(x: list[float], y: list[float], radius: float = 4.0) -> Dots:
    n = len(x)
    return Dots(np.array(x), np.array(y), np.full(n, radius), np.arange(1, n + 1).astype(np.uint32) * 0x202020)


@pytest.mark.parametrize("compiled", [True, False])
def test_later_points_lie_on_top_and_nothing_is_drawn_elsewhere(compiled: bool) -> None:
    picture = picture_of(dots_at([10.5, 14.5, 500.0], [10.5, 10.5, 5.0]), 30, 20, compiled=compiled)
    assert picture.shape == (20, 30)
    assert picture[10, 11] == picture[10, 14] == 0xFF404040  # the second
    assert picture[10, 8] == 0xFF202020  # the first, where the second does not reach
    assert picture[19, 29] == 0


def test_points_have_smooth_edges_and_a_rim() -> None:
    picture = picture_of(dots_at([10.0], [10.0]), 20, 20)
    alphas = picture >> 24
    assert ((alphas > 0) & (alphas < 255)).any()
    rim = picture[10, 14]  # radius 4, then a rim of 0.8
    assert (rim & 0xFF) > 0x20
    channels = np.stack([(picture >> shift) & 0xFF for shift in (16, 8, 0)])
    assert np.all(channels <= alphas)  # premultiplied
    area = (alphas / 255.0).sum()
    assert area == pytest.approx(np.pi * 4.8**2, rel=0.03)


def test_a_picture_of_nothing_is_clear() -> None:
    assert not picture_of(dots_at([], []), 5, 4).any()
    assert picture_of(dots_at([], []), 0, 0).shape == (1, 1)
    assert draws_compiled() in (True, False)
