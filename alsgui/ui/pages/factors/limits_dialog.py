"""Asks for the ends of the colours, one line for each scale in view."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QDialog, QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.labels import label, set_colour
from alsgui.ui.widgets.layouts import column, row

Limits = Mapping[str, tuple[float, float]]

_LARGEST = 1e9
_WORDS = {
    "r": tr("y and r, from - to"),
    "u": tr("u, minus - plus"),
    "m": tr("m, minus - plus"),
    "error": tr("error, minus - plus"),
    "difference": tr("difference, minus - plus"),
}


class LimitsDialog(QDialog):
    """Lowest and highest value of each colour map; what is centred on zero has one number.

    Parameters
    ----------
    parent
        Over which it stands.
    limits, usual
        What holds now and without a wish, by scale.
    fix
        Takes what was chosen; an empty mapping for the usual ones.
    """

    def __init__(self, parent: QWidget, limits: Limits, usual: Limits, fix: Callable[[Limits], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Colour limits"))
        self._fix, self._usual = fix, usual
        self.fields: dict[str, tuple[NumberField, NumberField | None]] = {}
        lines = []
        for scale, ends_now in limits.items():
            low, high = (float(f"{end:.4g}") for end in ends_now)
            ends: tuple[NumberField, NumberField | None] = (NumberField(high, 1e-9, _LARGEST), None)
            if scale == "r":
                ends = (NumberField(low, -_LARGEST, _LARGEST), NumberField(high, -_LARGEST, _LARGEST))
            self.fields[scale] = ends
            name = label(_WORDS[scale].partition(",")[0], "body")
            name.setFixedWidth(theme.px(90))
            words = [label("±", "body", "muted")] if scale != "r" else []
            parts = [field for field in ends if field is not None]
            for field in parts:
                field.setAccessibleName(_WORDS[scale])
                field.setFixedWidth(theme.px(110))
            lines.append(row(name, *words, *parts, None, gap=8))
        self.problem = label("", "hint", wrap=True)
        set_colour(self.problem, "error")
        self.problem.hide()
        usual_button, fix_button = button(tr("Usual limits")), button(tr("Fix"), kind="primary")
        fix_button.setDefault(True)
        usual_button.clicked.connect(self._take_usual)
        fix_button.clicked.connect(self._accept)
        hint = label(tr("They stay whatever you zoom or order. What lies beyond has the colour of the end."), "hint",
                     wrap=True)  # fmt: skip
        feet = row(usual_button, None, fix_button)
        self.setLayout(
            column(label(tr("Colour limits"), "title"), hint, *lines, self.problem, feet, gap=12,
                   margins=(20, 18, 20, 18))
        )  # fmt: skip
        self.setFixedWidth(theme.px(380))

    def chosen(self) -> dict[str, tuple[float, float]]:
        """What the fields say."""
        made = {}
        for scale, (first, second) in self.fields.items():
            low = first.value()
            made[scale] = (-low, low) if second is None else (low, second.value())
        return made

    def _take_usual(self) -> None:
        self._fix({})
        self.accept()

    def _accept(self) -> None:
        made = self.chosen()
        if any(not low < high for low, high in made.values()):
            self.problem.setText(tr("The first number has to be below the second."))
            self.problem.show()
            return
        self._fix(made)
        self.accept()
