"""The search for settings: folds, tables, choices, and going on after an interruption."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alsgui.core.cross_validation import folds
from alsgui.core.errors import ConfigError, Interrupted
from alsgui.core.generate import movies
from alsgui.core.search import Grid, Score, SearchTable, grid_from_json, run_search, usual_grid
from alsgui.core.solvers.config import ImplicitConfig, NmfConfig, ObservedConfig, RidgeConfig
from alsgui.core.split import Split, split
from alsgui.core.training import fitted, iter_fit
from alsgui.io.search_file import SearchFile, read_search, search_path


@pytest.fixture(scope="module")
def parts() -> Split:
    return split(movies(40, 50, density=0.3, seed=1))


def small_grid(parts: Split, **changes: object) -> Grid:
    config = ObservedConfig(epochs=3).resolved(parts.training)
    return Grid(config, **{"row_values": (2, 1), "lambdas": (0.5, 2.0, 1.0), "n_folds": 3, **changes})  # type: ignore[arg-type]


def searched(grid: Grid, parts: Split, **options: object) -> tuple[SearchTable, list[Score]]:
    scores: list[Score] = []
    run_search(grid, parts, scores.append, threading.Event(), **options)  # type: ignore[arg-type]
    return SearchTable.empty(grid).with_scores(scores), scores


def test_folds_part_the_training_ratings_and_leave_the_hold_out_alone(parts: Split) -> None:
    made = folds(parts, 4, seed=3)
    held_out = np.concatenate([fold.held_out for fold in made])
    assert sorted(held_out) == list(range(parts.training.n_ratings))
    assert all(fold.ratings is parts.training for fold in made)
    again = folds(parts, 4, seed=3)
    assert all(np.array_equal(one.held_out, two.held_out) for one, two in zip(made, again, strict=True))


def test_values_stand_in_order_and_a_grid_survives_json(parts: Split) -> None:
    grid = small_grid(parts)
    assert grid.row_values == (1, 2) and grid.lambdas == (0.5, 1.0, 2.0)
    config = grid.config_at((1, 2))
    assert (config.k, config.lambda_u, config.lambda_m) == (2, 2.0, 2.0)
    assert grid_from_json(json.loads(json.dumps(grid.to_json()))) == grid


@pytest.mark.parametrize(
    "wrong",
    [
        {"lambdas": ()},
        {"row_values": (2, 2)},
        {"n_folds": 1},
        {"row_setting": "seed"},
        {"row_setting": "lambda_power", "row_values": (3.0,)},
        {"lambdas": tuple(float(n + 1) for n in range(201))},
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(parts: Split, wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        small_grid(parts, **wrong)


def test_a_setting_that_the_algorithm_has_not_is_refused(parts: Split) -> None:
    with pytest.raises(ConfigError, match="lambda_power"):
        Grid(RidgeConfig(fill="mean").resolved(parts.training), (0.5,), (1.0,), "lambda_power")


def test_too_few_ratings_are_refused() -> None:
    tiny = split(movies(3, 3, density=0.5, seed=0), 0.0)
    with pytest.raises(ConfigError, match="too few"):
        folds(tiny, 20, 0)


def test_every_cell_is_the_fit_of_its_settings_from_the_factors_of_the_lambda_before(parts: Split) -> None:
    grid = small_grid(parts)
    table, scores = searched(grid, parts)
    assert len(scores) == table.n_fits == 18 and table.complete
    fold = folds(parts, 3, 0)[1]
    start = None
    for column in range(3):
        config = replace(grid.config_at((1, column)), threads=1)
        model = fitted(iter_fit(fold, config, start=start))
        assert table.errors[1, column, 1] == model.holdout_figures.rmse
        start = model.factors


def test_the_table_has_the_same_bits_with_one_worker_and_with_three(parts: Split) -> None:
    grid = small_grid(parts)
    one, _ = searched(grid, parts, workers=1)
    three, _ = searched(grid, parts, workers=3)
    assert np.array_equal(one.errors, three.errors)


def test_an_interrupted_search_goes_on_to_the_table_of_an_uninterrupted_one(parts: Split) -> None:
    grid, brake = small_grid(parts), threading.Event()
    whole, _ = searched(grid, parts)
    scores: list[Score] = []

    def report(score: Score) -> None:
        scores.append(score)
        if len(scores) == 5:
            brake.set()

    with pytest.raises(Interrupted):
        run_search(grid, parts, report, brake, workers=1)
    assert len(scores) == 5
    before = SearchTable.empty(grid).with_scores(scores)
    later: list[Score] = []
    run_search(grid, parts, later.append, threading.Event(), known=before)
    assert len(later) == 13
    assert np.array_equal(before.with_scores(later).errors, whole.errors)


def test_an_error_of_a_worker_ends_the_search_and_is_told(parts: Split) -> None:
    def report(score: Score) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        run_search(small_grid(parts), parts, report, threading.Event())


def test_a_brake_that_is_set_beforehand_fits_nothing(parts: Split) -> None:
    brake, scores = threading.Event(), list[Score]()
    brake.set()
    with pytest.raises(Interrupted):
        run_search(small_grid(parts), parts, scores.append, brake)
    assert not scores


def test_a_fit_without_an_answer_is_a_hole_and_never_the_best(parts: Split) -> None:
    grid = Grid(NmfConfig(epochs=2).resolved(parts.training), (1,), (0.0, 1.0), n_folds=2)
    table = SearchTable.empty(grid).with_scores(
        [Score(0, 0, 0, float("nan"), 0.0), Score(0, 0, 1, 0.1, 1.0), Score(0, 1, 0, 0.9, 1.0), Score(0, 1, 1, 0.8, 1)]
    )
    assert np.isnan(table.means[0, 0]) and table.best == (0, 1)
    assert table.complete


def test_settings_whose_equations_have_no_answer_are_scored_as_failed(parts: Split) -> None:
    grid = small_grid(parts, row_values=(30,), lambdas=(0.0, 1.0), n_folds=2)
    grid = replace(grid, config=replace(grid.config, biases=False, init="normal", solver="exact"))
    table, _ = searched(grid, parts)
    assert table.complete and (0, 0) in table.failed
    assert np.isfinite(table.means[0, 1])


def table_of(errors: list[list[list[float]]], parts: Split) -> SearchTable:
    values = np.array(errors)
    grid = small_grid(parts, row_values=(1, 2)[: len(values)], lambdas=tuple(range(1, values.shape[1] + 1)),
                      n_folds=values.shape[2])  # fmt: skip
    return SearchTable(grid, values, np.where(np.isnan(values), np.nan, 2.0))


def test_means_standard_errors_and_the_best_are_those_of_the_folds(parts: Split) -> None:
    table = table_of([[[1.0, 2.0, 3.0], [4.0, 4.0, 4.0]], [[0.5, 0.6, 0.4], [9.0, 9.0, 9.0]]], parts)
    assert table.means[0].tolist() == [2.0, 4.0]
    assert table.standard_errors[0, 0] == pytest.approx(1 / np.sqrt(3))
    assert table.best == (1, 0)


def test_a_cell_with_fewer_folds_is_not_the_best_before_it_has_as_many(parts: Split) -> None:
    nan = float("nan")
    table = table_of([[[1.0, 1.0], [0.1, nan]], [[2.0, 2.0], [nan, nan]]], parts)
    assert table.best == (0, 0)
    assert table.seconds_left(2) == pytest.approx(3 * 2.0 / 2)


def test_the_simplest_is_chosen_by_differences_within_folds_not_by_the_spread_over_folds(parts: Split) -> None:
    # Folds differ by far more than the settings do: always 0.02 worse is worse, though folds spread by 0.1.
    hard = np.array([0.8, 0.9, 1.0])
    always_worse = table_of([[hard + np.array([0.02, 0.021, 0.019])] * 2, [hard, hard + 1]], parts)  # type: ignore[list-item]
    assert always_worse.simplest == always_worse.best == (1, 0)
    as_good = table_of([[hard + 1, hard + np.array([0.002, -0.003, 0.002])], [hard, hard + 1]], parts)  # type: ignore[list-item]
    assert as_good.best == (1, 0) and as_good.simplest == (0, 1)
    mean, error = as_good.difference((0, 1), (1, 0))
    assert mean == pytest.approx(0.001 / 3) and error == pytest.approx(np.std([2, -3, 2], ddof=1) / 1000 / np.sqrt(3))


def test_an_empty_table_has_no_best_and_no_time(parts: Split) -> None:
    table = SearchTable.empty(small_grid(parts))
    assert table.best is None and table.simplest is None and table.seconds_left(2) is None
    assert np.isnan(table.difference((0, 0), (1, 1))[0])


def test_the_usual_grids_hold_the_default_lambda_within_and_double_k(parts: Split) -> None:
    grid = usual_grid(ObservedConfig(), parts)
    usual = ObservedConfig().usual_lambda(parts.training)
    assert grid.row_values == (2, 4, 8, 16, 32)
    assert grid.lambdas[0] < usual < grid.lambdas[-1] and len(grid.lambdas) == 5
    assert usual_grid(ObservedConfig(), parts, row_setting="lambda_power").row_values == (0, 0.25, 0.5, 0.75, 1)
    assert len(usual_grid(ObservedConfig(), parts, row_setting="lambda_bias").row_values) == 5
    assert usual_grid(NmfConfig(), parts).lambdas[0] > 0


def test_lists_are_judged_where_predictions_are_no_ratings(parts: Split) -> None:
    grid = Grid(ImplicitConfig(epochs=2).resolved(parts.training), (2,), (1.0,), n_folds=2)
    table, _ = searched(grid, parts)
    assert 0 < table.means[0, 0] < 1


# On disk


def test_a_search_is_read_again_and_a_line_that_was_cut_is_left_out(parts: Split, tmp_path: Path) -> None:
    grid = small_grid(parts)
    whole, scores = searched(grid, parts)
    path = search_path("abc", tmp_path)
    file = SearchFile.begin(path, grid, parts)
    for score in scores[:4]:
        file.append(score)
    path.write_text(path.read_text("utf-8") + '{"row": 1, "col', "utf-8")
    table = read_search(path, parts)
    assert table is not None and table.n_fits == 4
    going_on = SearchFile.begin(path, grid, parts, table.scores())
    run_search(grid, parts, going_on.append, threading.Event(), known=table)
    again = read_search(path, parts)
    assert again is not None and np.array_equal(again.errors, whole.errors)


@pytest.mark.parametrize("text", ["", "{", '{"format": 99}\n', '{"format": 1, "learns_from": "other", "grid": {}}\n'])
def test_a_file_that_is_not_of_these_ratings_is_no_search(parts: Split, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.jsonl"
    assert read_search(path, parts) is None
    path.write_text(text, "utf-8")
    assert read_search(path, parts) is None


def test_scores_outside_the_grid_are_left_out(parts: Split, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    SearchFile.begin(path, small_grid(parts), parts, [Score(5, 0, 0, 1.0, 1.0), Score(0, 0, 0, 1.0, 1.0)])
    table = read_search(path, parts)
    assert table is not None and table.n_fits == 1


def test_an_algorithm_without_a_default_lambda_is_searched_over_spreads(parts: Split) -> None:
    grid = usual_grid(NmfConfig(), parts, n_columns=3)
    spread = parts.training.spread
    assert grid.lambdas == tuple(float(f"{share * spread:.2g}") for share in (0.01, 1, 100))
