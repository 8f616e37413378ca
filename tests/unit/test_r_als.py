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
