"""The matrix widget under real mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alsgui.ui import theme
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.cells import TileRequest, cells_of_pixel
from alsgui.ui.widgets.colorbar import ColorBar, bar_ticks
from alsgui.ui.widgets.factor_picture import FactorPicture
from alsgui.ui.widgets.heatmap import Heatmap

MATRIX = np.add.outer(np.arange(200.0), np.arange(300.0)).astype(np.float32)


@pytest.fixture(autouse=True)
def light_theme(qtbot: QtBot) -> Iterator[None]:
    theme.current().set_mode("light")
    yield
    theme.current().set_mode("light")
    theme.current().set_scale(1.0)


def reduced(request: TileRequest, matrix: np.ndarray) -> np.ndarray:
    """The answer to a request, by its definition."""
    part = matrix[request.row_start : request.row_stop, request.column_start : request.column_stop]
    rows = [cells_of_pixel(p, request.n_row_pixels, part.shape[0]) for p in range(request.n_row_pixels)]
    columns = [cells_of_pixel(p, request.n_column_pixels, part.shape[1]) for p in range(request.n_column_pixels)]
    return np.array([[part[r0:r1, c0:c1].mean() for c0, c1 in columns] for r0, r1 in rows], dtype=np.float32)


def shown(qtbot: QtBot, matrix: np.ndarray, *, answers: bool = True, size: tuple[int, int] = (240, 200)) -> Heatmap:
    """Map of `matrix` on a screen, with its first tile unless it gets no answers."""
    heatmap = Heatmap("Ratings")
    qtbot.addWidget(heatmap)
    if answers:
        heatmap.tile_wanted.connect(lambda request: heatmap.set_tile(request, reduced(request, matrix)))
    heatmap.resize(*size)
    heatmap.set_limits(float(np.nanmin(matrix)), float(np.nanmax(matrix)))
    heatmap.set_shape(*matrix.shape)
    with qtbot.waitSignal(heatmap.tile_wanted):
        heatmap.show()
    return heatmap


def middle_of(heatmap: Heatmap, row: int, column: int) -> QPoint:
    """Point of the widget over the middle of a cell."""
    picture = heatmap.picture()
    r0, r1, c0, c1 = heatmap.view()
    x = picture.left() + (column + 0.5 - c0) / (c1 - c0) * picture.width()
    y = picture.top() + (row + 0.5 - r0) / (r1 - r0) * picture.height()
    return QPointF(x, y).toPoint()


def turn_wheel(heatmap: Heatmap, at: QPoint, notches: int) -> None:
    where = QPointF(at)
    event = QWheelEvent(
        where,
        QPointF(heatmap.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(heatmap, event)


def color_at(heatmap: Heatmap, point: QPoint) -> QColor:
    return heatmap.grab().toImage().pixelColor(point * heatmap.devicePixelRatioF())


def test_a_tile_is_asked_for_at_the_pixels_of_the_screen(qtbot: QtBot) -> None:
    requests: list[TileRequest] = []
    heatmap = Heatmap()
    qtbot.addWidget(heatmap)
    heatmap.tile_wanted.connect(requests.append)
    heatmap.resize(240, 200)
    heatmap.set_shape(5000, 9000)
    with qtbot.waitSignal(heatmap.tile_wanted):
        heatmap.show()
    picture = heatmap.picture()
    assert (requests[-1].row_start, requests[-1].row_stop) == (0, 5000)
    assert (requests[-1].n_row_pixels, requests[-1].n_column_pixels) == (picture.height(), picture.width())


def test_a_small_matrix_is_asked_for_cell_by_cell(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX[:4, :3])
    assert heatmap.value_at(3, 2) == MATRIX[3, 2]
    assert heatmap.cells_per_pixel()[0] < 1


def test_many_changes_at_once_ask_for_one_tile(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    requests: list[TileRequest] = []
    heatmap.tile_wanted.connect(requests.append)
    for _ in range(5):
        heatmap.zoom_in()
    qtbot.waitUntil(lambda: bool(requests))
    qtbot.wait(5)
    assert len(requests) == 1


def test_a_hidden_map_asks_for_nothing(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    heatmap.hide()
    with qtbot.assertNotEmitted(heatmap.tile_wanted, wait=20):
        heatmap.refresh()


def test_an_answer_that_comes_late_is_dropped(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX, answers=False)
    new = TileRequest(0, 200, 0, 300, 2, 2, generation=9)
    old = TileRequest(0, 200, 0, 300, 2, 2, generation=8)
    heatmap.set_tile(new, np.ones((2, 2)))
    heatmap.set_tile(old, np.zeros((2, 2)))
    assert heatmap.value_at(0, 0) == 1


def test_an_answer_to_the_matrix_before_is_dropped(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX, answers=False)
    before = TileRequest(0, 200, 0, 300, 2, 2, generation=1)
    heatmap.set_shape(4, 3)
    heatmap.set_tile(before, np.ones((2, 2)))
    assert np.isnan(heatmap.value_at(0, 0))


def test_the_wheel_zooms_about_the_cursor(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    point = middle_of(heatmap, 50, 200)
    before = heatmap.cell_at(QPointF(point))
    turn_wheel(heatmap, point, 3)
    after = heatmap.cell_at(QPointF(point))
    r0, r1, _, _ = heatmap.view()
    assert r1 - r0 < 110
    assert before is not None
    assert after is not None
    assert max(abs(after[0] - before[0]), abs(after[1] - before[1])) <= 1


def test_the_wheel_backwards_shows_all_and_no_more(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    point = middle_of(heatmap, 50, 200)
    turn_wheel(heatmap, point, 2)
    turn_wheel(heatmap, point, -9)
    assert heatmap.view() == (0, 200, 0, 300)


def test_a_double_click_zooms_in_and_home_shows_all(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    qtbot.mouseDClick(heatmap, Qt.MouseButton.LeftButton, pos=middle_of(heatmap, 50, 50))
    assert heatmap.view()[1] - heatmap.view()[0] == 100
    qtbot.keyClick(heatmap, Qt.Key.Key_Home)
    assert heatmap.view() == (0, 200, 0, 300)


def test_plus_and_minus_zoom_about_the_crosshair(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    heatmap.set_crosshair(10, 20)
    for _ in range(6):
        qtbot.keyClick(heatmap, Qt.Key.Key_Plus)
    r0, r1, c0, c1 = heatmap.view()
    assert r0 <= 10 < r1 < 60
    assert c0 <= 20 < c1
    qtbot.keyClick(heatmap, Qt.Key.Key_Minus)
    assert heatmap.view()[1] - heatmap.view()[0] > r1 - r0


def test_dragging_pans_and_is_not_a_click(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    heatmap.set_view(50, 100, 100, 200)
    start = middle_of(heatmap, 75, 150)
    with qtbot.assertNotEmitted(heatmap.clicked):
        qtbot.mousePress(heatmap, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(heatmap, start - QPoint(20, 0))
        qtbot.mouseMove(heatmap, start - QPoint(40, 0))
        qtbot.mouseRelease(heatmap, Qt.MouseButton.LeftButton, pos=start - QPoint(40, 0))
    r0, r1, c0, c1 = heatmap.view()
    assert (r0, r1) == (50, 100)
    assert c0 > 110
    assert c1 - c0 == pytest.approx(100)


def test_a_click_chooses_the_cell_under_the_cursor(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX[:8, :6])
    with qtbot.waitSignal(heatmap.clicked) as clicked:
        qtbot.mouseClick(heatmap, Qt.MouseButton.LeftButton, pos=middle_of(heatmap, 5, 2))
    assert clicked.args == [5, 2]


def test_moving_over_the_cells_tells_which_and_leaving_tells_none(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX[:8, :6])
    cells: list[tuple[int, int]] = []
    heatmap.hovered.connect(lambda row, column: cells.append((row, column)))
    qtbot.mouseMove(heatmap, middle_of(heatmap, 5, 2))
    qtbot.mouseMove(heatmap, QPoint(2, 2))
    assert cells[0] == (5, 2)
    assert cells[-1] == (-1, -1)


def test_arrow_keys_choose_the_neighbour_and_bring_it_into_view(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    heatmap.set_view(0, 10, 0, 10)
    heatmap.set_crosshair(9, 0)
    with qtbot.waitSignal(heatmap.clicked) as clicked:
        qtbot.keyClick(heatmap, Qt.Key.Key_Down)
    assert clicked.args == [10, 0]
    assert heatmap.view()[:2] == (1, 11)
    with qtbot.waitSignal(heatmap.clicked) as clicked:
        qtbot.keyClick(heatmap, Qt.Key.Key_Left)
    assert clicked.args == [10, 0]


def test_arrow_keys_go_on_from_a_row_without_a_column(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    heatmap.set_crosshair(9, None)
    with qtbot.waitSignal(heatmap.clicked) as clicked:
        qtbot.keyClick(heatmap, Qt.Key.Key_Down)
    assert clicked.args[0] == 10


def test_linked_maps_show_the_same_rows_without_end(qtbot: QtBot) -> None:
    left, right = shown(qtbot, MATRIX), shown(qtbot, MATRIX)
    left.view_changed.connect(right.set_view)
    right.view_changed.connect(left.set_view)
    left.zoom_in()
    assert right.view() == left.view()
    right.set_view(5, 25, None, None)
    assert left.view()[:2] == (5, 25)


def test_a_strip_zooms_along_its_long_side_only(qtbot: QtBot) -> None:
    strip = shown(qtbot, MATRIX[:, :20])
    strip.set_zoom_axes(rows=True, columns=False)
    turn_wheel(strip, middle_of(strip, 100, 10), 2)
    assert strip.view()[2:] == (0, 20)
    assert strip.view()[1] - strip.view()[0] < 200


def test_the_colour_of_a_cell_is_that_of_its_value(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, np.array([[0.0, 1.0], [0.5, np.nan]], dtype=np.float32))
    low, high = theme.viridis()[0], theme.viridis()[255]
    offset = QPoint(9, 9)
    assert color_at(heatmap, middle_of(heatmap, 0, 0) + offset) == QColor(*(int(x) for x in low[:3]))
    assert color_at(heatmap, middle_of(heatmap, 0, 1) + offset) == QColor(*(int(x) for x in high[:3]))
    assert color_at(heatmap, middle_of(heatmap, 1, 1) + offset) == theme.color("missing")


def test_a_large_missing_cell_has_a_dot_in_its_middle(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, np.array([[0.0, 1.0], [0.5, np.nan]], dtype=np.float32))
    assert color_at(heatmap, middle_of(heatmap, 1, 1)) == theme.color("border_strong")


def test_the_old_tile_is_drawn_scaled_until_the_new_one_comes(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX[:8, :6], answers=False)
    heatmap.set_tile(TileRequest(0, 8, 0, 6, 8, 6, 1), MATRIX[:8, :6])
    point = middle_of(heatmap, 7, 5) + QPoint(4, 4)
    corner = color_at(heatmap, point)
    heatmap.set_view(4, 8, 2, 6)
    assert color_at(heatmap, middle_of(heatmap, 7, 5) + QPoint(4, 4)) == corner
    assert corner != theme.color("sunken")


def test_the_dark_theme_shows_at_once(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, np.array([[0.0, 1.0], [0.5, np.nan]], dtype=np.float32))
    point = middle_of(heatmap, 1, 1) + QPoint(9, 9)
    light = color_at(heatmap, point)
    theme.current().set_mode("dark")
    assert color_at(heatmap, point) == theme.color("missing") != light


def test_larger_text_gives_the_axes_more_room(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    before = heatmap.picture()
    theme.current().set_scale(1.5)
    assert heatmap.picture().left() > before.left()


def test_the_tooltip_names_the_cell_and_says_how_many_a_pixel_holds(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX, size=(140, 110))
    heatmap.set_row_label(lambda row: f"user {row}")
    heatmap.set_column_label(lambda column: f"movie {column}")
    tip = heatmap.tip_at(heatmap.picture().topLeft() + QPointF(0.2, 0.2))
    assert tip.startswith("user 0 · movie 0\n")
    assert "mean of" in tip
    heatmap.set_readout(lambda row, column: f"{row}/{column}")
    assert heatmap.tip_at(heatmap.picture().topLeft() + QPointF(0.2, 0.2)) == "0/0"


def test_coarser_tiles_ask_for_fewer_values(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX, answers=False)
    heatmap.set_tile_pixels(4)
    with qtbot.waitSignal(heatmap.tile_wanted) as wanted:
        heatmap.refresh()
    assert wanted.args[0].n_row_pixels == int(heatmap.picture().height() * heatmap.devicePixelRatioF()) // 4


def test_the_numbers_in_view_are_a_table(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, np.array([[0.0, 1.0], [0.5, np.nan]], dtype=np.float32))
    assert heatmap.numbers_csv().splitlines() == ["Ratings,1,2", "1,0,1", "2,0.5,"]


def test_axes_blocks_and_titles_do_not_disturb_the_cells(qtbot: QtBot) -> None:
    heatmap = shown(qtbot, MATRIX)
    heatmap.set_title("r", "predicted", "movie")
    heatmap.set_row_axis("users", ticks=[(0, "k 1"), (199, "200")])
    heatmap.set_column_axis("movies")
    heatmap.set_row_blocks([(0, 100, "first"), (100, 200, "second")])
    heatmap.set_column_blocks([(0, 150, "Drama"), (150, 300, "Action")])
    heatmap.set_crosshair(20, 30)
    heatmap.set_margins(40, 23, 12, 38)
    assert heatmap.picture().left() == 40
    assert not heatmap.grab().isNull()
    heatmap.show_row_axis(False)
    heatmap.show_column_axis(False)
    assert not heatmap.grab().isNull()


def test_an_empty_matrix_is_drawn_as_nothing(qtbot: QtBot) -> None:
    heatmap = Heatmap()
    qtbot.addWidget(heatmap)
    heatmap.show()
    qtbot.keyClick(heatmap, Qt.Key.Key_Down)
    heatmap.zoom_in()
    assert heatmap.cell_at(QPointF(50, 50)) is None
    assert heatmap.numbers_csv().strip() == ""


def factor_picture(qtbot: QtBot) -> FactorPicture:
    """Picture of 200 users, 300 movies and 20 attributes, on a screen."""
    picture = FactorPicture()
    qtbot.addWidget(picture)
    parts = ((picture.u, MATRIX[:, :20]), (picture.m, MATRIX[:20]), (picture.r, MATRIX))
    for heatmap, matrix in parts:
        heatmap.tile_wanted.connect(
            lambda request, heatmap=heatmap, matrix=matrix: heatmap.set_tile(request, reduced(request, matrix))
        )
    picture.resize(700, 500)
    picture.set_shape(200, 300, 20)
    picture.set_limits(220, 320, (0, 500))
    picture.r_bar.set_actual(0, 498)
    with qtbot.waitSignal(picture.r.tile_wanted):
        picture.show()
    return picture


def test_the_three_parts_of_a_factorisation_line_up_to_the_pixel(qtbot: QtBot) -> None:
    picture = factor_picture(qtbot)
    for scale in (1.0, 1.5):
        theme.current().set_scale(scale)
        QApplication.processEvents()
        areas = [part.picture().translated(QPointF(part.pos())) for part in (picture.u, picture.m, picture.r)]
        u, m, r = areas
        assert (u.top(), u.bottom()) == (r.top(), r.bottom())
        assert (m.left(), m.right()) == (r.left(), r.right())


def test_zooming_one_part_of_a_factorisation_moves_the_others(qtbot: QtBot) -> None:
    picture = factor_picture(qtbot)
    picture.r.set_view(20, 60, 30, 90)
    assert picture.u.view() == (20, 60, 0, 20)
    assert picture.m.view() == (0, 20, 30, 90)
    turn_wheel(picture.m, middle_of(picture.m, 10, 60), 1)
    assert picture.r.view()[:2] == (20, 60)
    assert picture.r.view()[2:] == picture.m.view()[2:] != (30, 90)


def test_a_click_on_a_strip_chooses_its_user_or_its_movie(qtbot: QtBot) -> None:
    picture = factor_picture(qtbot)
    picture.set_crosshair(5, 6)
    with qtbot.waitSignal(picture.clicked) as clicked:
        qtbot.mouseClick(picture.u, Qt.MouseButton.LeftButton, pos=middle_of(picture.u, 100, 3))
    assert clicked.args[1] == -1
    assert picture.r.crosshair() == (clicked.args[0], 6)
    with qtbot.waitSignal(picture.clicked) as clicked:
        qtbot.mouseClick(picture.m, Qt.MouseButton.LeftButton, pos=middle_of(picture.m, 3, 100))
    assert clicked.args[0] == -1
    assert picture.r.crosshair()[1] == clicked.args[1]
    assert picture.u.crosshair()[1] is None


def test_a_factorisation_is_saved_as_one_picture(qtbot: QtBot, tmp_path: Path) -> None:
    picture = factor_picture(qtbot)
    qtbot.waitUntil(lambda: not np.isnan(picture.u.value_at(0, 0)))
    picture.export_png(tmp_path / "factors.png", scale=1)
    saved = QImage(str(tmp_path / "factors.png"))
    corner = picture.r.mapTo(picture, picture.r.picture().bottomRight().toPoint() - QPoint(4, 4))
    assert saved.pixelColor(corner) == picture.grab().toImage().pixelColor(corner * picture.devicePixelRatioF())
    assert "Movie loadings m" in picture.numbers_csv()


@pytest.mark.parametrize("orientation", [Qt.Orientation.Vertical, Qt.Orientation.Horizontal])
def test_a_colour_bar_runs_from_its_lowest_to_its_highest_colour(qtbot: QtBot, orientation: Qt.Orientation) -> None:
    bar = ColorBar(orientation)
    qtbot.addWidget(bar)
    bar.set_limits(0.5, 5.0)
    bar.set_missing("none")
    bar.set_actual(-0.42, 5.95)
    bar.resize(bar.sizeHint() * 2)
    image = bar.grab().toImage()
    ratio = image.devicePixelRatio()
    colors = {image.pixelColor(round(x * ratio), round(y * ratio)).name() for x in range(3, 9) for y in range(3, 9)}
    end = 255 if orientation == Qt.Orientation.Vertical else 0
    assert colors & {
        QColor(*(int(x) for x in theme.viridis()[end - step][:3])).name()
        for step in range(-8, 9)
        if end - step in range(256)
    }
    assert "5.95" in bar.tip_at(QPointF())
    assert len(bar.numbers_csv().splitlines()) == 257


@pytest.mark.parametrize(("limit", "ends"), [(0.0003, "0.0003"), (0.34, "0.34"), (5.8, "5.8")])
def test_the_ends_of_a_colour_bar_are_told_apart_however_small_they_are(limit: float, ends: str) -> None:
    words = [words for _, words in bar_ticks(Scale(-limit, limit, 100, 0), 18)]
    assert (words[0], words[-1]) == (f"\N{MINUS SIGN}{ends}", ends)
