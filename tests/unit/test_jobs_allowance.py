"""What watching a job may cost."""

from __future__ import annotations

from itertools import pairwise

import pytest

from alsgui.jobs.allowance import ASIDE, CLOSELY, Allowance, Terms

TICK = 0.033


def watched(allowance: Allowance, frame: float, seconds: float) -> list[float]:
    """When all was shown, of frames that cost `frame` seconds each."""
    now = spent = 0.0
    shown = []
    while now < seconds:
        allowance.spend(now, spent)
        if allowance.all_due:
            allowance.show(everything=True)
            shown.append(now)
            spent += frame
        now += TICK
    return shown


@pytest.mark.parametrize("frame", [0.001, 0.008, 0.018, 0.1])
def test_frames_are_shown_at_every_tick_at_first_and_then_within_their_share(frame: float) -> None:
    shown = watched(Allowance(Terms(share=0.04, ahead=0.1)), frame, 60)
    assert len(shown) * frame <= 0.1 + 0.04 * 60 + frame
    assert len(shown) * frame >= min(0.9 * 0.04 * 60, 60 / TICK * frame * 0.99)
    if frame < 0.1:
        assert shown[:3] == pytest.approx([0, TICK, 2 * TICK])


def test_what_costs_too_much_is_still_shown_now_and_then() -> None:
    shown = watched(Allowance(Terms(share=0.04, ahead=0.1, longest_all=3.0)), 0.3, 30)
    assert max(later - sooner for sooner, later in pairwise(shown)) < 3.1


def test_what_is_cheap_is_due_after_the_longest_wait_and_all_though_the_cheap_costs_everything() -> None:
    allowance = Allowance(Terms(longest=0.5, longest_all=3.0))
    assert not allowance.cheap_due
    allowance.spend(0.0, 0.0)
    allowance.show(everything=True)
    allowance.spend(0.4, 30.0)
    assert not allowance.all_due
    assert not allowance.cheap_due
    for tick in range(1, 6):
        allowance.spend(0.5 * tick, 30.0 * tick)
        assert allowance.cheap_due
        assert not allowance.all_due
        allowance.show(everything=False)
        assert not allowance.cheap_due
    allowance.spend(3.0, 300.0)
    assert allowance.all_due


def test_terms_that_change_count_from_then_on() -> None:
    allowance = Allowance(ASIDE)
    now = spent = 0.0
    counts = {}
    for name, terms in (("aside", ASIDE), ("closely", CLOSELY)):
        allowance.terms, counts[name] = terms, 0
        for _ in range(300):
            allowance.spend(now, spent)
            if allowance.all_due:
                allowance.show(everything=True)
                counts[name] += 1
                spent += 0.01
            now += TICK
    assert counts["closely"] > 4 * counts["aside"]
