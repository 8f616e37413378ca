"""The Train page with a real session: settings by keyboard, fits by half-steps, curves, runs, and what they mean."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from alsgui.core.known_after import KnownAfter
from alsgui.core.model import EpochRecord
from alsgui.core.solvers.config import CONFIGS, ImplicitConfig, ObservedConfig, RidgeConfig
from alsgui.session.session import Session
from alsgui.session.state import Job, Live, State
from alsgui.ui import theme
from alsgui.ui.pages.train.controls import ChoiceRow
from alsgui.ui.pages.train.inspector import reduced
from alsgui.ui.pages.train.known import sentence
from alsgui.ui.pages.train.page import TrainPage
from alsgui.ui.pages.train.words import (
    _against_averages,
    ending_explained,
    ending_words,
    figures_at,
    holdout_words,
    loss_formula,
    shown_run,
    updates,
)
from alsgui.ui.run_files import ask_for_model, ask_for_run
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.formula import SIZE, FormulaView, parsed, placed
from alsgui.ui.widgets.layouts import row
from alsgui.ui.widgets.segment import Segment
from tests.helpers.sessions import wait_for
from tests.helpers.windows import choose as choose_file

ENDLESS = 100_000


class Bench:
    """A Train page and its inspector in one widget, with what a test does to them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session()
        self.page = TrainPage(self.session)
        self.wanted: list[str] = []
        self.page.action_wanted.connect(self.wanted.append)
        self.whole = QWidget()
        self.whole.setLayout(row(self.page, self.page.inspector, gap=0))
        self.whole.resize(1200, 690)
        qtbot.addWidget(self.whole)
        self.whole.show()

    @property
    def state(self) -> State:
        return self.session.state

    def open(self, kind: str = "low_rank", **settings: object) -> None:
        self.session.generate(kind, **settings)
        self.until(lambda: self.state.data is not None and self.state.job is None)
        self.settle()

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=60_000)

    def settle(self) -> None:
        """Have everything that was asked for shown."""
        self.until(lambda: self.session.light.idle)
        for _ in range(3):
            self.qtbot.wait(5)
            self.until(lambda: self.session.light.idle)

    def fit(self, **settings: object) -> None:
        self.session.fitting.set_config(**settings)
        self.session.fitting.fit()
        self.until(lambda: self.state.job is None)
        self.settle()

    def begin(self, **settings: object) -> None:
        """Start a fit that ends only when told to, and let it do some epochs."""
        self.session.fitting.set_config(epochs=ENDLESS, tolerance=0.0, **settings)
        self.session.fitting.fit()
        self.until(lambda: bool(self.state.runs) and len(self.state.runs[-1].history) > 2)

    def field(self, name: str) -> NumberField:
        return self.page.settings.fields[name]

    def type(self, name: str, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
        field = self.field(name)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, key)
        self.settle()

    def words(self, place: QWidget | None = None) -> str:
        """Everything that can be read in a part of the page."""
        found = (place or self.whole).findChildren(QLabel)
        return "\n".join(each.text() for each in found if each.isVisibleTo(self.whole))

    def click_run(self, view_row: int) -> None:
        table = self.page.runs.table
        spot = table.visualRect(table.table_model().index(view_row, 1)).center()
        self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        self.settle()

    def table_rows(self) -> list[list[str]]:
        model = self.page.runs.model
        return [
            [str(model.index(line, column).data()) for column in range(1, model.columnCount())]
            for line in range(model.rowCount())
        ]


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    theme.current().set_mode("light")
    made = Bench(qtbot)
    yield made
    assert made.session.close()


def test_without_ratings_the_page_offers_to_open_some(bench: Bench) -> None:
    assert "No ratings yet" in bench.words(bench.page)
    assert not bench.page.fit_button.isVisible()
    bench.qtbot.mouseClick(bench.page._openers[1], Qt.MouseButton.LeftButton)
    assert bench.wanted == ["sample"]


def test_before_the_first_run_the_page_says_so_and_offers_to_fit(bench: Bench) -> None:
    bench.open()
    assert "No run yet: press Fit" in bench.words(bench.page)
    assert not bench.page.plot.isVisible()
    assert not bench.page.runs.isVisible()
    bench.qtbot.mouseClick(bench.page.fit_button, Qt.MouseButton.LeftButton)
    assert bench.wanted == ["fit"]


def test_k_is_changed_by_keyboard_and_counts_for_the_next_fit(bench: Bench) -> None:
    bench.open()
    bench.type("k", "7")
    assert bench.state.config.k == 7
    bench.qtbot.keyClick(bench.field("k"), Qt.Key.Key_Up)
    assert bench.state.config.k == 8
    bench.fit(epochs=2)
    assert bench.state.model is not None
    assert bench.state.model.k == 8


@pytest.mark.parametrize("wrong", ["-1", "1e999", "many", "nan"])
def test_a_wrong_lambda_is_refused_in_place_and_changes_nothing(bench: Bench, wrong: str) -> None:
    bench.open()
    before, shown = bench.state.config, bench.field("lambda_u").text()
    bench.type("lambda_u", wrong)
    assert bench.state.config is before
    assert "use 0 to" in bench.words(bench.page.settings)
    bench.field("k").setFocus()
    assert bench.field("lambda_u").text() == shown


