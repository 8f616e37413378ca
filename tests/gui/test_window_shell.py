"""The window around the pages: rail, toolbar, search, banner, status bar, inspector, look, dropping and closing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from alsgui.io.model_file import save_model
from alsgui.session.session import Session
from alsgui.session.state import Notice
from alsgui.ui import theme
from alsgui.ui.main_window import PAGES, MainWindow
from alsgui.ui.widgets.rail import RailItem
from tests.helpers.models import tiny_model
from tests.helpers.sessions import (
    fit_going_on,
    ratings_file,
    settle,
    wait_for,
    with_model,
    with_movies,
)
from tests.helpers.windows import (
    button_of,
    dialog_of,
    dialogs_of,
    open_window,
    press,
    read_shown_file,
    rendered,
    shown,
    usual_look,
)

Key, Left = Qt.Key, Qt.MouseButton.LeftButton


def rail_item(window: MainWindow, name: str) -> RailItem:
    (item,) = (each for each in window.rail.findChildren(RailItem) if each.accessibleName() == name)
    return item


def focused() -> QWidget:
    """The widget that has the keys."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def found(window: MainWindow) -> list[str]:
    """What the search lists."""
    results = window.toolbar.search.results
    return [results.item(row).text() for row in range(results.count())] if results.isVisible() else []


def look_up(qtbot: QtBot, window: MainWindow, text: str) -> list[str]:
    search = window.toolbar.search
    search.clear()
    qtbot.keyClicks(search, text)
    wait_for(lambda: not search._pause.isActive())
    return found(window)


# Rail


def test_the_rail_leads_to_every_page_and_shows_where_one_is(qtbot: QtBot, window: MainWindow) -> None:
    with_model(window.session)
    rendered(window)
    for key, spec in PAGES.items():
        qtbot.mouseClick(rail_item(window, spec.text), Left)
        rendered(window)
        assert window.session.state.page == key and window.rail.current() == key
        assert window.shown_page.isVisible() and window.shown_page.inspector.isVisibleTo(window.inspector)


def test_the_rail_is_walked_by_arrows_and_pressed_by_enter(qtbot: QtBot, window: MainWindow) -> None:
    with_movies(window.session)
    rendered(window)
    rail_item(window, "Data").setFocus()
    for page in ("Train", "Factors", "Recommend"):
        qtbot.keyClick(focused(), Key.Key_Down)
        assert QApplication.focusWidget() is rail_item(window, page)
    qtbot.keyClick(focused(), Key.Key_Return)
    assert window.session.state.page == "recommend"
    qtbot.keyClick(focused(), Key.Key_Up)
    qtbot.keyClick(focused(), Key.Key_Space)
    assert window.session.state.page == "factors"


