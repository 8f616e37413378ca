"""Errors taken apart, and calibration."""

from __future__ import annotations

import numpy as np
import pytest

import alsgui
from alsgui.core.diagnosis import by_count, calibration, diagnose, why_not, worst
from alsgui.core.generate import generate
from alsgui.core.model import Model, without_ratings


@pytest.fixture(scope="module")
def model() -> Model:
    ratings = generate("movies", n_users=80, n_movies=90, density=0.4)
    return alsgui.fit(ratings, k=3, epochs=6, threads=1)


def test_the_errors_are_those_of_the_hold_out_and_all_are_counted(model: Model) -> None:
    found = diagnose(model)
    assert found.held_out and found.n_judged == found.n_all == len(model.split.holdout)  # type: ignore[union-attr, arg-type]
    assert found.rmse == pytest.approx(model.holdout_figures.rmse, rel=1e-6)
    assert found.counts.sum() == found.n_judged
    for part in (found.by_user, found.by_movie):
        assert np.all(part.low <= part.high) and part.n_ratings.sum() <= found.n_judged
    assert np.all(np.diff(found.worst_users.rmse) <= 0) and found.worst_users.n.min() >= 5


def test_without_a_hold_out_the_training_ratings_are_judged_raw() -> None:
    ratings = generate("movies", n_users=30, n_movies=30, density=0.5)
    model = alsgui.fit(ratings, k=2, epochs=3, holdout=0, threads=1)
    found = diagnose(model)
    assert not found.held_out and found.n_judged == ratings.n_ratings
    assert found.rmse == pytest.approx(model.training_figures.rmse, rel=1e-6)


def test_very_many_ratings_are_judged_by_a_fixed_sample(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alsgui.core.diagnosis.MOST_CELLS", 100)
    one, other = diagnose(model), diagnose(model)
    assert one.n_judged == 100 < one.n_all
    assert one.rmse == other.rmse


def test_what_has_no_errors_says_why(model: Model) -> None:
    assert why_not(model) == ""
    assert "scores" in why_not(
        alsgui.fit(generate("movies", n_users=9, n_movies=9), algorithm="implicit", k=2, epochs=1)
    )
    stripped = without_ratings(model)
    assert "without its ratings" in why_not(stripped)
    with pytest.raises(ValueError, match="without its ratings"):
        diagnose(stripped)


def test_classes_of_activity_double_and_unseen_rows_are_one_of_their_own() -> None:
    counts = np.array([0, 1, 2, 3, 4, 7, 8])
    rows = np.repeat(np.arange(7), 20)
    errors = np.repeat([1.0, 2, 3, 3, 4, 4, 5], 20)
    found = by_count(counts, rows, errors)
    assert found.low.tolist() == [0, 1, 2, 4, 8]
    assert found.high.tolist() == [0, 1, 3, 7, 15]
    np.testing.assert_allclose(found.rmse, [1, 2, 3, 4, 5])
    assert found.n_rows.tolist() == [1, 1, 2, 2, 1]
    assert found.n_ratings.tolist() == [20, 20, 40, 40, 20]
    few = by_count(counts, np.append(rows[:40], 2), np.append(errors[:40], 9.0))
    assert few.low.tolist() == [0, 1]
    assert by_count(counts, rows[:3], errors[:3]).low.tolist() == [0]


def test_the_worst_come_first_and_rows_with_few_ratings_are_not_among_them() -> None:
    rows = np.array([0] * 5 + [1] * 6 + [2] * 4)
    errors = np.array([1.0] * 5 + [-2.0] * 6 + [9.0] * 4)
    found = worst(rows, errors, 3)
    assert found.rows.tolist() == [1, 0]
    np.testing.assert_allclose(found.rmse, [2, 1])
    np.testing.assert_allclose(found.mean, [-2, 1])


def test_perfect_predictions_lie_on_the_diagonal() -> None:
    values = np.repeat(np.arange(1.0, 6.0), 30)
    found = calibration(values, values)
    np.testing.assert_allclose(found.predicted, found.observed)
    np.testing.assert_allclose(found.error, 0, atol=1e-12)
    assert found.n.sum() == 150
    same = calibration(np.full(20, 3.0), np.tile([2.0, 4.0], 10))
    assert same.n.tolist() == [20] and same.observed[0] == 3
