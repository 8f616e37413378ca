"""Runs above the budget of memory: on disk, and as usable as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alsgui.core.errors import ExportError
from alsgui.core.model import Model
from alsgui.io import shelf
from alsgui.io.shelf import held_bytes, own_shelf
from alsgui.session.recipe import as_python
from alsgui.session.session import Session
from alsgui.session.state import Notice
from tests.helpers.sessions import fit_going_on, settle, wait_for, with_model, with_movies


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "cache_folder", lambda: tmp_path / "samples")


def fits(session: Session, n: int) -> None:
    for seed in range(n):
        session.fitting.set_config(seed=seed)
        session.fitting.fit()
        settle(session)


def with_runs(session: Session, n: int = 3, budget: int = 0) -> list[Model]:
    """So many ended runs, and their models as they were before anything was put away."""
    session.shelf.budget = 1 << 40
    with_movies(session)
    session.fitting.set_config(k=2, epochs=3, tolerance=0.0)
    fits(session, n)
    models = [model_of(session, number) for number in range(1, n + 1)]
    session.shelf.budget = budget
    return models


def model_of(session: Session, number: int) -> Model:
    model = next(run.model for run in session.state.runs if run.number == number)
    assert model is not None
    return model


def in_memory(session: Session) -> list[int]:
    return [run.number for run in session.state.runs if run.model is not None and held_bytes(run.model)]


def test_runs_stay_in_memory_below_the_budget(session: Session) -> None:
    with_runs(session, 3, budget=1 << 40)
    session.fitting.show_run(1)
    settle(session)
    assert in_memory(session) == [1, 2, 3]
    assert session.shelf.budget is not None


def test_the_usual_budget_is_a_share_of_the_machines_memory(session: Session) -> None:
    with_model(session)
    assert session.shelf.budget is not None and session.shelf.budget > 1 << 26


def test_above_the_budget_those_shown_longest_ago_go_to_disk_first(session: Session) -> None:
    models = with_runs(session, 4)
    session.shelf.budget = sum(map(held_bytes, models[:3]))
    session.fitting.show_run(1)
    settle(session)
    assert in_memory(session) == [1, 3, 4]
    session.shelf.budget = 0
    session.fitting.show_run(2)
    settle(session)
    assert in_memory(session) == []  # the shown one was on disk already, and is mapped
    assert session.state.model is model_of(session, 2)
    for number, model in enumerate(models, 1):
        assert model_of(session, number).factors.users.tobytes() == model.factors.users.tobytes()


def test_the_shown_run_is_not_put_away(session: Session) -> None:
    with_runs(session, 2)
    session.fitting.show_run(1)
    settle(session)
    assert in_memory(session) == [1]
    assert session.state.current_run is session.state.runs[0]


def test_a_starred_and_named_run_is_treated_as_any_other(session: Session) -> None:
    with_runs(session, 2)
    session.keeping.star(1)
    session.keeping.rename(1, "mine")
    fits(session, 1)
    assert in_memory(session) == [3]
    assert session.state.runs[0].name == "mine" and session.state.runs[0].starred


def test_a_run_that_learns_and_the_one_it_goes_on_from_are_left_alone(session: Session) -> None:
    session.shelf.budget = 0
    fit_going_on(session)
    session.fitting.stop()
    settle(session)
    other, reached = model_of(session, 1), len(session.state.runs[0].history)
    session.fitting.fit()
    wait_for(lambda: bool(session.state.runs[-1].history), "an epoch")
    session.fitting.stop()
    settle(session)
    assert in_memory(session) == [2]
    session.fitting.go_on(100_000)
    wait_for(lambda: len(session.state.runs[-1].history) > reached, "an epoch more")
    session.put(model=other)  # whatever is shown, the factors that a fit began with are in use
    session.shelf.take_shown(1)
    wait_for(lambda: session.slow.idle)
    assert in_memory(session) == [2]
    session.fitting.stop()
    settle(session)


def test_a_forgotten_run_goes_to_disk_too_and_comes_back_as_it_was(session: Session) -> None:
    first, _ = with_runs(session, 2)
    session.keeping.forget(1)
    fits(session, 1)
    assert held_bytes(session.keeping.forgotten[0].model) == 0  # type: ignore[arg-type]
    session.keeping.restore()
    assert model_of(session, 1).factors.movies.tobytes() == first.factors.movies.tobytes()


def test_going_on_from_disk_has_the_bits_of_going_on_from_memory(session: Session) -> None:
    with_runs(session, 2, budget=1 << 40)
    session.fitting.show_run(1)
    session.fitting.go_on(3)
    settle(session)
    wanted = model_of(session, 1)
    session.keeping.forget(1)
    session.shelf.budget = 0
    session.fitting.set_config(seed=0)
    session.fitting.fit()
    settle(session)
    session.fitting.show_run(2)
    settle(session)
    assert in_memory(session) == []
    session.fitting.show_run(3)
    session.fitting.go_on(3)
    settle(session)
    assert model_of(session, 3).factors.users.tobytes() == wanted.factors.users.tobytes()


def test_a_run_on_disk_can_be_copied_fitted_on_all_and_gone_back_in(session: Session) -> None:
    session.shelf.budget = 0
    with_movies(session, 40, 30, 0.5)
    session.fitting.set_config(k=8, epochs=20, tolerance=0.0, lambda_u=0.01, lambda_m=0.01)
    fits(session, 2)
    assert in_memory(session) == [2]
    session.fitting.show_run(1)
    settle(session)
    session.keeping.back_to_best()
    settle(session)
    session.fitting.show_run(1)
    session.keeping.fit_on_all()
    settle(session)
    session.fitting.show_run(1)
    session.keeping.from_here()
    settle(session)
    assert len(session.state.runs) == 5
    script: dict[str, Any] = {}
    exec(as_python(session.state.runs[0]), script)
    made = script["model"]
    assert isinstance(made, Model) and np.array_equal(made.u, model_of(session, 1).u)


def test_a_full_disk_leaves_the_run_in_memory_and_says_so_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(model: Model, folder: Path) -> Model:
        raise ExportError("The disk is full.", "Free some space.")

    with_runs(session, 2)
    monkeypatch.setattr(shelf, "put_away", full)
    session.fitting.show_run(1)
    settle(session)
    notice = session.state.notice
    assert notice is not None and notice.kind == "warning"
    assert notice.text == "The factors of Run 2 stay in memory: The disk is full."
    assert in_memory(session) == [1, 2]
    session.dismiss_notice()
    session.fitting.show_run(2)
    settle(session)
    assert session.state.notice is None
    monkeypatch.undo()
    monkeypatch.setattr(shelf, "own_shelf", own_shelf)


def test_a_notice_that_stands_is_not_written_over(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(model: Model, folder: Path) -> Model:
        raise ExportError("The disk is full.", "Free some space.")

    with_runs(session, 2)
    monkeypatch.setattr(shelf, "put_away", full)
    said = Notice("error", "Something else.")
    session.tell(said)
    session.fitting.show_run(1)
    settle(session)
    assert session.state.notice is said


def test_a_run_that_is_shown_while_it_is_written_stays(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    with_runs(session, 2)
    first = model_of(session, 1)
    session.fitting.show_run(1)  # run 2 is to be put away
    session.fitting.show_run(2)
    settle(session)
    assert session.state.model is model_of(session, 2)
    assert held_bytes(model_of(session, 2)) > 0
    assert in_memory(session) == [2] and held_bytes(first) > 0


def test_nothing_is_left_on_disk_when_the_session_is_closed(session: Session) -> None:
    with_runs(session, 3)
    session.fitting.show_run(1)
    settle(session)
    own_shelf().mkdir(parents=True, exist_ok=True)
    (own_shelf() / "left.rows").write_bytes(b"1")
    session.shelf.clear_left_over()
    settle(session)
    assert not own_shelf().exists()
    own_shelf().mkdir()
    session.close()
    assert not own_shelf().exists()
