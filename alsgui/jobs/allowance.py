"""How much of the processor those who watch a job may take from it."""

from __future__ import annotations

SHARE, AHEAD, LONGEST = 0.04, 0.15, 0.5


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
    longest
        Seconds after which something is shown whatever it costs.
    most_owed
        Seconds for which a dear frame makes the next ones wait at most.
    """

    def __init__(
        self, share: float = SHARE, ahead: float = AHEAD, longest: float = LONGEST, most_owed: float = 6 * LONGEST
    ) -> None:
        self._share, self._ahead, self._longest, self._most_owed = share, ahead, longest, share * most_owed
        self._left = ahead
        self._now: float | None = None
        self._spent = self._shown = 0.0

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
            self._now, self._spent, self._shown = now, spent, now
        saved = min(self._left + self._share * (now - self._now), self._ahead)
        self._left = max(saved - (spent - self._spent), -self._most_owed)
        self._now, self._spent = now, spent

    @property
    def saved_for(self) -> bool:
        """Whether all there is may be shown now."""
        return self._left >= 0

    @property
    def overdue(self) -> bool:
        """Whether so long nothing was shown that what is cheap should be."""
        return self._now is not None and self._now - self._shown >= self._longest

    def show(self) -> None:
        """Take note that something is shown."""
        self._shown = self._now or 0.0
