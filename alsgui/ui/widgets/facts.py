"""Lines of label and value, as in the inspector."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from alsgui.ui.widgets.labels import ElidedLabel, Rule, label, set_colour
from alsgui.ui.widgets.layouts import Box, column, row

__all__ = ["FactList", "Rule"]


class FactList(QWidget):
    """Muted labels at the left, values at the right; widgets are reused, so that it can follow the pointer."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[_Line] = []
        self._column: Box = column(gap=3)
        self.setLayout(self._column)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_rows(self, rows: Sequence[tuple[str, str, str | None, str]]) -> None:
        """Show lines, each as (label, value, token of the value's colour or None, tooltip)."""
        while len(self._lines) < len(rows):
            self._lines.append(_Line())
            self._column.addWidget(self._lines[-1])
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(rows))
            if number < len(rows):
                line.show_fact(*rows[number])


class _Line(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._label: QLabel = label("", "hint")
        self._value = ElidedLabel("", "body")
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        box = row(self._label, self._value, gap=12)
        box.setStretchFactor(self._value, 1)
        self.setLayout(box)

    def show_fact(self, name: str, value: str, role: str | None, tip: str) -> None:
        self._label.setText(name)
        self._value.setText(value)
        set_colour(self._value, role)
        self.setToolTip(tip)
        self.setAccessibleName(f"{name} {value}")
