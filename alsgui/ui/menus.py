"""QActions and menus from the one table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from alsgui.session.state import State
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.actions import ACTIONS, MENUS, ActionSpec

if TYPE_CHECKING:
    from alsgui.ui.main_window import MainWindow

_SEPARATED = frozenset(
    ("save_model", "quit", "copy_python", "pause", "go_on", "cancel", "inspector", "larger", "contrast", "shortcuts")
)
"""A line stands before these."""


def make_actions(window: MainWindow) -> dict[str, QAction]:
    """One QAction for each row of the table, known to the window so that its keys work everywhere."""
    made: dict[str, QAction] = {}
    for spec in ACTIONS:
        action = QAction(spec.text, window)
        action.setObjectName(spec.id)
        action.setShortcut(QKeySequence(spec.shortcut))
        action.setCheckable(spec.checked is not None)
        action.setIconVisibleInMenu(spec.checked is None)  # an icon would stand where the tick belongs
        action.triggered.connect(_runner(spec, window))
        window.addAction(action)
        made[spec.id] = action
    return made


def fill_menu_bar(bar: QMenuBar, actions: dict[str, QAction]) -> dict[str, QMenu]:
    """Menus in the table's order; returns them by path, with "File/Recent" for the window to fill."""
    menus = {name: bar.addMenu(tr(name)) for name in MENUS}
    for spec in ACTIONS:
        top, _, sub = spec.menu.partition("/")
        if spec.menu not in menus:
            menus[spec.menu] = menus[top].addMenu(tr(sub))
        if spec.id in _SEPARATED:
            menus[spec.menu].addSeparator()
        if spec.id == "save_model":
            menus["File/Recent"] = menus["File"].addMenu(tr("Recent"))
            menus["File"].addSeparator()
        menus[spec.menu].addAction(actions[spec.id])
    for menu in menus.values():
        menu.setToolTipsVisible(True)  # where an action that cannot be done says why
    return menus


def refresh_actions(window: MainWindow, actions: dict[str, QAction], state: State) -> None:
    """Enable what can be done; what cannot says why in its tooltip."""
    for spec in ACTIONS:
        action = actions[spec.id]
        refusal = spec.refusal(state)
        action.setEnabled(not refusal)
        keys = f"  ({spec.shortcut})" if spec.shortcut else ""
        action.setToolTip(f"{spec.tip}{keys}\n{refusal}" if refusal else f"{spec.tip}{keys}")
        if spec.checked is not None:
            action.setChecked(spec.checked(window))


def refresh_icons(actions: dict[str, QAction]) -> None:
    """Draw the icons in the colours of the theme."""
    for spec in ACTIONS:
        if spec.icon:
            actions[spec.id].setIcon(theme.icon(spec.icon))


def _runner(spec: ActionSpec, window: MainWindow) -> object:
    def run() -> None:
        spec.run(window)

    return run
