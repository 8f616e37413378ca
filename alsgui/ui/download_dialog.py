"""What a collection is, what it costs to have it and on which terms, before a byte is downloaded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from alsgui.io.catalog import Collection, cache_folder
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row


class DownloadDialog(QDialog):
    """Size, terms and address of a collection; Download hands it to `download(entry)`.

    Parameters
    ----------
    parent
        The window.
    entry
        The collection.
    there
        Whether it was downloaded before.
    download
        What to do when the person agrees.
    """

    def __init__(self, parent: QWidget, entry: Collection, there: bool, download: Callable[[Collection], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle(entry.title)
        self.agree = button(tr("Open") if there else tr("Download and open"), kind="primary")
        self.agree.setDefault(True)
        self.agree.clicked.connect(lambda: download(entry))
        self.agree.clicked.connect(self.accept)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        kept = tr("It was downloaded before: {folder}") if there else tr("It is kept in {folder}; what came before a "
                                                                         "break is not fetched twice.")  # fmt: skip
        parts = (
            label(entry.title, "title"),
            label(entry.line, wrap=True),
            label(entry.terms, wrap=True),
            _links(entry),
            label(kept.format(folder=cache_folder()), "hint", wrap=True),
            None,
            row(None, cancel, self.agree),
        )
        self.setLayout(column(*parts, gap=12, margins=(20, 18, 20, 18)))
        self.setFixedWidth(theme.px(460))


def _links(entry: Collection) -> QLabel:
    colour = theme.color("accent").name()
    made = QLabel(
        tr("<a style='color:{c}' href='{terms}'>Terms in full</a> &nbsp; <a style='color:{c}' href='{url}'>{url}</a>",
           c=colour, terms=entry.terms_url, url=entry.url)
    )  # fmt: skip
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setOpenExternalLinks(True)
    made.setWordWrap(True)
    return made
