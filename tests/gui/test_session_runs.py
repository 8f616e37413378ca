"""Runs that have ended: names, stars, forgetting, restoring, and fits that begin at one of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alsgui.core.model import Model
from alsgui.io.model_file import load_model
from alsgui.session.recipe import as_python
from alsgui.session.run_verbs import MOST_FORGOTTEN, why_no_best, why_not_from_here
from alsgui.session.session import Session
from tests.helpers.sessions import fit_going_on, settle, wait_for, with_model, with_movies


def made_again(session: Session) -> Model:
    script: dict[str, Any] = {}
    exec(as_python(session.state.runs[-1]), script)
    model = script["model"]
    assert isinstance(model, Model)
    return model


def overfitted(session: Session) -> None:
    """A run whose best hold-out lies before its end."""
    with_movies(session, 40, 30, 0.5)
    session.fitting.set_config(k=8, epochs=20, tolerance=0.0, lambda_u=0.01, lambda_m=0.01)
    session.fitting.fit()
    settle(session)
    run = session.state.runs[-1]
    assert run.best is not None and run.best.epoch < 20


def test_a_run_can_be_named_and_starred_and_gets_its_number_back(session: Session) -> None:
    with_model(session)
    session.keeping.rename(1, "  my \n best ")
    session.keeping.star(1)
    assert (session.state.runs[0].name, session.state.runs[0].starred) == ("my best", True)
    session.keeping.rename(1, "")
    session.keeping.star(1)
    session.keeping.star(9)
    assert (session.state.runs[0].name, session.state.runs[0].starred) == ("Run 1", False)


def test_a_forgotten_run_is_restored_to_its_place_with_its_model(session: Session) -> None:
    with_model(session)
    session.fitting.fit()
    settle(session)
    first = session.state.runs[0]
    session.keeping.forget(1)
    assert [run.number for run in session.state.runs] == [2]
    assert session.state.notice is not None and session.state.notice.action == "restore_run"
    assert session.fitting.next_number() == 3
    session.keeping.restore()
    assert session.state.runs[0] is first
    session.keeping.restore()
    assert len(session.state.runs) == 2


def test_numbers_of_forgotten_runs_are_not_given_again(session: Session) -> None:
    with_model(session)
    session.keeping.forget(1)
    session.fitting.fit()
    settle(session)
    assert [run.number for run in session.state.runs] == [2]
    for _ in range(MOST_FORGOTTEN + 3):
        session.keeping.forget(session.state.runs[0].number)
        session.keeping.restore()
    assert len(session.keeping.forgotten) == 1


def test_a_run_restored_while_another_learns_stays_out_of_its_way(session: Session) -> None:
    with_model(session)
    session.keeping.forget(1)
    fit_going_on(session)
    session.keeping.restore()
    learning = session.state.runs[-1]
    assert learning.model is None and [run.number for run in session.state.runs] == [1, learning.number]
    session.keeping.forget(learning.number)
    assert session.state.runs[-1] is learning
    session.fitting.stop()
    settle(session)
    assert session.state.runs[-1].model is session.state.model


def test_fitting_on_all_ratings_takes_the_epochs_of_the_best_hold_out_and_has_no_hold_out_figure(
    session: Session,
) -> None:
    overfitted(session)
    best = session.state.runs[0].best
    assert best is not None
    session.keeping.fit_on_all()
    settle(session)
    model, ratings = session.state.model, session.state.ratings
    assert model is not None and ratings is not None and model.split is not None
    assert model.split.training.n_ratings == ratings.n_ratings
    assert len(model.history) == best.epoch
    assert np.isnan(model.holdout_figures.rmse)
    assert np.array_equal(made_again(session).u, model.u)


def test_back_to_the_best_epoch_has_its_hold_out_error_and_its_recipe_makes_it_again(session: Session) -> None:
    overfitted(session)
    first = session.state.runs[0]
    assert first.best is not None and why_no_best(session.state) == ""
    session.keeping.back_to_best()
    settle(session)
    run = session.state.runs[-1]
    assert run.history[-1].epoch == first.best.epoch
    assert run.history[-1].rmse_holdout == first.best.rmse_holdout
    assert run.model is not None and np.array_equal(made_again(session).u, run.model.u)
    assert "the one that is kept" in why_no_best(session.state)
    session.keeping.back_to_best()
    assert session.state.job is None


def test_there_is_no_best_epoch_without_a_hold_out_or_after_a_second_start(session: Session) -> None:
    assert "No finished run" in why_no_best(session.state)
    overfitted(session)
    session.fitting.go_on(2)
    settle(session)
    assert "more than once" in why_no_best(session.state)
    session.splitting.keep_aside(share=0.0)
    session.fitting.fit()
    settle(session)
    assert "no hold-out" in why_no_best(session.state)


def test_a_new_run_from_here_begins_at_the_shown_factors_with_another_lambda(session: Session) -> None:
    import alsgui

    with_model(session, epochs=3)
    before = session.state.runs[0]
    session.fitting.set_config(lambda_u=2.0, lambda_m=2.0, epochs=2)
    session.keeping.from_here()
    settle(session)
    first, run = session.state.runs
    assert first.model is before.model
    assert run.model is not None and [record.epoch for record in run.history] == [1, 2, 3, 4, 5]
    assert run.config.lambda_u == 2.0 and before.model is not None and session.state.split is not None
    expected = alsgui.fit(session.state.split, k=2, epochs=2, tolerance=0.0, lambda_u=2.0, lambda_m=2.0,
                          init=before.model)  # fmt: skip
    assert np.array_equal(run.model.u, expected.u)
    assert np.array_equal(made_again(session).u, run.model.u)


@pytest.mark.parametrize("change", ["k", "algorithm", "split"])
def test_what_does_not_fit_the_shown_model_cannot_begin_there(session: Session, change: str) -> None:
    assert "No finished run" in why_not_from_here(session.state)
    with_model(session)
    assert why_not_from_here(session.state) == ""
    if change == "k":
        session.fitting.set_config(k=3)
    elif change == "algorithm":
        session.fitting.choose_algorithm("ridge")
    else:
        session.splitting.keep_aside(seed=4)
    assert why_not_from_here(session.state)
    session.keeping.from_here()
    assert session.state.job is None


# Runs as files


def test_all_that_is_known_of_a_run_is_written_and_its_lines_make_it_again(session: Session, tmp_path: Path) -> None:
    with_model(session, epochs=3)
    session.keeping.export(1, tmp_path / "run.json")
    settle(session)
    run, model = session.state.runs[0], session.state.model
    assert model is not None
    told = json.loads((tmp_path / "run.json").read_text())
    assert (told["run"], told["fingerprint"], told["stopped"]) == ("Run 1", run.split.ratings.fingerprint, "epochs")
    assert told["split"]["share"] == run.split.share and told["split"]["seed"] == run.split.seed
    assert told["settings"] == [run.config.to_json()] and told["versions"] == dict(model.versions)
    assert [epoch["loss"] for epoch in told["epochs"]] == [record.loss for record in model.history]
    assert len(told["half_steps"]) == 7 and told["figures"]["holdout"]["rmse"] == model.holdout_figures.rmse
    assert told["figures"]["holdout_lists"]["ndcg"] is None, "what is not known is null"
    names: dict[str, object] = {}
    exec("\n".join(told["python"]), names)
    assert names["model"].u.tobytes() == model.u.tobytes()  # type: ignore[attr-defined]


def test_the_course_of_a_run_is_a_line_for_each_epoch(session: Session, tmp_path: Path) -> None:
    with_model(session, epochs=3)
    session.keeping.export(1, tmp_path / "run.csv")
    settle(session)
    head, columns, *lines = (tmp_path / "run.csv").read_text().splitlines()
    assert head.startswith("# Run 1 of ") and session.state.runs[0].split.ratings.fingerprint in head
    assert columns.startswith("epoch,loss,rmse_train,rmse_holdout")
    assert [line.split(",")[0] for line in lines] == ["1", "2", "3"]
    assert float(lines[2].split(",")[1]) == pytest.approx(session.state.runs[0].history[2].loss)


def test_a_run_is_saved_without_showing_it(session: Session, tmp_path: Path) -> None:
    with_model(session, k=2)
    session.fitting.set_config(k=3)
    session.fitting.fit()
    settle(session)
    session.keeping.save(1, tmp_path / "first.alsgui")
    settle(session)
    first = load_model(tmp_path / "first.alsgui")
    kept = session.state.runs[0].model
    assert kept is not None and first.u.tobytes() == kept.u.tobytes() and session.state.model is not kept


def test_another_ending_of_the_name_is_refused(session: Session, tmp_path: Path) -> None:
    with_model(session)
    session.keeping.export(1, tmp_path / "run.txt")
    settle(session)
    assert session.state.notice is not None and "neither .json nor .csv" in session.state.notice.text
    session.keeping.export(7, tmp_path / "run.json")
    session.keeping.save(7, tmp_path / "run.alsgui")
    assert not list(tmp_path.iterdir())


def test_a_fit_on_all_after_a_run_without_an_epoch_takes_the_epochs_it_was_to_have(session: Session) -> None:
    with_movies(session)
    session.fitting.set_config(k=2, epochs=3, tolerance=0.0)
    session.fitting.half_step()
    wait_for(lambda: session.state.live is not None, "the first half-step")
    session.cancel()
    settle(session)
    run = session.state.current_run
    assert run is not None and run.model is not None and not run.history
    session.keeping.fit_on_all()
    settle(session)
    model = session.state.model
    assert model is not None and len(model.history) == 3
    assert model.split is not None and not len(model.split.held_out)
