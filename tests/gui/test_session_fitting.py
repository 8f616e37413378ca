"""The verbs of fitting: settings, fit, pause, half-steps, stop, cancel, go on, and the runs."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

from alsgui.core.brake import Brake
from alsgui.core.errors import ConfigError, Interrupted, NumericalError
from alsgui.core.solvers.config import ObservedConfig, RidgeConfig
from alsgui.core.solvers.entry_rows import EntryProblem
from alsgui.core.split import Split
from alsgui.core.training import Training
from alsgui.session import fitting
from alsgui.session.fitting import GOING_ON
from alsgui.session.recipe import as_python
from alsgui.session.session import Session
from tests.helpers.sessions import (
    bugs_of,
    fit_going_on,
    settle,
    wait_for,
    with_model,
    with_movies,
)


def half_steps(session: Session) -> int:
    """Half-steps that were shown so far."""
    run, live = session.state.current_run, session.state.live
    if run is None or live is None:
        return 0
    return 2 * len(run.history) + (live.side == "u")


# Settings


def test_settings_change_one_by_one_and_wrong_ones_change_nothing(session: Session) -> None:
    session.fitting.set_config(k=7, lambda_u=0.5)
    assert (session.state.config.k, session.state.config.lambda_u) == (7, 0.5)
    before = session.state
    for wrong in ({"k": -1}, {"epochs": 0}, {"lambda_u": -0.1}, {"tolerance": float("nan")}, {"k": 2.5}):
        with pytest.raises(ConfigError):
            session.fitting.set_config(**wrong)
    assert session.state is before


def test_another_algorithm_keeps_what_both_have_and_takes_its_own_lambda(session: Session) -> None:
    session.fitting.set_config(k=7, epochs=3, seed=5, lambda_u=0.5, lambda_bias=9.0)
    session.fitting.choose_algorithm("ridge")
    config = session.state.config
    assert isinstance(config, RidgeConfig)
    assert (config.k, config.epochs, config.seed, config.lambda_u) == (7, 3, 5, None)
    before = session.state
    session.fitting.choose_algorithm("ridge")
    assert session.state is before


def test_settings_go_back_to_what_is_usual_for_the_data(session: Session) -> None:
    session.generate("chapter", n_users=5, n_movies=4)
    settle(session)
    session.fitting.choose_algorithm("observed")
    session.fitting.reset_config()
    assert session.state.config == RidgeConfig(k=2)
    with_movies(session)
    session.fitting.set_config(k=3)
    session.fitting.reset_config()
    assert session.state.config == ObservedConfig()


def test_another_hold_out_is_another_split_and_the_same_one_is_none(session: Session) -> None:
    with_movies(session)
    first = session.state.split
    assert first is not None and first.holdout is not None
    session.splitting.keep_aside(share=first.share)
    assert session.state.split is first
    session.splitting.keep_aside(seed=first.seed + 1)
    other = session.state.split
    assert other is not None and other is not first and other.share == first.share
    assert not np.array_equal(other.held_out, first.held_out)
    session.splitting.keep_aside(share=0.0)
    assert session.state.split is not None and session.state.split.holdout is None


def test_a_hold_out_that_cannot_be_changes_nothing(session: Session) -> None:
    with_movies(session)
    before = session.state
    with pytest.raises(ConfigError):
        session.splitting.keep_aside(share=0.95)
    assert session.state is before


def test_without_data_there_is_no_split_to_change_and_nothing_to_fit(session: Session) -> None:
    before = session.state
    session.splitting.keep_aside(share=0.2)
    session.fitting.fit()
    session.fitting.half_step()
    session.fitting.go_on(10)
    session.fitting.show_run(1)
    session.keeping.forget(1)
    for verb in (session.fitting.pause, session.fitting.resume, session.fitting.stop, session.cancel):
        verb()
    assert session.state is before


def test_runs_keep_the_split_they_were_judged_on(session: Session) -> None:
    with_model(session)
    first = session.state.split
    session.splitting.keep_aside(share=0.3)
    assert session.state.baselines is None and session.state.runs[0].split is first


# A fit


def test_a_fit_leaves_a_run_with_its_curve_and_its_model(session: Session) -> None:
    with_model(session, epochs=4)
    state = session.state
    (run,) = state.runs
    assert run.model is state.model and run is state.current_run
    assert [record.epoch for record in run.history] == [1, 2, 3, 4]
    assert run.best is not None and run.best.rmse_holdout == min(record.rmse_holdout for record in run.history)
    assert run.config.lambda_u is not None, "what depends on the data is filled in"
    assert (run.number, run.name, state.phase, state.live) == (1, "Run 1", "model", None)
    assert state.baselines is not None and state.job is None


def test_a_run_without_hold_out_has_no_best_epoch(session: Session) -> None:
    session.generate("chapter", n_users=6, n_movies=5)
    settle(session)
    session.fitting.set_config(epochs=3)
    session.fitting.fit()
    settle(session)
    assert session.state.runs[0].history and session.state.runs[0].best is None


def test_the_job_tells_epochs_share_and_time_left_while_factors_are_shown(session: Session) -> None:
    jobs: list[Any] = []
    lives: list[Any] = []
    session.changed.connect(lambda field: jobs.append(session.state.job) if field == "job" else None)
    session.changed.connect(lambda field: lives.append(session.state.live) if field == "live" else None)
    fit_going_on(session)
    wait_for(lambda: any(job and job.seconds_left is not None for job in jobs))
    session.cancel()
    settle(session)
    told = [job for job in jobs if job is not None]
    assert "preparing" in [job.detail for job in told] and "of 100000" in told[-1].detail.replace("\u2009", "")
    assert all(job.done is None or 0 <= job.done <= 1 for job in told)
    live = [live for live in lives if live is not None]
    assert live and all(each.run == 1 and each.factors.users.shape == (120, 2) for each in live)
    assert jobs[-1] is None and lives[-1] is None


def test_from_data_a_fit_shows_train_and_from_another_page_it_stays(session: Session) -> None:
    with_movies(session)
    session.fitting.set_config(k=2, epochs=1)
    session.fitting.fit()
    assert session.state.page == "train"
    settle(session)
    session.show_page("factors")
    session.fitting.fit()
    settle(session)
    assert session.state.page == "factors"


def test_no_point_of_the_curve_is_lost(session: Session) -> None:
    with_movies(session)
    session.fitting.set_config(k=2, epochs=400, tolerance=0.0)
    session.fitting.fit()
    settle(session)
    assert [record.epoch for record in session.state.runs[0].history] == list(range(1, 401))


def test_a_second_fit_while_one_goes_on_is_refused_with_a_word(session: Session) -> None:
    fit_going_on(session)
    session.fitting.fit()
    assert len(session.state.runs) == 1
    assert session.state.notice is not None and "Run 1 is not finished" in session.state.notice.text
    session.cancel()
    settle(session)
    assert session.state.model is not None


# By hand


def test_by_hand_the_first_step_solves_u_the_next_m(session: Session) -> None:
    with_movies(session)
    session.fitting.set_config(k=2)
    session.fitting.half_step()
    assert session.state.job is not None and session.state.job.paused
    for wanted in range(1, 6):
        wait_for(lambda n=wanted: half_steps(session) == n)
        live = session.state.live
        assert live is not None and live.side == ("u" if wanted % 2 else "m")
        assert session.state.phase == "fitting" and session.state.job is not None
        session.fitting.half_step()
    session.fitting.stop()
    settle(session)
    assert session.state.model is not None and session.state.model.settled


def test_a_fit_pauses_and_goes_on_where_it_stands(session: Session) -> None:
    fit_going_on(session)
    session.fitting.pause()
    assert session.state.job is not None and session.state.job.paused
    wait_for(lambda: _still(session))
    reached = len(session.state.runs[-1].history)
    session.fitting.resume()
    assert session.state.job is not None and not session.state.job.paused
    wait_for(lambda: len(session.state.runs[-1].history) > reached)
    session.cancel()
    settle(session)


def test_a_paused_fit_can_be_stopped_and_keeps_what_is_complete(session: Session) -> None:
    fit_going_on(session)
    session.fitting.pause()
    wait_for(lambda: _still(session))
    session.fitting.stop()
    settle(session)
    model = session.state.model
    assert model is not None and model.stopped == "stopped" and model.settled


def _still(session: Session) -> bool:
    """Whether two drains brought nothing new."""
    from PySide6.QtTest import QTest

    before = len(session.state.runs[-1].history)
    QTest.qWait(100)
    return len(session.state.runs[-1].history) == before


# Ending early


def test_stop_keeps_the_epochs_reached_and_u_solved_for_the_m_that_is_kept(session: Session) -> None:
    fit_going_on(session)
    session.fitting.stop()
    settle(session)
    run, model = session.state.runs[0], session.state.model
    assert model is not None and run.model is model
    assert model.stopped == "stopped" and model.settled and model.history == run.history
    assert run.acts[0].epochs == len(run.history)


def test_cancel_keeps_the_last_complete_half_step(session: Session) -> None:
    fit_going_on(session)
    session.cancel()
    settle(session)
    model = session.state.model
    assert model is not None and model.stopped == "cancelled" and model.history
    assert session.state.phase == "model"


@pytest.fixture
def held_before_the_first_half_step(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fit that does nothing but wait for its brake."""

    def wait(self: Training) -> Iterator[Any]:
        from alsgui.core.errors import Interrupted

        assert self.brake.wait(60)
        raise Interrupted
        yield

    monkeypatch.setattr(Training, "steps", wait)
    yield


