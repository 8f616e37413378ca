"""Calls no more often than they can be seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot


class Pace(QObject):
    """Does what is asked at once, then at most once in an interval; what was asked last is never lost.

    Parameters
    ----------
    milliseconds
        The interval.
    """

    def __init__(self, milliseconds: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: Callable[[], None] | None = None
        self.timer = QTimer(self, singleShot=True, interval=milliseconds)
        self.timer.timeout.connect(self._do_waiting)

    def ask(self, act: Callable[[], None]) -> None:
        """Do `act` now or at the end of the interval; then only the last one asked."""
        self._waiting = act
        if not self.timer.isActive():
            self._do_waiting()

    def do(self, act: Callable[[], None]) -> None:
        """Do `act` now, whatever waits."""
        self._waiting = act
        self._do_waiting()

    @Slot()
    def _do_waiting(self) -> None:
        act, self._waiting = self._waiting, None
        if act is not None:
            self.timer.start()
            act()
