"""The Factors page with a real session, under real mouse and keys."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from alsgui.io.model_file import save_model
from alsgui.session.session import Session
from alsgui.ui import theme
from alsgui.ui.pages.factors.page import FactorsPage
from alsgui.ui.pages.factors.words import find
from alsgui.ui.widgets.heatmap import Heatmap
from tests.helpers.models import tiny_model
from tests.helpers.sessions import fit_going_on, open_session, settle, wait_for, with_model, with_movies

_pages: list[FactorsPage] = []
"""Kept until the session is closed, as in the window: tiles under way are delivered to a page that is there."""


@pytest.fixture
def session() -> Iterator[Session]:
    with open_session() as made:
        yield made
    _pages.clear()


def shown(qtbot: QtBot, session: Session, size: tuple[int, int] = (844, 690)) -> FactorsPage:
    page = FactorsPage(session)
    _pages.append(page)
    qtbot.addWidget(page)
    qtbot.addWidget(page.inspector)
    page.resize(*size)
    page.inspector.resize(320, 690)
    page.show()
    page.inspector.show()
    QGuiApplication.processEvents()
    if session.state.model is not None:
        wait_for(lambda: _is_drawn(page), "the picture")
    return page


def _is_drawn(page: FactorsPage) -> bool:
    return page.pictures.view() is not None and not math.isnan(page.pictures.picture.r.value_at(0, 0))


def with_chapter(session: Session) -> None:
    session.generate("chapter")
    settle(session)
    session.fitting.fit()
    settle(session)


def middle_of(heatmap: Heatmap, row: int, column: int) -> QPoint:
    picture = heatmap.picture()
    r0, r1, c0, c1 = heatmap.view()
    x = picture.left() + (column + 0.5 - c0) / (c1 - c0) * picture.width()
    y = picture.top() + (row + 0.5 - r0) / (r1 - r0) * picture.height()
    return QPointF(x, y).toPoint()


def test_without_ratings_the_page_offers_three_ways_to_begin(qtbot: QtBot, session: Session) -> None:
    page = shown(qtbot, session)
    wanted: list[str] = []
    page.action_wanted.connect(wanted.append)
    for button in page.nothing.findChildren(QPushButton):
        if button.isVisible():
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wanted == ["open", "sample", "generate"]
    assert not page.which.isVisible()


def test_without_a_model_one_click_fits_one(qtbot: QtBot, session: Session) -> None:
    with_movies(session)
    page = shown(qtbot, session)
    wanted: list[str] = []
    page.action_wanted.connect(wanted.append)
    buttons = [button for button in page.nothing.findChildren(QPushButton) if button.isVisible()]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert wanted == ["fit"] and len(buttons) == 1


def test_every_pixel_of_r_is_a_prediction_of_the_model(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    view, model = page.pictures.view(), session.state.model
    assert view is not None and model is not None
    r = model.predict_block(view.user_order, view.movie_order)
    drawn = [[page.pictures.picture.r.value_at(i, j) for j in range(r.shape[1])] for i in range(r.shape[0])]
    np.testing.assert_allclose(drawn, r, atol=1e-5)


def test_a_click_selects_user_and_movie_for_the_whole_app(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    view = page.pictures.view()
    assert view is not None
    heatmap = page.pictures.picture.r
    QTest.mouseClick(heatmap, Qt.MouseButton.LeftButton, pos=middle_of(heatmap, 3, 5))
    chosen = session.state.selection
    assert (chosen.user, chosen.movie) == (int(view.user_order[3]), int(view.movie_order[5]))
    assert page.pictures.picture.u.crosshair() == (3, None)
    assert page.pictures.picture.m.crosshair() == (None, 5)


def test_arrows_move_the_selected_cell_and_keys_zoom(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    view, heatmap = page.pictures.view(), page.pictures.picture.r
    assert view is not None
    QTest.mouseClick(heatmap, Qt.MouseButton.LeftButton, pos=middle_of(heatmap, 3, 5))
    QTest.keyClick(heatmap, Qt.Key.Key_Down)
    QTest.keyClick(heatmap, Qt.Key.Key_Left)
    assert session.state.selection.user == int(view.user_order[4])
    assert session.state.selection.movie == int(view.movie_order[4])
    QTest.keyClick(heatmap, Qt.Key.Key_Plus)
    zoomed = heatmap.view()
    assert zoomed[1] - zoomed[0] < view.shape[0]
    assert page.pictures.picture.u.view()[:2] == zoomed[:2]
    assert page.pictures.picture.m.view()[2:] == zoomed[2:]
    QTest.keyClick(heatmap, Qt.Key.Key_Home)
    assert heatmap.view() == (0, view.shape[0], 0, view.shape[1])


def test_colours_stay_when_the_picture_is_zoomed(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    before = page.pictures.picture.r_bar.accessibleDescription()
    page.pictures.toolbar.zoomed.emit("in")
    settle(session)
    assert page.pictures.picture.r_bar.accessibleDescription() == before


def test_the_line_below_says_what_is_under_the_cursor(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    view, model = page.pictures.view(), session.state.model
    assert view is not None and model is not None
    QTest.mouseMove(page.pictures.picture.r, middle_of(page.pictures.picture.r, 2, 2))
    page.pictures.picture.r.hovered.emit(2, 2)
    words = page.pictures.readout.text()
    assert model.user_ids[int(view.user_order[2])] in words
    assert model.title(int(view.movie_order[2])) in words
    assert "predicted" in words and "rated" in words
    page.pictures.picture.r.hovered.emit(-1, -1)
    assert "click selects" in page.pictures.readout.text()


def test_another_order_is_named_on_its_axis(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    rows = page.pictures.toolbar.rows
    rows.setCurrentIndex(rows.findText("by id"))
    rows.activated.emit(rows.currentIndex())
    settle(session)
    view, model = page.pictures.view(), session.state.model
    assert view is not None and model is not None
    ids = [model.user_ids[row] for row in view.user_order]
    assert ids == sorted(ids, key=lambda identity: (len(identity), identity))
    assert page.pictures.picture.u._rows.title == "users, by id"


def test_g_asks_for_an_id_and_goes_there(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    search = page.pictures.toolbar.search
    QTest.keyClick(page, Qt.Key.Key_G)
    assert search.isVisible()
    model = session.state.model
    assert model is not None
    QTest.keyClicks(search, model.user_ids[7])
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert session.state.selection.user == 7
    assert not search.isVisible()


def test_escape_closes_the_search(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session, (1800, 690))  # with room for every control
    page.pictures.toolbar.open_search()
    QTest.keyClick(page.pictures.toolbar.search, Qt.Key.Key_Escape)
    assert not page.pictures.toolbar.search.isVisible()
    assert page.pictures.toolbar.finder.isVisible()


def test_the_exact_id_is_found_first(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    ids = page._source.user_ids if page._source else ()
    assert find(page._source, ids[0])[0][3] == ("user", 0)
    assert find(page._source, "   ") == []


def test_the_inspector_takes_the_selected_cell_apart(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    session.select_cell(2, 3)
    QGuiApplication.processEvents()
    model = session.state.model
    assert model is not None
    inspector = page.factors_inspector
    last_line = inspector.waterfall.numbers_csv().split()[-1]
    expected = float(model.predict(np.array([2]), np.array([3]))[0])
    assert float(last_line.rpartition(",")[2]) == pytest.approx(expected, abs=0.005)
    QTest.mouseClick(inspector.copy, Qt.MouseButton.LeftButton)
    copied = dict(line.split("\t") for line in QGuiApplication.clipboard().text().splitlines())
    parts = [float(copied[name]) for name in ("mu", "b_u", "b_m", "u_1 m_1", "u_2 m_2")]
    assert sum(parts) == pytest.approx(float(copied["r"]))


def test_recommend_for_user_opens_their_list(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    QTest.mouseClick(page.factors_inspector.recommend, Qt.MouseButton.LeftButton)
    assert session.state.page == "recommend" and session.state.person.kind == "user"


def test_the_chapters_model_has_no_waterfall_and_products_that_add_up(qtbot: QtBot, session: Session) -> None:
    with_chapter(session)
    page = shown(qtbot, session)
    assert not page.factors_inspector.waterfall.isVisible()
    assert page.pictures.corner.accessibleDescription().startswith("r = uᵀm. 50 × 200 cells")
    lines = page.factors_inspector.products.numbers_csv().splitlines()[1:]
    model = session.state.model
    assert model is not None
    total = float(model.predict(np.array([0]), np.array([0]))[0])
    assert sum(float(line.rpartition(",")[2]) for line in lines) == pytest.approx(total, abs=0.001)


def test_attributes_stand_beside_the_picture_where_there_is_room(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    assert not page.attributes.isVisible()
    page.resize(1480, 900)
    assert page.attributes.isVisible()
    wait_for(lambda: page.attributes.model.rowCount() == 2, "the attributes")
    page.attributes.table.selectRow(1)
    chosen = int(page.attributes.model.columns[0].value(1))
    assert page.attributes.detail.accessibleName() == f"Attribute {chosen}"


@pytest.mark.parametrize("orientation", ["nk", "kn"])
def test_numbers_are_copied_with_ids_and_every_digit(qtbot: QtBot, session: Session, orientation: str) -> None:
    with_model(session)
    page = shown(qtbot, session)
    page.show_view("numbers")
    page.numbers.turn.set_current(orientation)
    page.numbers._turned(orientation)
    page.numbers.m.copy_all()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    model = session.state.model
    assert model is not None and model.titles is not None
    if orientation == "kn":
        lines = [list(line) for line in zip(*lines, strict=True)]
    assert lines[0] == ["id", "title", "bₘ", "1", "2"]
    assert lines[1][:2] == [model.movie_ids[0], model.titles[0]]
    copied = np.array([[float(number) for number in line[2:]] for line in lines[1:]], model.factors.movies.dtype)
    np.testing.assert_array_equal(copied, np.column_stack([model.movie_bias, model.factors.movies]))


def test_a_row_of_numbers_selects_its_user(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    page.show_view("numbers")
    page.numbers.turn.set_current("nk")
    page.numbers._turned("nk")
    table = page.numbers.u
    place = table.visualRect(table.labelled.index(4, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.state.selection.user == 4


def test_a_selection_elsewhere_is_marked_in_the_numbers(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    page.show_view("numbers")
    session.select_cell(6, 9)
    QGuiApplication.processEvents()
    assert page.numbers.u.thing_at(page.numbers.u.currentIndex()) == 6
    assert page.numbers.m.thing_at(page.numbers.m.currentIndex()) == 9


def test_the_pictures_follow_a_fit_that_goes_on(qtbot: QtBot, session: Session) -> None:
    fit_going_on(session)
    page = shown(qtbot, session)
    wait_for(lambda: page.pictures.view() is not None, "the first picture")
    first = page.pictures.view()
    wait_for(lambda: page.pictures.view() is not first, "a newer picture")
    assert "learns" in page.subtitle.text()
    session.cancel()
    settle(session)


def test_the_menu_exports_the_picture_and_the_factors(
    qtbot: QtBot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda menu, place: None)
    with_model(session)
    page = shown(qtbot, session)
    wanted: list[str] = []
    page.action_wanted.connect(wanted.append)
    QTest.mouseClick(page.export, Qt.MouseButton.LeftButton)
    menu = page.pictures.picture.findChild(QMenu)
    menu.actions()[-1].trigger()
    assert wanted == ["export"]
    for suffix in ("png", "svg", "pdf", "csv"):
        page.pictures.picture.export_to(tmp_path / f"picture.{suffix}")
        assert (tmp_path / f"picture.{suffix}").stat().st_size > 1000


def test_the_page_stands_in_dark_and_at_twice_the_text_size(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    theme.current().set_mode("dark")
    theme.current().set_scale(2.0)
    QGuiApplication.processEvents()
    settle(session)
    assert not page.grab().isNull()
    theme.current().set_scale(1.0)
    theme.current().set_mode("light")


def test_another_model_of_as_many_attributes_never_wears_the_names_of_the_one_before(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    """Names stand by column: those of 200 movies are out of range, or wrong, for a model of three."""
    save_model(tiny_model(), tmp_path / "tiny.alsgui", with_ratings=False)
    with_chapter(session)
    page = shown(qtbot, session)
    wait_for(lambda: page._attributes is not None, "the attributes")
    page.hide()
    session.open_path(tmp_path / "tiny.alsgui")
    settle(session)
    page.show()
    assert page._attributes is None or page._attributes.low.max() < 3
    wait_for(lambda: page._attributes is not None, "the attributes")
    assert page._attributes is not None and page._attributes.low.max() < 3
