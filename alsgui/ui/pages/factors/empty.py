"""What the Factors page says before there are factors, with the one click that mends it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from alsgui.session.state import Phase
from alsgui.text import tr
from alsgui.ui.widgets.buttons import Kind, button
from alsgui.ui.widgets.empty import EmptyState, StartCard
from alsgui.ui.widgets.layouts import column


class NothingYet(QWidget):
    """Sentence and cards: open, sample or generate without ratings; fit with them.

    Signals
    -------
    action_wanted(str)
        Id of the action that a card stands for.
    """

    action_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        fit = self._card(
            tr("Fit a model"),
            tr("Alternating least squares with the settings on Train. It can be stopped at any time."),
            ("fit", tr("Fit"), "play-fill", "primary"),
        )
        ways = [
            self._card(
                tr("Open ratings"),
                tr("A table of user, item and rating, a wide matrix, or a MovieLens folder."),
                ("open", tr("Open"), "folder-open", "primary"),
            ),
            self._card(
                tr("Start with a sample"),
                tr("MovieLens latest-small: 610 users and their ratings of movies."),
                ("sample", tr("Open sample"), "books", "secondary"),
            ),
            self._card(
                tr("Generate ratings"),
                tr("The chapter's example, low rank plus noise, or invented movies."),
                ("generate", tr("Generate"), "dice-five", "secondary"),
            ),
        ]
        line = tr("This page draws u, m and r as soon as there is a model.")
        self._states = QStackedLayout()
        self.setLayout(self._states)
        for state in (
            EmptyState(tr("No ratings yet"), line, ways),
            EmptyState(tr("No model yet"), line, [fit, QWidget(), QWidget()]),
            EmptyState(tr("The first half-step is on its way"), tr("The pictures follow the fit as it learns."), []),
        ):
            place = QWidget()
            place.setLayout(column(None, state, None, None, margins=(48, 0, 48, 0)))
            self._states.addWidget(place)

    def show_phase(self, phase: Phase) -> None:
        """Say what is missing."""
        self._states.setCurrentIndex({"empty": 0, "data": 1, "model": 1, "fitting": 2}[phase])

    def _card(self, title: str, words: str, way: tuple[str, str, str, Kind]) -> StartCard:
        action, name, icon, kind = way
        made = button(name, icon, kind)
        made.clicked.connect(lambda: self.action_wanted.emit(action))
        return StartCard(None, title, words, made)
