"""What every page has: header, banner, body, a panel at its left where it needs one, and its own inspector."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.ui import theme
from alsgui.ui.widgets.labels import ElidedLabel, label
from alsgui.ui.widgets.layouts import column, row


class Page(QWidget):
    """One page. A subclass builds its widgets in its constructor and shows the state in `show_state`.

    Rendering is idempotent, calls no verb, and happens once for any number of changes, and only while the page is
    visible; what changed meanwhile is rendered when it is shown.

    Signals
    -------
    action_wanted : str
        Id of an action of the table that a button on the page stands for.

    Attributes
    ----------
    session
        Whose verbs gestures call.
    inspector
        The panel that stands at the right of the window while this page is shown.
    header, body
        Layouts: the line of title and actions, and what is below it.
    banner_place
        Layout under the header in which the window puts its banner.
    """

    key = ""
    action_wanted = Signal(str)

    def __init__(self, session: Session, title: str, *, left_panel: QWidget | None = None) -> None:
        super().__init__()
        self.session = session
        self.inspector: QWidget = QWidget()
        self._stale = set(state_fields())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._render_now)
        self.title = label(title, "title")
        self.subtitle = ElidedLabel("", "hint")
        self.header = row(self.title, self.subtitle, None, gap=12)
        self.header.setStretchFactor(self.subtitle, 1)
        self.header.setStretch(self.header.indexOf(self.subtitle) + 1, 0)  # or half of the room would stay empty
        self.banner_place = column()
        self.body = column(gap=12)
        page = column(self.header, self.banner_place, gap=12, margins=(18, 14, 18, 14))
        page.addLayout(self.body, 1)
        columns = row(*([left_panel] if left_panel is not None else []), gap=0)
        columns.addLayout(page, 1)
        self.setLayout(columns)
        self._fit_title()
        session.changed.connect(self._note)
        theme.current().changed.connect(self._restyle)

    def show_state(self, state: State, changed: set[str]) -> None:
        """Show the state. `changed` names the fields of `State` that are new since the last time.

        "theme" is among them after a change of light, dark or text size.
        """
        raise NotImplementedError

    def render_soon(self) -> None:
        """Render on the next turn of the event loop if visible."""
        if self.isVisible() and not self._timer.isActive():
            self._timer.start(0)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while hidden."""
        super().showEvent(event)
        try:
            self._render_now()
        except Exception:  # noqa: BLE001 - a bug that leaves an override of Qt's ends the process: report it instead
            sys.excepthook(*sys.exc_info())

    @Slot(str)
    def _note(self, field: str) -> None:
        self._stale.add(field)
        self.render_soon()

    @Slot()
    def _render_now(self) -> None:
        self._timer.stop()
        if self._stale:
            changed, self._stale = self._stale, set()
            self.show_state(self.session.state, changed)

    def _fit_title(self) -> None:
        """Make the title as high as a control, so that it stands alike on pages with and without controls."""
        self.title.setMinimumHeight(theme.px(30))

    @Slot()
    def _restyle(self) -> None:
        self._fit_title()
        self._note("theme")


def state_fields() -> tuple[str, ...]:
    """Every field of the state, and "theme"."""
    from alsgui.session.session import FIELDS

    return (*FIELDS, "theme")


def scrolling(content: QWidget) -> QScrollArea:
    """`content` in a vertical scroll area without a frame."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    return area
