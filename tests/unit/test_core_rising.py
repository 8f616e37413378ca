"""A loss that rises ends the fit at its lowest epoch, with the reason and what to change; rounding does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alsgui.core.brake import Brake
from alsgui.core.errors import NumericalError
from alsgui.core.ratings import Ratings
from alsgui.core.rising import LossWatch
from alsgui.core.solvers.config import CONFIGS, Config, NonnegativeConfig, ObservedConfig, RidgeConfig, make_config
from alsgui.core.solvers.problem import Solved
from alsgui.core.solvers.shared_rows import SharedProblem
from alsgui.core.steps import Epoch, Fitted
from alsgui.core.training import Training, fitted, iter_fit
from tests.helpers.tiny import all_training, complete, holey


def losses_of(monkeypatch: pytest.MonkeyPatch, per_epoch: list[float]) -> None:
    """Have `ridge` report these losses, one for each epoch, whatever it solves."""
    solve, left = SharedProblem.solve, iter(np.repeat(per_epoch, 2).tolist())

    def told(self: SharedProblem, *args: Any, **how: Any) -> Iterator[float | Solved]:
        for step in solve(self, *args, **how):
            yield step if isinstance(step, float) else Solved(step.rows, step.rss, next(left, 1.0), step.watched)

    monkeypatch.setattr(SharedProblem, "solve", told)


def ended(config: Config) -> Fitted:
    """The last step of a fit."""
    *_, last = Training(all_training(complete()), config).steps()
    assert isinstance(last, Fitted)
    return last


CONFIG = RidgeConfig(k=2, epochs=8, tolerance=0.0, threads=1)


def test_two_epochs_above_the_lowest_end_the_fit_there(monkeypatch: pytest.MonkeyPatch) -> None:
    losses_of(monkeypatch, [10.0, 8.0, 7.0, 7.1, 7.2, 3.0])
    last = ended(CONFIG)
    assert last.trouble is not None and last.model.stopped == "error"
    assert last.trouble.message == "The loss rises: it was 7.0000 after epoch 3, and is 7.2000 after epoch 5."
    assert last.trouble.hint == "Use a larger lambda or 64-bit numbers (float64)."
    assert [record.loss for record in last.model.history] == [10.0, 8.0, 7.0]
    assert len(last.model.half_steps) == 6 and last.acts[-1].epochs == 3
    monkeypatch.undo()
    again = fitted(
        iter_fit(all_training(complete()), RidgeConfig(k=2, epochs=3, tolerance=0.0, threads=1, closing=False))
    )
    assert again.u.tobytes() == last.model.u.tobytes() and again.m.tobytes() == last.model.m.tobytes()


def test_tenfold_ends_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    losses_of(monkeypatch, [10.0, 5.0, 51.0, 4.0])
    last = ended(CONFIG)
    assert last.trouble is not None and "5.0000 after epoch 2, and is 51.0000 after epoch 3" in last.trouble.message
    assert len(last.model.history) == 2


def test_one_epoch_above_or_rounding_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    losses_of(monkeypatch, [10.0, 8.0, 8.5, 7.9, 7.9 + 1e-5, 7.9 + 2e-5, 7.9, 7.8])
    last = ended(CONFIG)
    assert last.trouble is None and last.model.stopped == "epochs" and len(last.model.history) == 8


def test_a_rise_is_no_sign_that_the_loss_has_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    losses_of(monkeypatch, [10.0, 8.0, 8.5, 7.0, 6.0, 5.0, 4.0, 3.0])
    assert ended(RidgeConfig(k=2, epochs=8, tolerance=1e-3, threads=1)).model.stopped == "epochs"


def test_scaling_may_raise_the_loss_but_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = LossWatch(NonnegativeConfig(scale_m="length").resolved(complete()), 1.0)
    records = _records([10.0, 8.0, 9.0, 9.5, 11.0])
    assert [watch.is_new_low(record) for record in records] == [True, True, False, False, False]
    assert watch.fell(records[3], records[4]) == -1.5
    with pytest.raises(NumericalError):
        watch.is_new_low(_records([90.0])[0])


def test_what_to_change_follows_the_settings() -> None:
    config = ObservedConfig(k=40, solver="cg", accelerate=True, dtype="float32").resolved(holey())
    watch = LossWatch(config, 1.0)
    watch.is_new_low(_records([1.0])[0])
    with pytest.raises(NumericalError) as caught:
        watch.is_new_low(_records([5000.0])[0])
    assert caught.value.hint == "Use a larger lambda, 64-bit numbers (float64), no acceleration or the exact solver."
    watch = LossWatch(ObservedConfig(solver="exact", accelerate=False, dtype="float64").resolved(holey()), 1.0)
    watch.is_new_low(_records([1.0])[0])
    with pytest.raises(NumericalError) as caught:
        watch.is_new_low(_records([5000.0])[0])
    assert caught.value.hint == "Use a larger lambda."


def test_a_step_back_begins_to_watch_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    losses_of(monkeypatch, [10.0, 1.0, 8.0, 8.0, 8.0])
    brake = Brake()
    brake.by_hand = True
    epochs = 0
    for step in Training(all_training(complete()), CONFIG, brake).steps():
        if isinstance(step, Epoch):
            epochs += 1
            brake.back = epochs == 2  # the epoch with the loss of 1 is undone
        if epochs == 4:
            brake.set()
        if isinstance(step, Fitted):
            assert step.trouble is None


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.sampled_from(sorted(CONFIGS)), st.sampled_from(["float32", "float64"])),
    st.integers(0, 10_000), st.integers(1, 12), st.sampled_from([0.01, 1.0, 100.0]),
    st.sampled_from([1e-3, 1.0, 100.0]),
)  # fmt: skip
def test_no_ordinary_fit_of_any_algorithm_is_ended_by_rounding(
    kind: tuple[str, str], seed: int, k: int, ridge: float, size: float
) -> None:
    algorithm, dtype = kind
    ratings = holey(12, 9, seed % 50)
    ratings = Ratings.from_indices(
        ratings.users_of_ratings, ratings.csr.indices, ratings.csr.data * size, ratings.user_ids, ratings.movie_ids
    )
    fills = {"ridge": {"fill": "mean"}, "nmf": {"fill": "zero"}}
    config = make_config(
        algorithm, k=k, lambda_u=ridge, lambda_m=ridge, epochs=25, tolerance=0.0, dtype=dtype, seed=seed, threads=1,
        **fills.get(algorithm, {}),
    )  # fmt: skip
    *_, last = iter_fit(all_training(ratings), config)
    assert isinstance(last, Fitted) and last.trouble is None


def _records(losses: list[float]) -> list[Any]:
    from alsgui.core.model import EpochRecord

    return [EpochRecord(n + 1, loss, 1.0, 1.0, 1.0, 0.0) for n, loss in enumerate(losses)]
