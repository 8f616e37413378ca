"""The verbs of searches and experiments: nothing to do, kernels not compiled yet, and a search that is killed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alsgui.core.generate import movies
from alsgui.core.guided import run_guided
from alsgui.core.search import Grid, SearchTable, run_search
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.split import Split, split
from alsgui.core.trials import GuidedTable, Space, TrialScore
from alsgui.io.search_file import SearchFile, read_search
from alsgui.session import experimenting, searching
from alsgui.session.fitting import KERNELS
from alsgui.session.session import Session
from tests.helpers.sessions import settle, wait_for, with_movies

PATIENCE_SECONDS = 60

CHILD = """
import sys, threading
from pathlib import Path
from alsgui.core.search import run_search
from alsgui.io.search_file import SearchFile
from tests.gui.test_session_searching import grid_and_parts
grid, parts = grid_and_parts()
file = SearchFile.begin(Path(sys.argv[1]), grid, parts)
run_search(grid, parts, file.append, threading.Event())
"""


def kill_midway(code: str, path: Path, words: str, times: int) -> None:
    """Search in a process of its own, and kill it once its file has `words` so often."""
    child = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2])
    try:
        for _ in range(PATIENCE_SECONDS * 100):
            if path.exists() and path.read_text("utf-8").count(words) >= times:
                break
            assert child.poll() is None, "the child ended by itself"
            time.sleep(0.01)
    finally:
        child.kill()
        child.wait()


def grid_and_parts() -> tuple[Grid, Split]:
    """A search of some seconds."""
    parts = split(movies(120, 200, density=0.3, seed=1))
    config = ObservedConfig(epochs=150, tolerance=0.0, solver="exact").resolved(parts.training)
    return Grid(config, (2, 4, 8), (0.5, 1.0, 2.0), n_folds=4), parts


def test_a_search_that_is_killed_goes_on_to_the_table_of_one_that_is_not(tmp_path: Path) -> None:
    path = tmp_path / "search.jsonl"
    kill_midway(CHILD, path, "\n", 4)
    grid, parts = grid_and_parts()
    left = read_search(path, parts)
    assert left is not None and 3 <= left.n_fits < grid.n_cells * grid.n_folds
    going_on = SearchFile.begin(path, grid, parts, left.scores())
    run_search(grid, parts, going_on.append, threading.Event(), known=left)
    scores = []
    run_search(grid, parts, scores.append, threading.Event())
    whole, resumed = SearchTable.empty(grid).with_scores(scores), read_search(path, parts)
    assert resumed is not None and np.array_equal(resumed.errors, whole.errors)
    assert (resumed.best, resumed.simplest) == (whole.best, whole.simplest)


def test_without_ratings_or_a_search_the_verbs_do_nothing(session: Session) -> None:
    before = session.state
    verbs = session.searching
    assert verbs.usual_grid() is None
    verbs.start()
    verbs.go_on()
    verbs.toggle_pause()
    verbs.stop()
    verbs.choose((0, 0))
    verbs.make_model()
    verbs.forget()
    verbs.look_for_unfinished()
    session.keeping.fit_on_all()
    assert session.state is before


def test_a_search_and_an_experiment_wait_for_the_kernels_and_say_so(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [False, False, True] * 2
    monkeypatch.setattr(KERNELS, "ready", lambda *, begin=True: answers.pop(0) if answers else True)
    notes: list[str] = []
    session.changed.connect(lambda field: notes.append(session.state.job.detail if session.state.job else ""))
    with_movies(session, 60, 50, 0.4)
    assert session.state.split is not None
    config = ObservedConfig(epochs=2).resolved(session.state.split.training)
    session.searching.start(Grid(config, (1,), (1.0,), n_folds=2))
    settle(session)
    assert any("once" in note for note in notes)
    assert session.state.search is not None and session.state.search.table.complete
    notes.clear()
    session.experimenting.start("starts")
    settle(session)
    assert any("once" in note for note in notes)
    assert searching.SCORE != experimenting.FINDINGS


def test_a_lesson_waits_for_the_ratings_that_are_being_opened(session: Session) -> None:
    session.experimenting.wait_for_data("starts")
    with_movies(session, 60, 50, 0.4)
    settle(session)
    assert session.state.experiment == "starts"


def test_a_search_stopped_before_its_first_fit_leaves_no_word(session: Session) -> None:
    with_movies(session, 120, 200)
    assert session.state.split is not None
    config = ObservedConfig(epochs=20_000, tolerance=0.0, k=8).resolved(session.state.split.training)
    session.searching.start(Grid(config, (8,), (1.0, 2.0), n_folds=2))
    session.searching.stop()
    settle(session)
    assert session.state.notice is None and session.state.search is not None
    assert session.state.search.table.n_fits == 0


GUIDED_CHILD = """
import sys, threading
from pathlib import Path
from alsgui.core.guided import run_guided
from alsgui.io.search_file import SearchFile
from tests.gui.test_session_searching import space_and_parts
space, parts = space_and_parts()
file = SearchFile.begin(Path(sys.argv[1]), space, parts)
run_guided(space, parts, file.append, threading.Event())
"""


def space_and_parts() -> tuple[Space, Split]:
    """A guided search of some seconds; from the eleventh trial on they are proposed from the errors before."""
    parts = split(movies(120, 200, density=0.3, seed=1))
    config = ObservedConfig(epochs=60, tolerance=0.0, solver="exact").resolved(parts.training)
    return Space(config, (2, 8), (0.2, 20.0), lambda_bias=(0.5, 20.0), n_trials=24, n_folds=4), parts


def test_a_guided_search_that_is_killed_goes_on_to_the_table_of_one_that_is_not(tmp_path: Path) -> None:
    path = tmp_path / "search.jsonl"
    kill_midway(GUIDED_CHILD, path, '"number": 11', 1)
    space, parts = space_and_parts()
    left = read_search(path, parts)
    assert isinstance(left, GuidedTable) and len(left.trials) >= 12 and not left.complete
    going_on = SearchFile.begin(path, space, parts, left.scores())
    run_guided(space, parts, going_on.append, threading.Event(), known=left)
    scores: list[TrialScore] = []
    run_guided(space, parts, scores.append, threading.Event())
    whole, resumed = GuidedTable.empty(space).with_scores(scores), read_search(path, parts)
    assert isinstance(resumed, GuidedTable) and whole.complete
    assert resumed.trials == whole.trials and np.array_equal(resumed.errors, whole.errors, equal_nan=True)
    assert (resumed.best, resumed.simplest) == (whole.best, whole.simplest)


def test_a_guided_search_is_told_at_its_end_and_when_it_is_stopped(session: Session) -> None:
    assert session.searching.usual_space() is None
    with_movies(session, 120, 200)
    session.fitting.set_config(epochs=30, tolerance=0.0)
    space = session.searching.usual_space(["lambda_bias"])
    assert space is not None and space.lambda_bias is not None
    session.searching.start(replace(space, n_trials=6, n_folds=3))
    wait_for(lambda: session.state.search is not None and session.state.search.table.n_fits > 3)
    assert session.state.job is not None and "of 6 trials" in session.state.job.detail
    session.searching.stop()
    settle(session)
    assert session.state.notice is not None and "of 6 trials are kept" in session.state.notice.hint
    session.searching.go_on()
    settle(session)
    search = session.state.search
    assert search is not None and isinstance(search.table, GuidedTable) and search.table.complete
    trial = search.table.trials[search.table.best[0]] if search.table.best else None
    assert trial is not None and session.state.notice is not None
    assert f"Best of 6 settings: K = {trial.k}, λ = {trial.ridge:.4g}, λᵦ = " in session.state.notice.text
    session.searching.make_model((0,))
    settle(session)
    first = search.table.trials[0]
    config = session.state.config
    assert session.state.model is not None and (config.k, config.lambda_u) == (first.k, first.ridge)
