"""Zoom and pan of the training curves by mouse and keys, while they grow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alsgui.ui import theme
from alsgui.ui.widgets.curve_figures import Curve
from alsgui.ui.widgets.curves import TrainingPlot

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


def run(name: str, n: int, *, current: bool = True) -> Curve:
    epochs = np.arange(1.0, n + 1)
    falling = np.exp(-0.3 * epochs)
    return Curve(name, epochs, epochs**1.5 / 10, 0.6 + falling, 0.85 + falling, 4e4 + 2e4 * falling, current)


@pytest.fixture
def plot(qtbot: QtBot) -> TrainingPlot:
    made = TrainingPlot()
    qtbot.addWidget(made)
    made.resize(552, 410)
    made.set_epoch_limit(50)
    made.set_runs([run("run 1", 50, current=False), run("run 2", 50)])
    made.show()
    made.grab()
    return made


def x_of(plot: TrainingPlot, value: float) -> int:
    return round(plot.x_scale(QSizeF(plot.size())).pixel(value))


def wheel(plot: TrainingPlot, at: QPoint, notches: int = 1, held: Qt.KeyboardModifier = NONE) -> QWheelEvent:
    place = QPointF(at)
    event = QWheelEvent(
        place, plot.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, held,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot, event)
    plot.grab()
    return event


def drag(qtbot: QtBot, plot: TrainingPlot, start: QPoint, offset: QPoint) -> None:
    qtbot.mousePress(plot, LEFT, pos=start)
    for step in (1, 2, 3, 4):
        qtbot.mouseMove(plot, start + offset * step / 4)
    qtbot.mouseRelease(plot, LEFT, pos=start + offset)
    plot.grab()


def test_the_wheel_zooms_the_axis_about_the_cursor_and_both_panels_follow(plot: TrainingPlot) -> None:
    at = x_of(plot, 20)
    before = plot.x_scale(QSizeF(plot.size())).value(at)
    wheel(plot, QPoint(at, 100), 3)
    low, high = plot.view_x()
    assert high - low == pytest.approx(50 * 0.8**3)
    assert plot.x_scale(QSizeF(plot.size())).value(at) == pytest.approx(before)
    wheel(plot, QPoint(at, 350), -3)
    assert plot.view_x() == (0.0, 50.0)
    assert not plot.zoomed


def test_values_follow_what_is_seen_of_the_curves(plot: TrainingPlot) -> None:
    wheel(plot, QPoint(x_of(plot, 50), 100), 10)
    scale = plot._y_scales["loss"]
    seen = run("run 2", 50).values("loss")[round(plot.view_x()[0]) :]
    assert scale.low <= seen.min()
    assert seen.max() <= scale.high < 4.1e4


def test_with_ctrl_or_over_its_numbers_the_wheel_zooms_the_values_of_one_panel(plot: TrainingPlot) -> None:
    before = plot._y_scales["figures"]
    wheel(plot, QPoint(200, 100), 2, CTRL)
    chosen = plot.view_y("figures")
    assert chosen is not None
    assert chosen[1] - chosen[0] == pytest.approx((before.high - before.low) * 0.64)
    assert plot._y_scales["figures"].value(100) == pytest.approx(before.value(100))
    assert plot.view_y("loss") is None
    assert plot.view_x() == (0.0, 50.0)
    wheel(plot, QPoint(10, 340), 2)
    assert plot.view_y("loss") is not None
    wheel(plot, QPoint(10, 340), -3)
    assert plot.view_y("loss") is None


def test_a_drag_pans_and_stops_at_the_ends(plot: TrainingPlot, qtbot: QtBot) -> None:
    wheel(plot, QPoint(x_of(plot, 25), 100), 3)
    low, high = plot.view_x()
    per_pixel = (high - low) / (552 - 42 - 136)
    drag(qtbot, plot, QPoint(200, 100), QPoint(-40, 0))
    assert plot.view_x() == pytest.approx((low + 40 * per_pixel, high + 40 * per_pixel))
    drag(qtbot, plot, QPoint(200, 100), QPoint(-4000, 0))
    assert plot.view_x()[1] == pytest.approx(50.0)
    assert plot.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_drag_moves_values_only_where_they_were_chosen(plot: TrainingPlot, qtbot: QtBot) -> None:
    wheel(plot, QPoint(200, 100), 3, CTRL)
    before = plot.view_y("figures")
    drag(qtbot, plot, QPoint(200, 100), QPoint(0, 40))
    after = plot.view_y("figures")
    assert before is not None
    assert after is not None
    assert after[0] > before[0]
    assert after[1] - after[0] == pytest.approx(before[1] - before[0])
    assert plot.view_x() == (0.0, 50.0)


def test_a_press_without_a_move_is_no_drag(plot: TrainingPlot, qtbot: QtBot) -> None:
    wheel(plot, QPoint(200, 100))
    view = plot.view_x()
    drag(qtbot, plot, QPoint(200, 100), QPoint(1, 0))
    assert plot.view_x() == view


@pytest.mark.parametrize("way", ["double click", "Home", "button"])
def test_three_ways_lead_back_to_the_whole(plot: TrainingPlot, qtbot: QtBot, way: str) -> None:
    assert not plot.all_button.isVisible()
    wheel(plot, QPoint(200, 100), 2)
    wheel(plot, QPoint(200, 100), 2, CTRL)
    assert plot.all_button.isVisible()
    if way == "double click":
        qtbot.mouseDClick(plot, LEFT, pos=QPoint(200, 100))
    elif way == "Home":
        qtbot.keyClick(plot, Key.Key_Home)
    else:
        plot.all_button.setFocus()
        qtbot.mouseClick(plot.all_button, LEFT)
        assert plot.hasFocus()
    assert not plot.zoomed
    assert not plot.all_button.isVisible()
    assert plot.view_x() == (0.0, 50.0)


def test_keys_zoom_about_the_pointed_epoch_and_pan(plot: TrainingPlot, qtbot: QtBot) -> None:
    for _ in range(10):
        qtbot.keyClick(plot, Key.Key_Left)
    for _ in range(3):
        qtbot.keyClick(plot, Key.Key_Plus)
    low, high = plot.view_x()
    assert high - low == pytest.approx(50 * 0.7**3)
    assert (40 - low) / (high - low) == pytest.approx(40 / 50)
    qtbot.keyClick(plot, Key.Key_Left, SHIFT)
    assert plot.view_x()[0] == pytest.approx(low - 0.15 * (high - low))
    qtbot.keyClick(plot, Key.Key_Right, SHIFT)
    assert plot.view_x() == pytest.approx((low, high))
    for _ in range(4):
        qtbot.keyClick(plot, Key.Key_Minus)
    assert not plot.zoomed


def test_without_a_pointed_epoch_keys_zoom_about_the_middle(plot: TrainingPlot, qtbot: QtBot) -> None:
    qtbot.keyClick(plot, Key.Key_Equal)
    assert plot.view_x() == pytest.approx((7.5, 42.5))


def test_up_and_down_zoom_the_values_of_the_upper_panel_and_with_ctrl_of_the_lower(
    plot: TrainingPlot, qtbot: QtBot
) -> None:
    qtbot.keyClick(plot, Key.Key_Up)
    assert plot.view_y("figures") is not None
    qtbot.keyClick(plot, Key.Key_Up, CTRL)
    assert plot.view_y("loss") is not None
    plot.grab()
    for _ in range(2):
        qtbot.keyClick(plot, Key.Key_Down)
        qtbot.keyClick(plot, Key.Key_Down, CTRL)
        plot.grab()
    assert not plot.zoomed


def test_the_cursor_brings_its_epoch_into_view(plot: TrainingPlot, qtbot: QtBot) -> None:
    plot.set_view_x((10.0, 20.0))
    qtbot.keyClick(plot, Key.Key_End)
    assert plot.view_x() == pytest.approx((40.0, 50.0))
    qtbot.keyClick(plot, Key.Key_Left, CTRL)
    assert plot.view_x() == pytest.approx((1.0, 11.0))


def test_new_epochs_do_not_move_a_view_but_lengthen_the_whole(plot: TrainingPlot) -> None:
    plot.set_view_x((20.0, 30.0))
    plot.set_runs([run("run 1", 50, current=False), run("run 2", 90)])
    assert plot.view_x() == (20.0, 30.0)
    plot.show_all()
    assert plot.view_x() == (0.0, 90.0)


def test_a_new_run_that_has_nothing_in_view_shows_all(plot: TrainingPlot) -> None:
    plot.set_view_x((20.0, 30.0))
    plot.set_runs([run("run 2", 50, current=False), run("run 3", 40)])
    assert plot.view_x() == (20.0, 30.0)
    plot.set_runs([run("run 2", 50, current=False), run("run 4", 2)])
    assert not plot.zoomed


def test_the_hover_readout_tells_the_epoch_under_the_cursor_of_a_zoomed_axis(plot: TrainingPlot, qtbot: QtBot) -> None:
    plot.set_view_x((20.0, 30.0))
    epochs: list[int] = []
    plot.hovered_epoch.connect(epochs.append)
    qtbot.mouseMove(plot, QPoint(x_of(plot, 23), 100))
    assert epochs == [23]
    assert plot.tip_at(QPointF()).startswith("epoch 23")


def test_the_view_stays_the_same_part_of_the_run_over_seconds_and_back(plot: TrainingPlot) -> None:
    plot.set_view_x((16.0, 25.0))
    plot.show_seconds(True)
    assert plot.view_x() == pytest.approx((16**1.5 / 10, 25**1.5 / 10))
    plot.show_seconds(True)
    plot.show_seconds(False)
    assert plot.view_x() == pytest.approx((16.0, 25.0))
    plot.show_all()
    plot.show_seconds(True)
    assert not plot.zoomed


def test_zoomed_values_stay_on_a_logarithmic_axis_unless_they_begin_below_zero(plot: TrainingPlot) -> None:
    wheel(plot, QPoint(200, 100), 2, CTRL)
    chosen = plot.view_y("figures")
    plot.show_log(True)
    assert plot.view_y("figures") == chosen
    plot._y_chosen["figures"] = (-1.0, 0.7)
    plot.show_log(True)
    assert plot.view_y("figures") is None
    before = plot._y_scales["figures"]
    plot.grab()
    wheel(plot, QPoint(200, 100), 2, CTRL)
    assert plot._y_scales["figures"].log
    assert before is not None


def test_two_epochs_are_the_least_that_is_seen(plot: TrainingPlot) -> None:
    wheel(plot, QPoint(x_of(plot, 25), 100), 60)
    low, high = plot.view_x()
    assert high - low == pytest.approx(2.0)
    plot.show_all()
    plot.show_seconds(True)
    wheel(plot, QPoint(200, 100), 60)
    low, high = plot.view_x()
    assert high - low == pytest.approx(2 * 50**1.5 / 10 / 50)


def test_a_wheel_over_the_titles_is_left_to_the_page(plot: TrainingPlot) -> None:
    assert not wheel(plot, QPoint(200, 2)).isAccepted()


def test_values_are_not_zoomed_beyond_what_numbers_can_tell(plot: TrainingPlot) -> None:
    wheel(plot, QPoint(200, 100), 40, CTRL)
    wheel(plot, QPoint(200, 100), 40, CTRL)
    view = plot.view_y("figures")
    assert view is not None
    assert view[1] - view[0] > 1e-6 * view[1]


def test_curves_do_not_leave_the_panel_of_a_zoomed_axis(plot: TrainingPlot) -> None:
    plot.set_view_x((10.0, 20.0))
    image = plot.grab().toImage()
    blue = theme.color("training").rgb()
    left, right = x_of(plot, 10), x_of(plot, 20)
    columns = {x for x in range(image.width()) for y in range(60, 300) if image.pixel(x, y) == blue}
    labels = right + 9
    assert columns
    assert not [x for x in columns if x < left - 2 or right + 2 < x < labels]


def test_a_picture_file_shows_the_view(plot: TrainingPlot, tmp_path) -> None:  # type: ignore[no-untyped-def]
    plot.export_png(tmp_path / "all.png")
    plot.set_view_x((10.0, 20.0))
    plot.export_png(tmp_path / "part.png")
    assert (tmp_path / "all.png").read_bytes() != (tmp_path / "part.png").read_bytes()


def test_a_loss_that_falls_by_decades_has_a_tick_at_each(qtbot: QtBot) -> None:
    epochs = np.arange(1.0, 8)
    made = TrainingPlot()
    qtbot.addWidget(made)
    made.resize(552, 410)
    made.show_log(True)
    made.set_runs([replace(run("run 1", 7), loss=10.0 ** (8 - epochs))])
    made.grab()
    scale = made._y_scales["loss"]
    assert scale.low == pytest.approx(10.0)
    assert scale.high == pytest.approx(1e7)


@pytest.mark.parametrize("by_seconds", [False, True])
@pytest.mark.parametrize("n", [0, 3])
def test_progress_inside_a_slow_epoch_grows_on_the_axis_users_then_movies(
    qtbot: QtBot, n: int, by_seconds: bool
) -> None:
    made = TrainingPlot()
    qtbot.addWidget(made)
    made.resize(552, 410)
    made.set_epoch_limit(5)
    made.show_seconds(by_seconds)
    made.set_runs([replace(run("run 1", n), seconds=60.0 * np.arange(1, n + 1))] if n else [])

    def width(role: str) -> int:
        image, color = made.grab().toImage(), theme.color(role).rgb()
        return sum(image.pixel(x, 410 - 40 - 2) == color for x in range(image.width()))

    per_epoch = (552 - 42 - 136) / (5 if not by_seconds else made.whole_x()[1] / 60)
    made.set_progress("u", 0.25)
    if by_seconds and not n:
        assert width("user") == 0
        return
    assert width("user") == pytest.approx(per_epoch / 4, abs=2)
    made.set_progress("m", 0.75)
    assert width("user") == pytest.approx(per_epoch / 2, abs=2)
    assert width("movie") == pytest.approx(per_epoch / 4, abs=2)
    made.set_progress("u", None)
    assert width("user") == 0


def test_fast_epochs_show_no_progress_inside_them(qtbot: QtBot, plot: TrainingPlot) -> None:
    plot.set_runs([replace(run("run 1", 5), seconds=np.arange(1, 6) / 100)])
    before = plot.grab().toImage()
    plot.set_progress("u", 0.5)
    assert plot.grab().toImage() == before


def test_a_run_of_200_000_noisy_epochs_is_drawn_with_every_extreme(qtbot: QtBot) -> None:
    n = 200_000
    epochs = np.arange(1.0, n + 1)
    noise = np.random.default_rng(0).normal(0, 0.01, n)
    noise[n // 2] = -0.4
    made = TrainingPlot()
    qtbot.addWidget(made)
    made.resize(552, 410)
    made.set_runs([Curve("run 1", epochs, epochs / 1e4, 0.7 + noise, None, 5e4 + noise, True)])
    image = made.grab().toImage()
    scale = made._y_scales["figures"]
    assert scale.low == pytest.approx(0.3)
    level = round(scale.pixel(0.31))
    blue = theme.color("training")

    def is_blue(x: int) -> bool:
        color = image.pixelColor(x, level)
        return color.blue() - color.red() > (blue.blue() - blue.red()) / 3

    found = [x for x in range(42, 416) if is_blue(x)]
    assert found
    assert all(abs(x - x_of(made, n / 2)) <= 2 for x in found)


def test_runs_in_the_background_are_thinned_once_for_a_view(
    plot: TrainingPlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alsgui.ui.widgets import curves

    made: list[str] = []
    real = curves.pale_line
    monkeypatch.setattr(curves, "pale_line", lambda x, y, name, scale: (made.append(name), real(x, y, name, scale))[1])
    older = plot._runs[0]
    plot.grab()
    plot.set_runs([older, run("run 2", 50)])
    plot.grab()
    assert not made
    for notch in range(8):
        wheel(plot, QPoint(200, 100), 1)
        assert len(plot._pale) <= 9, notch
    assert len(made) == 16
    plot.set_runs([run("run 3", 5)])
    assert not plot._pale
