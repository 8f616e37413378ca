"""The movie's side of Recommend under real mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alsgui.core.explain import explain_movie
from alsgui.core.fitting import fit
from alsgui.core.generate import generate
from alsgui.core.model import Model, without_ratings
from alsgui.core.movie_side import UserFilters, folded_movie, for_movie, mean_of_genre, of_movie
from alsgui.core.split import split
from alsgui.session.session import Session
from alsgui.ui import theme
from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.recommend.page import RecommendPage
from alsgui.ui.pages.recommend.titles import read_title
from tests.helpers.sessions import settle, wait_for
from tests.helpers.windows import rendered

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def model() -> Model:
    return fit(split(generate("movies", n_users=40, n_movies=50, density=0.4), 0.1, 0), "observed", k=4, epochs=4,
               threads=1)  # fmt: skip


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, model: Model) -> RecommendPage:
    session = window.session
    session.put(model=model)
    session.select_cell(2, 5)
    session.show_page("recommend")
    rendered(window)
    made = window.page("recommend")
    assert isinstance(made, RecommendPage)
    qtbot.mouseClick(made.side._buttons["movie"], LEFT)
    shown(made)
    return made


def shown(page: RecommendPage) -> None:
    for _ in range(4):
        QApplication.processEvents()
        settle(page.session)
    QApplication.processEvents()


def users(page: RecommendPage) -> list[str]:
    table = page.mirror.list.table_model
    return [str(table.index(at, 1).data()) for at in range(table.rowCount())]


def number(words: str) -> float:
    return float(words.replace("−", "-"))


def test_the_users_who_would_like_the_selected_movie_most_are_listed_and_those_who_rated_it_hidden(
    qtbot: QtBot, page: RecommendPage, model: Model
) -> None:
    assert users(page) == list(for_movie(model, of_movie(model, 5)).ids)
    assert not page.person.isVisible() and page.mirror.panel.isVisible()
    assert page.mirror.panel.title.text().startswith(read_title(model.title(5))[0])
    box = page.mirror.list.hide_rated
    qtbot.mouseClick(box, LEFT, pos=QPoint(10, box.height() // 2))
    shown(page)
    assert users(page) == list(for_movie(model, of_movie(model, 5), UserFilters(hide_seen=False)).ids)
    assert "Given" in [column.title for column in page.mirror.list.table_model.columns]
    page.mirror.list.support.setFocus()
    qtbot.keyClick(page.mirror.list.support, Qt.Key.Key_End)
    shown(page)
    assert users(page) == []


def test_another_movie_is_found_by_title(qtbot: QtBot, page: RecommendPage, model: Model) -> None:
    field = page.mirror.panel.field
    field.setFocus()
    qtbot.keyClicks(field, read_title(model.title(9))[0])
    qtbot.keyClick(field, Qt.Key.Key_Return)
    shown(page)
    assert page.session.state.selection.movie == 9
    assert users(page) == list(for_movie(model, of_movie(model, 9)).ids)


def test_a_row_says_who_pulled_it_and_the_numbers_shown_add_up(qtbot: QtBot, page: RecommendPage, model: Model) -> None:
    table = page.mirror.list.table
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(page.mirror.list.table_model.index(1, 1)).center())
    shown(page)
    row = page.session.state.selection.user
    assert row is not None
    exact = explain_movie(model, of_movie(model, 5), row)
    assert exact is not None
    why = page.mirror.why
    assert why.rank.text() == "rank 2" and why.title.text() == f"User {model.user_ids[row]}"
    parts = [float(line.rsplit(",", 1)[1]) for line in why.pulls.numbers_csv().strip().splitlines()[1:]]
    total = number(why.sum.number.text())
    assert number(why.start.number.text()) + sum(parts) == pytest.approx(total, abs=1e-9)
    assert total == pytest.approx(exact.total, abs=0.005)
    wait_for(lambda: "own noise" in why.sure.text(), "how sure it is")
    qtbot.mouseClick(why.to_person, LEFT)
    shown(page)
    assert page.session.state.side == "person" and page.title.text() == f"For user {model.user_ids[row]}"


def test_a_new_movie_is_the_mean_of_its_genre(qtbot: QtBot, page: RecommendPage, model: Model) -> None:
    panel = page.mirror.panel
    qtbot.mouseClick(panel.tiles["genre"], LEFT)
    shown(page)
    assert panel.reason.text() == "Choose a genre." and users(page) == []
    panel.genres.setFocus()
    qtbot.keyClick(panel.genres, Qt.Key.Key_Down)
    shown(page)
    genre = page.session.state.movie.genre
    assert genre == panel.genres.currentText()
    assert users(page) == list(for_movie(model, mean_of_genre(model, genre)).ids)
    assert "could have pulled" in page.mirror.why.reason.text()


def test_a_new_movie_is_folded_in_from_what_users_give_it(qtbot: QtBot, page: RecommendPage, model: Model) -> None:
    panel = page.mirror.panel
    qtbot.mouseClick(panel.tiles["rated"], LEFT)
    shown(page)
    assert "Have a user rate it" in panel.reason.text()
    panel.user.setFocus()
    QApplication.processEvents()
    qtbot.keyClicks(panel.user, "7")
    qtbot.keyClick(panel.user, Qt.Key.Key_Return)
    shown(page)
    row = model.summary.user_rows["7"]
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_5)
    shown(page)
    assert dict(page.session.state.movie.rated) == {row: 5.0}
    assert users(page) == list(for_movie(model, folded_movie(model, np.array([row]), np.array([5.0]))).ids)
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    shown(page)
    assert not page.session.state.movie.rated


def test_without_ratings_a_new_movie_cannot_be_folded_in_and_the_page_says_why(
    page: RecommendPage, model: Model
) -> None:
    page.session.put(model=without_ratings(model))
    page.session.movies.rate(0, 5.0)
    shown(page)
    assert "without its ratings" in page.mirror.panel.reason.text() and users(page) == []


def test_the_movies_side_follows_the_theme_and_the_selection(page: RecommendPage, session: Session) -> None:
    light = page.mirror.list.grab().toImage()
    theme.current().set_mode("dark")
    shown(page)
    assert page.mirror.list.grab().toImage() != light
    session = page.session
    session.select_user(7)
    shown(page)
    assert page.mirror.why.title.text() == f"User {page.mirror.made.model.user_ids[7]}"  # type: ignore[union-attr]
    session.select_user(None)
    shown(page)
    assert page.mirror.why.rank.text() == ""
