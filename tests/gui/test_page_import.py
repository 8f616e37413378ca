"""The import page: what a person sees, changes and answers before anything is read."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from alsgui.core.brake import Brake
from alsgui.core.errors import Interrupted
from alsgui.core.solvers.config import ImplicitConfig, ObservedConfig
from alsgui.io.looked import Look
from alsgui.io.reading import read
from alsgui.ui import theme
from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.importing.outcome import missing_text
from alsgui.ui.pages.importing.page import ImportPage
from alsgui.ui.pages.importing.settings import missing_of, missing_words
from tests.helpers.sessions import settle, wait_for, with_movies
from tests.helpers.windows import choose, dialog_of, looked_at, press, read_shown_file, rendered

LEFT = Qt.MouseButton.LeftButton
SEMICOLONS = (
    "Export\n\nUserNr;FilmNr;Note;Datum;Quelle\n001;1;4,0;30.07.2000;phone\n001;3;n/a;30.07.2000;web\n"
    "002;1;3,5;01.08.2000;web\n002;3;2,0;02.08.2000;web\n002;3;1,0;03.08.2000;web\n"
)
MOVIES = "movieId,title,genres\n1,Toy Story (1995),Animation\n3,Heat (1995),Crime\n"


def written(folder: Path, text: str = SEMICOLONS, name: str = "export.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def look_of(window: MainWindow) -> Look:
    importing = window.session.state.importing
    assert importing is not None and importing.look is not None
    return importing.look


def page_of(window: MainWindow) -> ImportPage:
    page = window.shown_page
    assert isinstance(page, ImportPage)
    return page


def open_file(window: MainWindow, path: Path) -> ImportPage:
    window.session.importing.look_at(path)
    looked_at(window)
    return page_of(window)


def pick(box: QComboBox, value: object) -> None:
    """Choose an entry as a person does."""
    at = box.findData(value)
    assert at >= 0
    box.setCurrentIndex(at)
    box.activated.emit(at)


def typed(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def cells(page: ImportPage, column: int) -> list[str]:
    model = page.preview.model
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_nothing_is_read_before_read_is_pressed(window: MainWindow, tmp_path: Path) -> None:
    with_movies(window.session)
    before = window.session.state.data
    page = open_file(window, written(tmp_path))
    assert page.title.text() == "Open export.csv" and "nothing is read yet" in page.subtitle.text()
    assert window.session.state.data is before
    read_shown_file(window)
    data = window.session.state.data
    assert data is not None and data is not before and data.ratings.n_ratings == 3
    assert window.session.state.importing is None and window.shown_page.key == "data"


def test_what_was_understood_is_shown_and_the_sum_adds_up(window: MainWindow, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    settings = page.settings.boxes
    assert settings["delimiter"].currentText() == "Semicolon  ;" and settings["decimal"].currentText() == "Comma  3,5"
    assert settings["header"].currentText() == "Row 3" and page.settings.skip.value() == 2
    assert [page.preview.roles.boxes[at].currentText() for at in range(5)] == [
        "User", "Movie", "Rating", "Time", "Leave out"
    ]  # fmt: skip
    assert cells(page, 0) == ["4", "5", "6", "7", "8"]
    assert cells(page, 6)[:2] == ["4.00 ★ 1", "rejected: rating is not a number"]
    size = look_of(window).size
    shown = {name: figure.text() for name, (figure, _) in page.outcome._figures.items()}
    assert shown == {"read": "5", "kept": "3", "merged": "1", "rejected": "1"}
    assert (size.n_ratings, size.n_merged, size.n_rejected) == (3, 1, 1)
    assert page.read.accessibleName() == "Read 3 ratings"


def test_the_way_it_is_read_is_the_line_of_python(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    qtbot.mouseClick(page.copy, LEFT)
    names: dict[str, object] = {}
    exec(compile(QGuiApplication.clipboard().text(), "<copied>", "exec"), names)
    read_shown_file(window)
    ratings = window.session.state.ratings
    assert ratings is not None and names["ratings"].fingerprint == ratings.fingerprint  # type: ignore[attr-defined]


def test_a_control_that_is_changed_shows_the_rows_anew(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    pick(page.settings.boxes["decimal"], ".")
    looked_at(window)
    assert look_of(window).size.n_rejected == 5, "4,0 is no number with a decimal point"
    assert not page.read.isEnabled() or look_of(window).size.n_ratings == 0
    qtbot.mouseClick(page.settings.detect, LEFT)
    looked_at(window)
    assert look_of(window).options.decimal == "," and look_of(window).size.n_rejected == 1


def test_a_delimiter_may_be_typed(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path, SEMICOLONS.replace(";", "~")))
    pick(page.settings.boxes["delimiter"], ",")
    looked_at(window)
    field = page.settings.boxes["delimiter"].lineEdit()
    assert field is not None
    typed(qtbot, field, "~")
    looked_at(window)
    assert look_of(window).options.delimiter == "~" and len(look_of(window).columns) == 5


def test_the_remedy_of_a_rejected_row_is_one_click(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    assert page.outcome.mend.accessibleName() == "Add “n/a” to Missing"
    qtbot.mouseClick(page.outcome.mend, LEFT)
    looked_at(window)
    assert page.settings.missing.text() == "n/a"
    assert look_of(window).size.n_rejected == 0 and look_of(window).size.n_missing == 1
    assert not page.outcome.mend.isVisible()


def test_missing_texts_are_typed_in_one_line(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    typed(qtbot, page.settings.missing, "empty, n/a, 1,")
    looked_at(window)
    assert look_of(window).options.missing == ("", "n/a", "1", "")
    assert look_of(window).size.n_ratings == 3 and look_of(window).size.n_missing == 2


@pytest.mark.parametrize("missing", [(), ("",), ("", "na", "99"), ("n/a",)])
def test_missing_texts_are_shown_as_they_are_typed(missing: tuple[str, ...]) -> None:
    assert missing_of(missing_words(missing)) == missing


def test_a_role_is_chosen_above_its_column(window: MainWindow, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    pick(page.preview.roles.boxes[1], "")
    looked_at(window)
    assert look_of(window).problem and not page.read.isEnabled()
    pick(page.preview.roles.boxes[4], "item")
    looked_at(window)
    assert str(look_of(window).options.columns) == "user=0,item=4,rating=2,time=3"
    assert cells(page, 6)[0] == "4.00 ★ phone" and page.read.isEnabled()


def test_a_column_of_ratings_that_is_left_out_makes_events(window: MainWindow, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    pick(page.preview.roles.boxes[2], "")
    looked_at(window)
    assert look_of(window).options.layout == "events" and look_of(window).options.duplicates == "sum"
    assert cells(page, 6)[0] == "once 1"
    pick(page.preview.roles.boxes[2], "rating")
    looked_at(window)
    assert look_of(window).options.layout == "long"


def test_titles_come_from_a_table_that_is_chosen(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    qtbot.mouseClick(page.settings.choose_movies, LEFT)
    choose(window, written(tmp_path, MOVIES, "films.csv"))
    looked_at(window)
    assert cells(page, 6)[0] == "4.00 ★ Toy Story (1995)"
    assert page.settings._movies_words.text() == "films.csv by id: 2 of 2 ids seen"
    qtbot.mouseClick(page.settings.drop_movies, LEFT)
    looked_at(window)
    assert look_of(window).options.movies is None


def test_characteristics_come_from_a_table_of_users(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    qtbot.mouseClick(page.settings.choose_users, LEFT)
    choose(window, written(tmp_path, "userId,age\n001,33\n009,40\n", "people.csv"))
    looked_at(window)
    assert page.settings._users_words.text() == "people.csv by id: 1 of 2 ids seen"
    read_shown_file(window)
    ratings = window.session.state.ratings
    assert ratings is not None and ratings.characteristics is not None
    assert list(ratings.characteristics["age"]) == ["33", None]


def test_counts_lead_to_the_solver_for_them(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    plays = "user,item,plays\n" + "".join(f"u{n % 7},i{n % 5},{1 + 40 * (n % 11 == 0)}\n" for n in range(35))
    page = open_file(window, written(tmp_path, plays, "plays.csv"))
    question = page.asking.questions["feedback"]
    assert question.current() == "1", "few large and many small whole numbers are counts"
    read_shown_file(window)
    assert isinstance(window.session.state.config, ImplicitConfig)
    page = open_file(window, tmp_path / "plays.csv")
    (ratings_button,) = (each for each in page.asking.findChildren(QPushButton) if each.text() == "Ratings")
    qtbot.mouseClick(ratings_button, LEFT)
    looked_at(window)
    read_shown_file(window)
    assert isinstance(window.session.state.config, ObservedConfig)


def test_a_matrix_full_of_zeros_asks_what_they_mean(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    rows = "".join(f"u{n}," + ",".join("5" if (n + m) % 12 == 0 else "0" for m in range(24)) + "\n" for n in range(20))
    page = open_file(window, written(tmp_path, "user," + ",".join(f"m{m}" for m in range(24)) + "\n" + rows))
    assert look_of(window).options.layout == "wide" and look_of(window).size.n_ratings == 40
    assert page.asking.questions["value:0"].current() == "0"
    (zero,) = (each for each in page.asking.findChildren(QPushButton) if each.text() == "A rating of 0")
    qtbot.mouseClick(zero, LEFT)
    looked_at(window)
    assert look_of(window).size.n_ratings == 480
    assert page.preview.roles.boxes[0].currentText() == "Row id"


def test_swap_turns_users_into_movies_before_the_read(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path, "user,movie,rating\na,x,1\na,y,2\na,z,3\nb,x,4\n"))
    assert page.asking.size_words.text() == "2 users × 3 movies"
    qtbot.mouseClick(page.asking.swap, LEFT)
    looked_at(window)
    assert page.asking.size_words.text() == "3 users × 2 movies"
    read_shown_file(window)
    ratings = window.session.state.ratings
    assert ratings is not None and ratings.user_ids == ("x", "y", "z")


def test_columns_named_the_other_way_round_are_warned_of(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path, "user,movie,rating\na,x,1\na,y,2\nb,x,4\n"))
    pick(page.preview.roles.boxes[0], "item")
    looked_at(window)
    pick(page.preview.roles.boxes[1], "user")
    looked_at(window)
    assert [concern.key for concern in look_of(window).concerns] == ["swapped"]
    press(window, "Swap users and movies")
    looked_at(window)
    assert look_of(window).concerns == () and str(look_of(window).options.columns) == "user=0,item=1,rating=2"


def test_the_text_of_the_file_can_be_read_as_it_stands(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    qtbot.mouseClick(page.preview.raw, LEFT)
    assert cells(page, 1)[0] == "001;1;4,0;30.07.2000;phone"
    assert not page.preview.roles.isVisible()
    qtbot.mouseClick(page.preview.raw, LEFT)
    assert page.preview.roles.isVisible()


def test_a_compressed_file_says_that_its_first_rows_are_shown(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "export.csv.gz"
    path.write_bytes(gzip.compress(("user,movie,rating\n" + "u,m,3\nv,m,4\n" * 40_000).encode()))
    page = open_file(window, path)
    assert page.preview._head._subtitle.text() == "first rows: the file is compressed"
    assert page.asking.size_words.text().startswith("≈")


def test_a_file_that_is_no_table_leaves_everything_as_it_was(window: MainWindow, tmp_path: Path) -> None:
    with_movies(window.session)
    before = window.session.state.data
    (tmp_path / "empty.csv").write_bytes(b"")
    window.session.importing.look_at(tmp_path / "empty.csv")
    rendered(window)
    notice = window.session.state.notice
    assert notice is not None and notice.kind == "error" and notice.hint
    assert window.session.state.importing is None and window.session.state.data is before
    assert window.shown_page.key == "data"


def test_settings_that_cannot_be_looked_at_bring_the_last_ones_back(window: MainWindow, tmp_path: Path) -> None:
    open_file(window, written(tmp_path))
    before = look_of(window)
    window.session.importing.set(movies=str(tmp_path / "missing.csv"))
    looked_at(window)
    assert window.session.state.notice is not None and window.session.state.notice.kind == "error"
    assert look_of(window) is before


def test_cancel_goes_back_to_what_was_open(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    with_movies(window.session)
    before = window.session.state.data
    page = open_file(window, written(tmp_path))
    qtbot.mouseClick(page.cancel, LEFT)
    rendered(window)
    assert window.session.state.data is before and window.shown_page.key == "data"


def test_other_pages_can_be_visited_meanwhile(window: MainWindow, tmp_path: Path) -> None:
    with_movies(window.session)
    open_file(window, written(tmp_path))
    window.actions_by_id["page_train"].trigger()
    rendered(window)
    assert window.shown_page.key == "train"
    window.actions_by_id["page_data"].trigger()
    rendered(window)
    assert window.shown_page.key == "import"


def test_a_read_that_fails_is_a_sentence_and_the_page_stays(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_movies(window.session)
    before = window.session.state.data
    page = open_file(window, written(tmp_path))
    (tmp_path / "export.csv").unlink()
    page.read.click()
    rendered(window)
    notice = window.session.state.notice
    assert notice is not None and notice.kind == "error" and "does not exist" in notice.text
    assert window.session.state.data is before and window.shown_page is page and page.read.isEnabled()


def test_while_it_reads_the_settings_rest_and_cancel_stops_it(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def slow(path: object, options: object, progress: object, cancel: Brake) -> object:
        while not cancel.is_set():
            time.sleep(0.005)
        raise Interrupted

    page = open_file(window, written(tmp_path))
    monkeypatch.setattr("alsgui.io.reading.read", slow)
    page.read.click()
    wait_for(lambda: window.session.state.job is not None and not page.settings.isEnabled(), "the read to begin")
    assert page.cancel.text() == "Stop reading" and not page.read.isEnabled()
    qtbot.mouseClick(page.cancel, LEFT)
    settle(window.session)
    rendered(window)
    assert window.shown_page is page and page.settings.isEnabled() and page.cancel.text() == "Cancel"


def test_a_table_is_pasted_from_the_clipboard(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("user\tmovie\trating\nann\tHeat\t4\nbob\tHeat\t5\nbob\tUp\t2\n")
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    looked_at(window)
    assert page_of(window).title.text() == "Open table from the clipboard"
    read_shown_file(window)
    ratings = window.session.state.ratings
    assert ratings is not None and (ratings.n_users, ratings.n_movies, ratings.name) == (2, 2, "Clipboard")
    assert not [file for file in window.session.state.recent if "pasted" in file.path], "it is gone tomorrow"


def test_an_empty_clipboard_says_what_to_do(window: MainWindow) -> None:
    QGuiApplication.clipboard().clear()
    window.actions_by_id["paste"].trigger()
    rendered(window)
    notice = window.session.state.notice
    assert notice is not None and notice.kind == "error" and "Copy rows" in notice.hint


def test_a_file_is_read_again_as_it_was_read_last(window: MainWindow, tmp_path: Path) -> None:
    path = written(tmp_path)
    open_file(window, path)
    window.session.importing.set(missing=("n/a",), noun="film")
    looked_at(window)
    read_shown_file(window)
    first = window.session.state.ratings
    with_movies(window.session)
    window.session.importing.reopen(str(path))
    rendered(window)
    again = window.session.state.ratings
    assert first is not None and again is not None and again is not first
    assert (again.fingerprint, again.noun) == (first.fingerprint, "film")


def test_an_open_file_can_be_read_differently(window: MainWindow, tmp_path: Path) -> None:
    open_file(window, written(tmp_path))
    window.session.importing.set(noun="film")
    looked_at(window)
    read_shown_file(window)
    window.actions_by_id["read_differently"].trigger()
    looked_at(window)
    assert look_of(window).options.noun == "film", "it begins with the settings that it was read with"
    window.session.importing.set(duplicates="mean")
    looked_at(window)
    read_shown_file(window)
    ratings = window.session.state.ratings
    assert ratings is not None and 1.5 in ratings.csr.data


def test_the_report_lists_what_was_rejected_and_merged(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    open_file(window, written(tmp_path))
    read_shown_file(window)
    window.actions_by_id["report"].trigger()
    rendered(window)
    dialog = dialog_of(window)
    said = {each.accessibleName() for each in dialog.findChildren(QWidget)}
    assert "Ratings read 5 = 3 kept + 1 merged + 1 rejected" in said and "Ids seen 2 users × 2 movies" in said
    tables = {each.accessibleName(): each for each in dialog.findChildren(QWidget) if each.accessibleName()}
    rejected, merged = tables["Rejected rows"].table_model(), tables["Merged rows"].table_model()  # type: ignore[attr-defined]
    assert [rejected.index(0, at).data() for at in (0, 2)] == ["5", "rating is not a number"]
    assert [merged.index(0, at).data() for at in range(5)] == ["002", "3", "7, 8", "2, 1", "1"]
    press(dialog, "Export rejected rows...")
    choose(dialog, tmp_path / "rejected.csv")
    rendered(window)
    assert "n/a" in (tmp_path / "rejected.csv").read_text()


def test_users_and_movies_are_swapped_without_reading_again_and_back(window: MainWindow, tmp_path: Path) -> None:
    written(tmp_path, MOVIES, "movies.csv")
    open_file(window, written(tmp_path, "userId,movieId,rating\na,1,4\na,3,2\nb,1,5\n", "ratings.csv"))
    read_shown_file(window)
    before = window.session.state.data
    assert before is not None and before.ratings.titles is not None
    (tmp_path / "ratings.csv").unlink()
    window.actions_by_id["swap"].trigger()
    rendered(window)
    turned = window.session.state.data
    assert turned is not None and turned.ratings.user_ids == ("1", "3") and turned.source.swapped
    window.actions_by_id["swap"].trigger()
    rendered(window)
    assert window.session.state.ratings is before.ratings, "titles and all"


def test_a_swapped_file_is_fitted_again_from_its_lines(window: MainWindow, tmp_path: Path) -> None:
    from alsgui.session.recipe import source_line

    open_file(window, written(tmp_path))
    read_shown_file(window)
    window.actions_by_id["swap"].trigger()
    rendered(window)
    data = window.session.state.data
    assert data is not None
    names: dict[str, object] = {}
    exec(compile("import alsgui\n" + source_line(data.source), "<recipe>", "exec"), names)
    assert names["ratings"].fingerprint == data.ratings.fingerprint  # type: ignore[attr-defined]
    window.session.open_source(data.source)
    rendered(window)
    assert window.session.state.ratings is not None
    assert window.session.state.ratings.fingerprint == data.ratings.fingerprint


def test_a_collection_is_downloaded_after_its_terms_were_shown(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = written(tmp_path, "userId,movieId,rating\na,1,4\na,3,2\nb,1,5\n", "ratings.csv")
    monkeypatch.setattr("alsgui.io.download.fetch", lambda entry, progress, cancel: path)
    window.actions_by_id["download_ml-1m"].trigger()
    rendered(window)
    said = " ".join(each.text() for each in dialog_of(window).findChildren(QWidget) if hasattr(each, "text"))
    assert "5.9 MB to download" in said and "Research use" in said and "grouplens.org" in said
    assert window.session.state.data is None
    press(window, "Download and open")
    rendered(window)
    assert window.session.state.ratings is not None and window.session.state.ratings.n_ratings == 3


def test_the_address_of_a_server_is_asked_for_and_checked(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_id["database"].trigger()
    rendered(window)
    dialog = dialog_of(window)
    (field,) = dialog.findChildren(QLineEdit)
    typed(qtbot, field, "localhost")
    assert dialog.isVisible() and "postgresql://" in dialog.problem.text()  # type: ignore[attr-defined]
    typed(qtbot, field, "postgresql://nobody@127.0.0.1:9/none")
    rendered(window)
    notice = window.session.state.notice
    assert notice is not None and notice.kind == "error" and window.session.state.importing is None


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_fits_at_both_sizes(window: MainWindow, tmp_path: Path, dark: bool) -> None:
    page = open_file(window, written(tmp_path))
    theme.current().set_mode("dark" if dark else "light")
    for size in ((1280, 800), (1920, 1080)):
        window.resize(*size)
        rendered(window)
        assert page.preview.table.viewport().height() >= theme.px(3 * 28)
        for box in page.preview.roles.boxes.values():
            assert box.isVisible() and box.geometry().right() <= page.preview.roles.width()


def test_a_matrix_of_thousands_of_columns_needs_no_thousands_of_controls(window: MainWindow, tmp_path: Path) -> None:
    head = "user," + ",".join(f"m{m}" for m in range(3000))
    rows = "".join(f"u{n}," + ",".join(str(1 + (n * m) % 5) for m in range(3000)) + "\n" for n in range(4))
    page = open_file(window, written(tmp_path, f"{head}\n{rows}", "wide.csv"))
    assert look_of(window).n_columns == 3001
    assert len(page.preview.roles.boxes) < 20
    page.preview.table.horizontalScrollBar().setValue(4000)
    rendered(window)
    assert any(at > 30 and box.isVisible() for at, box in page.preview.roles.boxes.items())


def test_only_a_text_that_can_be_added_to_missing_is_offered_as_remedy(tmp_path: Path) -> None:
    text = "user,movie,rating\na,x,bad\na,,3\nb,y,\nb,x,4\n"
    problems = read(written(tmp_path, text)).report.rejected
    assert [missing_text(problem) for problem in problems] == ["bad", None, ""]


def test_every_control_has_a_name_and_a_hover_explanation(window: MainWindow, tmp_path: Path) -> None:
    page = open_file(window, written(tmp_path))
    for name, made in page.settings.rows.items():
        assert made.toolTip(), name
    fields = [*page.settings.boxes.values(), *page.settings.findChildren(QLineEdit)]
    assert all(field.accessibleName() for field in fields if not isinstance(field.parent(), QComboBox))
