"""The exercise that lies on the desk: what every view of Learn shows, and what a person can do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from alsgui.core.errors import ConfigError
from alsgui.core.exercise import MOST_EPOCHS, Exercise, Pair, Walk

AT_A_TIME = 20
"""Epochs between two turns of the event loop."""


class Desk(QObject):
    """One walk through one exercise.

    Signals
    -------
    changed
        The walk stands elsewhere, or the exercise is another.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.walk = Walk()
        self._left = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._run_on)

    @property
    def exercise(self) -> Exercise:
        """What is solved."""
        return self.walk.exercise

    def put(self, exercise: Exercise, begin: Pair | None = None) -> None:
        """Begin another exercise, from its start values or from a given u and m."""
        self._timer.stop()
        self.walk = Walk(exercise, begin)
        self.changed.emit()

    def set_rating(self, user: int, movie: int, text: str) -> str:
        """Take a rating as it was typed and begin anew; what is wrong with it, empty when it was taken."""
        try:
            exercise = self.exercise.with_rating(user, movie, text)
        except ConfigError as problem:
            return str(problem)
        if exercise.y != self.exercise.y:
            self.put(exercise)
        return ""

    def set_values(self, **values: Any) -> None:
        """Change lambda_u, lambda_m, seed or holes_as_zeros, and begin anew."""
        taken: dict[str, Any] = {
            name: Decimal(str(value)) if name.startswith("lambda") else value for name, value in values.items()
        }
        self.put(replace(self.exercise, **taken))

    def forward(self) -> None:
        """One step on."""
        self._do(self.walk.forward)

    def back(self) -> None:
        """One step back."""
        self._do(self.walk.back)

    def half_step(self) -> None:
        """To the end of all users, or of all movies."""
        self._do(self.walk.half_step)

    def run(self) -> None:
        """Until L falls no more, a few epochs between events, so that it is seen and stops at any key."""
        self._left = MOST_EPOCHS
        self._timer.start(0)

    @property
    def running(self) -> bool:
        """Whether `run` is going on."""
        return self._timer.isActive()

    @Slot()
    def _run_on(self) -> None:
        self._left -= AT_A_TIME
        if self.walk.run(AT_A_TIME) or self.walk.problem or self._left <= 0:
            self._timer.stop()
        self.changed.emit()

    def reset(self) -> None:
        """Back to the start values."""
        self._do(self.walk.reset)

    def begin_anew(self) -> None:
        """The chapter's exercise as it was at first."""
        self.put(Exercise())

    def _do(self, act: Callable[[], object]) -> None:
        self._timer.stop()
        act()
        self.changed.emit()
