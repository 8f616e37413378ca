"""Opening: files, samples, made-up ratings and models; what fails leaves everything as it was."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from alsgui.core.brake import Brake
from alsgui.core.errors import ExportError
from alsgui.core.solvers.config import ObservedConfig, RidgeConfig
from alsgui.io.model_file import save_model
from alsgui.session import opening
from alsgui.session.session import FIELDS, Session
from alsgui.session.state import PersonChoice, Source
from tests.helpers.sessions import (
    PATIENCE_MS,
    bugs_of,
    fit_going_on,
    ratings_file,
    settle,
    wait_for,
    with_model,
    with_movies,
)


def test_a_file_brings_its_ratings_a_split_and_what_was_read(session: Session, tmp_path: Path) -> None:
    path = ratings_file(tmp_path)
    session.open_path(path)
    assert session.state.job is not None and session.state.job.kind == "import"
    settle(session)
    state = session.state
    assert state.ratings is not None and state.data is not None and state.split is not None
    assert (state.ratings.n_users, state.ratings.n_movies) == (8, 7)
    assert state.data.source == Source("file", str(path), {})
    assert state.data.report is not None and state.data.report.n_rejected == 0
    assert state.split.ratings is state.ratings and state.split.holdout is not None
    assert (state.phase, state.page, state.job, state.notice) == ("data", "data", None, None)
    assert isinstance(state.config, ObservedConfig)


def test_what_was_opened_is_the_first_of_the_recent_files(session: Session, tmp_path: Path) -> None:
    path = ratings_file(tmp_path)
    session.open_path(path)
    settle(session)
    assert session.state.recent[0].path == str(path)
    with_movies(session)
    assert session.state.recent[0].path == str(path), "made-up ratings are no file"


def test_a_file_opens_where_the_list_of_recent_files_cannot_be_saved(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise ExportError("The disk is full.")

    monkeypatch.setattr("alsgui.io.recent.remember", refuse)
    session.open_path(ratings_file(tmp_path))
    settle(session)
    assert session.state.data is not None and session.state.recent == ()


def test_the_list_of_recent_files_is_read_beside_the_window(session: Session, tmp_path: Path) -> None:
    session.open_path(ratings_file(tmp_path))
    settle(session)
    first = session.state.recent[0].path
    session.put(recent=())
    session.load_recent()
    settle(session)
    assert session.state.recent[0].path == first


def test_options_of_a_read_are_kept_with_the_source(session: Session, tmp_path: Path) -> None:
    session.open_path(ratings_file(tmp_path), noun="book", duplicates="mean")
    settle(session)
    assert session.state.ratings is not None and session.state.ratings.noun == "book"
    assert session.state.data is not None
    assert session.state.data.source.settings == {"noun": "book", "duplicates": "mean"}


def test_rejected_rows_are_told_with_their_lines(session: Session, tmp_path: Path) -> None:
    session.open_path(ratings_file(tmp_path, "user,movie,rating\na,x,4\na,y,none\nb,x,2\nb,y,3\n"))
    settle(session)
    notice = session.state.notice
    assert notice is not None and notice.kind == "warning"
    assert notice.text == "1 row rejected." and "line 3" in notice.details[0]


def test_the_sample_comes_with_titles_and_terms(session: Session) -> None:
    session.open_sample()
    settle(session)
    ratings, data = session.state.ratings, session.state.data
    assert ratings is not None and data is not None and data.report is not None
    assert (ratings.n_users, ratings.n_ratings) == (610, 100_836)
    assert ratings.titles is not None and "Toy Story (1995)" in ratings.titles
    assert "GroupLens" in data.report.terms


def test_the_chapters_example_sets_two_attributes_no_hold_out_and_six_recommendations(session: Session) -> None:
    session.generate("chapter")
    settle(session)
    state = session.state
    assert state.ratings is not None and state.split is not None and state.filters is not None
    assert (state.ratings.n_users, state.ratings.n_movies) == (50, 200) and state.ratings.complete
    assert isinstance(state.config, RidgeConfig) and state.config.k == 2
    assert state.split.holdout is None
    assert state.filters.n_top == 6 and not state.filters.hide_seen and state.filters.at_least == 0


def test_lists_of_a_small_file_leave_out_no_movie_for_want_of_ratings(session: Session, tmp_path: Path) -> None:
    session.open_path(ratings_file(tmp_path, "user,movie,rating\na,x,3\na,y,4\nb,y,2\nb,z,1\n"))
    settle(session)
    assert session.filters.at_least == 0, "every movie has fewer than five: the list would be empty"
    session.generate("movies")
    settle(session)
    assert session.filters.at_least == 5


def test_settings_of_the_chapters_example_do_not_stay_for_other_data(session: Session) -> None:
    session.generate("chapter", n_users=6, n_movies=5)
    settle(session)
    with_movies(session)
    assert session.state.config == ObservedConfig()
    assert session.filters.n_top != 6 and session.filters.hide_seen


@pytest.mark.parametrize("kind", ["chapter", "low_rank", "movies"])
def test_every_kind_of_made_up_ratings_opens(session: Session, kind: str) -> None:
    session.generate(kind, n_users=9, n_movies=8, seed=3)
    settle(session)
    assert session.state.ratings is not None and session.state.ratings.n_users == 9
    assert session.state.data is not None
    assert session.state.data.source == Source("generated", kind, {"n_users": 9, "n_movies": 8, "seed": 3})


def test_other_data_take_model_selection_person_and_baselines_away_and_keep_the_runs(session: Session) -> None:
    with_model(session)
    session.select_cell(3, 4)
    session.choose_person("sliders")
    session.show_page("factors")
    run = session.state.runs[0]
    with_movies(session, n_users=9)
    state = session.state
    assert (state.model, state.baselines, state.live) == (None, None, None)
    assert (state.selection.user, state.selection.movie) == (0, 0)
    assert state.person.kind == PersonChoice().kind and state.page == "data"
    assert state.runs == (run,) and state.current_run is None


def test_a_model_file_with_ratings_brings_model_data_and_split(session: Session, tmp_path: Path) -> None:
    with_model(session)
    model = session.state.model
    assert model is not None
    path = tmp_path / "m.alsgui"
    save_model(model, path)
    with_movies(session, n_users=7)
    session.open_path(path)
    settle(session)
    state = session.state
    assert state.model is not None and state.data is not None and state.split is state.model.split
    assert state.model.u.tobytes() == model.u.tobytes()
    assert (state.phase, state.page, state.data.source.kind) == ("model", "data", "model")
    assert state.config == state.model.config


def test_a_model_file_without_ratings_brings_the_model_alone(session: Session, tmp_path: Path) -> None:
    with_model(session)
    model = session.state.model
    assert model is not None
    path = tmp_path / "m.alsgui"
    save_model(model, path, with_ratings=False)
    session.open_path(path)
    settle(session)
    state = session.state
    assert state.model is not None and state.model is not model
    assert (state.data, state.split, state.phase, state.page) == (None, None, "model", "recommend")


NOT_RATINGS = {
    "empty": b"",
    "blank lines": b"\n\n\n",
    "header alone": b"user,movie,rating\n",
    "binary": bytes(range(256)) * 40,
    "words": b"user,movie,rating\na,x,good\nb,y,bad\n",
}


@pytest.mark.parametrize("content", NOT_RATINGS.values(), ids=NOT_RATINGS.keys())
def test_a_file_that_is_no_ratings_leaves_everything_and_says_what_to_do(
    session: Session, tmp_path: Path, content: bytes
) -> None:
    with_model(session)
    before = session.state
    path = tmp_path / "not-ratings.csv"
    path.write_bytes(content)
    session.open_path(path)
    settle(session)
    _nothing_changed_but_a_notice(session, before, "not-ratings.csv")


@pytest.mark.parametrize("name", ["missing.csv", "missing.alsgui", "folder", "folder.alsgui"])
def test_a_path_that_cannot_be_read_leaves_everything_and_says_what_to_do(
    session: Session, tmp_path: Path, name: str
) -> None:
    with_movies(session)
    before = session.state
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.alsgui").mkdir()
    session.open_path(tmp_path / name)
    settle(session)
    _nothing_changed_but_a_notice(session, before, name)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(session: Session, tmp_path: Path) -> None:
    before = session.state
    path = ratings_file(tmp_path)
    path.chmod(0)
    session.open_path(path)
    settle(session)
    _nothing_changed_but_a_notice(session, before, path.name)


def test_a_model_file_that_is_none_leaves_everything(session: Session, tmp_path: Path) -> None:
    before = session.state
    path = tmp_path / "m.alsgui"
    path.write_bytes(b"not a model")
    session.open_path(path)
    settle(session)
    _nothing_changed_but_a_notice(session, before, "m.alsgui")


def test_settings_of_made_up_ratings_that_make_no_sense_are_told(session: Session) -> None:
    before = session.state
    session.generate("low_rank", observed=0.0)
    settle(session)
    _nothing_changed_but_a_notice(session, before, "observed")


def test_opening_while_a_fit_goes_on_keeps_its_run_and_then_loads(session: Session) -> None:
    fit_going_on(session)
    learnt_from = session.state.split
    session.generate("chapter", n_users=6, n_movies=5)
    settle(session)
    state = session.state
    assert state.ratings is not None and state.ratings.n_users == 6
    assert state.model is None and state.phase == "data"
    (run,) = state.runs
    assert run.model is not None and run.model.history and run.split is learnt_from
    assert run.model.stopped == "cancelled"


def test_opening_while_a_paused_fit_waits_keeps_its_run_and_then_loads(session: Session) -> None:
    with_movies(session)
    session.fitting.half_step()
    wait_for(lambda: session.state.live is not None)
    with_movies(session, n_users=5)
    assert session.state.ratings is not None and session.state.ratings.n_users == 5
    assert session.state.runs[0].model is not None


def test_of_two_files_opened_at_once_the_last_is_there(session: Session, tmp_path: Path) -> None:
    session.open_path(ratings_file(tmp_path, name="first.csv"))
    session.open_path(ratings_file(tmp_path, name="second.csv"))
    session.open_path(ratings_file(tmp_path, name="third.csv"))
    settle(session)
    assert session.state.data is not None and session.state.data.source.what.endswith("third.csv")
    assert session.state.notice is None and not session.state.runs


def test_a_cancelled_opening_changes_nothing_and_says_so(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    with_movies(session)
    before = session.state
    begun = threading.Event()

    def slow(source: Source, progress: Any, brake: Brake) -> None:
        from alsgui.core.errors import Interrupted

        progress(0.25, "reading")
        begun.set()
        assert brake.wait(PATIENCE_MS / 1000)
        raise Interrupted

    monkeypatch.setattr(opening, "_read", slow)
    session.open_path("big.csv")
    wait_for(lambda: session.state.job is not None and session.state.job.done == 0.25)
    assert begun.is_set() and session.state.job is not None and session.state.job.detail == "reading"
    session.cancel()
    settle(session)
    _nothing_changed_but_a_notice(session, before, "cancelled")


def test_a_bug_while_opening_is_told_as_one_and_changes_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_model(session)
    before = session.state

    def broken(*_: Any) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(opening, "_read", broken)
    session.open_path("big.csv")
    settle(session)
    assert [type(bug) for bug in bugs_of(session)] == [ZeroDivisionError]
    assert session.state.data is before.data and session.state.model is before.model


def _nothing_changed_but_a_notice(session: Session, before: Any, place: str) -> None:
    """As it was, and a notice with place and remedy."""
    for field in FIELDS:
        if field != "notice":
            assert getattr(session.state, field) is getattr(before, field), field
    notice = session.state.notice
    assert notice is not None
    if "cancelled" not in notice.text:
        assert notice.kind == "error" and notice.hint
    assert place.casefold() in notice.text.casefold()
