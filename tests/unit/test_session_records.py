"""Figures of epochs that grow without being copied."""

from __future__ import annotations

from itertools import pairwise

import pytest

from alsgui.core.model import EpochRecord
from alsgui.session.records import Records, best_of

NAN = float("nan")


def record(epoch: int, holdout: float = NAN, ndcg: float | None = None) -> EpochRecord:
    return EpochRecord(epoch, 1.0, 0.5, holdout, NAN, 0.1 * epoch, None, ndcg)


def test_a_longer_sequence_leaves_the_shorter_as_it_was() -> None:
    short = Records([record(1), record(2)])
    longer = short.extended([record(3)])
    assert [each.epoch for each in short] == [1, 2]
    assert [each.epoch for each in longer] == [1, 2, 3]
    assert longer._shared is short._shared
    assert (longer[-1].epoch, longer[0].epoch, len(short), len(longer)) == (3, 1, 2, 3)
    assert [each.epoch for each in short[1:]] == [2]
    assert [each.epoch for each in longer[1:]] == [2, 3]
    with pytest.raises(IndexError):
        short[2]


def test_two_continuations_of_one_sequence_do_not_meet() -> None:
    short = Records([record(1)])
    one, other = short.extended([record(2)]), short.extended([record(7)])
    assert [each.epoch for each in one] == [1, 2]
    assert [each.epoch for each in other] == [1, 7]


@pytest.mark.parametrize("ndcg", [False, True])
def test_the_best_epoch_is_known_without_looking_at_all(ndcg: bool) -> None:
    values = [0.9, 0.7, 0.8, 0.7, 0.95, 0.6]
    records = [record(n + 1, NAN, v) if ndcg else record(n + 1, v) for n, v in enumerate(values)]
    grown = Records()
    assert grown.best is None
    for start, stop in pairwise([0, 1, 1, 4, 6]):
        grown = grown.extended(records[start:stop])
        assert grown.best is best_of(records[:stop])
    assert grown.best is not None
    assert grown.best.epoch == (5 if ndcg else 6)


def test_without_a_hold_out_there_is_no_best() -> None:
    assert Records([record(1), record(2)]).best is None
