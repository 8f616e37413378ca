"""Looking before reading, as verbs: what is asked in vain changes nothing, and a late look is nobody's."""

from __future__ import annotations

from pathlib import Path

import pytest

from alsgui.core.errors import ExportError
from alsgui.io.model_file import save_model
from alsgui.io.options import as_json
from alsgui.io.remembered import remember_options
from alsgui.session.session import Session
from tests.helpers.models import tiny_model
from tests.helpers.sessions import ratings_file, settle, wait_for, with_movies


def looked(session: Session) -> None:
    wait_for(lambda: session.state.importing is None or not session.state.importing.looking, "the look")


def test_verbs_of_an_import_do_nothing_where_there_is_none(session: Session) -> None:
    verbs, before = session.importing, session.state
    verbs.set(noun="book")
    verbs.set_role(0, "user")
    verbs.detect_again()
    verbs.swap()
    verbs.read()
    verbs.swap_open()
    verbs.read_differently()
    settle(session)
    assert session.state is before


def test_only_a_file_can_be_read_differently(session: Session) -> None:
    with_movies(session)
    session.importing.read_differently()
    assert session.state.importing is None


def test_a_model_is_opened_at_once(session: Session, tmp_path: Path) -> None:
    save_model(tiny_model(), tmp_path / "m.alsgui")
    session.importing.look_at(tmp_path / "m.alsgui")
    settle(session)
    assert session.state.model is not None and session.state.importing is None
    session.importing.reopen(str(tmp_path / "m.alsgui"))
    assert session.state.job is not None
    settle(session)


def test_a_look_that_was_overtaken_is_dropped(session: Session, tmp_path: Path) -> None:
    first, second = ratings_file(tmp_path, name="first.csv"), ratings_file(tmp_path, name="second.csv")
    session.importing.look_at(first)
    session.importing.look_at(second)
    looked(session)
    settle(session)
    importing = session.state.importing
    assert importing is not None and importing.look is not None and importing.look.path == second


def test_giving_up_a_look_that_goes_on_leaves_nothing(session: Session, tmp_path: Path) -> None:
    session.importing.look_at(ratings_file(tmp_path))
    session.importing.give_up()
    settle(session)
    assert session.state.importing is None and session.state.data is None


def test_what_was_remembered_of_another_file_of_that_name_is_forgotten(session: Session, tmp_path: Path) -> None:
    path = ratings_file(tmp_path)
    session.open_path(path)
    settle(session)
    data = session.state.data
    assert data is not None and data.report is not None
    remember_options(path, {**as_json(data.report.options), "movies": {"path": str(tmp_path / "gone.csv")}})
    session.importing.look_at(path)
    looked(session)
    settle(session)
    importing = session.state.importing
    assert importing is not None and importing.look is not None
    assert importing.look.options.movies is None or importing.look.problem


def test_a_read_is_not_begun_while_a_look_goes_on(session: Session, tmp_path: Path) -> None:
    session.importing.look_at(ratings_file(tmp_path))
    session.importing.read()
    assert session.state.job is None
    looked(session)
    session.importing.read()
    assert session.state.job is not None
    settle(session)


def test_a_file_is_read_where_its_options_cannot_be_remembered(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ExportError("The disk is full.")

    monkeypatch.setattr("alsgui.io.remembered.remember_options", refuse)
    session.open_path(ratings_file(tmp_path))
    settle(session)
    assert session.state.data is not None
