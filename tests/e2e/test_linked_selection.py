"""One user and one movie are selected in the whole window, wherever they were clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from alsgui.session.state import Selection
from alsgui.ui import theme
from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.data.page import DataPage
from alsgui.ui.pages.factors.page import FactorsPage
from alsgui.ui.pages.recommend.page import RecommendPage
from alsgui.ui.widgets.heatmap import Heatmap
from alsgui.ui.widgets.tables import DataTable
from tests.helpers.sessions import open_session, with_model
from tests.helpers.windows import open_window, rendered

P = TypeVar("P", DataPage, FactorsPage, RecommendPage)


@pytest.fixture
def window() -> Iterator[MainWindow]:
    """The real window with a model."""
    with open_session() as session, open_window(session) as window:
        with_model(session)
        yield window


def data_page(window: MainWindow) -> DataPage:
    return visit(window, "data", DataPage)


def recommend_page(window: MainWindow) -> RecommendPage:
    return visit(window, "recommend", RecommendPage)


def factors_page(window: MainWindow, view: str = "pictures") -> FactorsPage:
    page = visit(window, "factors", FactorsPage)
    page.show_view(view)
    rendered(window)
    return page


def visit(window: MainWindow, key: str, kind: type[P]) -> P:
    window.actions_by_id[f"page_{key}"].trigger()
    rendered(window)
    page = window.shown_page
    assert isinstance(page, kind) and page.isVisible() and page.inspector.isVisible()
    return page


def click(window: MainWindow, widget: QWidget, at: QPoint) -> Selection:
    """Click there and say what is selected in the end."""
    assert widget.isVisible() and widget.rect().contains(at)
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)
    rendered(window)
    return window.session.state.selection


def click_row(window: MainWindow, table: DataTable, number: int) -> Selection:
    return click(window, table.viewport(), table.visualRect(table.model().index(number, 1)).center())


def click_cell(window: MainWindow, heatmap: Heatmap, row: int, column: int) -> Selection:
    picture, (r0, r1, c0, c1) = heatmap.picture(), heatmap.view()
    x = picture.left() + (column + 0.5 - c0) / (c1 - c0) * picture.width()
    y = picture.top() + (row + 0.5 - r0) / (r1 - r0) * picture.height()
    return click(window, heatmap, QPointF(x, y).toPoint())


def on_factors(window: MainWindow) -> tuple[Selection, Selection]:
    """Before, and after a click into r."""
    before = window.session.state.selection
    return before, click_cell(window, factors_page(window).pictures.picture.r, 3, 5)


def on_the_map_of_data(window: MainWindow) -> tuple[Selection, Selection]:
    before = window.session.state.selection
    return before, click_cell(window, data_page(window).map.map, 2, 7)


def in_the_table_of_data(window: MainWindow) -> tuple[Selection, Selection]:
    page, before = data_page(window), window.session.state.selection
    after = click_row(window, page.table.table, 3)
    assert after == Selection(before.user, page.table.shown_movies()[3])
    return before, after


def in_the_list_of_recommend(window: MainWindow) -> tuple[Selection, Selection]:
    page, before = recommend_page(window), window.session.state.selection
    return before, click_row(window, page.list.table, 2)


def among_the_points_of_factors(window: MainWindow) -> tuple[Selection, Selection]:
    scatter = factors_page(window, "map").map.scatter
    cloud, (x, y), before = scatter.cloud(), scatter.scales(), window.session.state.selection
    assert cloud is not None
    far = np.hypot(cloud.x[:, None] - cloud.x, cloud.y[:, None] - cloud.y)
    np.fill_diagonal(far, np.inf)
    lonely = int(far.min(axis=1).argmax())
    return before, click(window, scatter, QPointF(x.pixel(cloud.x[lonely]), y.pixel(cloud.y[lonely])).toPoint())


GESTURES: tuple[Callable[[MainWindow], tuple[Selection, Selection]], ...] = (
    on_factors,
    on_the_map_of_data,
    in_the_table_of_data,
    in_the_list_of_recommend,
    among_the_points_of_factors,
)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_is_clicked_on_one_page_is_selected_on_all(window: MainWindow, mode: theme.Mode) -> None:
    theme.current().set_mode(mode)
    for gesture in GESTURES:
        window.session.select_cell(1, 0)
        before, chosen = gesture(window)
        assert chosen.movie != before.movie, gesture
        for look in (assert_data_shows, assert_factors_show, assert_recommend_shows):
            look(window, chosen)
            assert window.session.state.selection == chosen, (gesture, "looking selects nothing")


def assert_data_shows(window: MainWindow, chosen: Selection) -> None:
    page, ratings = data_page(window), window.session.state.ratings
    assert ratings is not None and chosen.user is not None and chosen.movie is not None
    users, movies = (np.argsort(-counts, kind="stable") for counts in (ratings.user_counts, ratings.movie_counts))
    row, column = page.map.map.crosshair()
    assert (users[row], movies[column]) == (chosen.user, chosen.movie)
    rated = ratings.of_user(chosen.user)[0].tolist()
    assert sorted(page.table.shown_movies()) == rated
    selected = [page.table.shown_movies()[index.row()] for index in page.table.table.selectionModel().selectedRows()]
    assert selected == ([chosen.movie] if chosen.movie in rated else [])
    assert page.inspector.user_chip.text() == f"User {ratings.user_ids[chosen.user]}"
    assert page.inspector.movie_chip.toolTip().startswith(ratings.title(chosen.movie))


def assert_factors_show(window: MainWindow, chosen: Selection) -> None:
    page, model = factors_page(window), window.session.state.model
    view, picture = page.pictures.view(), page.pictures.picture
    assert model is not None and view is not None
    row, column = picture.r.crosshair()
    assert (view.user_order[row], view.movie_order[column]) == (chosen.user, chosen.movie)
    assert picture.u.crosshair() == (row, None) and picture.m.crosshair() == (None, column)
    assert page.factors_inspector.user.text() == f"User {model.user_ids[chosen.user]}"


def assert_recommend_shows(window: MainWindow, chosen: Selection) -> None:
    page, model = recommend_page(window), window.session.state.model
    assert model is not None and chosen.movie is not None
    assert page.title.text() == f"For user {model.user_ids[chosen.user]}"
    assert page.why.title.text() == model.title(chosen.movie)
