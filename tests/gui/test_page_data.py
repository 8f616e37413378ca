"""The Data page under real mouse and keys."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from alsgui.core.ratings import Ratings
from alsgui.io.model_file import save_model
from alsgui.io.options import Duplicates
from alsgui.session.session import Session
from alsgui.session.state import Data, Selection, Source
from alsgui.ui import theme
from alsgui.ui.pages.data.filter import RatingFilter, parse_filter
from alsgui.ui.pages.data.page import DataPage, figures, scale_words, subtitle
from alsgui.ui.pages.data.table import duplicates_sentence
from alsgui.ui.widgets.layouts import row
from tests.helpers.models import tiny_model
from tests.helpers.sessions import ratings_file, settle, wait_for, with_model, with_movies

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> DataPage:
    """The page with its inspector beside it, of the share of a window of 1280 x 800."""
    page = DataPage(session)
    whole = QWidget()
    whole.setLayout(row(page, page.inspector, gap=0))
    page.inspector.setFixedWidth(320)
    qtbot.addWidget(whole)
    whole.resize(1200, 690)
    whole.show()
    page.whole = whole  # type: ignore[attr-defined]
    return page


def shown(session: Session, page: DataPage) -> Ratings:
    """Wait until the page shows the open ratings."""
    settle(session)
    wait_for(lambda: page._overview is not None and page._shown_data is session.state.data, "the page")
    QApplication.processEvents()
    assert session.state.ratings is not None
    return session.state.ratings


def words_of(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def facts_of(page: DataPage) -> dict[str, str]:
    """What the copy button gives: label -> value, sections run together."""
    panel = page._panel
    panel.copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    return dict(line.split("\t") for line in lines if "\t" in line)


def test_the_figures_are_those_of_the_file(session: Session, page: DataPage, tmp_path: Path) -> None:
    rows = ["u1,a,4,0", "u1,b,2,0", "u2,a,5,0", "u2,a,3,9", "u3,b,nothing,0", "u3"]
    session.open_path(ratings_file(tmp_path, "user,movie,rating,timestamp\n" + "\n".join(rows) + "\n"))
    shown(session, page)
    data = session.state.data
    assert data is not None
    assert [(figure, name) for figure, name, _ in figures(data)] == [
        ("2", "users"),
        ("2", "movies"),
        ("3", "ratings"),
        ("75.0 %", "observed"),
        ("3.00 ★", "mean rating"),
        ("2–4", "scale"),
        ("1", "duplicates"),
        ("2", "rejected rows"),
    ]
    tips = {name: tip for _, name, tip in figures(data)}
    assert tips["ratings"] == "6 rows read = 3 kept + 1 merged + 2 rejected"
    assert tips["duplicates"] == "1 row rated the same movie again and merged: the last one counts."
    assert {"75.0 %", "rejected rows", "duplicates"} <= set(words_of(page.strip))


def test_rejected_rows_are_listed_with_line_and_reason(
    qtbot: QtBot, session: Session, page: DataPage, tmp_path: Path
) -> None:
    session.open_path(ratings_file(tmp_path, "user,movie,rating\nu1,a,4\nu1,b,nothing\nu2,a,1\n"))
    shown(session, page)
    assert page.table.which.isVisible()
    rejected = next(button for button in page.table.which.findChildren(QPushButton) if button.text() == "Rejected")
    qtbot.mouseClick(rejected, LEFT)
    assert page.table.rejected.isVisible()
    model = page.table.rejected_model
    assert [model.index(0, column).data() for column in range(2)] == ["3", "rating is not a number"]
    with_movies(session)
    shown(session, page)
    assert not page.table.which.isVisible() and page.table.table.isVisible()


def test_a_click_on_the_map_selects_its_user_and_movie(qtbot: QtBot, session: Session, page: DataPage) -> None:
    with_movies(session)
    ratings = shown(session, page)
    picture = page.map.map.picture()
    top, bottom, left, right = page.map.map.view()
    at = QPointF(
        picture.left() + (2.5 - left) / (right - left) * picture.width(),
        picture.top() + (1.5 - top) / (bottom - top) * picture.height(),
    ).toPoint()
    qtbot.mouseClick(page.map.map, LEFT, pos=at)
    user = int(np.argsort(-ratings.user_counts, kind="stable")[1])
    movie = int(np.argsort(-ratings.movie_counts, kind="stable")[2])
    assert session.state.selection == Selection(user, movie)
    wait_for(lambda: sorted(page.table.shown_movies()) == ratings.of_user(user)[0].tolist(), "the user's ratings")
    assert page._panel.user_chip.text() == f"User {ratings.user_ids[user]}"


def test_the_map_draws_every_rating_at_its_place(session: Session, page: DataPage) -> None:
    with_movies(session)
    ratings = shown(session, page)
    users = np.argsort(-ratings.user_counts, kind="stable")
    movies = np.argsort(-ratings.movie_counts, kind="stable")
    wait_for(lambda: session.light.idle and not np.isnan(page.map.map.value_at(0, 0)), "the tile")
    drawn = [[page.map.map.value_at(i, j) for j in range(len(movies))] for i in range(len(users))]
    expected = [[ratings.value(int(i), int(j)) for j in movies] for i in users]
    np.testing.assert_array_equal(np.array(drawn, dtype=np.float32), np.array(expected, dtype=np.float32))


def test_the_map_starts_with_the_first_movies_and_a_button_shows_all(
    qtbot: QtBot, session: Session, page: DataPage
) -> None:
    session.generate("movies", n_users=20, n_movies=500, density=0.1)
    shown(session, page)
    assert page.map.map.view() == (0, 20, 0, 400)
    qtbot.mouseClick(page.map.expand, LEFT)
    assert page.map.map.view() == (0, 20, 0, 500)
    qtbot.mouseClick(page.map.expand, LEFT)
    assert page.map.map.view() == (0, 20, 0, 400)


def test_a_movie_selected_elsewhere_comes_into_view(session: Session, page: DataPage) -> None:
    session.generate("movies", n_users=20, n_movies=500, density=0.1)
    ratings = shown(session, page)
    rarest = int(np.argsort(-ratings.movie_counts, kind="stable")[-1])
    session.select_movie(rarest)
    wait_for(lambda: page.map.map.crosshair()[1] == 499, "the crosshair")
    assert page.map.map.view()[2:] == (100, 500)


def test_a_click_or_an_arrow_key_in_the_table_selects_the_movie(qtbot: QtBot, session: Session, page: DataPage) -> None:
    with_movies(session)
    shown(session, page)
    table, movies = page.table.table, page.table.shown_movies()
    place = table.visualRect(table.model().index(2, 0)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    assert session.state.selection.movie == movies[2]
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert session.state.selection.movie == movies[3]


def test_the_table_filters_by_title_and_rating(qtbot: QtBot, session: Session, page: DataPage) -> None:
    with_movies(session, n_users=12, n_movies=40)
    ratings = shown(session, page)
    columns, values = ratings.of_user(0)
    qtbot.keyClicks(page.table.filter, "rating > 3")
    assert page.table.shown_movies() == columns[values > 3].tolist()
    page.table.filter.clear()
    word = ratings.title(int(columns[0])).casefold().split()[1]
    qtbot.keyClicks(page.table.filter, word.upper())
    assert page.table.shown_movies() == [c for c in columns if word in ratings.title(int(c)).casefold()]
    page.table.filter.setText("no such title")
    assert "No rating matches the filter." in words_of(page.table)


def test_the_table_keeps_its_sorting_from_user_to_user(qtbot: QtBot, session: Session, page: DataPage) -> None:
    with_movies(session)
    ratings = shown(session, page)
    head = page.table.table.horizontalHeader()
    x = head.sectionViewportPosition(1) + head.sectionSize(1) // 2
    for user in (0, 5):
        session.select_user(user)
        settle(session)
        if user == 0:
            qtbot.mouseClick(head.viewport(), LEFT, pos=QPoint(x, head.height() // 2))
        wait_for(lambda user=user: len(page.table.shown_movies()) == ratings.user_counts[user], "the rows")
        stars = [ratings.value(user, movie) for movie in page.table.shown_movies()]
        assert stars == sorted(stars) or stars == sorted(stars, reverse=True)


def test_the_table_is_copied_as_tab_separated_text(qtbot: QtBot, session: Session, page: DataPage) -> None:
    with_movies(session)
    ratings = shown(session, page)
    table = page.table.table
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Movie\tRating"
    assert len(lines) == 1 + ratings.user_counts[0]


def test_facts_of_the_crossing_are_those_of_data_and_model(session: Session, page: DataPage) -> None:
    with_model(session)
    session.show_page("data")
    ratings = shown(session, page)
    model = session.state.model
    assert model is not None
    user = 3
    columns, values = ratings.of_user(user)
    session.select_cell(user, int(columns[0]))
    wait_for(lambda: page.table._user == user, "the page")
    facts = facts_of(page)
    predicted = float(model.predictor.cells(np.array([user]), columns[:1])[0])
    assert facts["y  observed"].removesuffix(" (held out)") == f"{values[0]:.2f} ★"
    assert facts["r  predicted"] == f"{predicted:.2f} ★"
    assert facts["y − r  error"].replace("−", "-") == f"{values[0] - predicted:+.2f}"
    assert facts["Rank by activity"].endswith(" of 12")
    session.select_movie(int(np.setdiff1d(np.arange(ratings.n_movies), columns)[0]))
    wait_for(lambda: "not rated" in facts_of(page).values(), "the page")
    assert "y − r  error" not in facts_of(page)


def test_recommend_needs_a_model_and_then_leads_to_the_users_list(
    qtbot: QtBot, session: Session, page: DataPage
) -> None:
    with_movies(session)
    shown(session, page)
    button = page._panel.recommend
    assert not button.isEnabled() and "No model yet" in button.toolTip()
    with_model(session)
    session.show_page("data")
    shown(session, page)
    wait_for(button.isEnabled, "the button")
    session.choose_person("mean")
    qtbot.mouseClick(button, LEFT)
    assert (session.state.page, session.state.person.kind) == ("recommend", "user")


def test_times_are_drawn_only_where_the_file_has_them(session: Session, page: DataPage, tmp_path: Path) -> None:
    with_movies(session)
    shown(session, page)
    assert not page.timeline.isVisible()
    session.open_path(ratings_file(tmp_path, "user,movie,rating,timestamp\nu,a,1,0\nu,b,2,31600000\n"))
    shown(session, page)
    assert page.timeline.isVisible()
    assert page.table.model.headerData(2, Qt.Orientation.Horizontal) == "Date"
    assert page.table.model.index(0, 2).data() == "1970-01-01"


def test_data_without_titles_show_ids(session: Session, page: DataPage) -> None:
    session.generate("chapter", n_users=4, n_movies=3)
    shown(session, page)
    assert page.table.model.index(0, 0).data() == "1"
    assert page._panel.movie_chip.text() == "Movie 1"
    assert "id" in page.table.filter.placeholderText()


def test_a_long_title_is_cut_to_the_inspector_and_read_in_full_in_its_tooltip(session: Session, page: DataPage) -> None:
    title = "The " + "very " * 30 + "long title (1999)"
    ratings = Ratings.from_dense([[1.0, 2.0]], titles=(title, "B"))
    with_movies(session)
    assert session.state.split is not None
    session.put(data=Data(ratings, Source("generated", "one")), selection=Selection(0, 0))
    shown(session, page)
    assert page._panel.movie_chip.toolTip() == title
    assert page._panel.movie_chip.text().endswith("…")
    assert page._panel.movie_chip.width() <= page._panel.width() - theme.px(32)


def test_a_user_who_rated_nothing_is_said_to(session: Session, page: DataPage) -> None:
    ratings = Ratings.from_dense([[1.0, 2.0], [np.nan, np.nan]])
    with_movies(session)
    session.put(data=Data(ratings, Source("generated", "two")), split=None, selection=Selection(1, 0))
    shown(session, page)
    wait_for(lambda: "User 2 rated nothing." in words_of(page.table), "the sentence")
    assert facts_of(page)["Spread (s.d.)"] == "—"


def test_nothing_selected_asks_for_a_selection(session: Session, page: DataPage) -> None:
    with_movies(session)
    shown(session, page)
    session.put(selection=Selection())
    wait_for(page._panel._nothing.isVisible, "the sentence")
    assert not page._panel.copy.isEnabled()


def test_terms_are_offered_with_the_sample_alone(qtbot: QtBot, session: Session, page: DataPage) -> None:
    session.open_sample()
    shown(session, page)
    with qtbot.waitSignal(page.action_wanted) as wanted:
        qtbot.mouseClick(page.terms_link, LEFT)
    assert wanted.args == ["terms"]
    with_movies(session)
    shown(session, page)
    assert not page.terms_link.isVisible()


def test_the_page_fits_larger_text_without_scrolling_sideways(session: Session, page: DataPage) -> None:
    session.open_sample()
    shown(session, page)
    page.inspector.hide()
    theme.current().set_scale(1.5)
    QApplication.processEvents()
    assert page._area.horizontalScrollBar().maximum() == 0


def test_where_ratings_came_from_is_said_beside_the_title(session: Session, page: DataPage, tmp_path: Path) -> None:
    session.open_path(ratings_file(tmp_path))
    shown(session, page)
    data = session.state.data
    assert data is not None and data.report is not None
    assert subtitle(data).startswith(f"{data.ratings.name}, 1 file read in ")
    assert page.subtitle.text() == subtitle(data)


def test_a_model_without_its_ratings_is_said_in_words_that_stand_together(
    session: Session, page: DataPage, tmp_path: Path
) -> None:
    save_model(tiny_model(), tmp_path / "tiny.alsgui", with_ratings=False)
    session.open_path(tmp_path / "tiny.alsgui")
    settle(session)
    wait_for(page._empty.isVisible, "the empty state")
    QApplication.processEvents()
    heading, line = [each for each in page._empty.findChildren(QLabel) if each.text()]
    assert (heading.text(), line.text()[:9]) == ("No ratings here", "The model")
    gap = line.mapTo(page, QPoint(0, 0)).y() - heading.mapTo(page, QPoint(0, heading.height())).y()
    assert 0 <= gap <= theme.px(24)


def test_a_scale_below_zero_is_written_with_to() -> None:
    assert scale_words(Ratings.from_dense([[-1.0, 2.0]])) == "−1 to 2"
    assert scale_words(Ratings.from_dense([[0.5, 1.0, 5.0]])) == "0.5–5.0"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", RatingFilter()),
        ("Toy  Story", RatingFilter(("toy", "story"))),
        ("rating > 4", RatingFilter((), ((">", 4.0),))),
        ("toy rating>=3,5", RatingFilter(("toy",), ((">=", 3.5),))),
        ("≤ 2 stars > 1", RatingFilter((), (("<=", 2.0), (">", 1.0)))),
        ("rating", RatingFilter(("rating",))),
    ],
)
def test_a_filter_is_words_and_bounds(typed: str, expected: RatingFilter) -> None:
    assert parse_filter(typed) == expected


def test_equal_ratings_pass_a_bound_with_an_equals_sign() -> None:
    values = np.array([3.3, 3.4], dtype=np.float32)
    assert parse_filter("= 3.3").kept([], values).tolist() == [True, False]
    assert parse_filter(">= 3.4").kept([], values).tolist() == [False, True]
    assert parse_filter("< 3.4").kept([], values).tolist() == [True, False]


def test_a_file_of_events_says_that_repeated_ones_are_added_up(
    session: Session, page: DataPage, tmp_path: Path
) -> None:
    path = tmp_path / "plays.csv"
    path.write_text("user,item\nann,x\nann,x\nbob,y\nann,y\n")
    session.open_path(path, layout="events")
    ratings = shown(session, page)
    assert (ratings.n_ratings, float(ratings.csr.data.max())) == (3, 2.0)
    said = {each.toolTip() for each in page.findChildren(QWidget)}
    assert any("their sum counts" in words for words in said)


@pytest.mark.parametrize("policy", get_args(Duplicates))
def test_every_way_to_treat_duplicates_has_words(policy: str) -> None:
    for n_duplicates in (0, 2):
        report = SimpleNamespace(policy=policy, n_duplicates=n_duplicates)
        assert duplicates_sentence(report).endswith(".")  # type: ignore[arg-type]
