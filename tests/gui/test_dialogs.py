"""Dialogs: what they ask, what they hand on, and the round trips of files through the window."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QInputDialog, QLabel, QPlainTextEdit, QTextBrowser
from pytestqt.qtbot import QtBot

from alsgui.app import install_hooks
from alsgui.io.model_file import load_model
from alsgui.session import opening
from alsgui.session.state import Notice
from alsgui.ui import export_dialog, theme
from alsgui.ui.actions import shortcut_table
from alsgui.ui.export_dialog import ExportDialog
from alsgui.ui.generate_dialog import GenerateDialog
from alsgui.ui.main_window import MainWindow
from alsgui.ui.settings_dialog import SettingsDialog
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.tables import DataTable
from tests.helpers.sessions import bugs_of, ratings_file, settle, wait_for, with_model, with_movies
from tests.helpers.windows import (
    button_of,
    choose,
    chooser_of,
    dialog_of,
    dialogs_of,
    press,
    read_shown_file,
    rendered,
    shown,
)


def text_of(window: MainWindow) -> str:
    """What the open dialog lets one read and copy."""
    view = dialog_of(window).findChild(QPlainTextEdit)
    assert view is not None
    return view.toPlainText()


# Opening and saving


def test_a_file_is_opened_by_its_dialog(window: MainWindow, tmp_path: Path) -> None:
    window.actions_by_id["open"].trigger()
    assert "*.csv" in chooser_of(window).nameFilters()[0] and "*.alsgui" in chooser_of(window).nameFilters()[0]
    choose(window, ratings_file(tmp_path))
    read_shown_file(window)
    assert window.session.state.ratings is not None and window.session.state.ratings.n_users == 8


def test_a_folder_is_opened_by_its_dialog(window: MainWindow, tmp_path: Path) -> None:
    ratings_file(tmp_path)
    ratings_file(
        tmp_path, "movieId,title,genres\n" + "".join(f"{m},Film {m},Drama\n" for m in range(1, 8)), "movies.csv"
    )
    window.actions_by_id["open_folder"].trigger()
    choose(window, tmp_path)
    read_shown_file(window)
    assert window.session.state.ratings is not None and window.session.state.ratings.titles is not None
    assert window.session.state.ratings.titles[0] == "Film 1"


def test_a_dialog_that_is_left_without_a_choice_changes_nothing(window: MainWindow) -> None:
    before = window.session.state
    for name in ("open", "open_folder", "generate"):
        window.actions_by_id[name].trigger()
        dialog_of(window).reject()
        shown(window)
    assert window.session.state is before and not dialogs_of(window)


def test_a_model_goes_out_and_comes_back_through_the_window(window: MainWindow, tmp_path: Path) -> None:
    with_model(window.session)
    rendered(window)
    saved = window.session.state.model
    assert saved is not None
    window.actions_by_id["save_model"].trigger()
    assert chooser_of(window).defaultSuffix() == "alsgui"
    choose(window, tmp_path / "mine.alsgui")
    rendered(window)
    assert window.banner.isVisible() and "1 file exported" in window.banner.accessibleName().replace("\u2009", " ")
    with_movies(window.session, 7)
    window.actions_by_id["open"].trigger()
    choose(window, tmp_path / "mine.alsgui")
    rendered(window)
    model = window.session.state.model
    assert model is not None and model is not saved and model.u.tobytes() == saved.u.tobytes()
    assert window.session.state.ratings is not None and window.session.state.ratings.n_users == saved.n_users
    for page in ("train", "factors", "recommend"):
        window.session.show_page(page)
        rendered(window)


def test_a_model_without_ratings_is_shown_on_every_page(window: MainWindow, tmp_path: Path) -> None:
    with_model(window.session)
    window.session.save_model(tmp_path / "m.alsgui", with_ratings=False)
    settle(window.session)
    window.session.open_path(tmp_path / "m.alsgui")
    rendered(window)
    assert window.session.state.data is None and window.session.state.page == "recommend"
    for page in ("data", "train", "factors", "recommend"):
        window.session.show_page(page)
        rendered(window)


def test_the_list_on_recommend_is_exported(window: MainWindow, tmp_path: Path) -> None:
    with_model(window.session)
    window.session.set_filters(at_least=0)
    window.session.show_page("recommend")
    rendered(window)
    window.actions_by_id["export_list"].trigger()
    choose(window, tmp_path / "list.csv")
    rendered(window)
    assert "title" in (tmp_path / "list.csv").read_text(encoding="utf-8")


# Exporting


def export_of(window: MainWindow) -> ExportDialog:
    window.actions_by_id["export"].trigger()
    dialog = dialog_of(window)
    assert isinstance(dialog, ExportDialog)
    return dialog


@pytest.fixture
def with_export(window: MainWindow) -> ExportDialog:
    with_model(window.session)
    rendered(window)
    return export_of(window)


def test_factors_are_exported_in_every_format_that_is_ticked(
    window: MainWindow, with_export: ExportDialog, tmp_path: Path
) -> None:
    for box in with_export.formats.values():
        box.setChecked(True)
    press(with_export, "Choose a place...")
    choose(with_export, tmp_path)
    rendered(window)
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".npz", ".mat", ".mtx"}
    assert not dialogs_of(window) and window.session.state.notice is not None


def test_the_orientation_that_is_chosen_is_written(
    qtbot: QtBot, window: MainWindow, with_export: ExportDialog, tmp_path: Path
) -> None:
    model = window.session.state.model
    assert model is not None and with_export.orientation.current() == "KxN", "the text-book's, to 1,000 columns"
    with_export.formats["csv"].setChecked(False)
    with_export.formats["npz"].setChecked(True)
    (other,) = [each for each in with_export.orientation._buttons.values() if each.text() == "N × K"]
    qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
    with_export.export_to(str(tmp_path))
    rendered(window)
    (path,) = tmp_path.iterdir()
    written = np.load(path)
    assert written["u"].shape == (model.n_users, model.k) and str(written["orientation"]) == "NxK"


def test_without_a_format_there_is_nothing_to_export(with_export: ExportDialog) -> None:
    with_export.formats["csv"].setChecked(False)
    assert not button_of(with_export, "Choose a place...").isEnabled()
    assert with_export.export.toolTip() == "Choose at least one format."
    with_export.formats["mat"].setChecked(True)
    assert button_of(with_export, "Choose a place...").isEnabled()


def test_a_block_of_predictions_is_exported_and_its_size_told(
    qtbot: QtBot, window: MainWindow, with_export: ExportDialog, tmp_path: Path
) -> None:
    qtbot.mouseClick(with_export.what._buttons["predictions"], Qt.MouseButton.LeftButton)
    for name, number in (("first user", "3"), ("last user", "6"), ("first movie", "2"), ("last movie", "9")):
        fill(qtbot, with_export.block[name], number)
    assert any("4 × 8 predictions" in label.text() for label in with_export.findChildren(QLabel))
    with_export.export_to(str(tmp_path / "r.csv"))
    rendered(window)
    rows = list(csv.reader((tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()[1:]))
    model = window.session.state.model
    assert model is not None and [row[0] for row in rows[1:]] == list(model.user_ids[2:6])
    assert rows[0][1:] == list(model.movie_ids[1:9])


def test_a_dot_in_a_chosen_name_is_kept(window: MainWindow, with_export: ExportDialog, tmp_path: Path) -> None:
    with_export.what.set_current("predictions")
    (tmp_path / "r v1.csv").write_text("another")
    with_export.export_to(str(tmp_path / "r v1.2"))
    rendered(window)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r v1.2.csv", "r v1.csv"]
    assert (tmp_path / "r v1.csv").read_text() == "another"


def test_an_export_into_the_folder_of_the_titles_is_refused_in_a_banner(
    window: MainWindow, with_export: ExportDialog, tmp_path: Path
) -> None:
    (tmp_path / "movies.csv").write_text("movieId,title,genres\n1,Toy Story (1995),Comedy\n")
    with_export.export_to(str(tmp_path))
    rendered(window)
    notice = window.session.state.notice
    assert notice is not None and notice.kind == "error" and "is no export of alsgui" in notice.text
    assert "Toy Story" in (tmp_path / "movies.csv").read_text()


def test_a_block_that_ends_before_it_begins_is_refused(qtbot: QtBot, with_export: ExportDialog) -> None:
    with_export.what.set_current("predictions")
    with_export._show_what("predictions")
    fill(qtbot, with_export.block["first user"], "9")
    fill(qtbot, with_export.block["last user"], "4")
    assert not with_export.export.isEnabled()
    assert any("before the first" in label.text() for label in with_export.findChildren(QLabel))
    fill(qtbot, with_export.block["last user"], "9")
    assert with_export.export.isEnabled()


def test_a_block_that_is_too_large_is_refused_with_its_size(
    qtbot: QtBot, with_export: ExportDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_dialog, "MOST_BYTES", 100)
    with_export.what.set_current("predictions")
    with_export._show_what("predictions")
    assert not with_export.export.isEnabled()
    assert any("Choose a smaller block." in label.text() for label in with_export.findChildren(QLabel))
    fill(qtbot, with_export.block["last user"], "1")
    fill(qtbot, with_export.block["last movie"], "4")
    assert with_export.export.isEnabled()


def fill(qtbot: QtBot, field: NumberField, text: str) -> None:
    """Type a number and take it."""
    wait_for(field.window().isActiveWindow, "the dialog to be active")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Tab)


# Generating


def generate_of(window: MainWindow) -> GenerateDialog:
    window.actions_by_id["generate"].trigger()
    dialog = dialog_of(window)
    assert isinstance(dialog, GenerateDialog)
    return dialog


@pytest.mark.parametrize("kind", ["chapter", "low_rank", "movies"])
def test_each_kind_is_made_with_what_was_typed(qtbot: QtBot, window: MainWindow, kind: str) -> None:
    dialog = generate_of(window)
    qtbot.mouseClick(dialog.kind._buttons[kind], Qt.MouseButton.LeftButton)
    for name, number in (("n_users", "12"), ("n_movies", "9"), ("seed", "5")):
        fill(qtbot, dialog.fields[kind][name], number)
    press(dialog, "Generate")
    rendered(window)
    ratings, data = window.session.state.ratings, window.session.state.data
    assert ratings is not None and data is not None and not dialogs_of(window)
    assert (ratings.n_users, ratings.n_movies) == (12, 9)
    assert data.source.what == kind and data.source.settings["seed"] == 5


def test_more_cells_than_memory_takes_are_refused(qtbot: QtBot, window: MainWindow) -> None:
    dialog = generate_of(window)
    fill(qtbot, dialog.fields["chapter"]["n_users"], "20000")
    fill(qtbot, dialog.fields["chapter"]["n_movies"], "20000")
    press(dialog, "Generate")
    assert dialog.isVisible() and "too many" in dialog.problem.text() and not window.session.runner.busy
    fill(qtbot, dialog.fields["chapter"]["n_movies"], "3")
    fill(qtbot, dialog.fields["chapter"]["n_users"], "4")
    press(dialog, "Generate")
    rendered(window)
    assert window.session.state.ratings is not None and window.session.state.ratings.n_users == 4


def test_a_number_that_is_typed_counts_though_the_field_keeps_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    dialog = generate_of(window)
    field = dialog.fields["chapter"]["n_users"]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "6")
    button_of(dialog, "Generate").click()
    rendered(window)
    assert window.session.state.ratings is not None and window.session.state.ratings.n_users == 6


def test_a_wrong_number_is_not_taken(qtbot: QtBot, window: MainWindow) -> None:
    dialog = generate_of(window)
    field = dialog.fields["chapter"]["n_users"]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "many")
    dialog._accept()
    assert dialog.isVisible() and field.problem and not window.session.runner.busy


# Reading


def test_every_key_is_in_the_table_of_shortcuts(window: MainWindow) -> None:
    window.actions_by_id["shortcuts"].trigger()
    table = dialog_of(window).findChild(DataTable)
    assert table is not None
    model = table.table_model()
    rows = [tuple(model.index(row, at).data() for at in range(3)) for row in range(model.rowCount())]
    assert rows == shortcut_table()


def test_about_names_version_libraries_and_licences_and_is_copied(window: MainWindow) -> None:
    window.actions_by_id["about"].trigger()
    text = text_of(window)
    assert all(word in text for word in ("alsgui 0", "numpy", "numba", "PySide6", "MIT", "GroupLens"))
    press(dialog_of(window), "Copy")
    assert QApplication.clipboard().text() == text
    press(dialog_of(window), "Close")
    assert not dialogs_of(window)


def test_the_terms_of_the_sample_can_be_read(window: MainWindow) -> None:
    window.session.open_sample()
    rendered(window)
    window.actions_by_id["terms"].trigger()
    view = dialog_of(window).findChild(QTextBrowser)
    assert view is not None
    assert "GroupLens" in view.toPlainText() and "====" not in view.toPlainText()


def test_details_of_a_notice_are_read_in_full(window: MainWindow) -> None:
    lines = tuple(f"line {number}: no rating" for number in range(1, 101))
    window.session.tell(Notice("warning", "100 rows rejected.", details=lines))
    rendered(window)
    window.dialogs.notice_details()
    assert text_of(window).splitlines() == list(lines)


def test_the_look_is_set_at_once(qtbot: QtBot, window: MainWindow) -> None:
    window.dialogs.settings()
    dialog = dialog_of(window)
    assert isinstance(dialog, SettingsDialog)
    qtbot.mouseClick(dialog.mode._buttons["dark"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.text_size._buttons["1.25"], Qt.MouseButton.LeftButton)
    dialog.findChild(QCheckBox).click()
    look = theme.current()
    assert (look.mode, look.scale, look.high_contrast) == ("dark", 1.25, True)
    press(dialog, "Close")


# Bugs


@pytest.mark.expects_log("unexpected error")
def test_a_bug_shows_a_report_and_the_work_can_still_be_saved(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_model(window.session)
    rendered(window)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug in reading")

    monkeypatch.setattr(opening, "_read", broken)
    window.session.open_path("any.csv")
    rendered(window)
    assert len(bugs_of(window.session)) == 1
    report = text_of(window)
    assert "ZeroDivisionError: a bug in reading" in report and "Python" in report
    press(dialog_of(window), "Copy")
    assert "a bug in reading" in QApplication.clipboard().text()
    press(dialog_of(window), "Close")
    window.actions_by_id["save_model"].trigger()
    choose(window, tmp_path / "saved.alsgui")
    rendered(window)
    assert load_model(tmp_path / "saved.alsgui").n_users == 12


def test_bug_after_bug_opens_one_report(window: MainWindow) -> None:
    for number in range(5):
        window.bug_met.emit(ZeroDivisionError(f"bug {number}"))
    shown(window)
    assert "bug 0" in text_of(window)
    dialog_of(window).accept()
    window.bug_met.emit(ZeroDivisionError("another"))
    shown(window)
    assert "another" in text_of(window)


@pytest.mark.expects_log("unexpected error")
@pytest.mark.parametrize("where", ["here", "in a thread"])
def test_an_error_that_nobody_caught_is_reported_and_the_hooks_go_back(window: MainWindow, where: str) -> None:
    import sys
    import threading

    before = sys.excepthook, threading.excepthook
    restore = install_hooks(window)
    try:
        error = ZeroDivisionError("nobody caught it")
        if where == "here":
            sys.excepthook(type(error), error, None)
        else:
            thread = threading.Thread(target=_raiser(error))
            thread.start()
            thread.join()
        wait_for(lambda: bool(dialogs_of(window)))
        assert "nobody caught it" in text_of(window)
    finally:
        restore()
    assert (sys.excepthook, threading.excepthook) == before


@pytest.mark.expects_log("unexpected error")
def test_a_page_that_fails_when_it_is_shown_is_reported_and_the_window_lives_on(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception that leaves a showEvent goes through Qt's own calls, and there it can end the process."""
    page = window.page("train")
    monkeypatch.setattr(page, "show_state", lambda state, changed: _raiser(ZeroDivisionError("shown badly"))())
    restore = install_hooks(window)
    try:
        window.session.show_page("train")
        wait_for(lambda: bool(dialogs_of(window)))
        assert "shown badly" in text_of(window)
        dialog_of(window).accept()
        assert window.shown_page is page and page.isVisible()
    finally:
        restore()


