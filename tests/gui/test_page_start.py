"""The start page under real mouse and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication, QBoxLayout
from pytestqt.qtbot import QtBot

from alsgui.io.recent import RecentFile, load_recent, remember
from alsgui.session.session import Session
from alsgui.ui import theme
from alsgui.ui.pages.start.page import StartPage
from alsgui.ui.pages.start.pictures import M, U
from alsgui.ui.pages.start.recent_list import moment
from alsgui.ui.widgets.reader import TextReader
from tests.helpers.sessions import ratings_file, settle, wait_for

DAY = 86_400.0
NOON = 1_700_000_000.0
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> StartPage:
    page = StartPage(session)
    qtbot.addWidget(page)
    page.resize(1200, 690)
    page.show()
    return page


def recent(path: Path | str, name: str = "ratings") -> RecentFile:
    return RecentFile(name, str(path), 8, 7, 42, NOON)


def test_open_and_generate_ask_for_their_actions(qtbot: QtBot, page: StartPage) -> None:
    for button, action in ((page.open_button, "open"), (page.generate_button, "generate")):
        with qtbot.waitSignal(page.action_wanted) as wanted:
            qtbot.mouseClick(button, LEFT)
        assert wanted.args == [action]


def test_open_sample_opens_it_and_the_ways_to_begin_wait_meanwhile(
    qtbot: QtBot, session: Session, page: StartPage
) -> None:
    qtbot.mouseClick(page.sample_button, LEFT)
    assert session.state.job is not None
    wait_for(lambda: not page.open_button.isEnabled(), "the buttons to wait")
    settle(session)
    assert session.state.ratings is not None and session.state.ratings.name == "ml-latest-small"
    wait_for(page.open_button.isEnabled, "the buttons")


def test_the_terms_of_the_sample_are_one_click_away(qtbot: QtBot, page: StartPage) -> None:
    qtbot.mouseClick(page.terms_link, LEFT)
    reader = next(child for child in page.children() if isinstance(child, TextReader))
    assert "commercial" in reader.view.toPlainText()
    assert reader.view.isReadOnly()
    reader.close()


def test_a_recent_file_opens_by_click_and_by_key(
    qtbot: QtBot, session: Session, page: StartPage, tmp_path: Path
) -> None:
    path = ratings_file(tmp_path)
    session.put(recent=(recent(path),))
    wait_for(lambda: bool(page.recent.paths()), "the list")
    assert page.recent.row_of(str(path)).words() == "42 ratings, 8 users × 7 items"
    qtbot.mouseClick(page.recent.row_of(str(path)), LEFT, pos=QPoint(60, 10))
    wait_for(lambda: session.state.importing is not None and not session.state.importing.looking, "the look")
    session.importing.read()
    settle(session)
    assert session.state.data is not None and session.state.data.source.what == str(path)
    before = session.state.data
    wait_for(page.recent.isEnabled, "the list")
    qtbot.keyClick(page.recent.row_of(str(path)), Qt.Key.Key_Space)
    wait_for(lambda: session.state.job is not None, "the file to be read at once, as it was read before")
    settle(session)
    assert session.state.data is not before


def test_a_recent_file_that_is_gone_says_so_and_can_be_removed(
    qtbot: QtBot, session: Session, page: StartPage, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.csv"
    remember("ratings", gone, 8, 7, 42, opened=NOON)
    session.put(recent=(recent(gone),))
    wait_for(lambda: bool(page.recent.paths()), "the list")
    row = page.recent.row_of(str(gone))
    wait_for(lambda: row.words() == "not there any more", "the file to be looked for")
    qtbot.mouseClick(row, LEFT, pos=QPoint(60, 10))
    settle(session)
    assert session.state.data is None and session.state.notice is None
    qtbot.mouseClick(row.remove, LEFT)
    wait_for(lambda: str(gone) not in page.recent.paths(), "it to be forgotten")
    assert str(gone) not in [file.path for file in load_recent()]


def test_there_is_no_recent_list_without_recent_files(session: Session, page: StartPage) -> None:
    session.put(recent=())
    wait_for(page.recent.isHidden, "the list to go")


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        (NOON - 60, "today"),
        (NOON - DAY, "yesterday"),
        (NOON - 10 * DAY, "4 Nov"),
        (NOON - 400 * DAY, "10 Oct 2022"),
    ],
)
def test_when_a_file_was_opened_is_said_as_one_says_it(opened: float, words: str) -> None:
    assert moment(opened, NOON).startswith(words)


def test_the_strip_lights_up_while_a_file_is_held_over_the_window(qtbot: QtBot, page: StartPage) -> None:
    page.setAcceptDrops(True)  # as the window does
    cold = page.drop_zone.grab().toImage()
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile("ratings.csv")])
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, held, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page.window(), enter)
    assert page.drop_zone.grab().toImage() != cold
    QApplication.sendEvent(page.window(), QDragLeaveEvent())
    assert page.drop_zone.grab().toImage() == cold


@pytest.mark.parametrize(("width", "height", "scale"), [(912, 534, 1.0), (888, 484, 1.5), (1840, 970, 1.0)])
def test_nothing_is_cut_at_any_size_of_window_and_text(
    qtbot: QtBot, page: StartPage, width: int, height: int, scale: float
) -> None:
    theme.current().set_scale(scale)
    page.resize(width, height)
    QApplication.processEvents()
    for button in (page.open_button, page.sample_button, page.generate_button, page.terms_link):
        assert button.width() >= button.sizeHint().width()
        right = button.mapTo(page, QPointF(button.width(), 0)).x()
        assert right <= width
    stacked = page.cards.cards.direction() == QBoxLayout.Direction.TopToBottom
    assert stacked == (scale > 1)


def test_the_pictures_follow_light_and_dark(page: StartPage) -> None:
    light = page.cards.grab().toImage()
    theme.current().set_mode("dark")
    QApplication.processEvents()
    assert page.cards.grab().toImage() != light


def test_the_product_on_its_card_has_factors_that_fit_together() -> None:
    assert {len(row) for row in U} == {len(M)}
    assert len({len(row) for row in M}) == 1
