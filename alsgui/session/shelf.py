"""The shelf: the factors of runs that were not looked at for long are kept on disk, and the others in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alsgui.core.errors import ExportError
from alsgui.session.state import Notice, Run
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.session.session import Session

SHARE_OF_MEMORY = 1 / 8
"""Of the machine's: what the factors of all runs of a session may take."""


class Shelf:
    """Which runs have their factors on disk. `Session.shelf` is the one instance.

    A run on disk is the same run: its arrays are mapped from a file, and are read when they are looked at. So whoever
    uses a model need not know where it is.

    Attributes
    ----------
    budget
        Bytes that the factors of all runs may take in memory; None for the usual share of the machine's.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.budget: int | None = None
        self._shown: list[int] = []
        self._told = False

    def take_shown(self, number: int) -> None:
        """A run is shown now; another may have to make room."""
        self._shown = [*(other for other in self._shown if other != number), number]
        model = self._session.state.model
        if model is not None:
            from alsgui.io.shelf import fetch_ahead

            fetch_ahead(model)
        self._make_room()

    def clear_left_over(self) -> None:
        """Take away what programs that did not end well have left on disk."""

        def work() -> None:
            from alsgui.io.shelf import clear_shelves

            clear_shelves()

        self._session.slow.request("shelf/clear", work, lambda nothing: None)

    def close(self) -> None:
        """Take away what is on disk: nobody shows a run any more."""
        if self._shown:
            from alsgui.io.shelf import clear_shelves

            clear_shelves()

    def _make_room(self) -> None:
        """Put away the run that was shown longest ago, then the next, until the rest is within the budget."""
        run = self._next()
        if run is None or run.model is None:
            return
        name, model = run.name, run.model

        def work() -> Model | ExportError:
            from alsgui.io.shelf import own_shelf, put_away

            try:
                return put_away(model, own_shelf())
            except ExportError as error:
                return error

        self._session.slow.request("shelf", work, lambda outcome: self._take(name, model, outcome), late=True)

    def _next(self) -> Run | None:
        from alsgui.io.shelf import held_bytes

        state = self._session.state
        runs = [run for run in (*state.runs, *self._session.keeping.forgotten) if run.model is not None]
        held = {id(run.model): held_bytes(run.model) for run in runs if run.model is not None}
        if sum(held.values()) <= self._allowed():
            return None
        learning = state.runs[-1].model if state.phase == "fitting" else None
        free = [run for run in runs if held[id(run.model)] and run.model not in (state.model, learning)]
        return min(free, key=self._when_shown, default=None)

    def _when_shown(self, run: Run) -> int:
        return self._shown.index(run.number) if run.number in self._shown else -1

    def _allowed(self) -> int:
        if self.budget is None:
            import psutil

            self.budget = int(psutil.virtual_memory().total * SHARE_OF_MEMORY)
        return self.budget

    def _take(self, name: str, model: Model, outcome: Model | ExportError) -> None:
        session, state = self._session, self._session.state
        if isinstance(outcome, ExportError):
            if not self._told and state.notice is None:
                self._told = True
                text = tr("The factors of {run} stay in memory: {why}", run=name, why=outcome.message)
                session.tell(Notice("warning", text, outcome.hint))
            return
        learning = state.runs[-1].model if state.phase == "fitting" else None
        if model not in (state.model, learning):
            self._told = False
            session.keeping.exchange(model, outcome)
        self._make_room()
