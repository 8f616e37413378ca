"""A model taken apart and put together again, and parts that do not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import alsgui
from alsgui.core.errors import DataError
from alsgui.core.model import Model
from alsgui.core.model_parts import from_parts, to_parts
from tests.helpers.tiny import every_third_held_out, holey

Parts = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def model() -> Model:
    ratings = alsgui.generate("movies", n_users=30, n_movies=20, density=0.3)
    timed = replace(ratings, time=np.arange(ratings.n_ratings))
    return alsgui.fit(timed, k=2, epochs=2, holdout=0.2, split_seed=7)


def parts(model: Model) -> Parts:
    """Copies of the parts, the plain values as a file gives them back."""
    arrays, meta = to_parts(model)
    return {name: np.array(array) for name, array in arrays.items()}, json.loads(json.dumps(meta))


class TestRoundTrip:
    def test_keeps_every_bit(self, model: Model) -> None:
        again = from_parts(*parts(model))
        for name in ("u", "m", "user_bias", "movie_bias"):
            assert getattr(again, name).tobytes() == getattr(model, name).tobytes()
        assert again.predictor.left.tobytes() == model.predictor.left.tobytes()
        assert (again.config, again.history, again.half_steps) == (model.config, model.history, model.half_steps)
        assert str(again.training_figures) == str(model.training_figures)  # NaN is not equal to itself
        assert again.holdout_figures == model.holdout_figures
        assert (again.stopped, again.settled, dict(again.versions)) == ("epochs", True, dict(model.versions))
        assert (again.mu, again.scale, again.titles, again.genres) == (
            model.mu,
            model.scale,
            model.titles,
            model.genres,
        )

    def test_keeps_the_ratings_their_split_and_what_is_known_of_users(self, model: Model) -> None:
        again = from_parts(*parts(model))
        assert again.split is not None and model.split is not None
        assert again.split.ratings.fingerprint == model.split.ratings.fingerprint == again.summary.fingerprint
        np.testing.assert_array_equal(again.split.held_out, model.split.held_out)
        assert (again.split.share, again.split.seed) == (0.2, 7)
        np.testing.assert_array_equal(again.split.ratings.time, model.split.ratings.time)
        table, original = again.split.ratings.characteristics, model.split.ratings.characteristics
        assert table is not None and original is not None
        assert {name: values.tolist() for name, values in table.items()} == {
            name: values.tolist() for name, values in original.items()
        }

    def test_recommends_and_folds_in_as_before(self, model: Model) -> None:
        again = from_parts(*parts(model))
        assert again.recommend("3").ids == model.recommend("3").ids
        liked = {model.movie_ids[0]: 5.0}
        assert again.fold_in(liked)[0].tobytes() == model.fold_in(liked)[0].tobytes()

    def test_goes_on_where_it_stopped(self, model: Model) -> None:
        again = from_parts(*parts(model))
        assert again.split is not None and model.split is not None
        more, expected = (alsgui.fit(one.split, k=2, epochs=1, init=one) for one in (again, model) if one.split)
        assert more.u.tobytes() == expected.u.tobytes()

    def test_can_leave_the_ratings_out(self, model: Model) -> None:
        arrays, meta = to_parts(model, with_ratings=False)
        assert not {"y_data", "held_out", "time"} & set(arrays)
        again = from_parts(arrays, meta)
        assert again.ratings is None
        assert not again.recommend("3").seen_known
        assert "y_data" not in to_parts(again)[0]

    def test_keeps_a_plain_model_without_titles_times_or_characteristics(self) -> None:
        for algorithm, more in (("observed", {"biases": False}), ("ridge", {"fill": "zero"})):
            model = alsgui.fit(every_third_held_out(holey()), algorithm, k=2, epochs=1, **more)  # type: ignore[arg-type]
            again = from_parts(*parts(model))
            assert (again.titles, again.genres, again.config) == (None, None, model.config)
            assert again.ratings is not None
            assert again.ratings.time is None
            assert again.ratings.characteristics is None


def shorter(name: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[0][name] = parts[0][name][:-1]

    return change


def without(name: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[name in parts[1]].pop(name)

    return change


def with_value(name: str, at: int, value: float) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[0][name][at] = value

    return change


def with_setting(value: Any) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[1]["config"]["k"] = value

    return change


DAMAGE = {
    "a user too few": shorter("users"),
    "a movie too few": shorter("movies"),
    "a bias too few": shorter("user_bias"),
    "a movie bias too few": shorter("movie_bias"),
    "a prediction row too few": shorter("left"),
    "a prediction column too few": shorter("right"),
    "a count too few": shorter("user_counts"),
    "a row of ratings too few": shorter("y_indptr"),
    "a rating too few": shorter("y_data"),
    "no factors": without("users"),
    "no settings": without("config"),
    "no history": without("history"),
    "a movie that is not there": with_value("y_indices", 0, 20),
    "a negative movie": with_value("y_indices", 0, -1),
    "a hold-out beyond the ratings": with_value("held_out", -1, 10**6),
    "a negative hold-out": with_value("held_out", 0, -1),
    "a rating that is no number": with_value("y_data", 0, float("nan")),
    "a factor that is no number": with_value("users", 0, float("nan")),
    "rows that run backwards": with_value("y_indptr", 1, 10**6),
    "K of another kind": with_setting("two"),
    "K out of range": with_setting(-1),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_parts_that_do_not_fit_together_are_refused(model: Model, what: str) -> None:
    damaged = parts(model)
    DAMAGE[what](damaged)
    with pytest.raises(DataError):
        from_parts(*damaged)