def _raiser(error: Exception) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_a_run_goes_on_for_as_many_epochs_as_are_asked_for(window: MainWindow) -> None:
    with_model(window.session, epochs=3)
    shown(window)
    window.actions_by_id["go_on_for"].trigger()
    dialog = dialog_of(window)
    assert isinstance(dialog, QInputDialog)
    dialog.setIntValue(4)
    dialog.accept()
    settle(window.session)
    assert [len(run.history) for run in window.session.state.runs] == [7]


def test_the_shown_run_and_the_split_are_written_where_they_are_wanted(window: MainWindow, tmp_path: Path) -> None:
    with_model(window.session)
    shown(window)
    for name, path in (("export_run", tmp_path / "run.json"), ("export_split", tmp_path / "parts")):
        window.actions_by_id[name].trigger()
        choose(window, path)
        settle(window.session)
        shown(window)
        assert path.exists()


def test_a_hold_out_from_a_file_is_chosen_in_a_dialog(window: MainWindow, tmp_path: Path) -> None:
    with_model(window.session)
    window.session.splitting.export(tmp_path)
    settle(window.session)
    shown(window)
    window.actions_by_id["holdout_file"].trigger()
    choose(window, tmp_path / "holdout.csv")
    settle(window.session)
    split = window.session.state.split
    assert split is not None and split.kind == "file"