def test_the_default_lambda_is_shown_as_the_number_that_a_fit_takes(bench: Bench) -> None:
    bench.open()
    assert bench.state.config.lambda_u is None
    bench.fit(epochs=1)
    taken = bench.state.runs[-1].config.lambda_u
    assert taken is not None
    assert bench.field("lambda_u").value() == pytest.approx(taken, rel=1e-3)


def test_the_default_lambda_follows_the_scaling_by_counts(bench: Bench) -> None:
    bench.open()
    before = bench.field("lambda_u").value()
    button = bench.page.settings.rows["lambda_power"].widget._buttons["1.0"]  # type: ignore[union-attr]
    bench.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    bench.settle()
    assert isinstance(bench.state.config, ObservedConfig)
    assert bench.state.config.lambda_power == 1.0
    assert bench.field("lambda_u").value() < before / 5


def test_reset_brings_every_setting_and_the_hold_out_back(bench: Bench) -> None:
    bench.open()
    bench.type("k", "3")
    bench.type("lambda_m", "9")
    bench.type("holdout", "25")
    assert bench.state.split is not None
    assert bench.state.split.share == 0.25
    bench.qtbot.mouseClick(bench.page.settings.reset, Qt.MouseButton.LeftButton)
    assert bench.wanted == ["reset_settings"]
    bench.session.fitting.reset_config()
    bench.settle()
    assert bench.state.split.share == 0.1
    assert (bench.field("k").value(), bench.field("holdout").value()) == (20, 0.1)


def test_another_algorithm_shows_its_own_settings_and_formulas(bench: Bench) -> None:
    bench.open()
    settings = bench.page.settings
    assert settings.rows["biases"].isVisible()
    assert not settings.rows["fill"].isVisible()
    settings.algorithm.setFocus()
    bench.qtbot.keyClick(settings.algorithm, Qt.Key.Key_Down)
    bench.settle()
    assert isinstance(bench.state.config, RidgeConfig)
    assert not settings.rows["biases"].isVisible()
    assert settings.rows["fill"].isVisible()
    assert "identity" in bench.words(bench.page.inspector)


def test_what_stands_for_a_missing_rating_is_asked_only_where_ratings_are_missing(bench: Bench) -> None:
    bench.open("chapter")
    assert isinstance(bench.state.config, RidgeConfig)
    assert not bench.page.settings.rows["fill"].isVisible()


def test_the_choice_for_missing_ratings_is_named_next_to_the_result(bench: Bench) -> None:
    bench.open()
    bench.session.fitting.choose_algorithm("ridge")
    bench.fit(fill="zero", epochs=2, k=2)
    assert "taken as 0" in bench.words(bench.page.inspector)
    assert "missing taken as 0" in bench.page.plot._subtitles[0]


def test_another_hold_out_is_said_to_count_for_later_runs(bench: Bench) -> None:
    bench.open()
    bench.fit(epochs=2, k=2)
    bench.type("holdout", "20")
    assert "Split anew: later runs learn from another 80 %" in bench.words(bench.page.settings)
    assert bench.page.plot._sentence == "judged on the hold-out before it was changed"
    assert bench.page.plot._baselines == []
    bench.fit()
    assert "Split anew" not in bench.words(bench.page.settings)
    assert [line[1] for line in bench.table_rows()] == ["20 %", "10 %"]
    assert len(bench.page.plot._runs) == 1, "errors on other ratings are not drawn on one axis"


def test_a_fit_is_shown_while_it_learns_and_only_lambda_can_be_changed(bench: Bench) -> None:
    bench.open()
    bench.begin(k=2)
    bench.until(lambda: "Run 1 is learning" in bench.words(bench.page))
    assert bench.field("k").isReadOnly()
    assert not bench.page.settings.algorithm.isEnabled()
    bench.qtbot.keyClick(bench.field("k"), Qt.Key.Key_Up)
    assert bench.state.config.k == 2
    bench.type("lambda_u", "3")
    assert bench.state.config.lambda_u == 3
    assert bench.state.runs[-1].config.lambda_u != 3
    bench.session.fitting.stop()
    bench.until(lambda: bench.state.job is None)
    bench.settle()
    assert not bench.field("k").isReadOnly()
    assert "stopped at epoch" in bench.words(bench.page)
    assert "You stopped it; what was complete is kept." in bench.words(bench.page.inspector)


def test_a_pause_is_said_and_resuming_goes_on(bench: Bench) -> None:
    bench.open()
    bench.begin(k=2)
    bench.session.fitting.pause()
    bench.settle()
    assert "Run 1 waits" in bench.words(bench.page)
    reached = len(bench.state.runs[-1].history)
    bench.session.fitting.resume()
    bench.until(lambda: len(bench.state.runs[-1].history) > reached + 2)
    bench.session.cancel()
    bench.until(lambda: bench.state.job is None)


def test_half_steps_show_u_and_then_m_before_the_first_epoch_is_drawn(bench: Bench) -> None:
    bench.open()
    bench.session.fitting.set_config(k=2)
    bench.session.fitting.half_step()
    bench.until(lambda: bench.state.live is not None)
    bench.settle()
    words = bench.words(bench.page.inspector)
    assert "u, m and r in epoch 1, u just solved" in words
    assert "Before the first epoch" in words
    assert "next m" in words
    bench.session.fitting.half_step()
    bench.until(lambda: len(bench.state.runs[-1].history) == 1)
    bench.until(lambda: "m just solved" in bench.words(bench.page.inspector))
    assert "At epoch 1" in bench.words(bench.page.inspector)
    bench.session.cancel()
    bench.until(lambda: bench.state.job is None)


