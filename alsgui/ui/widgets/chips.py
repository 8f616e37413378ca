"""Chips: a user, a movie, a run, named in the colour of its role."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy

from alsgui.text import THIN_SPACE, tr
from alsgui.ui import theme
from alsgui.ui.widgets.layouts import row

Role = Literal["user", "movie", "run", "plain"]

_ICONS = {"user": "user", "movie": "film-strip", "run": "chart-line-up"}
_COLOURS = {"user": "user", "movie": "movie", "run": "accent", "plain": "muted"}


class Chip(QFrame):
    """Name on the soft ground of its role, with the role's icon.

    Parameters
    ----------
    role
        What is named.
    text
        Its name.
    icon
        Another icon than that of the role.
    removable
        Whether there is an x.
    clickable
        Whether the chip can be pressed and takes the keyboard focus.
    """

    clicked = Signal()
    removed = Signal()

    def __init__(
        self,
        role: Role,
        text: str,
        icon: str | None = None,
        *,
        removable: bool = False,
        clickable: bool = False,
    ) -> None:
        super().__init__()
        self.setProperty("k", "chip")
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._body = QPushButton()
        self._body.setProperty("k", "chip")
        self._body.setProperty("role", role)
        glyph = icon or _ICONS.get(role)
        if glyph is not None:
            self._body.setIcon(theme.icon(glyph, _COLOURS[role]))
        box = row(self._body, gap=0)
        if clickable:
            self._body.clicked.connect(self.clicked)
        else:
            self._body.setProperty("still", True)
            self._body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if removable:
            box.addWidget(self._cross(role))
        self.setLayout(box)
        self.set_text(text)

    def text(self) -> str:
        """Name shown."""
        return self._body.accessibleName()

    def set_text(self, text: str) -> None:
        """Show another name."""
        self._body.setText(THIN_SPACE + text if not self._body.icon().isNull() else text)
        self._body.setAccessibleName(text)

    def _cross(self, role: Role) -> QPushButton:
        cross = QPushButton(theme.icon("x", _COLOURS[role]), "")
        cross.setProperty("k", "chip")
        cross.setProperty("role", role)
        cross.setProperty("cross", True)
        cross.setToolTip(tr("Remove"))
        cross.setAccessibleName(tr("Remove"))
        cross.clicked.connect(self.removed)
        return cross