@pytest.mark.usefixtures("held_before_the_first_half_step")
@pytest.mark.parametrize("way", ["cancel", "stop"])
def test_ended_before_its_first_half_step_a_fit_takes_its_run_away(session: Session, way: str) -> None:
    with_movies(session)
    session.splitting.keep_aside(share=0.0)  # a hold-out would have baselines fitted first
    session.fitting.fit()
    assert session.state.phase == "fitting" and session.state.current_run is session.state.runs[0]
    session.cancel() if way == "cancel" else session.fitting.stop()
    settle(session)
    assert (session.state.runs, session.state.model, session.state.phase) == ((), None, "data")
    assert session.state.notice is not None and "cancelled" in session.state.notice.text


def test_cancelled_before_its_first_half_step_going_on_leaves_the_run_as_it_was(
    session: Session, request: pytest.FixtureRequest
) -> None:
    with_model(session)
    run = session.state.runs[0]
    request.getfixturevalue("held_before_the_first_half_step")
    session.fitting.go_on(10)
    session.cancel()
    settle(session)
    (kept,) = session.state.runs
    assert (kept.model, kept.history, kept.acts) == (run.model, run.history, run.acts)
    assert session.state.model is run.model and session.state.current_run is kept


def test_after_a_cancel_the_next_fit_starts_at_once(session: Session) -> None:
    fit_going_on(session)
    session.cancel()
    settle(session)
    session.fitting.set_config(epochs=2)
    session.fitting.fit()
    settle(session)
    assert [run.number for run in session.state.runs] == [1, 2]
    assert session.state.current_run is session.state.runs[1]


