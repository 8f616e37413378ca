"""Settings, errors, notation, and what an import costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from numba.core.caching import UserProvidedCacheLocator

import alsgui
from alsgui.core import NOTATION
from alsgui.core.brake import Brake
from alsgui.core.errors import AlsguiError, ConfigError, DataError, ExportError, NumericalError, RowProblem
from alsgui.core.ratings import Ratings
from alsgui.core.solvers import kernels, warm
from alsgui.core.solvers.blocks import Workers, row_blocks
from alsgui.core.solvers.config import CONFIGS, Config, ObservedConfig, RidgeConfig, config_from_json, make_config
from alsgui.core.solvers.kernels.compiled import compiled
from tests.helpers.tiny import complete


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("k", -1),
            ("k", 513),
            ("k", 2.5),
            ("k", "two"),
            ("epochs", 0),
            ("lambda_u", -0.1),
            ("lambda_m", float("nan")),
            ("lambda_bias", -1),
            ("lambda_bias", None),
            ("lambda_power", 3),
            ("tolerance", 1.5),
            ("patience", 0),
            ("seed", -1),
            ("threads", 0),
            ("dtype", "float16"),
        ],
    )
    def test_out_of_range_are_named_with_the_range(self, name: str, value: Any) -> None:
        with pytest.raises(ConfigError, match=f"{name} is {value}") as caught:
            make_config("observed", **{name: value})
        assert caught.value.hint.startswith("Use ")

    def test_whole_numbers_of_any_kind_are_taken(self) -> None:
        assert make_config("observed", k=np.int64(3), patience=2, threads=2).k == 3

    def test_fills_are_refuse_zero_or_mean(self) -> None:
        with pytest.raises(ConfigError, match="fill is median"):
            make_config("ridge", fill="median")

    def test_unknown_algorithms_and_settings_are_refused_with_what_there_is(self) -> None:
        with pytest.raises(ConfigError, match="no algorithm svd") as caught:
            make_config("svd")
        assert "observed, ridge" in caught.value.hint
        with pytest.raises(ConfigError, match="ridge has no setting lambda_bias, rank"):
            make_config("ridge", rank=3, lambda_bias=1)

    @pytest.mark.parametrize("config", [ObservedConfig(k=3, patience=4), RidgeConfig(fill="mean", lambda_u=0.5)])
    def test_come_back_from_plain_values(self, config: Config) -> None:
        assert config_from_json(config.to_json()) == config

    @pytest.mark.parametrize(("power", "multiple"), [(0.0, 12.5), (0.5, 1.25), (1.0, 0.125)])
    def test_the_usual_ridge_is_a_multiple_of_the_spread(self, power: float, multiple: float) -> None:
        ratings = complete()
        config = ObservedConfig(lambda_power=power).resolved(ratings)
        assert config.penalties == pytest.approx((multiple * ratings.spread,) * 2)
        assert RidgeConfig(lambda_m=7).resolved(ratings).penalties == pytest.approx((0.1 * ratings.spread, 7))

    def test_stretching_the_scale_stretches_predictions_and_nothing_else(self) -> None:
        y = np.random.default_rng(0).integers(1, 6, size=(30, 20)).astype(float)
        rng, grown = np.random.default_rng(1), 20**0.5
        u, m = rng.standard_normal((2, 30)), rng.standard_normal((2, 20))
        settings: dict[str, Any] = {"k": 2, "epochs": 5, "dtype": "float64"}
        stars = alsgui.fit(Ratings.from_dense(y), init=(u, m), **settings)
        points = alsgui.fit(Ratings.from_dense(20 * y), init=(grown * u, grown * m), **settings)
        np.testing.assert_allclose(points.u, grown * stars.u, rtol=1e-9)
        np.testing.assert_allclose(points.user_bias, 20 * stars.user_bias, rtol=1e-9, atol=1e-12)

    def test_penalties_are_not_known_before_the_data(self) -> None:
        with pytest.raises(ConfigError, match="not known yet"):
            _ = ObservedConfig().penalties

    def test_every_algorithm_says_what_it_is(self) -> None:
        for name, config in CONFIGS.items():
            assert config.algorithm == name
            assert config.title and config.summary and config.formula.startswith("L = ")

    def test_a_config_without_a_solver_is_a_mistake_of_ours(self) -> None:
        with pytest.raises(NotImplementedError):
            Config().problem(complete())


class TestErrors:
    @pytest.mark.parametrize("kind", [DataError, ConfigError, NumericalError, ExportError])
    def test_say_what_is_wrong_and_what_to_do(self, kind: type[AlsguiError]) -> None:
        error = kind("It broke.", "Mend it.")
        assert isinstance(error, AlsguiError)
        assert str(error) == "It broke. Mend it."
        assert str(kind("It broke.")) == "It broke."

    def test_carry_the_rows_that_are_wrong(self) -> None:
        error = DataError("Bad rows.", problems=[RowProblem(3, "rating is x", "1,2,x")])
        assert str(error.problems[0]) == "line 3: rating is x"


class TestRowBlocks:
    def test_cover_all_rows_in_order_whatever_they_cost(self, monkeypatch: pytest.MonkeyPatch) -> None:
        indptr = np.cumsum([0, 0, 500, 1, 0, 30, 2, 2000, 0])
        for cost in (1.0, 50.0, 3000.0, 1e9):
            monkeypatch.setattr("alsgui.core.solvers.blocks._BLOCK_COST", cost)
            blocks = row_blocks(indptr, 3.0, 9.0)
            assert [row for block in blocks for row in range(*block)] == list(range(8))
        assert blocks == [(0, 8)]

    def test_of_nothing_are_none(self) -> None:
        assert row_blocks(np.array([0]), 3.0, 9.0) == []

    def test_results_come_in_order_from_two_threads(self) -> None:
        with Workers(2, lambda: False) as workers:
            found = list(workers.run(lambda start, stop: stop - start, [(0, 3), (3, 4), (4, 9)]))
        assert found == [3, 1, 5]

    def test_every_core_works_unless_told(self) -> None:
        with Workers(None, lambda: False) as workers:
            assert list(workers.run(max, [(0, 1)])) == [1]


def test_a_brake_that_stops_is_not_cancelled() -> None:
    brake = Brake()
    assert not brake.is_set()
    brake.stop()
    assert (brake.is_set(), brake.cancelled) == (True, False)
    brake.cancel()
    assert brake.cancelled


def test_the_notation_has_each_letter_once() -> None:
    letters = [symbol.letter for symbol in NOTATION]
    assert len(set(letters)) == len(letters)
    assert {"N", "M", "K", "y", "u", "m", "r", "L"} <= set(letters)


class TestWarming:
    @pytest.fixture(autouse=True)
    def warmed(self) -> None:
        warm.warm()

    def test_leaves_compiled_kernels_in_the_cache(self) -> None:
        assert warm.compiled()

    def test_is_needed_again_when_the_kernels_change(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        copy = tmp_path / "kernels"
        shutil.copytree(Path(str(kernels.__file__)).parent, copy)
        monkeypatch.setattr(kernels, "__file__", str(copy / "__init__.py"))
        assert warm.compiled()
        (copy / "cholesky.py").write_text("# changed", encoding="utf-8")
        assert not warm.compiled()

    def test_leaves_nothing_of_other_kernels_in_the_cache(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(warm, "_marker", lambda: tmp_path / "kernels.compiled")
        (tmp_path / "old.nbi").touch()
        warm.warm()
        assert warm.compiled() and not (tmp_path / "old.nbi").exists()

    def test_is_needed_where_nothing_was_compiled(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(warm, "_marker", lambda: tmp_path / "kernels.compiled")
        assert not warm.compiled()


def test_kernels_are_kept_for_one_run_where_no_folder_of_the_package_or_person_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("numba.core.caching.CacheImpl._locator_classes", [UserProvidedCacheLocator])
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")

    def twice(x: int) -> int:
        return 2 * x

    kernel = compiled(twice)
    assert kernel(3) == 6
    assert list(Path(os.environ["NUMBA_CACHE_DIR"]).rglob("*.nbi"))


class TestTheDoor:
    def test_opens_every_name(self) -> None:
        for name in alsgui.__all__:
            assert getattr(alsgui, name) is not None
        assert dir(alsgui) == sorted(alsgui.__all__)

    def test_has_no_other(self) -> None:
        with pytest.raises(AttributeError, match="no attribute 'als'"):
            _ = alsgui.als

    def loaded_after(self, code: str) -> set[str]:
        script = f"{code}\nimport sys\nprint(*sys.modules)"
        environment = {**os.environ, "COVERAGE_PROCESS_START": ""}
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
        )
        return set(done.stdout.split())

    def test_costs_nothing_to_import(self) -> None:
        bare, ours = self.loaded_after(""), self.loaded_after("import alsgui")
        assert not {"numpy", "scipy", "numba", "duckdb", "PySide6"} & ours
        assert len(ours - bare) < 50

    def test_compiles_nothing_before_a_fit(self) -> None:
        code = "import alsgui\nratings = alsgui.generate('chapter')\nalsgui.split(ratings)\nalsgui.ObservedConfig()"
        ours = self.loaded_after(f"{code}\nfrom alsgui.core import training, recommend, lod, explain")
        assert "numpy" in ours
        assert not {"numba", "duckdb", "PySide6"} & ours
