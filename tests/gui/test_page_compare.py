"""Compare with a real window: figures of runs and baselines, the search as a person runs it, two runs cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from alsgui.core.errors import ConfigError
from alsgui.core.search import Grid, run_search
from alsgui.io.search_file import read_search, search_path
from alsgui.session.session import Session
from alsgui.text import decimal, error_figure
from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.compare.page import ComparePage
from alsgui.ui.widgets.search_map import readable_ink
from tests.helpers.sessions import open_session, settle, wait_for, with_movies
from tests.helpers.windows import button_of, press, rendered, shown


def compare_of(window: MainWindow) -> ComparePage:
    window.session.show_page("compare")
    page = rendered(window).shown_page
    assert isinstance(page, ComparePage)
    return page


def two_runs(session: Session) -> None:
    with_movies(session, 60, 50, 0.4)
    for k in (1, 3):
        session.fitting.set_config(k=k, epochs=3, tolerance=0.0)
        session.fitting.fit()
        settle(session)


def rows_of(page: ComparePage) -> list[list[str]]:
    model = page.contenders.model
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def heads_of(page: ComparePage) -> list[str]:
    return [column.title for column in page.contenders.model.columns]


def a_grid(session: Session, folds: int = 2) -> Grid:
    split = session.state.split
    assert split is not None
    config = session.state.config.resolved(split.training)
    return Grid(config, (1, 2), (0.5, 1.0, 2.0), n_folds=folds)


def searched(session: Session, grid: Grid | None = None) -> None:
    session.searching.start(grid or a_grid(session))
    settle(session)


# Runs and baselines


def test_without_ratings_the_page_offers_to_open_some(window: MainWindow) -> None:
    page = compare_of(window)
    assert not page.contenders.isVisible()
    assert button_of(page, "Open").isVisible()


def test_runs_stand_before_baselines_with_what_differs_first_and_the_figures_of_their_models(
    window: MainWindow,
) -> None:
    two_runs(window.session)
    page = compare_of(window)
    assert heads_of(page)[:3] == ["Run", "K", "RMSE"]
    rows = rows_of(page)
    assert [row[0] for row in rows] == [
        "Run 2", "Run 1", "User + movie biases", "Movie mean", "Global mean", "Popularity",
    ]  # fmt: skip
    run = window.session.state.runs[1]
    assert run.model is not None
    assert rows[0][1:3] == ["3", error_figure(run.model.holdout_figures.rmse)]
    baselines = window.session.state.baselines
    assert baselines is not None
    assert rows[2][2] == error_figure(baselines.biases.rmse) and rows[2][3] == "line to beat"
    share = run.model.holdout_figures.rmse / baselines.biases.rmse - 1
    assert rows[0][3] == f"{decimal(100 * share, 1, sign=True)} %"
    assert rows[5][2] == "—"


def test_top_n_shows_ranking_figures_of_lists_as_long_as_asked(window: MainWindow) -> None:
    from alsgui.core.compare import judge, of_model

    two_runs(window.session)
    page = compare_of(window)
    page.contenders.view._buttons["lists"].click()
    page.contenders.length._buttons["5"].click()
    rendered(window)
    run, split = window.session.state.runs[1], window.session.state.split
    assert run.model is not None and split is not None
    lists = judge(of_model(run.model), split, 5).lists
    assert heads_of(page)[2:4] == ["NDCG@5", "Recall@5"]
    assert rows_of(page)[0][2:4] == [error_figure(lists.ndcg), error_figure(lists.recall)]
    assert rows_of(page)[4][2] == "—"


def test_runs_on_another_hold_out_are_counted_not_compared(window: MainWindow) -> None:
    two_runs(window.session)
    window.session.splitting.keep_aside(seed=5)
    page = compare_of(window)
    assert rows_of(page)[0][0] == "User + movie biases"
    assert "2 runs on another hold-out" in page.contenders._head._subtitle.text()


def test_curves_of_all_runs_lie_over_one_another(window: MainWindow) -> None:
    two_runs(window.session)
    page = compare_of(window)
    page.view._buttons["curves"].click()
    rendered(window)
    lines = page.plot.numbers_csv().splitlines()
    assert {line.split(",")[0] for line in lines[1:]} == {"run 1", "run 2"}


def test_entering_a_row_shows_the_model_of_its_run(window: MainWindow) -> None:
    two_runs(window.session)
    page = compare_of(window)
    table = page.contenders.table
    table.setFocus()
    table.setCurrentIndex(page.contenders.model.index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    rendered(window)
    assert window.session.state.model is window.session.state.runs[0].model


# Two runs


def test_two_selected_rows_are_compared_cell_by_cell(window: MainWindow) -> None:
    two_runs(window.session)
    page = compare_of(window)
    page.view._buttons["two"].click()
    table = page.contenders.table
    for row, keys in ((0, Qt.KeyboardModifier.NoModifier), (1, Qt.KeyboardModifier.ControlModifier)):
        spot = table.visualRect(page.contenders.model.index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, spot)
    rendered(window)
    head, first, *_ = page.two.scatter.numbers_csv().splitlines()
    assert head == "Run 1,Run 2,rated"
    split, runs = window.session.state.split, window.session.state.runs
    assert split is not None and split.holdout is not None and runs[0].model is not None
    cells = split.holdout
    predicted = float(runs[0].model.predictor.cells(cells.users[:1], cells.movies[:1])[0])
    assert float(first.split(",")[0]) == pytest.approx(np.clip(predicted, 0.5, 5), abs=1e-5)
    assert page.two.model.rowCount() == len(np.unique(cells.users))
    page.two.side._buttons["movies"].click()
    assert page.two.model.rowCount() == len(np.unique(cells.movies))
    spot = page.two.table.visualRect(page.two.model.index(0, 0)).center()
    QTest.mouseClick(page.two.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert window.session.state.selection.movie in set(cells.movies.tolist())


def test_a_dot_says_whose_rating_it_is_and_a_click_selects_it(window: MainWindow) -> None:
    two_runs(window.session)
    page = compare_of(window)
    page.view._buttons["two"].click()
    rendered(window)
    scatter = page.two.scatter
    x_scale, y_scale, _ = scatter._scales(scatter.size().toSizeF())
    spot = QPointF(x_scale.pixel(float(scatter._first[7])), y_scale.pixel(float(scatter._second[7])))
    assert "user" in scatter.tip_at(spot) and "rated" in scatter.tip_at(spot)
    assert scatter.tip_at(QPointF(-50, -50)) == ""
    QTest.mouseClick(scatter, Qt.MouseButton.LeftButton, pos=spot.toPoint())
    split, selection = window.session.state.split, window.session.state.selection
    assert split is not None and split.holdout is not None
    pairs = set(zip(split.holdout.users.tolist(), split.holdout.movies.tolist(), strict=True))
    assert (selection.user, selection.movie) in pairs


def test_popularity_has_no_errors_to_compare(window: MainWindow) -> None:
    two_runs(window.session)
    page = compare_of(window)
    page.view._buttons["two"].click()
    page.contenders.table.selectRow(5)
    rendered(window)
    assert page.two.model.rowCount() == 0
    assert "no meaning" in page.two.right._head._subtitle.text()


# The search


def test_a_search_fills_the_tiles_with_the_table_of_the_core(window: MainWindow) -> None:
    import threading

    from alsgui.core.search import SearchTable

    with_movies(window.session, 60, 50, 0.4)
    page = compare_of(window)
    form = page.search.form
    form.rows.setText("1; 2")
    form.lambdas.setText("0.5, 1 2")
    form.folds.set_value(2)
    press(form, "Search")
    rendered(window)
    search, split = window.session.state.search, window.session.state.split
    assert search is not None and search.table.complete and split is not None
    scores = []
    run_search(search.table.grid, split, scores.append, threading.Event())
    assert np.array_equal(search.table.errors, SearchTable.empty(search.table.grid).with_scores(scores).errors)
    lines = page.search.map.numbers_csv().splitlines()
    assert len(lines) == 7
    assert f"{search.table.means[0, 0]:.10g}" in lines[1]
    assert "Best of 6 settings" in (window.session.state.notice.text if window.session.state.notice else "")


@pytest.mark.parametrize(
    ("rows", "lambdas", "words"), [("2, x", "1", "not a number"), ("2", "1e999", "finite"), ("2, 2", "1", "repeated"),
                                   ("", "1", "missing"), ("2", "-1", "lambda")]
)  # fmt: skip
def test_values_that_make_no_sense_are_told_and_nothing_starts(
    window: MainWindow, rows: str, lambdas: str, words: str
) -> None:
    with_movies(window.session)
    form = compare_of(window).search.form
    form.rows.setText(rows)
    form.lambdas.setText(lambdas)
    QTest.keyClick(form.lambdas, Qt.Key.Key_Return)
    assert words in form.problem.text()
    assert window.session.state.search is None and window.session.state.job is None


def test_settings_that_an_algorithm_has_not_cannot_be_searched(window: MainWindow) -> None:
    with_movies(window.session)
    form = compare_of(window).search.form
    form.setting._buttons["lambda_power"].click()
    assert form.rows.text() == "0, 0.25, 0.5, 0.75, 1"
    window.session.fitting.choose_algorithm("em")
    rendered(window)
    assert form.setting.current() == "k" and not form.setting._buttons["lambda_power"].isEnabled()


def test_tiles_are_walked_by_keyboard_and_enter_makes_the_model(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 60, 50, 0.4)
    page = compare_of(window)
    searched(session)
    rendered(window)
    tiles = page.search.map
    tiles.setFocus()
    QTest.keyClick(tiles, Qt.Key.Key_Home)
    search = session.state.search
    assert search is not None and search.chosen == search.table.best
    for _ in range(3):
        QTest.keyClick(tiles, Qt.Key.Key_Left)
        QTest.keyClick(tiles, Qt.Key.Key_Down)
    assert session.state.search is not None and session.state.search.chosen == (0, 0)
    QTest.keyClick(tiles, Qt.Key.Key_Right)
    rendered(window)
    assert page.compare_inspector._cell.text() == "K = 1, λ = 1"
    QTest.keyClick(tiles, Qt.Key.Key_Return)
    settle(session)
    model = session.state.model
    assert model is not None and (model.config.k, model.config.lambda_u) == (1, 1.0)


def test_a_click_looks_at_a_tile_and_one_button_makes_it_the_model(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 60, 50, 0.4)
    page = compare_of(window)
    searched(session)
    rendered(window)
    tiles = page.search.map
    QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.tile((1, 0)).center().toPoint())
    rendered(window)
    search = session.state.search
    assert search is not None and search.chosen == (1, 0)
    tip = tiles.tip_at(tiles.tile((1, 0)).center())
    assert error_figure(float(search.table.means[1, 0])) in tip and "2 of 2 folds" in tip
    assert tiles.tip_at(QPointF(1, 1)) == ""
    press(page.compare_inspector, "Copy the settings as Python")
    assert "k=2" in QApplication.clipboard().text()
    press(page.compare_inspector, "Make it the model")
    settle(session)
    assert session.state.model is not None and session.state.model.config.lambda_u == 0.5


def test_while_it_is_paused_nothing_is_fitted_and_the_end_is_the_same(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 120, 200)
    page = compare_of(window)
    session.fitting.set_config(epochs=60, tolerance=0.0)
    session.searching.start(a_grid(session, folds=4))
    shown(window)
    press(page, "Pause the search")
    shown(window)
    search, job = session.state.search, session.state.job
    assert job is not None and job.paused and search is not None
    press(page, "Pause the search")
    settle(session)
    assert session.state.search is not None and session.state.search.table.complete
    whole = session.state.search.table
    searched(session, whole.grid)
    assert session.state.search is not None
    assert np.array_equal(session.state.search.table.errors, whole.errors)


def test_a_stopped_search_goes_on_in_another_session_to_the_same_table(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 120, 200)
    page = compare_of(window)
    session.fitting.set_config(epochs=40, tolerance=0.0)
    grid = a_grid(session, folds=6)
    session.searching.start(grid)
    wait_for(lambda: session.state.search is not None and session.state.search.table.n_fits > 2)
    shown(window)
    press(page, "Stop the search; what is done is kept")
    settle(session)
    assert session.state.search is not None
    stopped = session.state.search.table
    assert not stopped.complete and "stopped" in (session.state.notice.text if session.state.notice else "")
    split = session.state.split
    assert split is not None
    on_disk = read_search(search_path(split.ratings.fingerprint), split)
    assert on_disk is not None and np.array_equal(on_disk.errors, stopped.errors, equal_nan=True)

    with open_session() as later:
        with_movies(later, 120, 200)
        assert later.state.search is not None and later.state.search.table.n_fits == stopped.n_fits
        later.searching.go_on()
        settle(later)
        resumed = later.state.search.table
    rendered(window)
    press(page, "Go on")
    settle(session)
    assert resumed.complete
    assert np.array_equal(session.state.search.table.errors, resumed.errors)
    session.searching.forget()
    assert session.state.search is None
    assert read_search(search_path(split.ratings.fingerprint), split) is None


def test_another_search_can_be_asked_for_and_called_off(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 60, 50, 0.4)
    page = compare_of(window)
    searched(session)
    rendered(window)
    press(page, "New search")
    assert page.search.form.isVisible()
    press(page, "Back")
    assert page.search.map.isVisible()


def test_the_simplest_setting_is_one_click_away(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 60, 50, 0.4)
    page = compare_of(window)
    searched(session)
    search = session.state.search
    assert search is not None
    table = search.table
    errors = np.array([[[0.9, 1.0], [0.8, 0.9], [0.9, 1]], [[0.9, 1], [0.799, 0.902 - 0.002], [0.9, 1]]])
    made = type(table)(table.grid, errors, np.ones_like(errors))
    session.put(search=type(search)(made, search.split))
    rendered(window)
    assert (made.best, made.simplest) == ((1, 1), (0, 1))
    press(page.compare_inspector, "Look at the simplest")
    assert session.state.search is not None and session.state.search.cell == (0, 1)


def test_words_on_a_tile_are_read_on_any_ground() -> None:
    from PySide6.QtGui import QColor

    assert readable_ink(QColor("#00204D")).name() == "#ffffff"
    assert readable_ink(QColor("#FFEA46")).name() == "#16222b"
    assert readable_ink(QColor("#8B8779")).name() == "#16222b"


def test_the_error_curves_tell_the_point_under_the_cursor(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 60, 50, 0.4)
    page = compare_of(window)
    searched(session)
    rendered(window)
    curves = page.search.curves
    scales = curves._scales(curves.size().toSizeF())
    search = session.state.search
    assert scales is not None and search is not None and search.table.best is not None
    row, column = search.table.best
    mean = float(search.table.means[row, column])
    tip = curves.tip_at(QPointF(scales[0].pixel(search.table.grid.lambdas[column]), scales[1].pixel(mean)))
    assert error_figure(mean) in tip and "±" in tip
    assert curves.tip_at(QPointF(QPoint(-100, -100))) == ""
    assert len(curves.numbers_csv().splitlines()) == 7


# Experiments


def test_an_experiment_is_one_click_in_the_menu_and_shows_what_it_found(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 60, 50, 0.4)
    window.actions_by_id["experiment_k"].trigger()
    settle(session)
    rendered(window)
    page = window.shown_page
    assert isinstance(page, ComparePage) and page.view.current() == "experiment"
    found = session.state.findings
    assert found is not None and page.experiments.sentence.text() == found.sentence
    assert f"{found.lines[1].y[0]:.10g}" in page.experiments.curves.numbers_csv()


def test_blank_is_not_zero_lists_titles_side_by_side(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 60, 50, 0.4)
    session.select_user(3)
    page = compare_of(window)
    page.view._buttons["experiment"].click()
    rendered(window)
    press(page, "Blank is not zero")
    settle(session)
    rendered(window)
    model, found = page.experiments.model, session.state.findings
    assert found is not None
    assert [column.title for column in model.columns] == ["", "Masked", "Blank as 0", "Events"]
    assert model.index(0, 1).data() == found.lists[0].titles[0]
    assert session.state.ratings is not None and session.state.ratings.user_ids[3] == found.person


def test_an_experiment_without_a_hold_out_says_what_to_do(window: MainWindow) -> None:
    session = window.session
    with_movies(session)
    session.splitting.keep_aside(share=0.0)
    session.experimenting.start("k")
    settle(session)
    notice = session.state.notice
    assert notice is not None and notice.kind == "error" and "hold-out" in notice.hint


def test_without_ratings_an_experiment_begins_on_the_sample_once_it_is_open(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(
        session, "open_sample", lambda: session.generate("movies", n_users=60, n_movies=50, density=0.4)
    )
    session.experimenting.start("starts")
    session.changed.connect(lambda field: begun.append(session.state.experiment) if field == "experiment" else None)
    settle(session)
    wait_for(lambda: session.state.findings is not None and session.state.findings.done == 1)
    assert "starts" in begun
    with pytest.raises(ConfigError):
        session.experimenting.start("nope")


def test_an_experiment_can_be_cancelled(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 120, 200)
    session.experimenting.start("k")
    session.cancel()
    settle(session)
    assert session.state.job is None
    assert session.state.notice is not None and "cancelled" in session.state.notice.text


def test_a_fit_that_goes_on_is_no_opened_model_and_leaves_the_table_as_it_is(window: MainWindow) -> None:
    session = window.session
    with_movies(session, 120, 200)  # smaller ones make thousands of epochs a second
    session.fitting.set_config(k=2, epochs=2)
    session.fitting.fit()
    settle(session)
    session.show_page("compare")
    rendered(window)
    page = window.page("compare")
    assert isinstance(page, ComparePage)
    card, book = page.contenders, page._book
    wait_for(
        lambda: bool(card._entries) and all(book.judged(each, card.n, events=False) for each in card._entries),
        "the figures",
    )
    rendered(window)
    before = [entry.name for entry in page.contenders._entries]
    resets: list[bool] = []
    page.contenders.model.modelReset.connect(lambda: resets.append(True))
    session.fitting.set_config(epochs=100_000, tolerance=0.0)
    session.fitting.fit()
    wait_for(lambda: session.state.model is not None and session.state.model.stopped == "going on", "an epoch")
    shown(window)  # without waiting for its end
    assert [entry.name for entry in page.contenders._entries] == before and not resets
    session.cancel()
    settle(session)
