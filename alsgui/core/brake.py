"""How work is asked to end early, from any thread."""

from __future__ import annotations

import threading


class Brake(threading.Event):
    """Set when work is to end. `stop` keeps what is complete and closes it properly; `cancel` does not wait for that.

    Attributes
    ----------
    cancelled : bool
        Whether it was `cancel`.
    by_hand : bool
        Whether half-steps are taken one by one: each is then plain and exact.
    back : bool
        Whether the half-step that was taken last is to be undone; the fit takes it away when it has done so.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cancelled = False
        self.by_hand = False
        self.back = False

    def stop(self) -> None:
        """Ask for an end after the running row block."""
        self.set()

    def cancel(self) -> None:
        """Ask for an end at once."""
        self.cancelled = True
        self.set()
