"""The guided search on Compare with a real window: asked for, watched, clicked, sorted, and made the model."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from alsgui.core import guided
from alsgui.core.guided import run_guided
from alsgui.core.trials import GuidedTable, Space, Trial, TrialScore
from alsgui.session.session import Session
from alsgui.session.state import Search
from alsgui.text import error_figure
from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.compare.page import ComparePage
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.trial_map import TrialMap, decimal_ticks, doubling_ticks
from tests.helpers.sessions import open_session, settle, wait_for, with_movies
from tests.helpers.windows import button_of, press, rendered, shown


def compare_of(window: MainWindow) -> ComparePage:
    window.session.show_page("compare")
    page = rendered(window).shown_page
    assert isinstance(page, ComparePage)
    return page


def a_space(session: Session, **changes: object) -> Space:
    space = session.searching.usual_space()
    assert space is not None
    return replace(space, **{"k": (1.0, 4.0), "n_trials": 5, "n_folds": 3, **changes})  # type: ignore[arg-type]


def table_of(session: Session) -> GuidedTable:
    search = session.state.search
    assert search is not None and isinstance(search.table, GuidedTable)
    return search.table


def searched(window: MainWindow) -> ComparePage:
    """A small guided search to its end."""
    with_movies(window.session, 60, 50, 0.4)
    page = compare_of(window)
    window.session.searching.start(a_space(window.session))
    settle(window.session)
    rendered(window)
    return page


def made_up(window: MainWindow, errors: list[list[float]], trials: list[Trial]) -> tuple[ComparePage, GuidedTable]:
    """A table of given errors on the page."""
    session = window.session
    with_movies(session, 60, 50, 0.4)
    page = compare_of(window)
    space = a_space(session, n_trials=len(trials), n_folds=len(errors[0]), ridge=(0.1, 10.0), k=(1.0, 64.0))
    scores = [
        TrialScore(number, trials[number], fold, error, 1.0)
        for number, folds in enumerate(errors)
        for fold, error in enumerate(folds)
        if not np.isinf(error)
    ]
    table = GuidedTable.empty(space).with_scores(scores)
    assert session.state.split is not None
    session.put(search=Search(table, session.state.split))
    rendered(window)
    return page, table


TRIALS = [Trial(4, 1.0), Trial(8, 5.0), Trial(2, 0.2), Trial(16, 2.0)]
ERRORS = [[0.90, 0.80, 1.00], [0.89, 0.806, 0.999], [1.9, 1.8, np.inf], [np.nan, 1.0, np.inf]]
"""Trial 2 is best, trial 1 as good and simpler, trial 3 was given up, trial 4 had no answer."""


# Asking


def test_a_guided_search_is_asked_for_by_mouse_and_shows_the_table_of_the_core(window: MainWindow) -> None:
    with_movies(window.session, 60, 50, 0.4)
    page = compare_of(window)
    page.search.ask.kind._buttons["guided"].click()
    form = page.search.ask.guided
    assert form.isVisible() and not page.search.ask.grid.isVisible()
    form.k.low.set_value(1)
    form.k.high.set_value(4)
    form.trials.set_value(4)
    form.folds.set_value(3)
    form.seed.set_value(5)
    press(form, "Search")
    rendered(window)
    table, split = table_of(window.session), window.session.state.split
    assert split is not None and table.complete
    assert (table.space.k, table.space.n_trials, table.space.n_folds, table.space.seed) == ((1, 4), 4, 3, 5)
    scores: list[TrialScore] = []
    run_guided(table.space, split, scores.append, threading.Event())
    again = GuidedTable.empty(table.space).with_scores(scores)
    assert np.array_equal(table.errors, again.errors, equal_nan=True)
    assert page.search.dots.isVisible() and page.search.trials.isVisible() and not page.search.curves.isVisible()
    assert "Best of 4 settings" in (window.session.state.notice.text if window.session.state.notice else "")


def test_the_power_and_the_ridge_on_biases_join_the_search_where_they_are_ticked(window: MainWindow) -> None:
    with_movies(window.session, 60, 50, 0.4)
    form = compare_of(window).search.ask.guided
    narrow = form.ridge.ends()
    assert form.power.box is not None and form.bias.box is not None
    assert form.space().lambda_power is None and not form.power.low.isEnabled()
    form.power.box.click()
    form.bias.box.click()
    space, wide = form.space(), form.ridge.ends()
    assert space.lambda_power == (0, 1) and space.lambda_bias == (0.5, 32)
    assert narrow is not None and wide is not None and wide[0] < narrow[0] and wide[1] > narrow[1]
    window.session.fitting.choose_algorithm("em")
    rendered(window)
    assert not form.power.box.isEnabled() and "has none" in form.power.box.toolTip()
    assert form.space().lambda_power is None


def test_ranges_that_make_no_sense_are_told_and_nothing_starts(window: MainWindow) -> None:
    with_movies(window.session)
    page = compare_of(window)
    page.search.ask.kind._buttons["guided"].click()
    form = page.search.ask.guided
    form.k.low.set_value(9)
    form.k.high.set_value(3)
    press(form, "Search")
    assert "lowest k is above the highest" in form.problem.text()
    assert window.session.state.search is None and window.session.state.job is None


def test_without_optuna_guided_is_closed_and_says_how_to_install_it(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guided, "find_spec", lambda name: None)
    with_movies(window.session)
    ask = compare_of(window).search.ask
    entry = ask.kind._buttons["guided"]
    assert entry.isVisible() and not entry.isEnabled()
    assert ask.missing.isVisible()
    for words in (entry.toolTip(), ask.missing.text()):
        assert "pip install alsgui[search]" in words


def test_without_optuna_a_search_that_was_left_is_shown_but_cannot_go_on(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guided, "find_spec", lambda name: None)
    page, table = made_up(window, [[0.9, 0.8, np.inf]], [Trial(2, 1.0)])
    assert not table.complete and page.search.dots.isVisible()
    go_on = button_of(page, "Go on")
    assert not go_on.isEnabled() and "pip install" in go_on.toolTip()
    window.session.searching.go_on()
    settle(window.session)
    notice = window.session.state.notice
    assert notice is not None and notice.kind == "error" and "pip install" in notice.hint


# Watching


def test_dots_say_their_trial_and_the_numbers_are_those_of_the_table(window: MainWindow) -> None:
    page, table = made_up(window, ERRORS, TRIALS)
    dots = page.search.dots
    assert (table.best, table.simplest) == ((1,), (0,))
    lines = dots.numbers_csv().splitlines()
    assert lines[0] == "trial,k,lambda,mean_error,standard_error,folds,mark"
    assert lines[2].startswith(f"2,8,5,{table.means[1]:.10g},") and lines[2].endswith(",3,best")
    assert lines[1].endswith("simplest within one standard error")
    assert lines[4] == "4,16,2,,,2,"
    tips = [dots.tip_at(dots.place_of(number)) for number in range(4)]
    assert "Trial 2" in tips[1] and error_figure(float(table.means[1])) in tips[1] and "best" in tips[1]
    assert "2 of 3 folds" in tips[2] and "no answer" in tips[3]
    assert dots.tip_at(QPointF(1, 1)) == ""


def test_dots_lie_by_lambda_and_k_on_log_axes(window: MainWindow) -> None:
    page, _ = made_up(window, ERRORS, TRIALS)
    places = [page.search.dots.place_of(number) for number in range(4)]
    ups = [places[number].y() for number in (2, 0, 1, 3)]
    assert np.allclose(np.diff(ups), np.diff(ups)[0]) and ups[0] > ups[-1]
    assert places[2].x() < places[0].x() < places[3].x() < places[1].x()
    assert np.isclose(places[1].x() - places[0].x(), places[0].x() - places[2].x())


def test_the_list_shows_what_was_given_up_and_copies_every_number(window: MainWindow) -> None:
    page, table = made_up(window, ERRORS, TRIALS)
    assert "2 given up after 2 folds" in page.search.list._head._subtitle.text()
    press(page, "Copy all trials")
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["#", "K", "λ", "RMSE", "±", "Folds", "Time"]
    assert lines[2].split("\t")[:4] == ["2", "8", "5", f"{table.means[1]:.10g}"]
    model = page.search.trials.model
    assert [model.index(3, column).data() for column in (3, 4)] == ["—", "—"]
    window.session.searching.choose((2,))
    rendered(window)
    assert "given up" in page.compare_inspector._place.text()


def test_the_list_stays_sorted_and_its_row_looked_at_while_trials_come(window: MainWindow) -> None:
    page, table = made_up(window, ERRORS[:2], TRIALS[:2])
    list_ = page.search.trials
    list_.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert list_.model.data_row(0) == 1
    window.session.searching.choose((0,))
    rendered(window)
    longer = replace(table.space, n_trials=3)
    more = GuidedTable.empty(longer).with_scores(
        [*table.scores(), *(TrialScore(2, TRIALS[2], fold, 0.1, 1.0) for fold in range(3))]
    )
    search = window.session.state.search
    assert search is not None
    window.session.put(search=replace(search, table=more))
    rendered(window)
    assert [list_.model.data_row(row) for row in range(3)] == [2, 1, 0]
    assert list_.table.current_data_row() == 0


# Choosing


def test_a_click_on_a_dot_looks_at_its_trial_and_one_button_makes_it_the_model(window: MainWindow) -> None:
    session, page = window.session, searched(window)
    table, dots = table_of(session), page.search.dots
    QTest.mouseClick(dots, Qt.MouseButton.LeftButton, pos=dots.place_of(2).toPoint())
    rendered(window)
    assert session.state.search is not None and session.state.search.chosen == (2,)
    trial = table.trials[2]
    assert page.compare_inspector._cell.text() == f"K = {trial.k}, λ = {trial.ridge:.4g}"
    assert page.search.trials.table.current_data_row() == 2
    press(page.compare_inspector, "Copy the settings as Python")
    assert f"k={trial.k}" in QApplication.clipboard().text()
    press(page.compare_inspector, "Make it the model")
    settle(session)
    assert session.state.model is not None
    config = session.state.model.config
    assert (config.k, config.lambda_u, config.lambda_m) == (trial.k, trial.ridge, trial.ridge)


def test_a_click_beside_all_dots_chooses_nothing(window: MainWindow) -> None:
    page, _ = made_up(window, ERRORS, TRIALS)
    QTest.mouseClick(page.search.dots, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    QTest.mouseDClick(page.search.dots, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert window.session.state.search is not None and window.session.state.search.chosen is None
    assert window.session.state.job is None


def test_dots_are_walked_by_keyboard_and_enter_makes_the_model(window: MainWindow) -> None:
    session = window.session
    page, _ = made_up(window, ERRORS, TRIALS)
    dots = page.search.dots
    dots.setFocus()
    visited = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Right,
                Qt.Key.Key_Down, Qt.Key.Key_Home):  # fmt: skip
        QTest.keyClick(dots, key)
        assert session.state.search is not None and session.state.search.chosen is not None
        visited.append(session.state.search.chosen[0])
    assert visited == [3, 0, 2, 2, 0, 3, 1, 1]
    QTest.keyClick(dots, Qt.Key.Key_A)
    QTest.keyClick(dots, Qt.Key.Key_Return)
    settle(session)
    assert session.state.model is not None and session.state.model.config.k == 8


def test_a_row_is_looked_at_by_click_and_entered_by_double_click(window: MainWindow) -> None:
    session = window.session
    page, _ = made_up(window, ERRORS, TRIALS)
    list_ = page.search.trials
    spot = list_.table.visualRect(list_.model.index(0, 1)).center()
    QTest.mouseClick(list_.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert session.state.search is not None and session.state.search.chosen == (0,)
    rendered(window)
    QTest.keyClick(list_.table, Qt.Key.Key_Return)
    settle(session)
    assert session.state.model is not None and session.state.model.config.k == 4


def test_a_double_click_on_a_dot_makes_it_the_model(window: MainWindow) -> None:
    page, _ = made_up(window, ERRORS, TRIALS)
    spot = page.search.dots.place_of(2).toPoint()
    QTest.mouseDClick(page.search.dots, Qt.MouseButton.LeftButton, pos=spot)
    settle(window.session)
    assert window.session.state.model is not None and window.session.state.model.config.k == 2


# Going on


def test_while_it_is_paused_nothing_is_fitted_and_the_end_is_the_same(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 120, 200)
    page = compare_of(window)
    session.fitting.set_config(epochs=30, tolerance=0.0)
    space = a_space(session, n_trials=6)
    session.searching.start(space)
    shown(window)
    press(page, "Pause the search")
    shown(window)
    assert session.state.job is not None and session.state.job.paused
    press(page, "Pause the search")
    settle(session)
    paused = table_of(session)
    session.searching.start(space)
    settle(session)
    assert paused.complete and np.array_equal(paused.errors, table_of(session).errors, equal_nan=True)


def test_a_stopped_search_goes_on_in_another_session_to_the_same_table(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 120, 200)
    page = compare_of(window)
    session.fitting.set_config(epochs=30, tolerance=0.0)
    session.searching.start(a_space(session, n_trials=14))
    wait_for(lambda: session.state.search is not None and session.state.search.table.n_fits > 2)
    shown(window)
    press(page, "Stop the search; what is done is kept")
    settle(session)
    stopped = table_of(session)
    assert not stopped.complete
    with open_session() as later:
        with_movies(later, 120, 200)
        assert table_of(later).n_fits == stopped.n_fits and table_of(later).space == stopped.space
        later.searching.go_on()
        settle(later)
        resumed = table_of(later)
    rendered(window)
    press(page, "Go on")
    settle(session)
    here = table_of(session)
    assert resumed.complete and resumed.trials == here.trials
    assert np.array_equal(here.errors, resumed.errors, equal_nan=True)


def test_after_a_guided_search_another_is_asked_for_on_the_same_form(window: MainWindow) -> None:
    page = searched(window)
    press(page, "New search")
    assert page.search.ask.isVisible() and not page.search.list.isVisible()
    page.search.ask.kind._buttons["guided"].click()
    press(page, "Back")
    assert page.search.dots.isVisible()
    press(page, "New search")
    assert page.search.ask.guided.isVisible()


# The picture


def test_ticks_double_for_k_and_are_round_for_lambda() -> None:
    up = Scale(2, 32, 200, 0, log=True)
    assert doubling_ticks(up) == [2, 4, 8, 16, 32]
    assert doubling_ticks(replace(up, low=5, high=7)) == [5, 7] and doubling_ticks(replace(up, low=3, high=3)) == [3]
    across = Scale(0.1, 10, 0, 400, log=True)
    assert np.allclose(decimal_ticks(across, 30), [0.1, 0.2, 0.5, 1, 2, 5, 10])
    assert np.allclose(decimal_ticks(replace(across, stop=200), 40), [0.1, 0.3, 1, 3, 10])
    assert np.allclose(decimal_ticks(replace(across, stop=120), 50), [0.1, 1, 10])
    assert decimal_ticks(replace(across, low=1.2, high=1.3), 30) == [1.2, 1.3]


def test_a_map_without_trials_takes_keys_and_clicks_without_harm(window: MainWindow) -> None:
    page, _ = made_up(window, [[np.inf, np.inf, np.inf]], [TRIALS[0]])
    dots = page.search.dots
    QTest.keyClick(dots, Qt.Key.Key_Left)
    QTest.mouseClick(dots, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert dots.numbers_csv().splitlines() == ["trial,k,lambda,mean_error,standard_error,folds,mark"]
    assert page.search.trials.model.rowCount() == 0
    assert TrialMap("x").numbers_csv() == ""
