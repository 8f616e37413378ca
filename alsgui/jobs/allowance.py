"""How much of the processor those who watch a job may take from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """What watching may take.

    Parameters
    ----------
    share
        Processor seconds per second.
    ahead
        Processor seconds that are there at first, and that can be saved at most.
    longest, longest_all
        Seconds after which what is cheap, and all, is shown whatever it costs.
    """

    share: float = 0.04
    ahead: float = 0.15
    longest: float = 0.15
    longest_all: float = 3.0


ASIDE = Terms()
"""Where something else is looked at than how a fit goes."""

CLOSELY = Terms(share=0.25, longest=0.05, longest_all=1.0)
"""Where the curve itself is looked at: it is to move smoothly, and takes from the fit what that costs."""


class Allowance:
    """Processor time for showing a job's steps: a share of the time that passes.

    Some is there ahead, so that short jobs and the beginnings of long ones are shown at every tick. A dear frame is
    paid for afterwards: the next ones wait until they have been saved for.

    Attributes
    ----------
    terms : Terms
        Can be changed at any time.
    """

    def __init__(self, terms: Terms = ASIDE) -> None:
        self.terms, self._left = terms, terms.ahead
        self._now: float | None = None
        self._spent = self._shown = self._shown_all = 0.0

    def spend(self, now: float, spent: float) -> None:
        """Take note of the time and of what watching has cost.

        Parameters
        ----------
        now
            Seconds of a clock that only goes forward.
        spent
            Processor seconds that watching has taken in all.
        """
        if self._now is None:
            self._now, self._spent, self._shown, self._shown_all = now, spent, now, now
        terms = self.terms
        saved = min(self._left + terms.share * (now - self._now), terms.ahead)
        self._left = max(saved - (spent - self._spent), -terms.share * terms.longest_all)
        self._now, self._spent = now, spent

    @property
    def all_due(self) -> bool:
        """Whether all there is should be shown now."""
        return self._left >= 0 or (self._now or 0.0) - self._shown_all >= self.terms.longest_all

    @property
    def cheap_due(self) -> bool:
        """Whether so long nothing was shown that what is cheap should be."""
        return (self._now or 0.0) - self._shown >= self.terms.longest

    def show(self, *, everything: bool) -> None:
        """Take note that something, or all, is shown."""
        self._shown = self._now or 0.0
        if everything:
            self._shown_all = self._shown
