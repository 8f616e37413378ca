"""The exercise that lies on the desk: what every view of Learn shows, and what a person can do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, Signal

from alsgui.core.errors import ConfigError
from alsgui.core.exercise import Exercise, Pair, Walk


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

    @property
    def exercise(self) -> Exercise:
        """What is solved."""
        return self.walk.exercise

    def put(self, exercise: Exercise, begin: Pair | None = None) -> None:
        """Begin another exercise, from its start values or from a given u and m."""
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
        """Until L falls no more."""
        self._do(self.walk.run)

    def reset(self) -> None:
        """Back to the start values."""
        self._do(self.walk.reset)

    def begin_anew(self) -> None:
        """The chapter's exercise as it was at first."""
        self.put(Exercise())

    def _do(self, act: Callable[[], object]) -> None:
        act()
        self.changed.emit()
