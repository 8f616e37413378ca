"""Look of the window: light or dark, text size, contrast."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from alsgui.text import percent, tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment

_SIZES = (0.9, 1.0, 1.1, 1.25, 1.5, 2.0)


class SettingsDialog(QDialog):
    """Changes show at once."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        look = theme.current()
        self.setWindowTitle(tr("Settings"))
        self.mode = Segment([("system", tr("System")), ("light", tr("Light")), ("dark", tr("Dark"))], tr("Colours"))
        self.mode.set_current(look.mode)
        self.mode.chosen.connect(look.set_mode)
        self.text_size = Segment([(str(size), percent(size, 0)) for size in _SIZES], tr("Text size"))
        nearest = min(_SIZES, key=lambda size: abs(size - look.scale))
        self.text_size.set_current(str(nearest))
        self.text_size.chosen.connect(lambda size: look.set_scale(float(size)))
        self.contrast = QCheckBox(tr("More contrast"))
        self.contrast.setChecked(look.high_contrast)
        self.contrast.toggled.connect(look.set_high_contrast)
        close = button(tr("Close"))
        close.clicked.connect(self.accept)
        self.setLayout(
            column(
                label(tr("Settings"), "title"), label(tr("Colours"), "strong"), self.mode,
                label(tr("Text size"), "strong"), self.text_size, self.contrast, None, row(None, close),
                gap=10, margins=(20, 18, 20, 18),
            )
        )  # fmt: skip