def test_cancelling_keeps_the_last_epoch_and_says_so(bench: Bench) -> None:
    bench.open()
    bench.begin(k=2)
    bench.session.cancel()
    bench.until(lambda: bench.state.job is None)
    bench.settle()
    model = bench.state.model
    assert model is not None
    assert len(model.history) > 2
    assert f"cancelled at epoch {model.history[-1].epoch}" in bench.words(bench.page).replace("\u2009", "")
    assert "You cancelled it" in bench.words(bench.page.inspector)


def test_going_on_makes_the_same_run_longer(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=3, tolerance=0.0)
    bench.qtbot.mouseClick(bench.page.runs.more, Qt.MouseButton.LeftButton)
    assert bench.wanted == ["go_on"]
    bench.session.fitting.go_on(10)
    bench.until(lambda: bench.state.job is None)
    bench.settle()
    assert len(bench.state.runs) == 1
    assert list(bench.page.plot._runs[-1].epochs) == list(range(1, 14))
    assert "all 13 epochs done" in bench.words(bench.page)


def test_early_ends_are_explained(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=100, tolerance=0.05)
    assert "tolerance at epoch" in bench.words(bench.page)
    assert "The loss fell by less than 0.05 of itself" in bench.words(bench.page.inspector)
    bench.fit(k=20, epochs=100, tolerance=0.0, patience=1, lambda_u=0.01, lambda_m=0.01)
    assert "no better since epoch" in bench.words(bench.page)
    run = bench.state.current_run
    assert run is not None
    assert run.best is not None
    assert f"Kept: epoch {run.best.epoch}" in bench.words(bench.page.inspector)


def test_an_older_run_is_shown_by_a_click_and_by_the_keyboard(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=2)
    first = bench.state.model
    bench.fit(k=3)
    assert [line[:2] for line in bench.table_rows()] == [["Run 2", "3"], ["Run 1", "2"]]
    bench.click_run(1)
    assert bench.state.model is first
    assert "Run 1: all 2 epochs done" in bench.words(bench.page)
    assert bench.page.plot._current().name == "run 1"
    table = bench.page.runs.table
    bench.qtbot.keyClick(table, Qt.Key.Key_Up)
    bench.qtbot.keyClick(table, Qt.Key.Key_Return)
    bench.settle()
    assert bench.state.model is not first


def test_what_is_equal_in_all_runs_stands_in_the_subtitle(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=2)
    bench.fit(lambda_u=2.0, lambda_m=3.0)
    assert "all Observed ALS, K 2" in bench.words(bench.page.runs)
    titles = [column.title for column in bench.page.runs.model.columns]
    assert titles == ["", "Run", "λ", "Training", "Hold-out", "Best at epoch", "Time"]
    assert bench.table_rows()[0][1] == "2, 3 × √n"


def test_the_result_is_compared_with_user_and_movie_averages(bench: Bench) -> None:
    bench.open()
    bench.fit(k=3, epochs=15)
    assert bench.page.plot._sentence.endswith("better than user + movie averages")
    assert bench.page.plot._sentence_role == "ok"
    assert [name for name, _ in bench.page.plot._baselines] == ["movie mean", "biases"]
    bench.fit(k=1, lambda_u=1e3, lambda_m=1e3, biases=False, epochs=2)
    assert bench.page.plot._sentence.endswith("worse than user + movie averages")
    assert bench.page.plot._sentence_role == "warning"


@pytest.mark.parametrize(
    ("gain", "sentence", "colour"),
    [
        (0.0213, "0.02 ★ better than user + movie averages", "ok"),
        (0.0031, "0.003 ★ better than user + movie averages", "muted"),
        (-0.0031, "0.003 ★ worse than user + movie averages", "muted"),
        (0.0001, "0.0001 ★ better than user + movie averages", "muted"),
        (0.0, "neither better nor worse than user + movie averages", "muted"),
        (-0.0213, "0.02 ★ worse than user + movie averages", "warning"),
    ],
)
def test_a_small_difference_is_told_as_what_it_is(gain: float, sentence: str, colour: str) -> None:
    assert _against_averages(gain, "movie") == (sentence, colour)


def test_the_text_books_example_names_mean_squared_error_and_rmse(bench: Bench) -> None:
    bench.open("chapter")
    bench.fit(epochs=30)
    model = bench.state.model
    assert model is not None
    rmse = model.training_figures.rmse
    expected = f"mean squared error {rmse**2:.3f}, RMSE {rmse:.3f}, on the ratings it learnt from"
    assert bench.page.plot._sentence == expected
    words = bench.words(bench.page.inspector)
    assert "Mean squared error" in words
    assert "Hold-out" not in [column.title for column in bench.page.runs.model.columns]


