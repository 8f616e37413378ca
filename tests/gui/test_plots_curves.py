"""Training curves, bars, waterfall, thumbnails and their exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from alsgui.ui import theme
from alsgui.ui.widgets import curves
from alsgui.ui.widgets.bars import Contribution, ContributionBars, Histogram, Marker
from alsgui.ui.widgets.curves import Curve, TrainingPlot, axis_end
from alsgui.ui.widgets.distributions import LongTail, TimeSeries
from alsgui.ui.widgets.plot import Plot
from alsgui.ui.widgets.thumbnails import FactorThumbnail, MatrixThumbnail
from alsgui.ui.widgets.waterfall import Waterfall


@pytest.fixture(autouse=True)
def light_theme(qtbot: QtBot) -> Iterator[None]:
    theme.current().set_mode("light")
    yield
    theme.current().set_mode("light")
    theme.current().set_scale(1.0)


def run(name: str, n: int, *, current: bool = False, holdout: bool = True) -> Curve:
    epochs = np.arange(1.0, n + 1)
    falling = np.exp(-0.3 * epochs)
    return Curve(
        name, epochs, epochs * 0.05, 0.6 + falling, 0.85 + falling if holdout else None, 4e4 + 2e4 * falling, current
    )


def training_plot(qtbot: QtBot, *runs: Curve) -> TrainingPlot:
    plot = TrainingPlot()
    qtbot.addWidget(plot)
    plot.resize(552, 410)
    plot.set_epoch_limit(50)
    plot.set_baselines([("movie mean", 2.5), ("biases", 0.9)])
    plot.set_sentence("0.02 stars better than user + movie averages", "ok")
    plot.set_runs(runs)
    plot.show()
    return plot


def make_plots() -> dict[str, Plot]:
    histogram = Histogram()
    histogram.set_counts([1, 2, 3], [4, 9, 2])
    tail = LongTail()
    tail.set_counts([50, 20, 10], [30, 20, 10, 5, 1], "3 users", "5 movies")
    series = TimeSeries()
    series.set_counts([2000.0, 2000.25, 2000.5], [10, 40, 20])
    contributions = ContributionBars()
    contributions.set_rows([Contribution("1", "Cult", 0.33), Contribution("2", "Drama", -0.1)])
    waterfall = Waterfall()
    waterfall.set_steps([("μ", "all ratings", 3.5, "muted"), ("bᵤ", "user 373", -0.27, "user")], 3.23)
    factors = FactorThumbnail()
    factors.set_factors(np.eye(5, 2), np.eye(2, 6), np.ones((5, 6)), u_limit=1, m_limit=1, r_limits=(0, 2))
    matrix = MatrixThumbnail()
    matrix.set_matrix(np.array([[1.0, np.nan], [2.0, 3.0]]))
    training = TrainingPlot()
    training.set_runs([run("run 1", 5)])
    return {
        type(plot).__name__: plot
        for plot in (histogram, tail, series, contributions, waterfall, factors, matrix, training)
    }


PLOTS = (
    "Histogram",
    "LongTail",
    "TimeSeries",
    "ContributionBars",
    "Waterfall",
    "FactorThumbnail",
    "MatrixThumbnail",
    "TrainingPlot",
)


@pytest.fixture(params=PLOTS)
def plot(request: pytest.FixtureRequest, qtbot: QtBot) -> Plot:
    plots = make_plots()
    for each in plots.values():
        qtbot.addWidget(each)
        each.resize(each.sizeHint())
    return plots[request.param]


def test_every_plot_is_saved_as_a_png_at_a_chosen_scale(plot: Plot, tmp_path: Path) -> None:
    plot.export_png(tmp_path / "plot.png", scale=3)
    image = QImage(str(tmp_path / "plot.png"))
    assert image.size() == plot.size() * 3
    colors = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colors) > 2


@pytest.mark.parametrize(
    ("suffix", "beginning"), [(".svg", b"<?xml"), (".pdf", b"%PDF"), (".csv", b""), (".png", b"\x89PNG")]
)
def test_every_plot_is_saved_in_the_format_of_the_suffix(
    plot: Plot, tmp_path: Path, qtbot: QtBot, suffix: str, beginning: bytes
) -> None:
    path = tmp_path / f"plot{suffix}"
    with qtbot.waitSignal(plot.exported):
        plot.export_to(path)
    content = path.read_bytes()
    assert content.startswith(beginning)
    assert len(content) > 5


def test_the_numbers_of_every_plot_are_a_table(plot: Plot) -> None:
    rows = list(csv.reader(io.StringIO(plot.numbers_csv())))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) > 1


def test_a_plot_that_cannot_be_saved_says_why(plot: Plot, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(plot.export_failed) as failed:
        plot.export_to(tmp_path / "missing" / "plot.png")
    assert "plot.png" in failed.args[0]


def test_every_plot_has_a_name_and_takes_the_keyboard(plot: Plot) -> None:
    assert plot.accessibleName()
    assert plot.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_every_plot_follows_the_theme(plot: Plot) -> None:
    light = plot.grab().toImage()
    theme.current().set_mode("dark")
    assert plot.grab().toImage() != light


def test_a_plot_that_the_keyboard_reaches_shows_a_ring(qtbot: QtBot) -> None:
    waterfall = make_plots()["Waterfall"]
    qtbot.addWidget(waterfall)
    waterfall.show()
    qtbot.waitUntil(waterfall.isActiveWindow)
    waterfall.clearFocus()
    before = waterfall.grab().toImage()
    waterfall.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    assert waterfall.grab().toImage() != before


def test_the_menu_copies_picture_and_numbers(qtbot: QtBot) -> None:
    waterfall = make_plots()["Waterfall"]
    qtbot.addWidget(waterfall)
    waterfall.resize(waterfall.sizeHint())
    menu = waterfall.export_menu()
    copy_picture, copy_numbers = menu.actions()[:2]
    copy_numbers.trigger()
    qtbot.waitUntil(lambda: QApplication.clipboard().text().startswith("symbol,label,stars"))
    copy_picture.trigger()
    assert not QApplication.clipboard().image().isNull()


def test_the_menu_asks_for_a_path_and_saves_there(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waterfall = make_plots()["Waterfall"]
    qtbot.addWidget(waterfall)
    target = str(tmp_path / "why.csv")
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: dialog.fileSelected.emit(target))
    with qtbot.waitSignal(waterfall.exported):
        waterfall.export_menu().findChildren(QMenu)[-1].actions()[0].trigger()
    assert Path(target).exists()


def test_the_cursor_goes_to_the_nearest_epoch_and_back_to_the_last(qtbot: QtBot) -> None:
    plot = training_plot(qtbot, run("run 1", 50), run("run 2", 31, current=True))
    epochs: list[int] = []
    plot.hovered_epoch.connect(epochs.append)
    scale = (552 - 42 - 136) / 50
    qtbot.mouseMove(plot, QPoint(round(42 + 10 * scale), 100))
    assert epochs == [10]
    assert plot.tip_at(QPointF()).startswith("epoch 10")
    qtbot.mouseMove(plot, QPoint(5, 100))
    assert epochs == [10, -1]


def test_arrow_keys_move_the_cursor_by_one_epoch(qtbot: QtBot) -> None:
    plot = training_plot(qtbot, run("run 2", 31, current=True))
    epochs: list[int] = []
    plot.hovered_epoch.connect(epochs.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(plot, key)
    qtbot.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Escape):
        qtbot.keyClick(plot, key)
    assert epochs == [30, 29, 30, 1, 31, -1]


def test_a_shorter_run_in_the_foreground_takes_the_cursor_back(qtbot: QtBot) -> None:
    plot = training_plot(qtbot, run("run 1", 31, current=True))
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    plot.set_runs([run("run 2", 3, current=True)])
    assert not plot.grab().isNull()
    assert plot.tip_at(QPointF(200, 100)) == ""


@pytest.mark.parametrize("n_epochs", [1, 2, 1000])
@pytest.mark.parametrize("holdout", [True, False])
def test_curves_of_any_length_are_drawn(qtbot: QtBot, n_epochs: int, holdout: bool) -> None:
    plot = training_plot(qtbot, run("run 1", n_epochs, current=True, holdout=holdout))
    before = plot.grab().toImage()
    plot.show_log(True)
    assert plot.grab().toImage() != before
    plot.show_log(False)
    plot.show_seconds(True)
    assert plot.grab().toImage() != before


def test_a_run_without_a_hold_out_shows_no_orange(qtbot: QtBot) -> None:
    orange = theme.color("holdout").rgb()

    def has_orange(plot: TrainingPlot) -> bool:
        image = plot.grab().toImage()
        return any(image.pixel(x, y) == orange for x in range(image.width()) for y in range(image.height()))

    assert has_orange(training_plot(qtbot, run("run 1", 20, current=True)))
    assert not has_orange(training_plot(qtbot, run("run 1", 20, current=True, holdout=False)))


def test_a_run_without_any_rmse_gives_the_loss_the_whole_height(qtbot: QtBot) -> None:
    epochs = np.arange(1.0, 6)
    plot = training_plot(qtbot, Curve("run 1", epochs, epochs, None, None, 1 / epochs, True))
    assert not plot.grab().isNull()
    assert "nan" not in plot.numbers_csv()


def test_no_runs_at_all_leave_empty_axes(qtbot: QtBot) -> None:
    plot = training_plot(qtbot)
    assert not plot.grab().isNull()
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    qtbot.mouseMove(plot, QPoint(100, 100))
    assert plot.tip_at(QPointF(100, 100)) == ""


def test_the_numbers_shown_in_a_waterfall_add_up(qtbot: QtBot) -> None:
    waterfall = Waterfall()
    qtbot.addWidget(waterfall)
    parts = [3.504, 0.334, 0.334, 0.334]
    waterfall.set_steps([("", str(part), part, "muted") for part in parts], sum(parts))
    rows = list(csv.DictReader(io.StringIO(waterfall.numbers_csv())))
    shown = [round(100 * float(row["stars"])) for row in rows]
    assert sum(shown[:-1]) == shown[-1] == 451


def test_the_row_under_the_cursor_tells_its_full_words(qtbot: QtBot) -> None:
    plots = make_plots()
    for plot in plots.values():
        qtbot.addWidget(plot)
    assert plots["Waterfall"].tip_at(QPointF(5, 30)).startswith("user 373")
    assert plots["ContributionBars"].tip_at(QPointF(5, 30)).startswith("Drama")
    assert plots["ContributionBars"].tip_at(QPointF(5, 300)) == ""


def test_bars_tell_value_and_count_under_the_cursor(qtbot: QtBot) -> None:
    plots = make_plots()
    for plot in plots.values():
        qtbot.addWidget(plot)
        plot.resize(300, 150)
    assert plots["Histogram"].tip_at(QPointF(175, 80)) == "2  9"
    assert "2000, quarter 1" in plots["TimeSeries"].tip_at(QPointF(32, 80))
    assert "rank 1" in plots["LongTail"].tip_at(QPointF(46, 80))


@pytest.mark.parametrize("role", ["training", "user", "diverging"])
def test_a_histogram_points_at_a_value(qtbot: QtBot, role: str) -> None:
    histogram = Histogram(role=role, count_axis=False)
    qtbot.addWidget(histogram)
    histogram.resize(288, 94)
    histogram.set_counts(np.linspace(-2, 2, 41), np.arange(41), soft=True)
    before = histogram.grab().toImage()
    histogram.set_marker(Marker(1.9, "User 373", "user"))
    assert histogram.grab().toImage() != before
    histogram.set_marker(None)
    assert histogram.grab().toImage() == before


def test_ratings_that_pulled_show_their_stars_and_the_rest_no_bar(qtbot: QtBot) -> None:
    bars = ContributionBars(digits=2)
    qtbot.addWidget(bars)
    rows = [Contribution("", "Jungle Book", 0.124, 1), Contribution("", "others", 1.001, rest=True)]
    bars.set_rows(rows, total=1.125)
    bars.resize(bars.sizeHint())
    assert not bars.grab().isNull()
    shown = [float(row["value"]) for row in csv.DictReader(io.StringIO(bars.numbers_csv()))]
    assert round(sum(shown), 2) == 1.12
    assert bars.sizeHint() == QSize(288, 44)


def test_a_thumbnail_is_chosen_by_mouse_and_by_enter(qtbot: QtBot) -> None:
    thumbnail = make_plots()["FactorThumbnail"]
    assert isinstance(thumbnail, FactorThumbnail)
    qtbot.addWidget(thumbnail)
    thumbnail.resize(288, 150)
    with qtbot.waitSignal(thumbnail.clicked):
        qtbot.mouseClick(thumbnail, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(thumbnail.clicked):
        qtbot.keyClick(thumbnail, Qt.Key.Key_Return)


def test_missing_cells_of_a_thumbnail_have_their_own_colour(qtbot: QtBot) -> None:
    thumbnail = make_plots()["MatrixThumbnail"]
    qtbot.addWidget(thumbnail)
    thumbnail.resize(100, 60)
    image = thumbnail.grab().toImage()
    assert image.pixelColor(round(75 * image.devicePixelRatio()), 10) == theme.color("missing")


def test_before_the_first_epoch_no_axis_has_made_up_numbers(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    monkeypatch.setattr(curves.Panel, "draw", lambda panel, painter, lines: drawn.append(panel))
    plot = TrainingPlot("Training")
    qtbot.addWidget(plot)
    nothing = np.empty(0)
    plot.set_runs([Curve("run 1", nothing, nothing, nothing, nothing, nothing, current=True)])
    plot.set_baselines([("biases", 0.856)])
    plot.grab()
    assert not drawn
    one = np.ones(1)
    plot.set_runs([Curve("run 1", one, one, one, one, one, current=True)])
    plot.grab()
    assert len(drawn) == 2


@pytest.mark.parametrize(
    ("n_done", "n_most", "end"),
    [(0, 50, 50), (3, 200, 200), (47, 100_000, 100), (51, 100_000, 200), (60_000, 100_000, 100_000), (0, 1000, 50)],
)
def test_the_axis_leaves_room_for_what_may_come_but_not_for_what_is_far_off(
    n_done: int, n_most: int, end: float
) -> None:
    assert axis_end(n_done, n_most) == end
