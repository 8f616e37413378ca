"""Pictures side by side on the Factors page, their orders, colours and exports, under real mouse and keys."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from alsgui.core.margins import MarginChoice
from alsgui.io.model_file import save_model
from alsgui.session.session import Session
from alsgui.ui.pages.factors.limits_dialog import LimitsDialog
from alsgui.ui.pages.factors.list_dialog import ListDialog
from alsgui.ui.pages.factors.page import FactorsPage
from alsgui.ui.widgets.heatmap import Heatmap
from tests.helpers.dense import dense_y
from tests.helpers.models import tiny_model
from tests.helpers.sessions import fit_going_on, open_session, settle, wait_for, with_model, with_movies

_pages: list[FactorsPage] = []


@pytest.fixture
def session() -> Iterator[Session]:
    with open_session() as made:
        yield made
    _pages.clear()


def shown(qtbot: QtBot, session: Session, *, view: str = "error", size: tuple[int, int] = (844, 690)) -> FactorsPage:
    page = FactorsPage(session)
    _pages.append(page)
    qtbot.addWidget(page)
    qtbot.addWidget(page.inspector)
    page.resize(*size)
    page.show()
    page.show_view(view)
    drawn(page)
    return page


def drawn(page: FactorsPage) -> FactorsPage:
    for _ in range(4):
        QGuiApplication.processEvents()
        settle(page.session)
    return page


def heatmaps(page: FactorsPage) -> list[Heatmap]:
    return page.pictures.side_by_side.shown()


def matrix(heatmap: Heatmap) -> np.ndarray:
    n_rows, n_columns = heatmap.shape()
    return np.array([[heatmap.value_at(row, column) for column in range(n_columns)] for row in range(n_rows)])


def middle_of(heatmap: Heatmap, row: int, column: int) -> QPoint:
    picture, (r0, r1, c0, c1) = heatmap.picture(), heatmap.view()
    x = picture.left() + (column + 0.5 - c0) / (c1 - c0) * picture.width()
    y = picture.top() + (row + 0.5 - r0) / (r1 - r0) * picture.height()
    return QPointF(x, y).toPoint()


def choose(page: FactorsPage, words: str) -> None:
    menu = page.menus.arrangements()
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()
    drawn(page)


def dialog(page: FactorsPage) -> QDialog:
    (found,) = (each for each in page.findChildren(QDialog) if each.isVisible())
    return found


def press(parent: QDialog, words: str) -> None:
    made = next(each for each in parent.findChildren(QPushButton) if each.text().strip() == words)
    made.setFocus()  # as a press with the mouse does
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)


def test_y_r_and_error_show_the_very_numbers_of_the_model(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    view, model = page.pictures.view(), session.state.model
    assert view is not None and model is not None and model.ratings is not None
    y = dense_y(model.ratings)[np.ix_(view.user_order, view.movie_order)]
    r = model.predict_block(view.user_order, view.movie_order)
    expected = y, np.where(np.isnan(y), np.nan, r), y - r
    for heatmap, numbers in zip(heatmaps(page), expected, strict=True):
        np.testing.assert_allclose(matrix(heatmap), numbers, atol=1e-5)
    names = [heatmap.accessibleName() for heatmap in heatmaps(page)]
    assert names == ["Observed ratings y", "Predictions r on the observed cells", "Error y - r"]


def test_y_and_r_stand_on_one_scale_and_the_error_is_centred_on_zero(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    y, r, error = heatmaps(page)
    assert (y._low, y._high) == (r._low, r._high)
    assert error._low == -error._high < 0
    assert [bar.isVisible() for bar in page.pictures.side_by_side.bars] == [False, True, True]


def test_zoom_crosshair_and_selection_are_shared_by_all_pictures(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    y, r, error = heatmaps(page)
    QTest.mouseClick(error, Qt.MouseButton.LeftButton, pos=middle_of(error, 3, 5))
    view = page.pictures.view()
    assert view is not None
    assert session.state.selection.user == int(view.user_order[3])
    assert y.crosshair() == r.crosshair() == (3, 5)
    QTest.keyClick(r, Qt.Key.Key_Plus)
    assert y.view() == r.view() == error.view() != (0, 12, 0, 16)
    QTest.keyClick(y, Qt.Key.Key_Right)
    assert error.crosshair() == (3, 6)
    QTest.keyClick(error, Qt.Key.Key_Home)
    assert y.view() == (0, 12, 0, 16)


def test_a_selection_on_another_page_is_pointed_at(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    session.select_cell(7, 2)
    drawn(page)
    view = page.pictures.view()
    assert view is not None
    assert heatmaps(page)[1].crosshair() == (int(view.user_place[7]), int(view.movie_place[2]))


def test_the_part_in_view_stays_from_one_kind_of_picture_to_the_other(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    page.pictures.toolbar.zoomed.emit("in")
    seen = heatmaps(page)[0].view()
    page.show_view("pictures")
    assert page.pictures.picture.r.view() == seen
    page.pictures.toolbar.zoomed.emit("all")
    page.show_view("error")
    assert heatmaps(page)[0].view() == (0, 12, 0, 16)


def test_zoomed_out_tiles_of_few_ratings_are_left_out_unless_single_pixels_are_wanted(
    qtbot: QtBot, session: Session
) -> None:
    with_movies(session, 700, 900, 0.02)
    session.fitting.set_config(k=2, epochs=1)
    session.fitting.fit()
    settle(session)
    page = shown(qtbot, session)
    page.pictures.toolbar.filter.setCurrentIndex(0)
    page.pictures.toolbar.choice_made.emit()
    drawn(page)
    y = heatmaps(page)[0]
    request = y.request()
    assert request is not None and request.block > 1
    tile = page.pictures.panels.prepared_for()
    assert tile is not None and tile.observed is not None
    QTest.mouseClick(page.pictures.toolbar.averages, Qt.MouseButton.LeftButton)
    assert not page.pictures.panels.averages
    drawn(page)
    request = y.request()
    assert request is not None and request.block == 1
    assert y._strength is not None and 0 < y._strength.max() <= 1
    title = page.pictures.side_by_side.axis_title
    assert "paler" in title.accessibleDescription()
    QTest.mouseClick(page.pictures.toolbar.averages, Qt.MouseButton.LeftButton)
    drawn(page)
    assert "fewer than 3" in title.accessibleDescription()
    y.set_view(0, 20, 0, 20)
    drawn(page)
    assert "grey cells are not rated" in title.accessibleDescription(), "nobody averages single cells"


def test_the_line_below_tells_rating_error_and_what_a_tile_holds(qtbot: QtBot, session: Session) -> None:
    with_movies(session, 300, 900, 0.1)
    session.fitting.set_config(k=2, epochs=1)
    session.fitting.fit()
    settle(session)
    page = shown(qtbot, session)
    heatmaps(page)[0].hovered.emit(5, 5)
    words = page.pictures.readout.text()
    assert "tile of" in words and "predicted" in words
    rows, columns = heatmaps(page)[0].cells_under(5, 5)
    assert f"{rows} × {columns} cells" in words
    heatmaps(page)[0].set_view(0, 10, 0, 10)
    drawn(page)
    heatmaps(page)[0].hovered.emit(5, 5)
    assert "tile of" not in page.pictures.readout.text()


@pytest.mark.parametrize(
    ("words", "n"),
    [
        ("y · r on the same cells", 2),
        ("y · r on all cells", 2),
        ("r · error", 2),
        ("y · error", 2),
        ("y · r · error", 3),
    ],
)
def test_any_of_them_stand_side_by_side(qtbot: QtBot, session: Session, words: str, n: int) -> None:
    with_model(session)
    page = shown(qtbot, session)
    choose(page, words)
    assert len(heatmaps(page)) == n
    assert all(heatmap.isVisible() and not np.isnan(matrix(heatmap)).all() for heatmap in heatmaps(page))
    widths = [heatmap.picture().width() for heatmap in heatmaps(page)]
    assert max(widths) - min(widths) < 1


def test_two_runs_stand_beside_each_other_with_their_difference(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    first = session.state.model
    session.fitting.set_config(k=3, epochs=1)
    session.fitting.fit()
    settle(session)
    page = shown(qtbot, session)
    choose(page, "r · r of Run 1 · difference")
    view, second = page.pictures.view(), session.state.model
    assert first is not None and second is not None and view is not None
    one, two = (model.predict_block(view.user_order, view.movie_order) for model in (second, first))
    for heatmap, expected in zip(heatmaps(page), (one, two, one - two), strict=True):
        np.testing.assert_allclose(matrix(heatmap), expected, atol=1e-5)
    choose(page, "r · r of Run 1")
    assert len(heatmaps(page)) == 2


def test_the_holdout_is_told_of_and_can_be_left_out(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    model = session.state.model
    assert model is not None and model.split is not None
    assert page.holdout.isVisible() and "Run 1 never saw" in page.holdout.accessibleName()
    before = np.isfinite(matrix(heatmaps(page)[0])).sum()
    page.holdout.acted.emit()
    drawn(page)
    assert not page.holdout.isVisible()
    assert before - np.isfinite(matrix(heatmaps(page)[0])).sum() == len(model.split.held_out)
    menu = page.menus.more()
    only = next(action for action in menu.actions() if action.text() == "Training ratings only")
    assert only.isChecked()
    only.trigger()
    menu.close()
    drawn(page)
    assert page.holdout.isVisible()
    page.holdout.dismiss()
    page.show_view("pictures")
    page.show_view("error")
    assert not page.holdout.isVisible()


def test_fixed_colours_stay_whatever_is_zoomed_and_can_be_given_up(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session)
    usual = page.pictures.colours.limits()
    page.menus.ask_limits()
    asked = dialog(page)
    assert isinstance(asked, LimitsDialog)
    low, high = asked.fields["r"]
    assert high is not None
    low.selectAll()
    QTest.keyClicks(low, "9")
    QTest.keyClick(low, Qt.Key.Key_Return)
    assert asked.isVisible() and asked.problem.isVisible()
    low.selectAll()
    QTest.keyClicks(low, "1")
    QTest.keyClick(low, Qt.Key.Key_Return)
    page.pictures.toolbar.zoomed.emit("in")
    drawn(page)
    assert heatmaps(page)[0]._low == heatmaps(page)[1]._low == page.pictures.picture.r._low == 1.0
    page.menus.ask_limits()
    press(dialog(page), "Usual limits")
    assert page.pictures.colours.limits() == usual


@pytest.mark.parametrize("view", ["pictures", "error"])
def test_a_button_fits_colours_to_what_is_visible(qtbot: QtBot, session: Session, view: str) -> None:
    with_model(session)
    page = shown(qtbot, session, view=view)
    pictures = page.pictures
    main = heatmaps(page)[0] if view == "error" else pictures.picture.r
    main.set_view(0, 4, 0, 4)
    drawn(page)
    QTest.mouseClick(pictures.toolbar.fit, Qt.MouseButton.LeftButton)
    fitted = pictures.colours.limits()
    assert fitted != pictures.colours.usual()
    if view == "pictures":
        assert fitted["r"] == pytest.approx(main.visible_limits())
        assert fitted["u"][0] == -fitted["u"][1]
    else:
        assert fitted["error"][0] == -fitted["error"][1]
    menu = page.menus.more()
    next(action for action in menu.actions() if action.text() == "Usual colour limits").trigger()
    menu.close()
    assert pictures.colours.limits() == pictures.colours.usual()


def test_an_own_list_is_pasted_as_ids_or_titles_and_shown_alone(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session, view="pictures")
    columns, model = page.pictures.toolbar.columns, session.state.model
    assert model is not None and model.titles is not None
    columns.setCurrentIndex(columns.count() - 1)
    columns.activated.emit(columns.currentIndex())
    asked = dialog(page)
    assert isinstance(asked, ListDialog)
    assert not asked.show_list.isEnabled()
    asked.lines.setPlainText(f"{model.movie_ids[4]}\n{model.titles[1].upper()}\nno such thing")
    assert "not known: no such thing" in asked.found.text()
    asked.show_list.click()
    drawn(page)
    view = page.pictures.view()
    assert view is not None
    assert view.movie_order.tolist() == [4, 1]
    assert page.pictures.picture.r.shape() == (12, 2)
    assert page.pictures.toolbar.listed("movie") == (model.movie_ids[4], model.movie_ids[1])


def test_a_list_that_is_given_up_leaves_the_order_as_it_was(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session, view="pictures")
    rows = page.pictures.toolbar.rows
    before = rows.currentText()
    rows.setCurrentIndex(rows.count() - 1)
    rows.activated.emit(rows.currentIndex())
    press(dialog(page), "Cancel")
    assert rows.currentText() == before


def test_blocks_are_marked_and_named_at_the_edges_of_r(qtbot: QtBot, session: Session) -> None:
    with_movies(session, 60, 80)
    session.fitting.set_config(k=3, epochs=3)
    session.fitting.fit()
    settle(session)
    page = shown(qtbot, session, view="pictures")
    view = page.pictures.view()
    assert view is not None and len(view.user_blocks) > 1 and len(view.movie_blocks) > 1
    r = page.pictures.picture.r
    assert [name for _, _, name in r._columns.blocks] == [block.name for block in view.movie_blocks]
    assert any(block.name for block in view.movie_blocks)
    assert r._columns.title.startswith("r: movies") and "typical genre" in r._columns.title


def test_a_model_without_ratings_shows_r_alone_and_names_no_holdout(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    save_model(tiny_model(), tmp_path / "tiny.alsgui", with_ratings=False)
    session.open_path(tmp_path / "tiny.alsgui")
    settle(session)
    page = shown(qtbot, session)
    assert not page.holdout.isVisible()
    choose(page, "y · r on all cells")
    y, r = heatmaps(page)
    assert math.isnan(y.value_at(0, 0)) and not math.isnan(r.value_at(0, 0))


@pytest.mark.parametrize("settings", [{"k": 1}, {"k": 200}, {"algorithm": "nonnegative", "k": 2},
                                      {"algorithm": "implicit", "k": 2}, {"k": 2, "biases": False}])  # fmt: skip
def test_every_kind_of_model_is_drawn_side_by_side(qtbot: QtBot, session: Session, settings: dict[str, object]) -> None:
    with_movies(session)
    algorithm = settings.get("algorithm")
    if algorithm:
        session.fitting.choose_algorithm(str(algorithm))
    session.fitting.set_config(epochs=1, **{name: value for name, value in settings.items() if name != "algorithm"})
    session.fitting.fit()
    settle(session)
    assert session.state.model is not None
    page = shown(qtbot, session)
    assert not any(np.isnan(matrix(heatmap)).all() for heatmap in heatmaps(page))
    page.show_view("pictures")
    drawn(page)
    assert not np.isnan(page.pictures.picture.r.value_at(0, 0))


def test_the_pictures_in_view_are_what_is_exported(
    qtbot: QtBot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda menu, place: None)
    with_model(session)
    page = shown(qtbot, session)
    QTest.mouseClick(page.export, Qt.MouseButton.LeftButton)
    assert page.pictures.side_by_side.findChildren(QMenu)
    page.pictures.sheet.export_to(tmp_path / "pictures.npz")
    with np.load(tmp_path / "pictures.npz") as saved:
        assert set(saved.files) == {"Observed ratings y", "Predictions r on the observed cells", "Error y - r"}
        error = saved["Error y - r"]
    model, view = session.state.model, page.pictures.view()
    assert model is not None and view is not None
    assert error["id"].tolist() == [model.user_ids[row] for row in view.user_order]
    assert list(error.dtype.names)[1:] == [model.movie_ids[column] for column in view.movie_order]
    assert session.state.notice is not None and "pictures.npz" in session.state.notice.text
    page.pictures.sheet.export_to(tmp_path / "nowhere" / "pictures.png")
    assert session.state.notice.kind == "error"


def test_with_nothing_loaded_the_second_tab_is_not_offered(qtbot: QtBot, session: Session) -> None:
    page = FactorsPage(session)
    _pages.append(page)
    qtbot.addWidget(page)
    qtbot.addWidget(page.inspector)
    page.show()
    wait_for(lambda: True)
    assert not page.which.isVisible() and not page.holdout.isVisible()
    page.pictures.toolbar.list_wanted.emit("user")
    page.menus.ask_limits()
    assert page.menus.other_runs() == [] and not page.findChildren(QDialog)
    page.pictures.colours.fit()
    assert page.pictures.colours.limits() == {}


def test_strips_beside_the_pictures_show_a_number_of_every_user_and_movie(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    page = shown(qtbot, session, view="pictures")
    picture, view, model = page.pictures.picture, page.pictures.view(), session.state.model
    assert view is not None and model is not None
    assert not picture.user_strip.isVisible()
    menu = page.menus.more()
    margins = next(each for each in menu.findChildren(QMenu) if each.title() == "Margins")
    next(action for action in margins.actions() if action.text() == "Number of ratings").trigger()
    menu.close()
    drawn(page)
    assert picture.user_strip.isVisible() and picture.movie_strip.isVisible()
    lines = [line.split(",") for line in picture.user_strip.numbers_csv().splitlines()]
    counts = model.summary.user_counts[view.user_order]
    assert lines[0] == ["id", "ratings"]
    assert [line[0] for line in lines[1:]] == [model.user_ids[row] for row in view.user_order]
    assert [float(line[1]) for line in lines[1:]] == counts.tolist()
    area = picture.user_strip.rect()
    tip = picture.user_strip.tip_at(QPointF(5, area.center().y()))
    assert "ratings" in tip and picture.user_strip.tip_at(QPointF(5, 1)) == "ratings"
    across = picture.movie_strip.tip_at(QPointF(picture.movie_strip.width() - 20, 10))
    assert "ratings" in across
    for row in (picture.user_strip.mapTo(picture, QPoint(0, 0)).y(),):
        assert row == picture.r.mapTo(picture, QPoint(0, 0)).y()
    picture.r.set_view(0, 5, 0, 5)
    drawn(page)
    assert len(picture.user_strip.numbers_csv().splitlines()) == 6


@pytest.mark.parametrize("choice", [MarginChoice("mean"), MarginChoice("attribute", 1)])
def test_strips_are_given_up_with_the_attribute_they_show(qtbot: QtBot, session: Session, choice: MarginChoice) -> None:
    with_model(session)
    page = shown(qtbot, session, view="pictures")
    page.pictures.margins.choose(choice)
    drawn(page)
    assert page.pictures.picture.movie_strip.isVisible() and not page.grab().isNull()
    session.fitting.set_config(k=1, epochs=1)
    session.fitting.fit()
    settle(session)
    drawn(page)
    assert page.pictures.picture.movie_strip.isVisible() == (choice.key == "mean")
    page.pictures.margins.choose(None)
    assert not page.pictures.picture.movie_strip.isVisible()


def test_pictures_side_by_side_follow_a_fit_that_goes_on(qtbot: QtBot, session: Session) -> None:
    fit_going_on(session)
    page = FactorsPage(session)
    _pages.append(page)
    qtbot.addWidget(page)
    qtbot.addWidget(page.inspector)
    page.resize(844, 690)
    page.show()
    page.show_view("error")
    wait_for(lambda: page.pictures.panels.prepared_for() is not None, "the first pictures")
    first = page.pictures.panels.prepared_for()
    wait_for(lambda: page.pictures.panels.prepared_for() is not first, "newer pictures")
    session.cancel()
    settle(session)
    drawn(page)
    assert not np.isnan(matrix(heatmaps(page)[0])).all()


def test_other_ratings_begin_with_their_own_colours_and_pictures(qtbot: QtBot, session: Session) -> None:
    with_model(session)
    session.fitting.set_config(k=3, epochs=1)
    session.fitting.fit()
    settle(session)
    page = shown(qtbot, session)
    choose(page, "r · r of Run 1")
    page.pictures.colours.fix({"r": (0.0, 9.0)})
    session.generate("low_rank", n_users=20, n_movies=30, scale=None)
    settle(session)
    session.fitting.fit()
    settle(session)
    drawn(page)
    assert len(heatmaps(page)) == 3 and page.pictures.colours.limits() == page.pictures.colours.usual()
    assert all(heatmap.shape() == (20, 30) for heatmap in heatmaps(page))
    assert not any("Run" in action.text() for action in page.menus.arrangements().actions())
