"""The experiments say what their figures are."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import alsgui
from alsgui.core import experiments
from alsgui.core.compare import judge, of_model
from alsgui.core.errors import ConfigError, Interrupted
from alsgui.core.experiments import EXPERIMENTS, Findings, experiment
from alsgui.core.generate import movies
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.split import Split, split
from tests.helpers.tiny import all_training


@pytest.fixture(scope="module")
def parts() -> Split:
    return split(movies(60, 50, density=0.4, seed=1))


def run(name: str, parts: Split, user: int = 0) -> Findings:
    steps = list(experiment(name, parts, user))
    shares = [step.done for step in steps]
    assert shares == sorted(shares) and shares[-1] == 1
    assert all(not step.sentence for step in steps[:-1]) and steps[-1].sentence
    return steps[-1]


def test_against_k_training_error_falls_and_every_point_is_that_of_its_fit(parts: Split) -> None:
    found = run("k", parts)
    train, judged = found.lines
    assert [words for _, words in found.ticks] == ["0", "1", "2", "4", "8", "16"]
    assert train.x == judged.x == tuple(place for place, _ in found.ticks)
    assert list(train.y) == sorted(train.y, reverse=True)
    ridge = ObservedConfig().usual_lambda(parts.training) / 4
    model = alsgui.fit(parts, k=4, lambda_u=ridge, lambda_m=ridge, epochs=30, solver="exact")
    assert judged.y[3] == model.holdout_figures.rmse
    assert f"K = {found.ticks[int(np.argmin(judged.y))][1]} " in found.sentence


def test_against_lambda_the_hold_out_is_best_within(parts: Split) -> None:
    found = run("lambda", parts)
    train, judged = found.lines
    assert np.all(np.diff(train.y) > -1e-3)  # with much ridge nothing is left to be shrunk
    assert judged.y[0] > min(judged.y)
    assert f"{judged.x[int(np.argmin(judged.y))]:g}" in found.sentence


def test_em_comes_to_the_optimum_of_als_in_many_more_epochs(parts: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(experiments, "EM_EPOCHS", 800)
    found = run("em", all_training(parts.ratings))
    assert [line.name for line in found.lines] == ["ALS, 30 %", "EM, 30 %", "ALS, 10 %", "EM, 10 %"]
    assert "with 30 % observed ALS needs 20 epochs and EM 76" in found.sentence
    assert found.log_x and found.log_y and all(min(line.y) > 0 for line in found.lines)


def test_several_starts_are_told_apart_by_their_errors(parts: Split) -> None:
    found = run("starts", parts)
    assert len(found.lines) == experiments.N_STARTS
    assert len({line.y for line in found.lines}) == experiments.N_STARTS


def test_zeros_in_the_blanks_ruin_the_error_and_each_way_lists_its_own_titles(parts: Split) -> None:
    found = run("blank", parts, user=3)
    masked, filled, events = found.lists
    assert masked.rmse < filled.rmse and np.isnan(events.rmse)
    assert found.person == parts.ratings.user_ids[3]
    model = alsgui.fit(parts, k=16)
    assert masked.rmse == pytest.approx(model.holdout_figures.rmse, rel=1e-9)  # BLAS rounds by its number of threads
    assert masked.ndcg == pytest.approx(judge(of_model(model), parts, 10).lists.ndcg, rel=1e-9)
    assert len(masked.titles) == 10 and masked.titles != filled.titles


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name != "em"])
def test_without_a_hold_out_nothing_can_be_judged(parts: Split, name: str) -> None:
    with pytest.raises(ConfigError, match="kept aside"):
        experiment(name, all_training(parts.ratings))


def test_whole_users_kept_aside_are_no_hold_out_for_an_experiment_and_it_says_which_is(parts: Split) -> None:
    with pytest.raises(ConfigError, match="at random, on Train"):
        experiment("k", split(parts.ratings, kind="users"))


def test_starts_that_all_fit_without_any_error_are_told_apart_by_nothing() -> None:
    """One user whose two movies are rated alike: the bias says it all, and the loss is 0."""
    found = run("starts", split(alsgui.Ratings.from_triplets(["a", "a"], ["x", "y"], [3.0, 3.0]), 0.5))
    assert "losses within 0.00 %" in found.sentence.replace("\u2009", " ")


def test_an_experiment_that_does_not_exist_is_refused_with_those_that_do(parts: Split) -> None:
    with pytest.raises(ConfigError, match="blank"):
        experiment("nope", parts)


def test_an_experiment_ends_when_it_is_asked_to(parts: Split) -> None:
    stop = threading.Event()
    steps = experiment("starts", parts, cancel=stop)
    next(steps)
    stop.set()
    with pytest.raises(Interrupted):
        list(steps)