def test_pages_have_keys_of_their_own(qtbot: QtBot, window: MainWindow) -> None:
    for number, page in enumerate(PAGES, 1):
        qtbot.keyClick(window, Key(Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert window.session.state.page == page


def test_a_page_that_cannot_serve_yet_is_faint_says_why_and_can_be_visited(qtbot: QtBot, window: MainWindow) -> None:
    for name in ("Train", "Factors", "Recommend"):
        item = rail_item(window, name)
        assert not item.usable and "No ratings yet." in item.toolTip()
        qtbot.mouseClick(item, Left)
        rendered(window)
        assert window.session.state.page == name.casefold()
    with_movies(window.session)
    rendered(window)
    assert rail_item(window, "Train").usable and not rail_item(window, "Factors").usable
    assert "fit one" in rail_item(window, "Factors").toolTip()


def test_before_there_are_ratings_the_start_page_stands_for_data(window: MainWindow) -> None:
    assert type(window.shown_page).__name__ == "StartPage" and window.rail.current() == "data"
    assert not window.inspector.isVisible()
    with_movies(window.session)
    rendered(window)
    assert type(window.shown_page).__name__ == "DataPage" and window.inspector.isVisible()


# Toolbar


def test_every_button_before_any_data_answers_or_says_why_not(qtbot: QtBot, window: MainWindow) -> None:
    for made in window.toolbar.findChildren(QPushButton):
        if made.menu() is not None or not made.isVisible():
            continue
        qtbot.mouseClick(made, Left)
        shown(window)
        assert made.isEnabled() or made.toolTip(), made.accessibleName()
        for dialog in dialogs_of(window):
            dialog.reject()
    assert window.session.state.phase == "empty" and not window.session.runner.busy


def test_every_button_of_every_page_before_any_data_can_be_pressed(qtbot: QtBot, window: MainWindow) -> None:
    bugs: list[object] = []
    window.bug_met.connect(bugs.append)
    for page in PAGES:
        window.session.show_page(page)
        rendered(window)
        for made in _buttons(window.shown_page) + _buttons(window.shown_page.inspector):
            if made.isVisible() and made.isEnabled() and made.menu() is None and "sample" not in _words(made):
                qtbot.mouseClick(made, Left)
                shown(window)
                for dialog in dialogs_of(window):
                    dialog.reject()
        window.session.cancel()
        settle(window.session)
        assert window.session.state.job is None and bugs == [], page


def _buttons(parent: QWidget) -> list[QPushButton]:
    return list(parent.findChildren(QPushButton))


def _words(made: QPushButton) -> str:
    return f"{made.text()} {made.accessibleName()}".casefold()


def test_fit_becomes_pause_then_resume_then_fit_again(qtbot: QtBot, window: MainWindow) -> None:
    with_movies(window.session)
    window.session.fitting.set_config(k=2, epochs=100_000, tolerance=0.0)
    rendered(window)
    fit = window.toolbar.fit
    for name in ("Fit", "Pause", "Resume"):
        shown(window)
        assert fit.accessibleName() == name and fit.isEnabled()
        qtbot.mouseClick(fit, Left)
    shown(window)
    assert fit.accessibleName() == "Pause"
    wait_for(lambda: window.session.state.live is not None)
    press(window.toolbar, "Stop")
    rendered(window)
    assert fit.accessibleName() == "Fit" and window.session.state.model is not None


def test_a_double_click_on_fit_is_one_click(qtbot: QtBot, window: MainWindow) -> None:
    with_movies(window.session)
    window.session.fitting.set_config(k=2, epochs=100_000, tolerance=0.0)
    rendered(window)
    fit = window.toolbar.fit
    qtbot.mouseClick(fit, Left)
    shown(window)
    qtbot.mouseDClick(fit, Left)
    shown(window)
    job = window.session.state.job
    assert job is not None and len(window.session.state.runs) == 1
    qtbot.mouseDClick(fit, Left)
    window.session.cancel()
    rendered(window)
    assert window.session.state.model is not None


def test_half_steps_go_by_their_button(qtbot: QtBot, window: MainWindow) -> None:
    with_movies(window.session)
    window.session.fitting.set_config(k=2)
    rendered(window)
    for side in ("u", "m", "u"):
        press(window.toolbar, "Half-step")
        wait_for(lambda side=side: window.session.state.live is not None and window.session.state.live.side == side)
        shown(window)
        assert window.toolbar.fit.accessibleName() == "Resume"
    window.session.cancel()
    rendered(window)


def test_the_model_button_lists_runs_and_shows_the_one_that_is_chosen(window: MainWindow) -> None:
    assert not window.toolbar.model.isEnabled() and "press Fit" in window.toolbar.model.toolTip()
    with_model(window.session)
    first = window.session.state.model
    window.session.fitting.set_config(k=3)
    window.session.fitting.fit()
    rendered(window)
    assert "K 3" in window.toolbar.model.text()
    menu = window.toolbar.model_menu
    menu.aboutToShow.emit()
    runs = menu.actions()
    assert [run.text().split(":")[0] for run in runs] == ["Run 2", "Run 1"]
    assert [run.isChecked() for run in runs] == [True, False]
    runs[1].trigger()
    rendered(window)
    assert window.session.state.model is first and "K 2" in window.toolbar.model.text()


def test_runs_of_other_data_are_listed_but_cannot_be_shown(window: MainWindow) -> None:
    with_model(window.session)
    with_movies(window.session)
    rendered(window)
    window.toolbar.model_menu.aboutToShow.emit()
    (run,) = window.toolbar.model_menu.actions()
    assert not run.isEnabled()


# Search


def test_search_finds_users_movies_and_actions(qtbot: QtBot, window: MainWindow) -> None:
    with_movies(window.session)
    rendered(window)
    ratings = window.session.state.ratings
    assert ratings is not None and ratings.titles is not None
    qtbot.keyClick(window, Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.toolbar.search.hasFocus()
    assert f"User {ratings.user_ids[4]}" in look_up(qtbot, window, ratings.user_ids[4])
    assert ratings.titles[3] in look_up(qtbot, window, ratings.titles[3].casefold())
    assert "Keyboard shortcuts" in look_up(qtbot, window, "shortcuts")
    assert look_up(qtbot, window, "qqqqq") == []


def test_what_is_found_is_selected(qtbot: QtBot, window: MainWindow) -> None:
    with_movies(window.session)
    rendered(window)
    ratings = window.session.state.ratings
    assert ratings is not None and ratings.titles is not None
    search = window.toolbar.search
    search.setFocus()
    look_up(qtbot, window, f"user {ratings.user_ids[4]}")
    qtbot.keyClick(search, Key.Key_Return)
    assert window.session.state.selection.user == 4
    look_up(qtbot, window, ratings.titles[3])
    qtbot.keyClick(search, Key.Key_Return)
    assert window.session.state.selection.movie == ratings.titles.index(ratings.titles[3])
    assert search.text() == "" and not search.results.isVisible()


def test_a_found_action_is_done_or_says_why_it_cannot_be(qtbot: QtBot, window: MainWindow) -> None:
    search = window.toolbar.search
    search.setFocus()
    look_up(qtbot, window, "more contrast")
    qtbot.keyClick(search, Key.Key_Return)
    assert theme.current().high_contrast
    look_up(qtbot, window, "Half-step")
    qtbot.keyClick(search, Key.Key_Return)
    notice = window.session.state.notice
    assert notice is not None and notice.text.startswith("No ratings yet")


def test_a_model_without_ratings_can_be_searched(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    with_model(window.session)
    assert window.session.state.model is not None
    save_model(window.session.state.model, tmp_path / "m.alsgui", with_ratings=False)
    window.session.open_path(tmp_path / "m.alsgui")
    rendered(window)
    model = window.session.state.model
    assert model.titles is not None and window.session.state.data is None
    window.toolbar.search.setFocus()
    assert f"User {model.user_ids[2]}" in look_up(qtbot, window, model.user_ids[2])
    assert model.titles[5] in look_up(qtbot, window, model.titles[5])


# Banner and status


def test_the_banner_shows_the_notice_on_whatever_page_is_shown(window: MainWindow) -> None:
    window.session.tell(Notice("warning", "3 rows rejected.", "See which.", ("line 4: no rating",)))
    rendered(window)
    assert window.banner.isVisible() and "3 rows rejected. See which." in window.banner.accessibleName()
    window.session.show_page("train")
    rendered(window)
    assert window.banner.isVisible() and window.shown_page.isAncestorOf(window.banner)
    press(window.banner, "Details")
    assert "line 4: no rating" in _plain_text(window).toPlainText()
    dialog_of(window).accept()
    window.banner.dismiss()
    rendered(window)
    assert window.session.state.notice is None and not window.banner.isVisible()


def _plain_text(window: MainWindow) -> Any:
    from PySide6.QtWidgets import QPlainTextEdit

    return dialog_of(window).findChild(QPlainTextEdit)


def test_the_action_of_a_notice_is_done_by_its_button(window: MainWindow) -> None:
    with_movies(window.session)
    window.session.tell(Notice("info", "Something is amiss.", action="reset_settings"))
    window.session.fitting.set_config(k=3)
    rendered(window)
    press(window.banner, "Reset settings")
    assert window.session.state.config.k != 3


def test_the_status_bar_tells_the_data_and_the_job(window: MainWindow) -> None:
    assert window.status._data.text() == "No data open" and window.status._job.text() == "Idle"
    fit_going_on(window.session)
    shown(window)
    assert "120 users" in window.status._data.text() and "% observed" in window.status._data.text().replace(
        "\u2009", " "
    )
    wait_for(lambda: "epoch" in window.status._job.text())
    assert window.status._job.text().startswith("Run 1")
    window.actions_by_id["pause"].trigger()
    wait_for(lambda: window.status._left.text() == "paused")
    press(window.status, "Cancel")
    rendered(window)
    assert window.status._job.text() == "Idle" and window.session.state.model is not None


def test_data_of_one_user_or_movie_are_told_in_the_singular(window: MainWindow) -> None:
    window.session.generate("chapter", n_users=1, n_movies=1)
    rendered(window)
    assert "1 user × 1 movie" in window.status._data.text().replace("\u2009", " ")


# Inspector


@pytest.mark.parametrize("width, beside", [(1280, True), (1200, True), (1199, False), (960, False)])
def test_the_inspector_stands_beside_the_page_or_lies_over_it(session: Session, width: int, beside: bool) -> None:
    with_movies(session)
    with open_window(session, width) as window:
        room = window._stack.width()
        assert window.inspector.isVisible() == beside
        window.actions_by_id["inspector"].trigger()
        shown(window)
        assert window.inspector.isVisible() != beside
        assert (window._stack.width() != room) == beside, "over the page, the page keeps its room"
        if not beside:
            area = window.inspector.geometry()
            assert area.right() == window._pair.geometry().right()


def test_data_has_no_inspector_where_a_model_came_without_its_ratings(window: MainWindow, tmp_path: Path) -> None:
    save_model(tiny_model(), tmp_path / "tiny.alsgui", with_ratings=False)
    window.session.open_path(tmp_path / "tiny.alsgui")
    settle(window.session)
    for page, there in (("data", False), ("factors", True)):
        window.session.show_page(page)
        rendered(window)
        assert window.inspector.isVisible() == there


def test_the_inspector_goes_and_comes_by_its_key(qtbot: QtBot, window: MainWindow) -> None:
    with_movies(window.session)
    rendered(window)
    for visible in (False, True):
        qtbot.keyClick(window, Key.Key_F4)
        shown(window)
        assert window.inspector.isVisible() == visible
        assert window.actions_by_id["inspector"].isChecked() == visible


def test_crossing_the_width_and_back_brings_the_inspector_back(window: MainWindow) -> None:
    with_movies(window.session)
    rendered(window)
    for width, visible in ((1100, False), (1280, True), (1000, False), (1600, True)):
        window.resize(width, 800)
        rendered(window)
        assert window.inspector.isVisible() == visible
        assert window.toolbar.search.isVisible() == (width >= 1100)


def test_in_a_narrow_window_search_is_a_button_that_opens_the_field(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(960, 640)
    rendered(window)
    assert not window.toolbar.search.isVisible()
    press(window.toolbar, "Search (Ctrl+K)")
    shown(window)
    assert window.toolbar.search.isVisible() and window.toolbar.search.hasFocus()


# Look


@pytest.mark.parametrize("width, height", [(960, 640), (1280, 800), (1920, 1080)])
def test_text_twice_as_large_fits_into_the_window_on_every_page(session: Session, width: int, height: int) -> None:
    with_model(session)
    with open_window(session, width, height) as window:
        theme.current().set_scale(2.0)
        for page in PAGES:
            session.show_page(page)
            rendered(window)
            window.grab()
            assert window.shown_page.isVisible()


def test_light_and_dark_switch_live_on_every_page(window: MainWindow) -> None:
    with_model(window.session)
    for page in PAGES:
        window.session.show_page(page)
        rendered(window)
        shades = []
        for mode in ("dark", "light"):
            theme.current().set_mode("dark" if mode == "dark" else "light")
            rendered(window)
            picture = window.grab().toImage()
            shades.append(sum(picture.pixelColor(x, 12).lightness() for x in range(0, picture.width(), 40)))
        assert shades[0] < shades[1]


@contextmanager
def remembering(session: Session) -> Iterator[MainWindow]:
    """A window that keeps its look, from the usual one, closed at the end."""
    usual_look()
    window = MainWindow(session, remember=True)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        usual_look()


def test_the_look_is_kept_from_one_time_to_the_next(session: Session, qapp: QApplication) -> None:
    usual_look()
    with remembering(session):
        theme.current().set_mode("dark")
        theme.current().set_scale(1.5)
        theme.current().set_high_contrast(True)
    with remembering(session):
        look = theme.current()
        assert (look.mode, look.scale, look.high_contrast) == ("dark", 1.5, True)


def test_settings_that_make_no_sense_do_not_keep_the_window_from_opening(session: Session, qapp: QApplication) -> None:
    settings = QSettings("alsgui", "alsgui")
    for name in ("geometry", "mode", "scale", "contrast"):
        settings.setValue(name, "nonsense")
    settings.sync()
    with remembering(session):
        assert (theme.current().mode, theme.current().scale) == ("system", 1.0)


# Dropping


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def entered(window: MainWindow, data: QMimeData) -> bool:
    """Whether the window would take what is dragged over it."""
    event = QDragEnterEvent(QPoint(600, 400), Qt.DropAction.CopyAction, data, Left, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def test_a_file_that_is_dropped_is_opened(window: MainWindow, tmp_path: Path) -> None:
    data = mime(ratings_file(tmp_path))
    assert entered(window, data)
    drop = QDropEvent(QPointF(600, 400), Qt.DropAction.CopyAction, data, Left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, drop)
    read_shown_file(window)
    assert window.session.state.ratings is not None and window.session.state.ratings.n_users == 8


def test_a_table_that_is_dropped_as_text_is_looked_at(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("user\tmovie\trating\nann\tHeat\t4\nbob\tHeat\t5\n")
    assert entered(window, data)
    drop = QDropEvent(QPointF(600, 400), Qt.DropAction.CopyAction, data, Left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, drop)
    read_shown_file(window)
    assert window.session.state.ratings is not None and window.session.state.ratings.user_ids == ("ann", "bob")


def test_several_files_words_and_links_are_not_taken(window: MainWindow, tmp_path: Path) -> None:
    text, link = QMimeData(), QMimeData()
    text.setText("ratings")
    link.setUrls([QUrl("https://example.org/ratings.csv")])
    assert not entered(window, mime(tmp_path / "a", tmp_path / "b"))
    assert not entered(window, text) and not entered(window, link)


# Recent files


def test_recent_files_are_in_the_menu_and_open(window: MainWindow, tmp_path: Path) -> None:
    path = ratings_file(tmp_path)
    window.session.open_path(path)
    settle(window.session)
    with_movies(window.session)
    menu = window.menus["File/Recent"]
    menu.aboutToShow.emit()
    first = menu.actions()[0]
    assert first.toolTip() == str(path)
    first.trigger()
    rendered(window)
    assert window.session.state.data is not None and window.session.state.data.source.what == str(path)


def test_without_recent_files_the_menu_says_so(window: MainWindow) -> None:
    window.session.put(recent=())
    menu = window.menus["File/Recent"]
    menu.aboutToShow.emit()
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [("No recent files", False)]


# Closing


@pytest.mark.parametrize("paused", [False, True])
def test_closing_in_a_fit_ends_it_and_leaves_no_thread(session: Session, paused: bool) -> None:
    with open_window(session) as window:
        fit_going_on(session)
        if paused:
            session.fitting.pause()
        shown(window)
        window.close()
        assert not session.runner.busy
        assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("alsgui-")]
        assert session.state.runs[0].model is not None


def test_closing_while_a_file_is_read_ends_it(session: Session, tmp_path: Path) -> None:
    with open_window(session) as window:
        session.open_sample()
        window.close()
        assert not session.runner.busy and not window.isVisible()


def test_closing_with_dialogs_open_closes_them(session: Session) -> None:
    with open_window(session) as window:
        with_model(session)
        shown(window)
        for name in ("generate", "shortcuts", "about", "export", "open"):
            window.actions_by_id[name].trigger()
        assert len(dialogs_of(window)) == 5
        window.close()
        shown(window)
        assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def test_cancel_in_the_middle_of_everything_leaves_a_window_that_works(window: MainWindow) -> None:
    session = window.session
    begin = (
        lambda: session.generate("movies", n_users=30, n_movies=20),
        session.fitting.fit,
        lambda: session.fitting.go_on(50),
        session.fitting.half_step,
        lambda: session.export_factors("/dev/null/nowhere", ("csv",), None),
        session.open_sample,
    )
    for turn in range(2):
        for start in begin:
            start()
            if turn:
                shown(window)
            window.actions_by_id["cancel"].trigger()
            session.cancel()
            shown(window)
        settle(session)
    with_model(session)
    rendered(window)
    assert session.state.phase == "model" and button_of(window.toolbar, "Fit").isEnabled()


def test_any_two_pages_stand_next_to_each_other_and_change_places(window: MainWindow, session: Session) -> None:
    with_model(session)
    window.session.show_page("factors")
    window.actions_by_id["beside_recommend"].trigger()
    rendered(window)
    factors, recommend = window.page("factors"), window.page("recommend")
    assert factors.isVisible() and recommend.isVisible()
    assert window.shown_page is factors and window.beside == "recommend"
    left, right = (page.mapTo(window, QPoint(0, 0)).x() for page in (factors, recommend))
    assert left < right
    window.session.show_page("recommend")
    rendered(window)
    assert window.beside == "factors" and factors.isVisible() and recommend.isVisible()
    assert recommend.mapTo(window, QPoint(0, 0)).x() < factors.mapTo(window, QPoint(0, 0)).x()
    window.actions_by_id["beside_none"].trigger()
    rendered(window)
    assert not factors.isVisible() and recommend.isVisible() and not window.beside
    window.session.show_page("factors")
    rendered(window)
    assert factors.isVisible() and not recommend.isVisible()


def test_a_selection_on_one_page_is_that_of_the_page_beside(window: MainWindow, session: Session) -> None:
    with_model(session)
    window.session.show_page("factors")
    window.actions_by_id["beside_data"].trigger()
    rendered(window)
    page = window.page("factors")
    heatmap = page.pictures.picture.r  # type: ignore[attr-defined]
    place = heatmap.picture().center().toPoint()
    QTest.mouseClick(heatmap, Qt.MouseButton.LeftButton, pos=place)
    rendered(window)
    data = window.page("data")
    assert session.state.selection.user is not None
    overview = data.map._overview  # type: ignore[attr-defined]
    assert data.map.map.crosshair()[0] == overview.user_place[session.state.selection.user]  # type: ignore[attr-defined]


def test_the_start_page_stands_alone(window: MainWindow) -> None:
    window.actions_by_id["beside_train"].trigger()
    rendered(window)
    assert not window.page("train").isVisible()


def test_the_words_beside_a_title_take_the_room_that_is_there(session: Session) -> None:
    with_model(session)
    session.splitting.keep_aside(kind="each", n=2)
    session.fitting.fit()
    settle(session)
    with open_window(session) as window:
        for name in ("factors", "compare"):
            session.show_page(name)
            page = rendered(window).page(name)
            assert page.subtitle.text() and page.subtitle.toolTip() == "", "a tooltip has the words that are cut"


def test_every_choice_and_field_on_every_page_has_a_name(session: Session) -> None:
    with_model(session)
    with open_window(session) as window:
        named = {id(text.buddy()) for text in window.findChildren(QLabel) if text.buddy() is not None}
        for name in PAGES:
            session.show_page(name)
            rendered(window)
            for kind in (QComboBox, QLineEdit, QSlider):
                for widget in window.page(name).findChildren(kind):
                    known = widget.accessibleName() or widget.toolTip() or id(widget) in named
                    assert known or widget.isHidden() or isinstance(widget.parent(), QComboBox), (name, widget.parent())
