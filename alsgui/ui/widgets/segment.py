"""A few choices side by side, of which one is in force."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QPushButton, QSizePolicy

from alsgui.ui.widgets.layouts import row


class Segment(QFrame):
    """Exclusive choice among `options`, given as (key, text); the first is in force at first.

    Signals
    -------
    chosen(str)
        Key of the option that the person chose.
    """

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], name: str = "") -> None:
        super().__init__()
        self.setProperty("k", "segment")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        box = row(gap=0, margins=(2, 2, 2, 2))
        for key, text in options:
            made = QPushButton(text)
            made.setProperty("k", "segment")
            made.setCheckable(True)
            self._buttons[key] = made
            self._group.addButton(made)
            box.addWidget(made)
        self.setLayout(box)
        self._current = options[0][0]
        self._buttons[self._current].setChecked(True)
        self._group.buttonToggled.connect(self._toggled)

    def current(self) -> str:
        """Key of the option in force."""
        return self._current

    def set_current(self, key: str) -> None:
        """Put an option in force without a signal."""
        self._current = key
        self._buttons[key].setChecked(True)

    def set_text(self, key: str, text: str) -> None:
        """Call an option otherwise."""
        self._buttons[key].setText(text)

    def set_enabled(self, key: str, enabled: bool, reason: str = "") -> None:
        """Allow or forbid one option; the tooltip says why."""
        self._buttons[key].setEnabled(enabled)
        self._buttons[key].setToolTip("" if enabled else reason)

    def _toggled(self, pressed: QAbstractButton, checked: bool) -> None:
        key = next(key for key, each in self._buttons.items() if each is pressed)
        if checked and key != self._current:
            self._current = key
            self.chosen.emit(key)
