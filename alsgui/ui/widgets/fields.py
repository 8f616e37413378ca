"""Numbers that a person types, and the rows in which settings stand."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from alsgui.text import MINUS, THIN_SPACE, count, tr
from alsgui.ui import theme
from alsgui.ui.qss import set_property
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.labels import label, set_colour
from alsgui.ui.widgets.layouts import column, row


class NumberField(QLineEdit):
    """Field for one number; wrong input is marked at once and never leaves the field.

    Reads 1e-5, a decimal comma, a true minus, spaces between thousands and a trailing %. Up and Down step.
    Enter or leaving the field takes the number; Escape, or leaving while it is wrong, brings the last one back.

    Parameters
    ----------
    value
        Number at first.
    low, high
        Smallest and largest number allowed.
    whole
        Whether it is a whole number.
    percent
        Whether a share (0 to 1) is shown and typed in percent.
    step
        What Up adds and Down takes; with `factor`, Up multiplies and Down divides by it instead.
    name
        What a screen reader calls it.

    Signals
    -------
    changed(float)
        Another valid number was taken.
    complained(str)
        What is wrong with the text, as it is typed; empty when it is right again.
    """

    changed = Signal(float)
    complained = Signal(str)

    def __init__(
        self,
        value: float,
        low: float,
        high: float,
        *,
        whole: bool = False,
        percent: bool = False,
        step: float = 1.0,
        factor: float | None = None,
        name: str = "",
    ) -> None:
        super().__init__()
        self._value, self._low, self._high = value, low, high
        self._whole, self._percent = whole, percent
        self._next: Callable[[float, int], float] = (
            (lambda number, way: number + way * step)
            if factor is None
            else (lambda number, way: float(f"{number * factor**way:.6g}"))
        )
        self.problem = ""
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self._check)
        self.editingFinished.connect(self._take)
        self.setText(self._shown(value))

    def sizeHint(self) -> QSize:
        """Wide enough for the six digits of a penalty that was not typed: 1.76777."""
        return QSize(theme.px(84), super().sizeHint().height())

    def value(self) -> float:
        """Last valid number."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a number without a signal."""
        self._value = value
        self.setText(self._shown(value))
        self._complain("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with Up and Down; bring the last number back with Escape."""
        ways = {} if self.isReadOnly() else {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        way = ways.get(Qt.Key(event.key()))
        if way is not None:
            number = self._parsed(self.text())
            start = self._value if number is None or self.problem else number
            self._accept(min(max(self._next(start, way), self._low), self._high))
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._shown(self._value):
            self.set_value(self._value)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Bring the last number back where the text is wrong."""
        super().focusOutEvent(event)
        if self.problem and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.set_value(self._value)

    def _take(self) -> None:
        self._check(self.text())
        number = self._parsed(self.text())
        if not self.problem and number is not None:
            self._accept(number)

    def _accept(self, number: float) -> None:
        new = number != self._value
        self.set_value(number)
        if new:
            self.changed.emit(number)

    def _check(self, text: str) -> None:
        number = self._parsed(text)
        limits = tr("use {low} to {high}", low=self._shown(self._low), high=self._shown(self._high))
        if number is None:
            self._complain(tr("not a number; {limits}", limits=limits))
        elif not math.isfinite(number):
            self._complain(tr("not a finite number; {limits}", limits=limits))
        elif self._whole and number != int(number):
            self._complain(tr("not a whole number; {limits}", limits=limits))
        elif not self._low <= number <= self._high:
            self._complain(limits)
        else:
            self._complain("")

    def _complain(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            set_property(self, "wrong", "true" if problem else "false")
            self.setToolTip(problem)
            self.setAccessibleDescription(problem)
            self.complained.emit(problem)

    def _parsed(self, text: str) -> float | None:
        plain = "".join(text.split()).replace(MINUS, "-").removesuffix("%").replace(",", ".")
        try:
            number = float(plain)
        except ValueError:
            return None
        return float(f"{number / 100:.12g}") if self._percent else number

    def _shown(self, number: float) -> str:
        if self._whole and math.isfinite(number):
            return count(number)
        # 1e-05 is written 1e-5, 1e+12 is written 1e12.
        text = f"{number * 100 if self._percent else number:.6g}"
        text = text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
        return text.replace("-", MINUS) + (f"{THIN_SPACE}%" if self._percent else "")


class SettingRow(QWidget):
    """One setting: its symbol and title, the field at the right, an explanation below.

    What a `NumberField` complains of takes the place of the explanation. The symbol may hold <sub> and <sup>.
    """

    def __init__(self, symbol: str, title: str, field: QWidget, explanation: str) -> None:
        super().__init__()
        self._explanation = explanation
        self._field = field
        self._title = label(title, "strong")
        self._title.setBuddy(field)
        self._note = label(explanation, "hint", wrap=True)
        sign = [label(symbol, "symbol", "accent")] if symbol else []
        for each in sign:
            each.setTextFormat(Qt.TextFormat.RichText)
        self.setLayout(column(row(*sign, self._title, None, field, gap=6), self._note, gap=2))
        if not field.accessibleName():
            field.setAccessibleName(title)
        if isinstance(field, NumberField):
            field.complained.connect(self._show_problem)
            theme.current().changed.connect(self._scale)
            self._scale()

    def _scale(self) -> None:
        self._field.setFixedWidth(theme.px(84))

    def set_title(self, title: str) -> None:
        """Call the setting otherwise."""
        self._title.setText(title)
        self._field.setAccessibleName(title)

    def set_explanation(self, explanation: str) -> None:
        """Explain the setting in other words."""
        if explanation != self._explanation:
            self._explanation = explanation
            if self._note.property("c") != "error":
                self._note.setText(explanation)

    def _show_problem(self, problem: str) -> None:
        self._note.setText(problem or self._explanation)
        set_colour(self._note, "error" if problem else None)


class Fold(QWidget):
    """Title that unfolds a body; a summary beside it says what is inside while it is closed.

    Signals
    -------
    toggled(bool)
        Whether it is open now.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, summary: str = "") -> None:
        super().__init__()
        self._head = button(title, "caret-right", "link")
        self._head.clicked.connect(lambda: self.set_open(not self.is_open()))
        self._summary = label(summary, "hint")
        inside = QWidget()
        self.body = column(gap=8)
        inside.setLayout(self.body)
        inside.hide()
        self._inside = inside
        self.setLayout(column(row(self._head, None, self._summary), inside, gap=4))

    def is_open(self) -> bool:
        """Whether the body is shown."""
        return not self._inside.isHidden()

    def set_open(self, opened: bool) -> None:
        """Show or hide the body."""
        if opened != self.is_open():
            self._inside.setVisible(opened)
            self._summary.setVisible(not opened)
            self._head.setIcon(theme.icon("caret-down" if opened else "caret-right", "accent"))
            self.toggled.emit(opened)

    def set_summary(self, summary: str) -> None:
        """Say what is inside."""
        self._summary.setText(summary)
