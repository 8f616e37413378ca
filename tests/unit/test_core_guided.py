"""The guided search: what is proposed, given up and chosen, and going on after an interruption."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alsgui.core import guided
from alsgui.core.cross_validation import folds
from alsgui.core.errors import ConfigError, Interrupted
from alsgui.core.generate import movies
from alsgui.core.guided import run_guided, usual_space
from alsgui.core.search import Grid, SearchTable, run_search, usual_grid
from alsgui.core.solvers.config import Config, ImplicitConfig, NmfConfig, ObservedConfig, RidgeConfig
from alsgui.core.split import Split, split
from alsgui.core.training import fitted, iter_fit
from alsgui.core.trials import GuidedTable, Space, Trial, TrialScore, space_from_json
from alsgui.io.search_file import SearchFile, read_search

NAN = float("nan")


@pytest.fixture(scope="module")
def parts() -> Split:
    return split(movies(40, 50, density=0.3, seed=1))


def small_space(parts: Split, **changes: object) -> Space:
    config = ObservedConfig(epochs=3).resolved(parts.training)
    settings = {"k": (1, 8), "ridge": (0.2, 20.0), "n_trials": 14, "n_folds": 3, "seed": 2, **changes}
    return Space(config, **settings)  # type: ignore[arg-type]


def searched(space: Space, parts: Split, **options: object) -> tuple[GuidedTable, list[TrialScore]]:
    scores: list[TrialScore] = []
    run_guided(space, parts, scores.append, threading.Event(), **options)  # type: ignore[arg-type]
    return GuidedTable.empty(space).with_scores(scores), scores


@pytest.fixture(scope="module")
def whole(parts: Split) -> GuidedTable:
    """A search with every setting, to its end."""
    return searched(wide_space(parts), parts, workers=1)[0]


def wide_space(parts: Split) -> Space:
    return small_space(parts, lambda_power=(0.0, 1.0), lambda_bias=(0.5, 20.0))


def same(one: GuidedTable, other: GuidedTable) -> bool:
    return one.trials == other.trials and np.array_equal(one.errors, other.errors, equal_nan=True)


# What is tried


def test_a_space_survives_json_and_a_trial_becomes_its_settings(parts: Split) -> None:
    space = wide_space(parts)
    assert space_from_json(json.loads(json.dumps(space.to_json()))) == space
    config = space.config_of(Trial(3, 0.7, 0.25, 2.0))
    assert (config.k, config.lambda_u, config.lambda_m, config.lambda_power, config.lambda_bias) == (
        3,
        0.7,
        0.7,
        0.25,
        2,
    )  # type: ignore[attr-defined]
    plain = small_space(parts)
    assert plain.config_of(Trial(3, 0.7)) == replace(plain.config, k=3, lambda_u=0.7, lambda_m=0.7)


def test_penalties_have_three_digits_and_stay_in_their_ranges(parts: Split) -> None:
    space = small_space(parts, ridge=(0.12345, 0.6789))
    assert space.trial({"k": 2.0, "ridge": 0.123451}) == Trial(2, 0.12345)
    assert space.trial({"k": 2.0, "ridge": 0.45678}) == Trial(2, 0.457)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"k": (8, 1)}, "lowest k is above"),
        ({"ridge": (0.0, 1.0)}, "log scale"),
        ({"ridge": (2.0, 1.0)}, "lowest lambda is above"),
        ({"n_trials": 0}, "0 trials"),
        ({"n_folds": 1}, "1 folds"),
        ({"lambda_power": (0.0, 3.0)}, "lambda_power"),
        ({"lambda_bias": (0.0, 3.0)}, "log scale"),
    ],
)
def test_a_space_that_makes_no_sense_is_refused(parts: Split, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        small_space(parts, **wrong)


def test_a_setting_that_the_algorithm_has_not_is_refused(parts: Split) -> None:
    with pytest.raises(ConfigError, match="lambda_power"):
        Space(RidgeConfig(fill="mean").resolved(parts.training), (1, 2), (1.0, 2.0), lambda_power=(0.0, 1.0))


def test_the_usual_space_is_as_wide_as_the_usual_grid_and_wider_in_lambda_with_the_power(parts: Split) -> None:
    grid, space = usual_grid(ObservedConfig(), parts), usual_space(ObservedConfig(), parts)
    assert space.k == (grid.row_values[0], grid.row_values[-1]) and space.ridge == (grid.lambdas[0], grid.lambdas[-1])
    assert space.lambda_power is None and space.lambda_bias is None
    wide = usual_space(ObservedConfig(), parts, ("lambda_power", "lambda_bias"), n_trials=7)
    assert wide.ridge[0] < space.ridge[0] and wide.ridge[1] > space.ridge[1]
    assert (wide.lambda_power, wide.lambda_bias, wide.n_trials) == ((0, 1), (0.5, 32), 7)
    assert usual_space(NmfConfig(), parts).ridge[0] > 0


def test_without_optuna_the_search_says_how_to_have_it(parts: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guided, "find_spec", lambda name: None)
    with pytest.raises(ConfigError) as told:
        searched(small_space(parts), parts)
    assert "optuna" in told.value.message and told.value.hint == "pip install alsgui[search]"


# Trials


def test_every_fit_is_that_of_its_settings_on_the_folds_of_the_grid(parts: Split, whole: GuidedTable) -> None:
    assert whole.complete and len(whole.trials) == 14
    part = folds(parts, 3, whole.space.seed)[1]
    config = replace(whole.config_at((4,)), threads=1)
    assert whole.errors[4, 1] == fitted(iter_fit(part, config)).holdout_figures.rmse
    # A grid of one cell with the same settings, folds and seed gives the same errors.
    trial = whole.trials[0]
    grid = Grid(whole.config_at((0,)), (float(trial.k),), (trial.ridge,), n_folds=3, seed=whole.space.seed)
    scores = []
    run_search(grid, parts, scores.append, threading.Event())
    assert np.array_equal(SearchTable.empty(grid).with_scores(scores).errors[0, 0], whole.errors[0])


def test_trials_lie_in_their_ranges_and_are_not_all_alike(whole: GuidedTable) -> None:
    for trial in whole.trials:
        assert 1 <= trial.k <= 8 and 0.2 <= trial.ridge <= 20
        assert trial.lambda_power is not None and 0 <= trial.lambda_power <= 1
        assert trial.lambda_bias is not None and 0.5 <= trial.lambda_bias <= 20
    assert len(set(whole.trials)) == 14


def test_the_table_has_the_same_bits_at_any_number_of_workers(parts: Split, whole: GuidedTable) -> None:
    three, _ = searched(whole.space, parts, workers=3)
    assert same(three, whole)


def test_another_seed_tries_other_settings(parts: Split) -> None:
    tables = [searched(small_space(parts, seed=seed, n_trials=2), parts)[0] for seed in (0, 1)]
    assert tables[0].trials != tables[1].trials


def test_proposals_draw_near_to_what_was_good(parts: Split) -> None:
    """The later half of a long search errs less on average than its ten random trials."""
    table, _ = searched(small_space(parts, n_trials=40, ridge=(0.01, 1000.0)), parts)
    assert np.median(table.means[20:]) < np.median(table.means[:10])


@pytest.mark.parametrize("stop_after", [1, 4, 20, 35])
def test_an_interrupted_search_goes_on_to_the_table_of_an_uninterrupted_one(
    parts: Split, whole: GuidedTable, stop_after: int
) -> None:
    brake, scores = threading.Event(), list[TrialScore]()

    def report(score: TrialScore) -> None:
        scores.append(score)
        if len(scores) == stop_after:
            brake.set()

    with pytest.raises(Interrupted):
        run_guided(whole.space, parts, report, brake, workers=1)
    before = GuidedTable.empty(whole.space).with_scores(scores)
    assert before.n_fits == stop_after and not before.complete
    later: list[TrialScore] = []
    run_guided(whole.space, parts, later.append, threading.Event(), known=before)
    assert stop_after + len(later) == whole.n_fits
    resumed = before.with_scores(later)
    assert same(resumed, whole) and (resumed.best, resumed.simplest) == (whole.best, whole.simplest)


def test_a_search_that_is_complete_fits_nothing_more(parts: Split, whole: GuidedTable) -> None:
    scores: list[TrialScore] = []
    run_guided(whole.space, parts, scores.append, threading.Event(), known=whole)
    assert not scores


def test_trials_of_another_release_that_would_be_proposed_otherwise_are_kept_and_told(
    parts: Split, whole: GuidedTable
) -> None:
    first = [score for score in whole.scores() if score.number < 3]
    other = replace(whole.trials[1], k=5, ridge=3.21)
    known = GuidedTable.empty(whole.space).with_scores(
        [replace(score, trial=other) if score.number == 1 else score for score in first]
    )
    scores: list[TrialScore] = []
    run_guided(whole.space, parts, scores.append, threading.Event(), known=known)
    table = known.with_scores(scores)
    assert table.complete and table.trials[1] == other
    assert min(score.number for score in scores) == 3


def test_an_error_of_a_worker_ends_the_search_and_is_told(parts: Split) -> None:
    def report(score: TrialScore) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        run_guided(small_space(parts), parts, report, threading.Event())


def test_a_brake_that_is_set_beforehand_fits_nothing(parts: Split) -> None:
    brake, scores = threading.Event(), list[TrialScore]()
    brake.set()
    with pytest.raises(Interrupted):
        run_guided(small_space(parts), parts, scores.append, brake)
    assert not scores


def test_settings_without_an_answer_fail_and_the_search_goes_on(parts: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    fit = guided.fit_on_fold

    def fails_from_4(part: Split, config: Config, *more: object) -> object:
        return None if config.k >= 4 else fit(part, config, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(guided, "fit_on_fold", fails_from_4)
    table, _ = searched(small_space(parts), parts)
    failed = [at for at, trial in enumerate(table.trials) if trial.k >= 4]
    assert table.complete and table.failed == {(at,) for at in failed} and 0 < len(failed) < 14
    assert table.folds_done[failed].tolist() == [2] * len(failed)
    assert table.best is not None and table.trials[table.best[0]].k < 4


def test_lists_are_judged_where_predictions_are_no_ratings(parts: Split) -> None:
    space = Space(ImplicitConfig(epochs=2).resolved(parts.training), (2, 2), (1.0, 1.0), n_trials=1, n_folds=2)
    table, _ = searched(space, parts)
    assert 0 < table.means[0] < 1


def test_folds_that_do_not_fit_into_memory_are_made_again(parts: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, _ = searched(small_space(parts, n_trials=2), parts)
    monkeypatch.setattr(guided, "ROOM_FOR_FOLDS", 0)
    again, _ = searched(small_space(parts, n_trials=2), parts, workers=1)
    assert same(kept, again)


# The table


def table_of(errors: list[list[float]], parts: Split, trials: list[Trial] | None = None) -> GuidedTable:
    values = np.array(errors)
    n_trials, n_folds = values.shape
    space = small_space(parts, n_trials=max(n_trials, 1), n_folds=n_folds)
    made = trials or [Trial(2, 1.0 + at) for at in range(n_trials)]
    scores = [
        TrialScore(number, made[number], fold, float(values[number, fold]), 2.0)
        for number, fold in np.argwhere(~np.isinf(values)).tolist()
    ]
    return GuidedTable.empty(space).with_scores(scores)


INF = float("inf")
"""Not done yet."""


def test_a_trial_clearly_worse_in_both_first_folds_is_given_up(parts: Split) -> None:
    best = [0.80, 0.81, 0.82, 0.83]  # standard error 0.0065: the line is 0.0194 above it
    table = table_of([best, [0.82, 0.83, INF, INF], [0.83, 0.82, INF, INF], [0.8195, 0.82, INF, INF]], parts)
    assert [table.hopeless(at) for at in range(4)] == [False, True, False, False]
    assert [table.settled(at) for at in range(4)] == [True, True, False, False]
    assert table.best == (0,)


def test_a_later_fold_has_no_say_in_whether_a_trial_is_given_up(parts: Split) -> None:
    best = [0.80, 0.81, 0.82, 0.83]
    good_first = table_of([best, [0.79, 0.80, 9.0, 9.0]], parts)
    assert not good_first.hopeless(1)
    without_answer = table_of([best, [0.79, 0.80, NAN, INF]], parts)
    assert not without_answer.hopeless(1) and (1,) in without_answer.failed
    assert table_of([best, [NAN, 0.80, INF, INF]], parts).hopeless(1)


def test_the_first_trial_and_one_before_any_whole_trial_are_never_given_up(parts: Split) -> None:
    assert not table_of([[9.0, 9.0, INF]], parts).hopeless(0)
    assert not table_of([[NAN, NAN, INF], [9.0, 9.0, INF]], parts).hopeless(1)


def test_progress_counts_settled_trials_and_the_folds_of_the_one_under_way(parts: Split) -> None:
    best = [0.80, 0.81, 0.82, 0.83]
    table = table_of([best, [0.9, 0.9, INF, INF], [0.8, INF, INF, INF], [INF] * 4], parts)
    assert table.n_settled == 2 and not table.complete and len(table.trials) == 3
    assert table.share_done == pytest.approx((2 + 0.25) / 4)
    # 12 s for two trials, 1.75 of them left, two at a time
    assert table.seconds_left(2) == pytest.approx(1.75 * 6 / 2)
    empty = GuidedTable.empty(small_space(parts))
    assert empty.n_settled == 0 and empty.share_done == 0 and empty.seconds_left(2) is None and empty.best is None


def test_the_simplest_is_the_lowest_k_then_the_most_lambda_of_those_as_good_by_fold_differences(parts: Split) -> None:
    hard = np.array([0.8, 0.9, 1.0])
    as_good = (hard + np.array([0.002, -0.003, 0.002])).tolist()
    worse = (hard + np.array([0.02, 0.021, 0.019])).tolist()
    trials = [Trial(8, 1.0), Trial(4, 1.0), Trial(4, 2.0), Trial(2, 5.0)]
    table = table_of([hard.tolist(), as_good, as_good, worse], parts, trials)
    assert table.best == (0,) and table.simplest == (2,)
    assert [place[0] for place in table.simplest_first()] == [3, 2, 1, 0]


# On disk


def test_a_search_is_read_again_and_goes_on_to_the_same_table(parts: Split, whole: GuidedTable, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    file = SearchFile.begin(path, whole.space, parts)
    for score in whole.scores()[:8]:
        file.append(score)
    path.write_text(path.read_text("utf-8") + '{"number": 3, "tri', "utf-8")
    left = read_search(path, parts)
    assert isinstance(left, GuidedTable) and left.n_fits == 8 and left.space == whole.space
    going_on = SearchFile.begin(path, left.space, parts, left.scores())
    run_guided(left.space, parts, going_on.append, threading.Event(), known=left)
    again = read_search(path, parts)
    assert isinstance(again, GuidedTable) and same(again, whole)


def test_lines_of_trials_that_cannot_be_are_left_out(parts: Split, tmp_path: Path) -> None:
    path, trial = tmp_path / "x.jsonl", Trial(2, 1.0)
    wrong = [TrialScore(3, trial, 0, 1.0, 1.0), TrialScore(0, trial, 7, 1.0, 1.0), TrialScore(-1, trial, 0, 1.0, 1.0)]
    SearchFile.begin(path, small_space(parts), parts, [*wrong, TrialScore(0, trial, 0, 1.0, 1.0)])
    table = read_search(path, parts)
    assert isinstance(table, GuidedTable) and table.n_fits == 1 and table.trials == (trial,)
