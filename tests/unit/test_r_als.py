"""Parity with R's package ALS 0.0.7: what it printed in R 4.2, half-step by half-step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import alsgui
from alsgui.core.model import Model

CASES = sorted((Path(__file__).parents[1] / "data" / "r-als").glob("*.json"))


def fitted(case: dict[str, Any]) -> Model:
    y = np.array(case["y"], float)
    if isinstance(case["observed"], list):
        y[np.array(case["observed"]) == 0] = np.nan
    options = {name: value for name, value in dict(case["options"]).items() if name != "holes"}
    start = np.array(case["c0"]).T, np.array(case["s0"]).T
    return alsgui.fit(
        alsgui.Ratings.from_dense(y), **alsgui.presets.r_als(**options), k=len(start[0]), init=start, holdout=0
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_half_step_has_rs_squared_errors_and_the_fit_ends_where_r_does(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    model = fitted(case)
    ours = [record.rss for record in model.half_steps]
    assert len(ours) == len(case["rss"])
    np.testing.assert_allclose(ours, case["rss"], rtol=1e-8)
    np.testing.assert_allclose(model.u.T, case["C"], atol=1e-5)
    np.testing.assert_allclose(model.m.T, case["S"], atol=1e-5)


def test_all_twenty_cases_are_there() -> None:
    assert len(CASES) == 20


@pytest.mark.parametrize(("half_steps", "made"), [(1, ["m"]), (2, ["m", "u"]), (3, ["m", "u", "m", "u"])])
def test_users_are_solved_once_more_for_a_scaled_m_unless_one_half_step_is_all(
    half_steps: int, made: list[str]
) -> None:
    """`oneMore` in R's loop."""
    case = json.loads(next(path for path in CASES if path.stem == "norm1-3").read_text(encoding="utf-8"))
    case["options"] |= {"maxiter": half_steps, "forcemaxiter": True}
    model = fitted(case)
    assert [record.side for record in model.half_steps] == made
    np.testing.assert_allclose([record.rss for record in model.half_steps], case["rss"][: len(made)], rtol=1e-8)


@pytest.mark.parametrize(("thresh", "made"), [(0.15, 1), (0.13, 4), (0.005, 5)])
def test_a_fit_ends_when_a_half_step_gains_too_little_the_first_against_the_start(thresh: float, made: int) -> None:
    """These fall by 14, 25, 76, 4.2 and 0.4 percent."""
    case = json.loads(next(path for path in CASES if path.stem == "default-3").read_text(encoding="utf-8"))
    case["options"] = {"thresh": thresh}
    assert len(fitted(case).half_steps) == made


def test_what_only_unimodality_looks_at_changes_nothing() -> None:
    plain = alsgui.presets.r_als()
    assert alsgui.presets.r_als(baseline=True, x=[1, 2], x2=[3]) == plain
