"""A recipe is Python that makes the run again, to the bit."""

from __future__ import annotations

from pathlib import Path

import pytest

from alsgui.core.model import Model
from alsgui.session.recipe import as_python
from alsgui.session.session import Session
from alsgui.session.state import Run
from tests.helpers.sessions import fit_going_on, ratings_file, settle, wait_for, with_model, with_movies


def replayed(run: Run) -> Model:
    """The model that the lines make."""
    names: dict[str, object] = {}
    exec(compile(as_python(run), "<recipe>", "exec"), names)
    model = names["model"]
    assert isinstance(model, Model)
    return model


def assert_replays(session: Session) -> None:
    """The shown run's lines make its model again."""
    run = session.state.current_run
    assert run is not None and run.model is not None
    again, model = replayed(run), run.model
    for name in ("u", "m", "user_bias", "movie_bias"):
        assert getattr(again, name).tobytes() == getattr(model, name).tobytes(), name
    assert [record.loss for record in again.history] == [record.loss for record in model.history]
    assert again.holdout_figures == model.holdout_figures or not model.holdout_figures.n


def test_made_up_ratings_with_a_hold_out_are_fitted_again_to_the_bit(session: Session) -> None:
    with_model(session, epochs=4, k=3)
    assert_replays(session)
    assert "alsgui.generate('movies', n_users=12" in as_python(session.state.runs[0])


def test_every_setting_goes_along(session: Session) -> None:
    with_movies(session)
    session.splitting.keep_aside(share=0.25, seed=7)
    session.fitting.set_config(
        k=3, lambda_u=0.7, lambda_m=0.3, lambda_bias=1.0, lambda_power=1.0, epochs=3, tolerance=0.0, seed=9,
        dtype="float64", biases=False, threads=1,
    )  # fmt: skip
    session.fitting.fit()
    settle(session)
    assert_replays(session)
    assert "threads" not in as_python(session.state.runs[0])


def test_the_chapters_example_is_fitted_again_to_the_bit(session: Session) -> None:
    session.generate("chapter")
    settle(session)
    session.fitting.fit()
    settle(session)
    assert_replays(session)


def test_low_rank_ratings_are_fitted_again_to_the_bit(session: Session) -> None:
    session.generate("low_rank", n_users=14, n_movies=11, k=2, noise=0.1, scale=None)
    settle(session)
    session.fitting.set_config(k=2, epochs=3)
    session.fitting.fit()
    settle(session)
    assert_replays(session)


def test_a_run_that_went_on_is_fitted_again_to_the_bit(session: Session) -> None:
    with_model(session, epochs=2)
    for epochs in (3, 1):
        session.fitting.go_on(epochs)
        settle(session)
    assert as_python(session.state.runs[0]).count("init=model") == 2
    assert_replays(session)


def test_a_run_ended_by_patience_is_fitted_again_to_the_bit(session: Session) -> None:
    with_movies(session)
    session.fitting.set_config(k=6, epochs=60, tolerance=0.0, patience=2, lambda_u=0.01, lambda_m=0.01)
    session.fitting.fit()
    settle(session)
    assert session.state.model is not None and session.state.model.stopped == "patience"
    assert_replays(session)


@pytest.mark.parametrize("way", ["stop", "cancel"])
def test_a_run_that_was_ended_is_fitted_again_to_the_epoch_it_reached(session: Session, way: str) -> None:
    fit_going_on(session)
    session.cancel() if way == "cancel" else session.fitting.stop()
    settle(session)
    assert_replays(session)


def test_a_run_ended_after_u_in_a_later_epoch_is_fitted_again_to_the_bit(session: Session) -> None:
    with_movies(session)
    session.fitting.set_config(k=2)
    session.fitting.half_step()
    for _ in range(4):
        before = session.state.live
        wait_for(lambda live=before: session.state.live is not live)
        session.fitting.half_step()
    wait_for(lambda: session.state.live is not None and session.state.live.epoch == 3)
    session.fitting.stop()
    settle(session)
    assert session.state.model is not None and len(session.state.model.history) == 2
    assert_replays(session)


def test_a_run_cancelled_without_its_closing_half_step_is_fitted_again_to_the_bit(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alsgui.core.training.CLOSING_BUDGET_SECONDS", -1.0)
    with_movies(session)
    session.fitting.set_config(k=2)
    for side in ("u", "m"):
        session.fitting.half_step()
        wait_for(lambda side=side: session.state.live is not None and session.state.live.side == side)
    session.cancel()
    settle(session)
    assert session.state.model is not None and not session.state.model.settled
    assert "closing=False" in as_python(session.state.runs[0])
    assert_replays(session)


def test_going_on_that_was_cancelled_in_its_first_epoch_adds_nothing(session: Session) -> None:
    with_model(session, epochs=2)
    session.fitting.set_config(k=2)
    session.fitting.go_on(50_000)
    session.cancel()
    settle(session)
    assert_replays(session)


def test_a_run_ended_after_its_first_half_step_says_that_its_lines_go_further(session: Session) -> None:
    with_movies(session)
    session.fitting.half_step()
    wait_for(lambda: session.state.live is not None)
    session.fitting.stop()
    settle(session)
    lines = as_python(session.state.runs[0])
    assert "# The run was ended after its first half-step" in lines and "epochs=1" in lines
    assert len(replayed(session.state.runs[0]).history) == 1


def test_an_opened_file_is_read_again_with_its_options(session: Session, tmp_path: Path) -> None:
    session.open_path(ratings_file(tmp_path), noun="book", duplicates="mean")
    settle(session)
    session.fitting.set_config(k=2, epochs=3)
    session.fitting.fit()
    settle(session)
    assert "noun='book', duplicates='mean'" in as_python(session.state.runs[0])
    assert_replays(session)


def test_ratings_of_a_model_file_are_fitted_again_to_the_bit(session: Session, tmp_path: Path) -> None:
    with_model(session)
    path = tmp_path / "m.alsgui"
    session.save_model(path)
    settle(session)
    session.open_path(path)
    settle(session)
    session.fitting.set_config(seed=4)
    session.fitting.fit()
    settle(session)
    assert "alsgui.load_model(" in as_python(session.state.runs[-1])
    assert_replays(session)


def test_the_sample_is_fitted_again_to_the_bit(session: Session) -> None:
    session.open_sample()
    settle(session)
    session.fitting.set_config(k=4, epochs=2)
    session.fitting.fit()
    settle(session)
    assert_replays(session)
