"""The state is replaced whole, only what changed is told, and the verbs of looking and exporting do their one thing."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alsgui.core.recommend import Filters, for_user
from alsgui.io.model_file import load_model
from alsgui.session.persons import chosen_person
from alsgui.session.session import FIELDS, Session
from alsgui.session.state import Job, Notice, PersonChoice, Selection, State
from tests.helpers.sessions import fit_going_on, settle, with_model, with_movies


class Ear:
    """Fields that a session said changed, and the states it said it in."""

    def __init__(self, session: Session) -> None:
        self.fields: list[str] = []
        self.states: list[State] = []
        self._session = session
        session.changed.connect(self._hear)

    def _hear(self, field: str) -> None:
        self.fields.append(field)
        self.states.append(self._session.state)


# One state


def test_only_fields_that_are_another_object_are_told_and_after_all_are_there(session: Session) -> None:
    ear = Ear(session)
    before = session.state
    session.put(page="train", selection=Selection(1, 2), config=before.config)
    assert ear.fields == ["selection", "page"]
    assert all(state.page == "train" and state.selection == Selection(1, 2) for state in ear.states)
    assert before.page == "data", "the state before is as it was"


def test_the_same_object_is_no_change(session: Session) -> None:
    ear = Ear(session)
    session.put(**{name: getattr(session.state, name) for name in FIELDS})
    assert ear.fields == []


def test_changes_that_belong_together_are_told_once_at_the_end(session: Session) -> None:
    ear = Ear(session)
    with session.together():
        session.show_page("train")
        with session.together():
            session.show_page("factors")
            session.select_cell(1, 1)
        assert ear.fields == []
        session.select_user(2)
    assert ear.fields == ["selection", "page"]
    assert {(state.page, state.selection) for state in ear.states} == {("factors", Selection(2, 1))}


def test_what_goes_back_to_what_it_was_is_not_told(session: Session) -> None:
    page = session.state.page
    ear = Ear(session)
    with session.together():
        session.put(page="train")
        session.put(page=page)
    assert ear.fields == []


def test_the_end_of_a_fit_and_its_model_are_told_together(session: Session) -> None:
    with_movies(session)
    ear = Ear(session)
    session.fitting.set_config(k=2, epochs=1)
    session.fitting.fit()
    settle(session)
    for field, state in zip(ear.fields, ear.states, strict=True):
        if field in ("job", "model", "runs", "live") and state.job is None and state.runs:
            assert state.model is not None and state.live is None and state.runs[-1].model is state.model
        if field in ("job", "runs") and state.job is not None:
            assert state.runs, "a job of fitting has its run"


def test_no_view_sees_data_without_their_split(session: Session) -> None:
    ear = Ear(session)
    with_movies(session)
    for state in ear.states:
        assert (state.data is None) == (state.split is None)


# Phases


def test_phases_are_empty_data_fitting_and_model(session: Session) -> None:
    assert session.state.phase == "empty" and session.state.ratings is None
    with_movies(session)
    assert session.state.phase == "data"
    session.fitting.set_config(k=2, epochs=2)
    session.fitting.fit()
    assert session.state.phase == "fitting"
    settle(session)
    assert session.state.phase == "model"
    exporting = replace(session.state, job=Job("export", "Exporting"))
    assert exporting.phase == "model"


# Looking


def test_selection_is_one_for_the_whole_program(session: Session) -> None:
    ear = Ear(session)
    session.select_user(3)
    session.select_movie(5)
    assert session.state.selection == Selection(3, 5)
    session.select_user(3)
    session.select_movie(5)
    session.select_cell(3, 5)
    assert ear.fields == ["selection", "selection"]
    session.select_cell(1, 2)
    session.select_user(None)
    assert session.state.selection == Selection(None, 2)


def test_pages_notices_and_filters_are_set_and_taken_away(session: Session) -> None:
    session.show_page("recommend")
    assert session.state.page == "recommend"
    session.tell(Notice("info", "Hello"))
    assert session.state.notice == Notice("info", "Hello")
    session.dismiss_notice()
    assert session.state.notice is None
    assert session.filters == Filters()
    session.set_filters(at_least=0)
    session.set_filters(text="love")
    assert session.filters == Filters(at_least=0, text="love")


def test_sliders_start_where_the_person_before_stood(session: Session) -> None:
    with_model(session)
    session.select_user(2)
    user = chosen_person(session.state)
    session.choose_person("sliders")
    sliders = chosen_person(session.state)
    assert user is not None and sliders is not None
    assert np.array_equal(user.weights, sliders.weights) and user.bias == sliders.bias
    session.choose_person("mean")
    mean = chosen_person(session.state)
    session.choose_person("sliders")
    assert mean is not None and session.state.person.weights is not None
    assert np.array_equal(mean.weights, session.state.person.weights)


def test_moved_sliders_keep_the_bias_unless_another_is_given(session: Session) -> None:
    with_model(session)
    session.choose_person("sliders")
    bias = session.state.person.bias
    session.set_weights(np.array([1.0, -1.0]))
    assert session.state.person.kind == "sliders" and session.state.person.bias == bias
    session.set_weights(np.array([1.0, -1.0]), 0.25)
    person = chosen_person(session.state)
    assert person is not None and person.bias == 0.25 and person.weights.tolist() == [1.0, -1.0]


def test_without_a_model_or_a_user_there_is_no_person(session: Session) -> None:
    assert chosen_person(session.state) is None
    session.choose_person("sliders")
    assert session.state.person.kind == "sliders" and session.state.person.weights is None
    with_model(session)
    session.put(person=PersonChoice())
    session.select_user(None)
    assert chosen_person(session.state) is None
    session.select_user(10_000)
    assert chosen_person(session.state) is None


# Exporting


def test_factors_are_exported_and_the_files_named(session: Session, tmp_path: Path) -> None:
    with_model(session)
    session.export_factors(tmp_path / "out", ("csv", "npz"), "NxK")
    assert session.state.job is not None and session.state.job.kind == "export"
    settle(session)
    notice = session.state.notice
    assert notice is not None and notice.kind == "ok" and str(tmp_path / "out") in notice.text
    assert set(notice.details) == {path.name for path in (tmp_path / "out").iterdir()}


def test_a_block_of_predictions_is_exported(session: Session, tmp_path: Path) -> None:
    with_model(session)
    session.export_predictions(tmp_path / "r.csv", "csv", range(2, 5), range(1, 4))
    settle(session)
    rows = list(csv.reader((tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()[1:]))
    assert len(rows) == 4 and all(len(row) == 4 for row in rows)
    session.export_predictions(tmp_path / "r.npz", "npz")
    settle(session)
    assert session.state.model is not None
    assert np.load(tmp_path / "r.npz")["r"].shape == (session.state.model.n_users, session.state.model.n_movies)


def test_a_list_is_exported_with_the_noun_of_the_data(session: Session, tmp_path: Path) -> None:
    with_model(session)
    assert session.state.model is not None
    listed = for_user(session.state.model, 1, Filters(at_least=0, n_top=3))
    session.export_list(tmp_path / "list.csv", listed)
    settle(session)
    text = (tmp_path / "list.csv").read_text(encoding="utf-8")
    assert all(title in text for title in listed.titles)


@pytest.mark.parametrize("with_ratings", [True, False])
def test_a_saved_model_is_the_model(session: Session, tmp_path: Path, with_ratings: bool) -> None:
    with_model(session)
    session.save_model(tmp_path / "m.alsgui", with_ratings)
    settle(session)
    model, saved = session.state.model, load_model(tmp_path / "m.alsgui")
    assert model is not None and saved.u.tobytes() == model.u.tobytes()
    assert (saved.ratings is not None) == with_ratings


def test_a_place_that_cannot_be_written_is_told_and_nothing_else_changes(session: Session, tmp_path: Path) -> None:
    with_model(session)
    before = session.state
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    session.save_model(tmp_path / "file" / "m.alsgui")
    settle(session)
    notice = session.state.notice
    assert notice is not None and notice.kind == "error" and "m.alsgui" in notice.text and notice.hint
    assert session.state.model is before.model


def test_without_a_model_an_export_says_that_there_is_none(session: Session, tmp_path: Path) -> None:
    for export in (
        lambda: session.export_factors(tmp_path, ("csv",), None),
        lambda: session.export_predictions(tmp_path / "r.csv"),
        lambda: session.save_model(tmp_path / "m.alsgui"),
    ):
        export()
        settle(session)
        assert session.state.notice is not None and session.state.notice.text == "There is no model yet."
        session.dismiss_notice()
    assert list(tmp_path.iterdir()) == []


def test_an_export_waits_for_no_fit_but_says_that_one_goes_on(session: Session, tmp_path: Path) -> None:
    with_model(session)
    session.fitting.set_config(epochs=100_000)
    session.fitting.fit()
    session.save_model(tmp_path / "m.alsgui")
    assert session.state.notice is not None and "Run 2 is not finished" in session.state.notice.text
    session.cancel()
    settle(session)
    assert not (tmp_path / "m.alsgui").exists()


# Closing


def test_closing_in_a_fit_keeps_its_run_and_leaves_no_thread(session: Session) -> None:
    fit_going_on(session)
    assert session.close()
    assert session.state.runs[0].model is not None and session.state.job is None


def test_closing_forgets_what_was_to_be_opened_next(session: Session) -> None:
    fit_going_on(session)
    session.generate("chapter", n_users=4, n_movies=4)
    assert session.close()
    assert session.state.ratings is not None and session.state.ratings.n_users == 120
    assert not session.runner.busy


def test_closing_twice_is_closing_once(session: Session) -> None:
    with_model(session)
    assert session.close() and session.close()
