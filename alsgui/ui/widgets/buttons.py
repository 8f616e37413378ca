"""Buttons of the kit."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QPushButton

from alsgui.text import THIN_SPACE
from alsgui.ui import theme

Kind = Literal["secondary", "primary", "ghost", "link", "tile"]

_ICON_ROLES = {"primary": "on_accent", "link": "accent", "tile": "muted"}


def button(text: str, icon: str | None = None, kind: Kind = "secondary", tip: str = "") -> QPushButton:
    """Make a button of words, with an icon before them if `icon` names one.

    A `tile` can be checked, as one of a few choices (put them in a `QButtonGroup`).
    """
    made = QPushButton()
    made.setProperty("k", kind)
    made.setCheckable(kind == "tile")
    made.setToolTip(tip)
    relabel(made, text, icon)
    return made


def relabel(made: QPushButton, text: str, icon: str | None = None) -> None:
    """Give a button other words and icon (Fit becomes Pause)."""
    if icon is not None:
        role = _ICON_ROLES.get(made.property("k"), "text")
        made.setIcon(theme.icon(icon, role, "accent" if made.property("k") == "tile" else role))
    made.setText(THIN_SPACE + text if icon is not None or not made.icon().isNull() else text)
    made.setAccessibleName(text)


def icon_button(icon: str, name: str, *, role: str = "text", checkable: bool = False) -> QPushButton:
    """Make a ghost button of an icon alone; `name` is its tooltip and what a screen reader says."""
    made = QPushButton()
    made.setProperty("k", "icon")
    made.setIcon(theme.icon(icon, role, "accent"))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setCheckable(checkable)
    return made
