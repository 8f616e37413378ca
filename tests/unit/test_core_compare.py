"""Runs side by side: figures by one rule for all, differing settings, and whom one serves better."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

import alsgui
from alsgui.core.compare import (
    BASELINES,
    Contender,
    differing,
    judge,
    of_baseline,
    of_model,
    pairs,
    served,
)
from alsgui.core.errors import Interrupted
from alsgui.core.generate import movies
from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import ImplicitConfig, ObservedConfig, RidgeConfig
from alsgui.core.split import Split, split
from tests.helpers.tiny import all_training, every_third_held_out, holey


@pytest.fixture(scope="module")
def parts() -> Split:
    return split(movies(40, 50, density=0.3, seed=1))


def test_a_runs_figures_are_those_of_its_model(parts: Split) -> None:
    model = alsgui.fit(parts, k=2, epochs=3)
    contender = of_model(model)
    judged = judge(contender, parts)
    assert judged.errors == model.holdout_figures
    assert contender.seconds == sum(step.seconds for step in model.half_steps)
    assert contender.n_bytes == 4 * (40 * 2 + 50 * 2 + 40 + 50)


def test_ndcg_is_scikit_learns(parts: Split) -> None:
    contender = of_model(alsgui.fit(parts, k=2, epochs=3))
    found = judge(contender, parts, n=10, events=True).lists
    assert parts.holdout is not None
    truth = np.zeros((40, 50))
    truth[parts.holdout.users, parts.holdout.movies] = 1
    expected = []
    for user in np.unique(parts.holdout.users):
        candidates = np.setdiff1d(np.arange(50), parts.training.of_user(int(user))[0])
        scores = contender.predictor.block(np.array([user]), candidates)
        expected.append(ndcg_score(truth[[user]][:, candidates], scores, k=10))
    assert found.n_users == len(expected)
    assert found.ndcg == pytest.approx(np.mean(expected), abs=1e-6)


def test_precision_recall_and_map_come_out_as_by_hand() -> None:
    # One user; four candidates scored 4 > 3 > 2 > 1, relevant are the first and the third; lists of two.
    y = np.array([[5, 5, 5, 5, 3.0], [1, 2, 3, 4, 5.0]])
    ratings = Ratings.from_dense(y)
    parts = Split(ratings, np.array([0, 2]), 0.2, 0)
    scores = Contender(Predictor(np.ones((2, 1)), np.array([[4.0], [3], [2], [1], [0]])))
    lists = judge(scores, parts, n=2).lists
    assert (lists.n_users, lists.n) == (1, 2)
    # Candidates: all but the training movies 1, 3, 4 of the user, so both relevant ones lead.
    assert (lists.precision, lists.recall, lists.map, lists.ndcg) == (1, 1, 1, 1)
    worse = Contender(Predictor(np.ones((2, 1)), np.array([[1.0], [9], [2], [9], [9]])))
    assert judge(worse, parts, n=1).lists.recall == 0.5


def test_baselines_predict_what_their_names_say() -> None:
    training = every_third_held_out(holey()).training
    cells = np.array([0, 1, 2]), np.array([0, 1, 3])
    mean = of_baseline("global_mean", training)
    assert mean.predictor.cells(*cells).tolist() == [training.mean] * 3 and not mean.ranks
    by_movie = of_baseline("movie_mean", training).predictor.cells(*cells)
    assert by_movie[0] == pytest.approx(training.movie_means[0]) and by_movie[2] == pytest.approx(training.mean)
    counts = of_baseline("popularity", training)
    assert counts.predictor.cells(*cells).tolist() == [training.movie_counts[at] for at in (0, 1, 3)]
    assert not counts.ratings


def test_biases_are_those_of_the_baselines_on_train(parts: Split) -> None:
    from alsgui.core.baselines import baselines

    known = baselines(parts)
    assert known is not None
    assert judge(of_baseline("biases", parts.training), parts).errors == known.biases
    assert judge(of_baseline("movie_mean", parts.training), parts).errors == known.movie_mean


def test_biases_can_be_interrupted(parts: Split) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        of_baseline("biases", parts.training, stop)


def test_what_has_no_meaning_is_no_number(parts: Split) -> None:
    assert np.isnan(judge(of_baseline("popularity", parts.training), parts).errors.rmse)
    assert np.isnan(judge(of_baseline("global_mean", parts.training), parts).lists.ndcg)
    assert np.isnan(judge(of_baseline("movie_mean", parts.training), all_training(parts.ratings)).errors.rmse)
    assert len(BASELINES) == 4


def test_only_settings_that_differ_are_listed_the_algorithm_first() -> None:
    one, two = ObservedConfig(k=3, lambda_u=1.0, lambda_m=1.0), ObservedConfig(k=4, lambda_u=1.0, lambda_m=2.0)
    assert differing([one, two]) == [("k", [3, 4]), ("lambda_m", [1.0, 2.0])]
    assert differing([one, one]) == []
    mixed = differing([one, RidgeConfig(k=3, lambda_u=1.0, lambda_m=1.0)])
    assert mixed[0] == ("algorithm", ["observed", "ridge"])
    assert ("lambda_power", [0.5, None]) in mixed


def test_pairs_are_predictions_of_the_same_cells_clipped_and_at_most_so_many(parts: Split) -> None:
    one, two = (of_model(alsgui.fit(parts, k=k, epochs=2)) for k in (1, 3))
    made = pairs(one, two, parts, most=20)
    assert len(made.truth) == 20 and parts.holdout is not None and made.n_all == len(parts.holdout.values)
    raw = two.predictor.cells(made.cells.users, made.cells.movies)
    values = parts.training.csr.data
    assert np.array_equal(made.second, np.clip(raw, values.min(), values.max()))
    without = all_training(parts.ratings)
    assert len(pairs(one, two, without, most=10**6).truth) == parts.ratings.n_ratings


def test_a_preference_is_not_clipped_to_stars(parts: Split) -> None:
    score = of_model(alsgui.fit(parts, "implicit", k=2, epochs=2))
    made = pairs(score, score, parts)
    assert made.first.max() < 1.5


def test_rows_are_ordered_by_the_squared_error_that_the_second_saves(parts: Split) -> None:
    assert parts.holdout is not None
    good = of_model(alsgui.fit(parts, k=2, epochs=5))
    bad = of_baseline("global_mean", parts.training)
    found = served(bad, good, parts, "users")
    assert found is not None
    cells = parts.holdout
    saved = []
    for at, row in enumerate(found.rows):
        own = cells.users == row
        assert found.n[at] == own.sum()
        errors = [
            cells.values[own] - np.clip(each.predictor.cells(cells.users[own], cells.movies[own]), 0.5, 5)
            for each in (bad, good)
        ]
        assert found.first[at] == pytest.approx(np.sqrt(np.mean(errors[0] ** 2)))
        saved.append(np.sum(errors[0] ** 2) - np.sum(errors[1] ** 2))
    assert saved == sorted(saved, reverse=True)
    assert found.n_better == sum(each > 0 for each in saved)
    assert served(good, bad, parts, "movies") is not None


def test_nobody_is_served_better_where_errors_have_no_meaning(parts: Split) -> None:
    good, popular = of_model(alsgui.fit(parts, k=2, epochs=2)), of_baseline("popularity", parts.training)
    assert served(good, popular, parts, "users") is None
    assert served(good, good, all_training(parts.ratings), "users") is None


def test_only_a_part_of_the_users_is_judged_where_they_are_many(parts: Split) -> None:
    model = of_model(alsgui.fit(parts, "implicit", k=2, epochs=2))
    assert judge(model, parts, events=True, most_users=7).lists.n_users == 7
    assert ImplicitConfig.predicts_ratings is False
