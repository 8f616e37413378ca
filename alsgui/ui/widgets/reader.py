"""A window to read a text in: the terms of a data set."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.layouts import column, row


class TextReader(QDialog):
    """Read-only text as it was written, to be selected and copied; deletes itself when closed. Show it with `open`."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.view = QPlainTextEdit(text)
        self.view.setReadOnly(True)
        self.view.setAccessibleName(title)
        self.view.setFont(theme.font())
        close = button(tr("Close"))
        close.clicked.connect(self.accept)
        self.setLayout(column(self.view, row(None, close), gap=12, margins=(16, 16, 16, 16)))
        self.resize(theme.px(640), theme.px(520))