# Errors


def test_a_row_without_an_answer_is_named_and_its_run_is_taken_away(session: Session) -> None:
    with_movies(session)
    session.fitting.set_config(k=16, lambda_u=0.0, lambda_m=0.0, lambda_bias=0.0)
    session.fitting.fit()
    settle(session)
    notice = session.state.notice
    assert notice is not None and notice.kind == "error" and "user" in notice.text.casefold()
    assert "lambda" in notice.hint.casefold()
    assert (session.state.runs, session.state.model) == ((), None)


def test_a_row_without_an_answer_after_the_first_half_step_keeps_it(session: Session) -> None:
    with_movies(session)
    session.fitting.set_config(k=16, lambda_u=0.5, lambda_m=0.0, lambda_bias=0.0)
    session.fitting.fit()
    settle(session)
    notice, model = session.state.notice, session.state.model
    assert notice is not None and notice.kind == "error" and "movie" in notice.text.casefold()
    assert "The first half-step is kept." in notice.hint
    assert model is not None and model.stopped == "error" and np.all(np.isfinite(model.u))


def test_a_row_without_an_answer_later_keeps_the_last_good_epoch(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve, solves = EntryProblem.solve, iter(range(100))

    def failing(self: EntryProblem, *given: Any, **how: Any) -> Any:
        if next(solves) == 4:
            raise NumericalError("User 7 has no answer.", "Use a larger lambda.")
        return solve(self, *given, **how)

    monkeypatch.setattr(EntryProblem, "solve", failing)
    with_movies(session)
    session.splitting.keep_aside(share=0.0)
    session.fitting.fit()
    settle(session)
    notice, model = session.state.notice, session.state.model
    assert notice is not None and notice.text == "User 7 has no answer."
    assert notice.hint == "Use a larger lambda. Epoch 2 is kept."
    assert model is not None and len(model.history) == 2 and session.state.runs[0].model is model


def test_holes_are_refused_by_the_text_books_ridge_with_what_to_do(session: Session) -> None:
    with_movies(session)
    session.fitting.choose_algorithm("ridge")
    session.fitting.fit()
    settle(session)
    notice = session.state.notice
    assert notice is not None and notice.kind == "error" and notice.hint
    assert session.state.runs == ()
    session.fitting.set_config(fill="mean")
    session.fitting.fit()
    settle(session)
    assert session.state.model is not None


def test_a_bug_in_a_fit_is_told_as_one_and_the_model_before_it_stays(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_model(session)
    before = session.state

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(EntryProblem, "solve", broken)
    session.fitting.fit()
    settle(session)
    assert [type(bug) for bug in bugs_of(session)] == [ZeroDivisionError]
    assert session.state.model is before.model and len(session.state.runs) == 1


def test_a_bug_while_going_on_leaves_the_curve_of_the_model_that_stays(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_model(session, epochs=3)
    solve, solves = EntryProblem.solve, iter(range(100))

    def broken(self: EntryProblem, *given: Any, **how: Any) -> Any:
        if next(solves) == 5:
            raise ZeroDivisionError("a bug")
        return solve(self, *given, **how)

    monkeypatch.setattr(EntryProblem, "solve", broken)
    session.fitting.go_on(10)
    settle(session)
    assert len(bugs_of(session)) == 1
    (run,) = session.state.runs
    assert run.model is not None and run.history == run.model.history and len(run.history) == 3


# Runs


def test_going_on_adds_epochs_to_the_same_run(session: Session) -> None:
    with_model(session, epochs=3)
    first = session.state.model
    session.fitting.go_on(4)
    settle(session)
    (run,) = session.state.runs
    assert [record.epoch for record in run.history] == list(range(1, 8))
    assert run.model is session.state.model and run.model is not first
    assert [act.epochs for act in run.acts] == [3, 4]
    assert run.history[-1].loss <= run.history[2].loss


def test_going_on_continues_the_run_that_is_shown_though_it_is_not_the_last(session: Session) -> None:
    with_model(session, epochs=2)
    session.fitting.fit()
    settle(session)
    session.fitting.show_run(1)
    session.fitting.go_on(3)
    settle(session)
    runs = {run.number: run for run in session.state.runs}
    assert len(runs[1].history) == 5 and len(runs[2].history) == 2
    assert session.state.current_run is runs[1]


def test_another_run_is_shown_with_its_model(session: Session) -> None:
    with_model(session)
    first = session.state.model
    session.fitting.fit()
    settle(session)
    assert session.state.model is not first
    session.fitting.show_run(1)
    assert session.state.model is first and session.state.current_run is session.state.runs[0]
    before = session.state
    session.fitting.show_run(1)
    session.fitting.show_run(99)
    assert session.state is before


def test_while_a_fit_goes_on_no_other_run_is_shown(session: Session) -> None:
    with_model(session)
    first = session.state.model
    session.fitting.fit()
    settle(session)
    second = session.state.model
    session.fitting.set_config(epochs=100_000)
    session.fitting.fit()
    session.fitting.show_run(1)
    assert session.state.model is second is not first
    session.cancel()
    settle(session)


def test_a_run_of_other_data_is_not_shown(session: Session) -> None:
    with_model(session)
    with_movies(session)
    session.fitting.show_run(1)
    assert session.state.model is None


def test_sliders_do_not_outlive_their_model_but_the_mean_user_does(session: Session) -> None:
    with_model(session)
    session.choose_person("sliders")
    session.fitting.fit()
    settle(session)
    assert session.state.person.kind == "mean" and session.state.person.weights is None
    session.choose_person("user")
    session.fitting.show_run(1)
    assert session.state.person.kind == "user"


def test_a_run_is_forgotten_and_numbers_are_not_given_twice_while_one_is_higher(session: Session) -> None:
    with_model(session, epochs=1)
    session.fitting.fit()
    settle(session)
    session.keeping.forget(1)
    assert [run.number for run in session.state.runs] == [2]
    session.keeping.forget(1)
    session.fitting.fit()
    settle(session)
    assert [run.number for run in session.state.runs] == [2, 3]


def test_a_run_that_learns_cannot_be_forgotten_others_can(session: Session) -> None:
    with_model(session, epochs=1)
    session.fitting.fit()
    settle(session)
    session.fitting.go_on(100_000)
    session.keeping.forget(2)
    session.keeping.forget(1)
    assert [run.number for run in session.state.runs] == [2]
    wait_for(lambda: len(session.state.runs[-1].history) > 3)
    session.cancel()
    settle(session)
    assert [run.number for run in session.state.runs] == [2] and session.state.current_run is not None


def test_baselines_are_those_of_the_split_that_is_set(session: Session) -> None:
    with_model(session)
    session.splitting.keep_aside(share=0.3)
    session.fitting.go_on(1)
    settle(session)
    assert session.state.baselines is None, "the run was judged on another hold-out"
    session.fitting.fit()
    settle(session)
    assert session.state.baselines is not None


class Compiler:
    """A process that compiles until told that it is done."""

    made: ClassVar[list[Compiler]] = []

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.code: int | None = None
        Compiler.made.append(self)

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        self.code = -9

    def wait(self) -> int:
        return self.code or 0


@pytest.fixture
def fresh_install(monkeypatch: pytest.MonkeyPatch) -> Iterator[fitting.Kernels]:
    """No kernels are in the cache."""
    made = fitting.Kernels()
    Compiler.made.clear()
    monkeypatch.setattr(fitting, "KERNELS", made)
    monkeypatch.setattr("alsgui.core.solvers.warm.compiled", lambda: any(each.code == 0 for each in Compiler.made))
    monkeypatch.setattr(fitting.subprocess, "Popen", Compiler)
    yield made
    made.stop()


def test_what_needs_kernels_waits_says_so_and_can_be_cancelled(
    session: Session, fresh_install: fitting.Kernels
) -> None:
    with_movies(session)
    session.fitting.choose_algorithm("implicit")
    session.fitting.fit()
    wait_for(lambda: session.state.job is not None and session.state.job.detail == "preparing, about 10 s, once")
    session.cancel()
    settle(session)
    assert session.state.runs == ()
    session.fitting.fit()
    wait_for(lambda: session.state.job is not None and "preparing" in session.state.job.detail)
    assert len(Compiler.made) == 1, "the compile goes on when a fit that waits for it is cancelled"
    Compiler.made[0].code = 0
    settle(session)
    assert session.state.model is not None
    fresh_install.stop()


@pytest.mark.parametrize("algorithm", ["observed", "ridge"])
def test_the_first_fit_of_a_fresh_install_begins_at_once_while_kernels_compile(
    session: Session, fresh_install: fitting.Kernels, algorithm: str
) -> None:
    with_movies(session)
    session.fitting.choose_algorithm(algorithm)
    settings = {"fill": "mean"} if algorithm == "ridge" else {}
    session.fitting.set_config(epochs=3, k=3, dtype="float64", tolerance=0.0, **settings)
    session.fitting.fit()
    settle(session)
    run = session.state.current_run
    assert run is not None
    assert run.model is not None
    assert [record.epoch for record in run.history] == [1, 2, 3]
    assert (Compiler.made[0].poll(), len(Compiler.made)) == (None, 1), "still compiling"
    assert session.state.baselines is not None
    assert "equal up to rounding" in as_python(run)
    Compiler.made[0].code = 0
    session.fitting.fit()
    settle(session)
    again = session.state.model
    assert again is not None
    assert "kernels" not in again.versions
    assert again.history[-1].loss == pytest.approx(run.model.history[-1].loss, rel=1e-9)


def test_a_cancel_while_baselines_are_judged_keeps_the_first_epoch(
    session: Session, fresh_install: fitting.Kernels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(split: Split, brake: Brake, *, compiled: bool) -> None:
        brake.cancel()
        raise Interrupted

    monkeypatch.setattr("alsgui.core.baselines.baselines", cut_off)
    with_movies(session)
    session.fitting.set_config(epochs=50, k=2, tolerance=0.0)
    session.fitting.fit()
    settle(session)
    run = session.state.current_run
    assert run is not None and run.model is not None
    assert [record.epoch for record in run.history] == [1]


def test_a_compile_that_failed_is_not_begun_for_ever(fresh_install: fitting.Kernels) -> None:
    assert not fresh_install.ready()
    Compiler.made[0].code = 1
    assert fresh_install.ready()


# Stepping back


def test_step_back_restores_factors_history_and_progress_and_the_run_is_made_again_by_its_recipe(
    session: Session,
) -> None:
    with_movies(session)
    session.fitting.set_config(k=2, epochs=5, tolerance=0.0)
    seen = []
    for _ in range(4):
        before = half_steps(session)
        session.fitting.half_step()
        wait_for(lambda before=before: half_steps(session) == before + 1)
        assert session.state.live is not None
        seen.append(session.state.live.factors)
    for undone in (2, 1):
        session.fitting.step_back()
        wait_for(lambda undone=undone: half_steps(session) == undone + 1)
        live = session.state.live
        assert live is not None and np.array_equal(live.factors.users, seen[undone].users)
        assert np.array_equal(live.factors.movies, seen[undone].movies)
    assert len(session.state.runs[-1].history) == 1
    session.fitting.half_step()
    wait_for(lambda: half_steps(session) == 3)
    assert session.state.live is not None and np.array_equal(session.state.live.factors.users, seen[2].users)
    session.fitting.resume()
    settle(session)
    model = session.state.model
    assert model is not None and [record.epoch for record in model.history] == [1, 2, 3, 4, 5]
    script: dict[str, Any] = {}
    exec(as_python(session.state.runs[-1]), script)
    assert np.array_equal(script["model"].u, model.u)


def test_without_a_half_step_there_is_nothing_to_step_back(session: Session) -> None:
    with_movies(session)
    session.fitting.step_back()
    assert session.state.job is None


# The model of the latest epoch


def test_while_a_fit_goes_on_the_model_is_that_of_its_latest_epochs(session: Session) -> None:
    fit_going_on(session)
    first = session.state.model
    assert first is not None and first.stopped == GOING_ON and not first.settled
    reached = first.history[-1].epoch
    wait_for(lambda: session.state.model is not None and session.state.model.history[-1].epoch > reached + 2)
    session.fitting.pause()
    wait_for(lambda: _still(session))
    state = session.state
    assert state.model is not None and state.live is not None
    assert state.model.history[-1] == state.runs[-1].history[-1], "a fit that waits is shown as it stands"
    if state.live.side == "m" and state.live.epoch == state.model.history[-1].epoch:
        np.testing.assert_array_equal(state.model.m, state.live.factors.movies.T)
    session.cancel()
    settle(session)
    ended = session.state.model
    assert ended is not None and ended.stopped == "cancelled" and ended is session.state.runs[-1].model


def test_a_step_back_shows_the_epoch_before(session: Session) -> None:
    with_movies(session)
    session.fitting.set_config(k=2)
    session.fitting.half_step()
    for wanted in range(1, 5):
        wait_for(lambda n=wanted: half_steps(session) == n)
        if wanted < 4:
            session.fitting.half_step()
    wait_for(lambda: session.state.model is not None and session.state.model.history[-1].epoch == 2)
    session.fitting.step_back()
    wait_for(lambda: session.state.model is not None and session.state.model.history[-1].epoch == 1)
    session.cancel()
    settle(session)


def test_weights_on_sliders_end_with_the_first_epoch_of_another_run_and_stay_from_then_on(session: Session) -> None:
    with_model(session)
    session.set_weights(np.array([1.0, 2.0]))
    session.fitting.set_config(k=3, epochs=100_000, tolerance=0.0)
    session.fitting.fit()
    wait_for(lambda: session.state.model is not None and session.state.model.k == 3)
    assert session.state.person.kind == "mean"
    session.set_weights(np.array([1.0, 2.0, 3.0]))
    reached = session.state.runs[-1].history[-1].epoch
    wait_for(lambda: session.state.model is not None and session.state.model.history[-1].epoch > reached)
    assert session.state.person.kind == "sliders"
    session.cancel()
    settle(session)


def test_nothing_of_an_epoch_is_shown_while_what_was_asked_for_is_not_there(session: Session) -> None:
    fit_going_on(session)
    going_on, shown = threading.Event(), session.state.model
    session.light.request("slow", going_on.wait, lambda _: None)
    reached = len(session.state.runs[-1].history)
    wait_for(lambda: len(session.state.runs[-1].history) > reached + 3)
    before = session.state.model
    reached = len(session.state.runs[-1].history)
    wait_for(lambda: len(session.state.runs[-1].history) > reached + 3)
    assert session.state.model is before and shown is not None
    going_on.set()
    wait_for(lambda: session.state.model is not before)
    session.cancel()
    settle(session)


def test_a_fit_that_has_ended_keeps_no_model_of_before_in_memory(session: Session) -> None:
    with_model(session)
    before = weakref.ref(session.state.model)  # type: ignore[arg-type]
    session.fitting.fit()
    settle(session)
    session.keeping.forget(1)
    session.keeping.forgotten = ()
    gc.collect()
    assert before() is None


def test_a_pause_shows_the_newest_epoch_whatever_is_still_being_made(session: Session) -> None:
    fit_going_on(session)
    going_on = threading.Event()
    session.light.request("slow", going_on.wait, lambda _: None)
    newest = session.fitting._newest
    wait_for(lambda: session.fitting._newest is not None and session.fitting._newest is not newest)
    session.fitting.pause()
    assert session.fitting._newest is None and session.state.model is not None
    going_on.set()
    session.cancel()
    settle(session)
