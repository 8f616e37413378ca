"""Ask for the address of a PostgreSQL server; its table is then looked at like a file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from alsgui.io.sources.rows import is_connection
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.labels import label, set_colour
from alsgui.ui.widgets.layouts import column, row


class ConnectDialog(QDialog):
    """One field for the address; Look hands it to `look(address)`."""

    def __init__(self, parent: QWidget, look: Callable[[str], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Open a PostgreSQL table"))
        self._look = look
        self.address = QLineEdit()
        self.address.setPlaceholderText("postgresql://user:password@host:5432/database")
        self.address.setAccessibleName(tr("Address"))
        self.problem = label("", "hint", wrap=True)
        set_colour(self.problem, "error")
        words = tr("Tables are read, never written. The password is used for this session and is not remembered.")
        look_button = button(tr("Look"), kind="primary")
        look_button.setDefault(True)
        look_button.clicked.connect(self._accept)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        parts = (
            label(tr("Open a PostgreSQL table"), "title"), label(words, "body", "muted", wrap=True), self.address,
            self.problem, None, row(None, cancel, look_button),
        )  # fmt: skip
        self.setLayout(column(*parts, gap=12, margins=(20, 18, 20, 18)))
        self.setFixedWidth(theme.px(480))

    def _accept(self) -> None:
        text = self.address.text().strip()
        if not is_connection(text):
            self.problem.setText(tr("Begin the address with postgresql://"))
            self.address.setFocus()
            return
        self._look(text)
        self.accept()
