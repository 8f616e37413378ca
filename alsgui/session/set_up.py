"""Setting the app up to see something: ratings, fits in a row, a page; one plan that is started by one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from alsgui.core.solvers.config import make_config
from alsgui.session.session import Session
from alsgui.session.state import Notice, PersonKind, Source

Settings = Mapping[str, Any]

_WHOLE = ("epochs", "tolerance", "patience")
"""How fits end that nobody ended."""


@dataclass(frozen=True)
class Plan:
    """What is to be on the screen.

    Parameters
    ----------
    source
        Ratings to open, unless they are open.
    fits
        Settings of fits, "algorithm" among them, one after another.
    page
        Where it ends.
    share
        Kept aside; None for the default of the ratings.
    settings
        What Train is set to in the end, where nothing is fitted.
    person
        Whom the list on Recommend is for.
    words
        What the person is told in the end.
    """

    source: Source
    fits: tuple[Settings, ...] = ()
    page: str = "train"
    share: float | None = None
    settings: Settings | None = None
    person: PersonKind | None = None
    words: str = ""


class SetUp(QObject):
    """Carries out one plan at a time; whatever goes wrong or is cancelled ends it where it stands.

    Signals
    -------
    finished : Plan
        A plan was carried out whole.
    """

    finished = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._plan: Plan | None = None
        self._left: list[tuple[Callable[[], None], Callable[[], bool]]] = []
        self._is_done: Callable[[], bool] = lambda: True
        self._stays = ""
        session.changed.connect(self._note)

    @property
    def plan(self) -> Plan | None:
        """The plan that is being carried out."""
        return self._plan

    def carry_out(self, plan: Plan) -> None:
        """Begin a plan; one that is going on ends, and so does any job."""
        self._plan = None
        self._session.after_current(partial(self._begin, plan))

    def _begin(self, plan: Plan) -> None:
        self._plan, self._stays = plan, self._session.state.page
        self._left = []
        if not self._is_open(plan):
            self._left.append((lambda: self._session.open_source(plan.source), lambda: self._is_open(plan)))
        self._left += [(partial(self._fit, plan, settings), self._has_new_model) for settings in plan.fits]
        self._is_done = lambda: True
        self._go_on(plan)

    def _is_open(self, plan: Plan) -> bool:
        data = self._session.state.data
        return data is not None and data.source == plan.source

    def _has_new_model(self) -> bool:
        state = self._session.state
        model = state.model
        return bool(state.runs) and model is not None and state.runs[-1].model is model and model.stopped in _WHOLE

    def _fit(self, plan: Plan, settings: Settings) -> None:
        self._configure(plan, settings)
        self._session.fitting.fit()

    def _configure(self, plan: Plan, settings: Settings) -> None:
        given = dict(settings)
        self._session.put(config=make_config(given.pop("algorithm"), **given))
        if plan.share is not None:
            self._session.splitting.keep_aside("random", plan.share)

    @Slot(str)
    def _note(self, field: str) -> None:
        plan = self._plan
        if field != "job" or plan is None or self._session.state.job is not None:
            return
        if self._is_done():
            self._go_on(plan)
        else:
            self._plan = None

    def _go_on(self, plan: Plan) -> None:
        if self._left:
            act, self._is_done = self._left.pop(0)
            self._session.show_page(self._stays)  # opening leads to Data: stay until all is there
            act()
            return
        self._plan = None
        if plan.settings is not None:
            self._configure(plan, plan.settings)
        if plan.person is not None:
            self._session.choose_person(plan.person)
        self._session.show_page(plan.page)
        if plan.words:
            self._session.tell(Notice("info", plan.words))
        self.finished.emit(plan)
