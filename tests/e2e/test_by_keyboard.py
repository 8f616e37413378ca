"""The pages of training, comparing and learning without a mouse: Tab to a control, keys in it, shortcuts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.learn.lessons import LESSONS
from alsgui.ui.pages.learn.page import LearnPage
from tests.helpers.sessions import open_session, settle, wait_for, with_movies
from tests.helpers.windows import open_window, rendered, shown

Key = Qt.Key
MOST_STOPS = 120


@pytest.fixture
def window() -> Iterator[MainWindow]:
    """The real window with small ratings."""
    with open_session() as session, open_window(session) as window:
        with_movies(session, 60, 50, 0.4)
        window.activateWindow()
        rendered(window)
        yield window


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, held)
    rendered(window)


def tab_to(window: MainWindow, name: str) -> QWidget:
    """Press Tab until a control of this name has the focus."""
    seen = []
    for _ in range(MOST_STOPS):
        QTest.keyClick(QApplication.focusWidget() or window, Key.Key_Tab)
        seen.append(focused().accessibleName() or str(focused().property("text") or ""))
        if seen[-1] == name:
            return focused()
    raise AssertionError(f"no way by Tab to {name}: {seen}")


def typed(window: MainWindow, name: str, text: str) -> None:
    field = tab_to(window, name)
    QTest.keyClick(field, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)
    press(window, Key.Key_Return)


def test_a_fit_is_set_up_run_stepped_and_zoomed_by_keys(window: MainWindow) -> None:
    session = window.session
    press(window, Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert session.state.page == "train"
    typed(window, "Attributes", "3")
    typed(window, "Epochs", "4")
    assert (session.state.config.k, session.state.config.epochs) == (3, 4)
    kind = tab_to(window, "Kind of hold-out")
    QTest.keyClick(kind, Key.Key_End)
    rendered(window)
    assert session.state.split is not None and session.state.split.kind == "users"
    press(window, Key.Key_F5)
    settle(session)
    assert session.state.model is not None and len(session.state.model.history) <= 4
    plot = tab_to(window, "Training curves")
    QTest.keyClick(plot, Key.Key_Plus)
    QTest.keyClick(plot, Key.Key_Home)
    for key, side in ((Key.Key_F10, "u"), (Key.Key_F10, "m"), (Key.Key_F9, "u")):
        QTest.keyClick(plot, key)
        wait_for(lambda side=side: session.state.live is not None and session.state.live.side == side, side)
        shown(window)
    window.actions_by_id["stop"].trigger()
    settle(session)


def test_settings_are_searched_looked_at_and_made_the_model_by_keys(window: MainWindow) -> None:
    session = window.session
    press(window, Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert session.state.page == "compare"
    for name, text in (("Values of the setting", "1, 2"), ("Values of λ", "1, 4")):
        field = tab_to(window, name)
        QTest.keyClick(field, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)
    tab_to(window, "Search")
    press(window, Key.Key_Space)
    settle(session)
    rendered(window)
    search = session.state.search
    assert search is not None and search.table.complete
    for _ in range(MOST_STOPS):
        QTest.keyClick(focused(), Key.Key_Tab)
        if type(focused()).__name__ == "SearchMap":
            break
    QTest.keyClick(focused(), Key.Key_Home)
    QTest.keyClick(focused(), Key.Key_Return)
    settle(session)
    best, model = search.table.grid.config_at(search.table.best or (0, 0)), session.state.model
    assert model is not None and (model.config.k, model.config.lambda_u) == (best.k, best.lambda_u)


def test_the_worked_example_and_a_lesson_need_no_mouse(window: MainWindow) -> None:
    press(window, Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    page = window.page("learn")
    assert isinstance(page, LearnPage)
    for key, position in ((Key.Key_N, 1), (Key.Key_H, 24), (Key.Key_B, 23)):
        QTest.keyClick(window, key)
        assert page.desk.walk.position == position
    QTest.keyClick(window, Key.Key_R)
    wait_for(lambda: not page.desk.running, "the walk to settle")
    tab_to(window, "Worked example")
    for _ in range(2):
        QTest.keyClick(focused(), Key.Key_Right)
    rendered(window)
    assert page.view.current() == "lessons"
    names = tab_to(window, "Lessons")
    QTest.keyClick(names, Key.Key_Down)
    assert page.lessons.lesson is LESSONS[1]
