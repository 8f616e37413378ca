"""How much of the processor those who watch a job may take from it."""

from __future__ import annotations

SHARE, AHEAD, LONGEST, LONGEST_ALL = 0.04, 0.15, 0.15, 3.0


class Allowance:
    """Processor time for showing a job's steps: a share of the time that passes.

    Some is there ahead, so that short jobs and the beginnings of long ones are shown at every tick. A dear frame is
    paid for afterwards: the next ones wait until they have been saved for.

    Parameters
    ----------
    share
        Processor seconds per second.
    ahead
        Processor seconds that are there at first, and that can be saved at most.
    longest, longest_all
        Seconds after which what is cheap, and all, is shown whatever it costs.
    """

    def __init__(
        self, share: float = SHARE, ahead: float = AHEAD, longest: float = LONGEST, longest_all: float = LONGEST_ALL
    ) -> None:
        self._share, self._left, self._ahead = share, ahead, ahead
        self._longest, self._longest_all = longest, longest_all
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
        saved = min(self._left + self._share * (now - self._now), self._ahead)
        self._left = max(saved - (spent - self._spent), -self._share * self._longest_all)
        self._now, self._spent = now, spent

    @property
    def all_due(self) -> bool:
        """Whether all there is should be shown now."""
        return self._left >= 0 or (self._now or 0.0) - self._shown_all >= self._longest_all

    @property
    def cheap_due(self) -> bool:
        """Whether so long nothing was shown that what is cheap should be."""
        return (self._now or 0.0) - self._shown >= self._longest

    def show(self, *, everything: bool) -> None:
        """Take note that something, or all, is shown."""
        self._shown = self._now or 0.0
        if everything:
            self._shown_all = self._shown