def test_the_inspector_follows_the_cursor_over_the_curve(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=5, tolerance=0.0)
    assert "Kept: epoch 5, u solved once more" in bench.words(bench.page.inspector)
    bench.page.plot.setFocus()
    bench.qtbot.keyClick(bench.page.plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert "At epoch 1" in bench.words(bench.page.inspector)
    bench.qtbot.keyClick(bench.page.plot, Qt.Key.Key_Escape)
    assert "Kept: epoch 5" in bench.words(bench.page.inspector)


def test_a_run_of_other_data_is_grey_and_its_data_can_be_opened_again(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=2)
    bench.open("chapter")
    assert bench.table_rows()[0][0] == "Run 1"
    table = bench.page.runs.table
    index = table.table_model().index(0, 1)
    assert index.data(Qt.ItemDataRole.ForegroundRole) == theme.color("muted")
    assert "not open" in str(index.data(Qt.ItemDataRole.ToolTipRole))
    bench.click_run(0)
    assert bench.state.model is None
    menu = table.context_menu()
    again = next(action for action in menu.actions() if action.text() == "Open its data again")
    again.trigger()
    menu.deleteLater()
    bench.until(lambda: bench.state.data is not None and bench.state.data.source.what == "low_rank")


def test_the_menu_of_a_run_copies_it_as_python_and_forgets_it(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=2)
    menu = bench.page.runs.table.context_menu()
    verbs = {action.text(): action for action in menu.actions()}
    verbs["Copy as Python"].trigger()
    assert "alsgui.fit(parts, 'observed', k=2" in QApplication.clipboard().text()
    verbs["Forget"].trigger()
    menu.deleteLater()
    bench.settle()
    assert bench.state.runs == ()
    assert not bench.page.runs.isVisible()


def test_a_click_on_the_small_picture_opens_factors(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=2)
    picture = bench.page.run_inspector.picture
    bench.qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert bench.state.page == "factors"


def test_the_small_picture_shows_every_cell_of_few_and_means_of_many(bench: Bench) -> None:
    bench.open("chapter")
    bench.fit(epochs=2)
    model = bench.state.model
    assert model is not None
    small = reduced(model.factors, model.predictor, None)
    assert small.u.shape == (50, 2)
    assert small.m.shape == (2, 200)
    np.testing.assert_allclose(small.r, model.predict_block(slice(None), slice(None)), rtol=1e-5)
    bench.open("low_rank", n_users=150, n_movies=400)
    bench.fit(k=3, epochs=2)
    model, split = bench.state.model, bench.state.split
    assert model is not None
    assert split is not None
    small = reduced(model.factors, model.predictor, split.training)
    assert small.r.shape == (60, 250)
    assert small.r[:20].mean() > small.r[-20:].mean(), "users stand in order of their mean"


def test_seconds_and_logarithms_are_chosen_in_the_header(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=3)
    bench.qtbot.mouseClick(bench.page.x_axis._buttons["seconds"], Qt.MouseButton.LeftButton)
    bench.qtbot.mouseClick(bench.page.y_axis._buttons["log"], Qt.MouseButton.LeftButton)
    assert bench.page.plot._by_seconds
    assert bench.page.plot._log


def test_every_update_formula_is_read_whole_and_fits_its_width(qtbot: QtBot) -> None:
    for config in (RidgeConfig(), ObservedConfig(), ObservedConfig(biases=False, lambda_power=0.7)):
        view = FormulaView()
        qtbot.addWidget(view)
        view.set_formulas(updates(config), "two formulas")
        view.resize(view.sizeHint())
        assert not view.grab().isNull()
        for formula in updates(config):
            pieces, width = placed(parsed(formula), SIZE)
            assert "{" not in "".join(piece.sign for piece in pieces)
            assert width <= view.width() + 1
        assert "λᵤ" in loss_formula(config)


def test_a_script_stands_beside_its_letter_and_a_limit_under_its_sum() -> None:
    letter, subscript, power = placed(parsed("m_j^T"), 20)[0]
    assert subscript.x == power.x > letter.x
    assert power.y < letter.y < subscript.y
    sign, *limit = placed(parsed("Σ_{j∈Ω_i}"), 20)[0]
    assert all(piece.y > sign.y for piece in limit)


def test_a_model_opened_from_a_file_is_shown_with_its_curve(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bench.open()
    bench.fit(k=2, epochs=3, tolerance=0.0)
    path = tmp_path_factory.mktemp("models") / "small.alsgui"
    bench.session.save_model(path)
    bench.until(lambda: bench.state.job is None)
    bench.session.keeping.forget(1)
    bench.session.open_path(path)
    bench.until(lambda: bench.state.job is None and bench.state.current_run is None)
    bench.settle()
    run = shown_run(bench.state)
    assert run is not None
    assert "Opened model: all 3 epochs done" in bench.words(bench.page)
    assert len(bench.page.plot._runs[-1].epochs) == 3


def test_figures_of_an_epoch_are_those_of_its_record(bench: Bench) -> None:
    bench.open()
    bench.fit(k=2, epochs=3, tolerance=0.0)
    run = shown_run(bench.state)
    assert run is not None
    record: EpochRecord = run.history[1]
    figures = figures_at(bench.state, run, 2)
    assert figures is not None
    assert (figures.loss, figures.rmse_train, figures.mae_holdout) == (
        record.loss, record.rmse_train, record.mae_holdout,
    )  # fmt: skip
    assert figures_at(bench.state, run, 99) is None


@pytest.mark.parametrize(
    ("stopped", "settled", "short", "long"),
    [
        ("error", True, "error after epoch 3", "An error ended it; what was complete is kept."),
        ("cancelled", False, "cancelled at epoch 3", "Not settled: u was not solved again for the m that is kept."),
    ],
)
def test_an_end_that_was_not_planned_is_told_in_words(
    bench: Bench, stopped: str, settled: bool, short: str, long: str
) -> None:
    bench.open()
    bench.fit(k=2, epochs=3, tolerance=0.0)
    run = shown_run(bench.state)
    assert run is not None
    assert run.model is not None
    ended = replace(run, model=replace(run.model, stopped=stopped, settled=settled))
    assert ending_words(ended) == short
    assert long in ending_explained(ended)


IMPLICIT_WORDS = ("NDCG@20", "Recall@20", "Users judged", "Gain over most rated")


def choose(bench: Bench, algorithm: str) -> None:
    """Go to an algorithm in the list by keyboard."""
    box = bench.page.settings.algorithm
    box.setFocus()
    way = Qt.Key.Key_Down if box.findData(algorithm) > box.currentIndex() else Qt.Key.Key_Up
    while box.currentData() != algorithm:
        bench.qtbot.keyClick(box, way)
    bench.settle()


def shown_settings(bench: Bench) -> set[str]:
    return {name for name, made in bench.page.settings.rows.items() if not made.isHidden()}


@pytest.mark.parametrize("algorithm", list(CONFIGS))
def test_an_algorithm_shows_every_setting_of_its_own_and_no_other(bench: Bench, algorithm: str) -> None:
    bench.open()
    bench.session.fitting.choose_algorithm("ridge" if algorithm != "ridge" else "observed")
    bench.session.fitting.choose_algorithm(algorithm)
    bench.settle()
    own = {field.name for field in fields(CONFIGS[algorithm])} - CONFIGS[algorithm].moot
    shown = shown_settings(bench)
    assert shown <= own
    assert {"k", "epochs", "tolerance", "seed", "init", "restarts", "order", "dtype"} <= shown
    assert ({"lambda_u", "lambda_m"} <= shown) is (algorithm != "nmf"), "alpha is the penalty of nmf"
    assert own - shown <= {"combine", "cg_steps", "l1_ratio"}, "moot beside the others"
    assert bench.page.settings.summary.text() == CONFIGS[algorithm].summary


def test_what_makes_no_difference_is_hidden_until_it_does(bench: Bench) -> None:
    bench.open()
    assert "combine" not in shown_settings(bench)
    bench.page.settings._advanced.set_open(True)
    bench.type("restarts", "3")
    assert "combine" in shown_settings(bench)
    assert {"cg_steps", "lambda_bias"} <= shown_settings(bench)
    bench.session.fitting.set_config(solver="exact", biases=False)
    bench.settle()
    assert not {"cg_steps", "lambda_bias"} & shown_settings(bench)


def test_another_algorithm_brings_its_defaults_but_keeps_what_was_changed(bench: Bench) -> None:
    bench.open()
    choose(bench, "implicit")
    assert (bench.state.config.k, bench.state.config.epochs) == (64, 16)
    choose(bench, "observed")
    assert (bench.state.config.k, bench.state.config.epochs) == (20, 20)
    bench.type("k", "7")
    bench.type("lambda_u", "3")
    bench.session.fitting.set_config(init="means", seed=4)
    choose(bench, "implicit")
    config = bench.state.config
    assert (config.k, config.epochs, config.seed) == (7, 16, 4)
    assert config.lambda_u is None, "a ridge says nothing about another loss"
    assert config.init == "normal", "implicit has no start from means"


def test_every_control_changes_its_setting_and_shows_it(bench: Bench) -> None:
    bench.open()
    choose(bench, "implicit")
    rows = bench.page.settings.rows
    bench.page.settings._advanced.set_open(True)
    segment = rows["confidence"]
    assert isinstance(segment, ChoiceRow)
    assert isinstance(segment.widget, Segment)
    bench.qtbot.mouseClick(segment.widget._buttons["value"], Qt.MouseButton.LeftButton)
    solver = rows["solver"]
    assert isinstance(solver, ChoiceRow)
    solver.widget.setFocus()
    bench.qtbot.keyClick(solver.widget, Qt.Key.Key_Down)
    bench.qtbot.keyClick(rows["accelerate"], Qt.Key.Key_Space)
    bench.type("alpha", "2.5")
    bench.type("patience", "3")
    config = bench.state.config
    assert isinstance(config, ImplicitConfig)
    assert (config.confidence, config.solver, config.accelerate, config.alpha) == ("value", "exact", False, 2.5)
    assert config.patience == 3
    bench.type("patience", "0")
    assert bench.state.config.patience is None
    assert "Larger values count more" in bench.words(bench.page.settings)


def test_implicit_is_judged_by_lists_and_never_by_errors(bench: Bench) -> None:
    bench.open("movies", n_users=80, n_movies=60)
    choose(bench, "implicit")
    bench.fit(k=4, epochs=4)
    run, plot = bench.state.current_run, bench.page.plot
    assert run is not None
    assert run.model is not None
    words = bench.words()
    assert all(each in words for each in IMPLICIT_WORDS)
    assert "RMSE" not in words
    assert "nan" not in words.lower().replace("finance", "")
    assert plot.measure.title == "NDCG@20"
    n_users = bench.state.popularity.watched.n_users if bench.state.popularity else 0
    assert plot._subtitles[0] == f"higher is better, on {n_users} hold-out users"
    assert [name for name, _ in plot._baselines] == ["most rated"]
    assert plot._baselines[0][1] == bench.state.popularity.watched.ndcg  # type: ignore[union-attr]
    assert "most rated" in plot._sentence
    figures = figures_at(bench.state, run)
    assert figures is not None
    assert figures.ndcg == run.model.holdout_ranking.ndcg
    titles = [column.title for column in bench.page.runs.model.columns]
    assert titles[-4:] == ["NDCG@20", "Recall@20", "Best at epoch", "Time"]
    assert run.best is not None
    assert run.best.ndcg_holdout == max(record.ndcg_holdout or 0 for record in run.history)
    assert plot.numbers_csv().splitlines()[0] == "run,epoch,seconds,recall_holdout,ndcg_holdout,loss"


def test_runs_in_stars_and_runs_by_lists_stand_apart(bench: Bench) -> None:
    bench.open("movies", n_users=80, n_movies=60)
    bench.fit(k=2, epochs=2)
    choose(bench, "implicit")
    bench.fit(k=2, epochs=2)
    assert len(bench.page.plot._runs) == 1, "NDCG and RMSE share no axis"
    titles = [column.title for column in bench.page.runs.model.columns]
    assert {"Training", "Hold-out", "NDCG@20"} <= set(titles)
    lists, stars = bench.table_rows()
    at = titles.index("NDCG@20") - 1
    assert (stars[at], lists[at - 1]) == ("\N{EM DASH}", "\N{EM DASH}")
    bench.click_run(1)
    assert bench.page.plot.measure.title == "RMSE"


def test_implicit_without_a_hold_out_shows_its_objective_alone(bench: Bench) -> None:
    bench.open("movies", n_users=40, n_movies=30)
    choose(bench, "implicit")
    bench.type("holdout", "0")
    bench.fit(k=2, epochs=2)
    words = bench.words()
    assert "no hold-out" in words
    assert "RMSE" not in words
    assert bench.page.plot._sentence == "no hold-out: lists were not judged"
    assert "Loss L" in [column.title for column in bench.page.runs.model.columns]


def test_a_preset_is_taken_from_the_menu_and_says_what_differs(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made = types.ModuleType("alsgui.presets")
    spark = {"algorithm": "observed", "biases": False, "lambda_power": 1.0, "order": "mu", "init": "unit"}
    made.PRESETS = {"spark": (lambda: dict(spark), "No biases; lambda times n.")}  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "alsgui.presets", made)
    bench = Bench(qtbot)
    bench.open()
    (action,) = bench.page.settings.preset_menu.actions()
    assert action.text() == "spark\tNo biases; lambda times n."
    assert bench.page.settings.presets.isVisible()
    bench.type("k", "9")
    action.trigger()
    config = bench.state.config
    assert isinstance(config, ObservedConfig)
    assert (config.k, config.biases, config.lambda_power, config.order, config.init) == (9, False, 1.0, "mu", "unit")
    assert bench.session.close()


# Runs that are kept, and half-steps undone


def test_a_run_is_named_and_starred_from_its_menu(bench: Bench) -> None:
    bench.open(n_users=20, n_movies=15)
    bench.fit(k=2, epochs=2)
    bench.click_run(0)
    menu = bench.page.runs.table.context_menu()
    actions = {action.text(): action for action in menu.actions()}
    assert actions["Fit on all ratings"].isEnabled()
    actions["Star"].trigger()
    actions["Rename..."].trigger()
    (dialog,) = bench.page.runs.findChildren(QInputDialog)
    dialog.setTextValue("the first")
    dialog.accept()
    menu.close()
    bench.settle()
    assert bench.table_rows()[0][0] == "★ the first"
    actions = {action.text(): action for action in bench.page.runs.table.context_menu().actions()}
    actions["Fit on all ratings"].trigger()
    assert bench.wanted[-1] == "fit_on_all"
    actions["Forget"].trigger()
    bench.settle()
    assert not bench.state.runs


def test_step_back_is_offered_while_a_fit_by_hand_waits(bench: Bench) -> None:
    bench.open(n_users=20, n_movies=15)
    bench.session.fitting.set_config(k=2, epochs=3)
    bench.session.fitting.half_step()
    bench.until(lambda: bench.state.live is not None)
    bench.settle()
    inspector = bench.page.run_inspector
    assert inspector.back.isVisibleTo(bench.whole)
    inspector.back.click()
    assert bench.wanted[-1] == "step_back"
    bench.session.fitting.step_back()
    bench.until(lambda: bench.state.live is not None and bench.state.live.epoch == 0)
    bench.settle()
    assert "as they start" in bench.words(inspector)
    bench.session.fitting.resume()
    bench.until(lambda: bench.state.job is None)
    bench.settle()
    assert not inspector.back.isVisibleTo(bench.whole)


# What is kept aside


def test_each_kind_of_hold_out_shows_its_own_number_and_keeps_its_ratings_aside(bench: Bench) -> None:
    bench.open("movies", n_users=30, n_movies=30, density=0.4)
    rows = bench.page.settings.holdout
    assert rows.share.isVisible() and not rows.n.isVisible() and not rows.told.isVisible()
    choose_kind(bench, "each")
    assert rows.n.isVisible() and not rows.share.isVisible()
    bench.type("per_user", "3")
    split = bench.state.split
    assert split is not None and (split.kind, split.n) == ("each", 3)
    words = f"{len(split.held_out)} ratings kept aside."
    assert words in bench.words(bench.page.settings)
    choose_kind(bench, "users")
    assert rows.told.isVisible() and rows.share.isVisible() and not rows.n.isVisible()
    assert "3 users, each judged on up to 10 other ratings" in bench.words(bench.page.settings)
    bench.qtbot.mouseClick(rows.told._buttons["all"], Qt.MouseButton.LeftButton)
    assert bench.state.split is not None and bench.state.split.told is None
    bench.qtbot.mouseClick(rows.told._buttons["5"], Qt.MouseButton.LeftButton)
    assert bench.state.split.told == 5


def test_a_kind_that_the_ratings_do_not_serve_for_is_said_and_not_taken(bench: Bench) -> None:
    bench.open()
    choose_kind(bench, "last")
    assert bench.state.notice is not None and "no time" in bench.state.notice.text
    assert bench.page.settings.holdout.kind.currentData() == "random"


def test_the_hold_out_cannot_be_changed_while_a_search_goes_on(bench: Bench) -> None:
    bench.open()
    bench.session.put(job=Job("search", "Search"))
    bench.settle()
    rows = bench.page.settings.holdout
    assert not rows.kind.isEnabled() and rows.kind.toolTip() == "Search is going on." and rows.share.isReadOnly()
    bench.session.put(job=None)
    bench.settle()
    assert rows.kind.isEnabled() and not rows.share.isReadOnly()


def test_a_file_and_both_parts_are_asked_of_the_window(bench: Bench) -> None:
    bench.open()
    choose_kind(bench, "file")
    assert bench.wanted == ["holdout_file"] and bench.page.settings.holdout.kind.currentData() == "random"
    bench.qtbot.mouseClick(bench.page.settings.holdout.export, Qt.MouseButton.LeftButton)
    assert bench.wanted[1:] == ["export_split"]


def test_the_file_of_the_hold_out_is_named_and_has_no_seed(bench: Bench) -> None:
    bench.open()
    assert bench.state.split is not None
    bench.session.put(split=replace(bench.state.split, kind="file", file="some/where/test.csv"))
    bench.settle()
    rows = bench.page.settings.holdout
    assert "test.csv" in bench.words(bench.page.settings) and not rows.share.isVisible()
    assert rows.seed_row.isHidden()


def test_a_wrong_number_in_the_hold_out_says_what_is_right(bench: Bench) -> None:
    bench.open()
    field = bench.field("holdout")
    field.setFocus()
    field.selectAll()
    bench.qtbot.keyClicks(field, "95")
    assert "use 0" in bench.words(bench.page.settings)
    bench.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert "use 0" not in bench.words(bench.page.settings)


def test_a_run_judged_on_whole_users_shows_how_many_ratings_it_takes_to_know_them(bench: Bench) -> None:
    bench.open("movies", n_users=60, n_movies=60, density=0.4)
    choose_kind(bench, "users")
    bench.fit(epochs=3, k=3)
    curve = bench.page.run_inspector.known
    wait_for(lambda: bool(curve.points))
    bench.settle()
    assert curve.isVisible()
    assert [point.told for point in curve.points] == [0, 1, 5, 10, None]
    lines = curve.plot.numbers_csv().splitlines()
    assert lines[0] == "curve,ratings told,value,standard_error" and len(lines) == 11
    assert f"{curve.points[-1].rmse:.10g}" in lines[-1]
    assert sentence(curve.points) in bench.words(bench.page.run_inspector)
    assert "6 users who were kept aside whole" in curve.plot.toolTip()
    run = bench.state.current_run
    assert run is not None and "folded in from 10 ratings" in holdout_words(run)
    choose_kind(bench, "random")
    bench.fit()
    assert curve.isHidden() and not curve.points, "no users were kept aside whole"


@pytest.mark.parametrize(
    ("gains", "expected"),
    [
        ((0.1, 0.1, 0.1, 0.1, 0.1), "From the start it beats averages. With all but one it is 0.100"),
        ((-0.1, 0.0, 0.1, 0.1, 0.1), "From 5 ratings on it beats averages."),
        ((0.1, -0.1, 0.001, 0.001, 0.001), "RMSE in stars. With all but one it is 0.001"),
        ((0.1, 0.1, 0.0, 0.0, -0.1), "Even with all but one it is not better than averages."),
    ],
)
def test_the_sentence_of_the_curve_says_from_when_on_the_run_is_surely_better(
    gains: tuple[float, ...], expected: str
) -> None:
    points = [
        KnownAfter(told, 0, 1.0, 0.1, 1.0 + gain, 0.01, 100, 10)
        for told, gain in zip((0, 1, 5, 10, None), gains, strict=True)
    ]
    assert expected in sentence(points)


def choose_kind(bench: Bench, kind: str) -> None:
    """Choose a kind of hold-out by keys, as from the list."""
    box = bench.page.settings.holdout.kind
    at = box.findData(kind)
    box.setFocus()
    box.setCurrentIndex(at)
    box.activated.emit(at)
    bench.settle()


def test_the_loss_is_written_as_the_settings_make_it() -> None:
    textbook = loss_formula(ObservedConfig(biases=False, lambda_power=0.0))
    assert textbook == "L = Σ (y − uᵀm)² + λᵤ Σ |u|² + λₘ Σ |m|²"
    assert loss_formula(ObservedConfig(lambda_power=1.0)).startswith("L = Σ (y − r)² + λᵤ Σ n |u|² + λₘ Σ n |m|² + λᵦ")
    assert "√n |u|²" in loss_formula(ObservedConfig(lambda_power=0.5))
    assert "nᵖ|u|²" in loss_formula(ObservedConfig(lambda_power=0.3))
    assert "s |u|²" in loss_formula(ImplicitConfig(lambda_power=1.0))


def test_pictures_of_a_fit_are_asked_for_at_once_and_then_at_the_pace_of_the_timer(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.open()
    bench.fit(k=2, epochs=1)
    model = bench.state.model
    assert model is not None
    asked: list[str] = []
    monkeypatch.setattr(bench.session.light, "request", lambda key, work, deliver, late=False: asked.append(key))
    inspector = bench.page.run_inspector
    timer = inspector._pace.timer
    timer.stop()
    for epoch in range(1, 31):
        live = Live(1, epoch, "u", model.factors, model)
        bench.session.put(live=live)
        inspector.show_state(bench.state, {"live"})
    assert asked == ["train/picture"]
    timer.timeout.emit()
    assert len(asked) == 2
    timer.timeout.emit()
    assert len(asked) == 2
    assert timer.interval() == 100


def test_the_epoch_that_goes_on_is_seen_on_the_axis(bench: Bench) -> None:
    bench.open(n_users=20, n_movies=15)
    bench.session.fitting.set_config(k=2, epochs=4)
    bench.session.fitting.half_step()
    bench.until(lambda: bench.state.live is not None)
    bench.settle()
    plot, job = bench.page.plot, bench.state.job
    assert job is not None
    seen = []
    for half_steps in (0.5, 1.0, 1.4, 2.0):
        bench.session.put(job=replace(job, done=half_steps / 8))
        bench.page.show_state(bench.state, {"job"})
        seen.append(plot._progress)
    assert seen == [("u", 0.25), ("u", 0.5), ("m", pytest.approx(0.7)), ("m", 1.0)]
    bench.session.cancel()
    bench.until(lambda: bench.state.job is None)
    bench.settle()
    assert plot._progress is None


def test_a_run_is_exported_and_its_model_saved_from_its_menu(bench: Bench, tmp_path: Path) -> None:
    bench.open("movies", n_users=20, n_movies=20, density=0.4)
    bench.fit(epochs=2, k=2)
    for name, path in (("Export run...", tmp_path / "run.json"), ("Save model...", tmp_path / "run.alsgui")):
        menu = bench.page.runs.table.context_menu()
        next(action for action in menu.actions() if action.text() == name).trigger()
        choose_file(bench.page.runs, path)
        bench.until(lambda: bench.state.job is None)
        assert path.is_file()


@pytest.mark.parametrize(("title", "file"), [("lambda 1/2", "lambda 1-2"), ("../up", "-up"), ("...", "Run")])
def test_a_runs_name_that_is_no_name_of_a_file_is_proposed_as_one_that_is(bench: Bench, title: str, file: str) -> None:
    bench.open("movies", n_users=20, n_movies=20, density=0.4)
    bench.fit(epochs=2, k=2)
    run = replace(bench.state.runs[0], title=title)
    for ask, suffix in ((ask_for_run, "json"), (ask_for_model, "alsgui")):
        ask(bench.page, bench.session, run)
        dialog = bench.page.findChildren(QFileDialog)[-1]
        assert dialog.selectedFiles() == [dialog.directory().filePath(f"{file}.{suffix}")]
        dialog.reject()


def test_the_inspector_says_where_a_run_comes_from(bench: Bench) -> None:
    bench.open("movies", n_users=20, n_movies=20, density=0.4)
    bench.fit(epochs=2, k=2)
    fold = bench.page.run_inspector.origin
    fold.set_open(True)
    words = bench.words(fold)
    assert bench.state.ratings is not None and bench.state.model is not None
    for expected in (bench.state.ratings.fingerprint, "10", "svd, seed 0", "float32", *bench.state.model.versions):
        assert expected in words, expected


def test_more_epochs_are_asked_of_the_window(bench: Bench) -> None:
    bench.open()
    bench.fit(epochs=2, k=2)
    bench.qtbot.mouseClick(bench.page.runs.more_for, Qt.MouseButton.LeftButton)
    assert bench.wanted == ["go_on_for"]


def test_what_each_run_kept_aside_is_read_whole_in_the_table(bench: Bench) -> None:
    bench.open("movies", n_users=30, n_movies=30, density=0.4)
    bench.fit(epochs=2, k=2)
    choose_kind(bench, "users")
    bench.fit(epochs=2, k=2)
    table, model = bench.page.runs.table, bench.page.runs.model
    titles = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    at = titles.index("Set aside")
    words = str(model.index(0, at).data())
    assert words.endswith("users")
    assert table.fontMetrics().horizontalAdvance(words) + 2 * theme.px(12) <= table.columnWidth(at)
