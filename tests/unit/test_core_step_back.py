"""A fit by hand, forwards and back: the bits are those of going forwards alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alsgui.core.brake import Brake
from alsgui.core.solvers.config import make_config
from alsgui.core.steps import Epoch, HalfStep, SteppedBack
from alsgui.core.training import Training
from tests.helpers.tiny import every_third_held_out, holey


def _stepped(moves: str, **settings: object) -> tuple[list[object], Training]:
    """A fit by hand: "f" takes a half-step, "b" undoes one; what each move yielded last, and the fit."""
    brake = Brake()
    brake.by_hand = True
    config = make_config("observed", k=2, epochs=20, tolerance=0.0, threads=1, **settings)
    training = Training(every_third_held_out(holey()), config, brake)
    steps, found = training.steps(), list[object]()
    for move in moves:
        brake.back = move == "b"
        for step in steps:
            if isinstance(step, SteppedBack if move == "b" else HalfStep):
                found.append(step)
                break
        if isinstance(found[-1], HalfStep) and found[-1].record.side == training.config.sides[1]:
            found[-1] = next(step for step in steps if isinstance(step, Epoch))
    return found, training


@pytest.mark.parametrize("order", ["um", "mu"])
@pytest.mark.parametrize(
    ("moves", "plain"), [("ffbf", "ff"), ("fffbbff", "fff"), ("fbfff", "fff"), ("ffffbbbbff", "ff")]
)
def test_a_half_step_undone_and_taken_again_gives_the_bits_of_never_having_undone_it(
    moves: str, plain: str, order: str
) -> None:
    found, there_and_back = _stepped(moves, order=order)
    expected, straight = _stepped(plain, order=order)
    for name in ("users", "movies", "user_bias", "movie_bias"):
        one, other = (getattr(each[-1].factors, name) for each in (found, expected))  # type: ignore[attr-defined]
        assert np.array_equal(one, other)
    records = [[replace(each, seconds=0) for each in fit.progress.history] for fit in (there_and_back, straight)]
    assert records[0] == records[1]
    sides = [[each.side for each in fit.progress.half_steps] for fit in (there_and_back, straight)]
    assert sides[0] == sides[1]


def test_stepping_back_beyond_the_first_half_step_stays_at_the_start() -> None:
    found, training = _stepped("fbbb")
    last = found[-1]
    assert isinstance(last, SteppedBack)
    assert (last.epoch, last.history) == (0, ()) and training.progress.last_side is None
