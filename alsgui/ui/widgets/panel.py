"""A plain dialog: heading, content, Close."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row


def panel(
    parent: QWidget, title: str, content: QWidget, size: tuple[int, int], *, words: str = "", copied: str = ""
) -> QDialog:
    """A plain dialog: heading, content, Copy where there is something to copy, Close."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    close = button(tr("Close"))
    close.clicked.connect(dialog.accept)
    close.setDefault(True)
    feet = row(None, close)
    if copied:
        copy = button(tr("Copy"), "copy")
        copy.clicked.connect(lambda: QApplication.clipboard().setText(copied))
        feet.insertWidget(0, copy)
    heading = label(title, "title", wrap=True)
    parts: list[QWidget] = [heading, label(words, "body", "muted", wrap=True)] if words else [heading]
    whole = column(*parts, content, feet, gap=12, margins=(20, 18, 20, 18))
    whole.setStretchFactor(content, 1)
    dialog.setLayout(whole)
    dialog.resize(theme.px(size[0]), theme.px(size[1]))
    close.setFocus()
    return dialog
