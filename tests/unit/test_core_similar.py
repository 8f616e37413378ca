"""Neighbours of a movie by the cosine of its loadings."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cosine

from alsgui.core.fitting import fit
from alsgui.core.model import Model
from alsgui.core.similar import similar_movies
from tests.helpers.tiny import UNSEEN_MOVIE, all_training, holey


@pytest.fixture(scope="module")
def model() -> Model:
    return fit(all_training(holey()), "observed", k=3, epochs=3)


def test_the_cosines_are_those_of_scipy_and_fall(model: Model) -> None:
    found = similar_movies(model, 0, n=100, at_least=0)
    expected = [1 - cosine(model.m[:, 0], model.m[:, column]) for column in found.columns]
    np.testing.assert_allclose(found.cosines, expected, atol=1e-5)
    assert np.all(np.diff(found.cosines) <= 0)


def test_the_movie_itself_and_movies_nobody_rated_are_not_in_the_list(model: Model) -> None:
    found = similar_movies(model, 0, n=100, at_least=0)
    assert sorted(found.columns) == [column for column in range(model.n_movies) if column not in (0, UNSEEN_MOVIE)]


def test_movies_with_too_few_ratings_are_left_out(model: Model) -> None:
    most = int(model.summary.movie_counts.max())
    found = similar_movies(model, 0, n=100, at_least=most)
    assert all(model.summary.movie_counts[column] == most for column in found.columns)


def test_a_movie_that_nobody_rated_is_similar_to_none(model: Model) -> None:
    assert len(similar_movies(model, UNSEEN_MOVIE).columns) == 0
