"""Asks where a run, or its model, is to be written. The session writes."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from alsgui.session.opening import MODEL_SUFFIX
from alsgui.session.session import Session
from alsgui.session.state import Run
from alsgui.text import tr


def ask_for_run(parent: QWidget, session: Session, run: Run) -> None:
    """All that is known of a run as JSON, or its epochs as CSV."""
    filters = (tr("All that is known (*.json)"), tr("Figures of each epoch (*.csv)"))
    dialog = _asking(
        parent, tr("Export run"), f"{_as_file(run.name)}.json", lambda path: session.keeping.export(run.number, path)
    )
    dialog.setNameFilters(filters)
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("csv" if chosen == filters[1] else "json"))
    dialog.open()


def ask_for_model(parent: QWidget, session: Session, run: Run) -> None:
    """The model of a run."""
    name = f"{_as_file(run.name)}{MODEL_SUFFIX}"
    dialog = _asking(parent, tr("Save model"), name, lambda path: session.keeping.save(run.number, path))
    dialog.open()


def _as_file(name: str) -> str:
    """A run may be called "lambda 1/2", and a file may not."""
    return re.sub(r'[\\/:*?"<>|]', "-", name).lstrip(".") or tr("Run")


def _asking(parent: QWidget, title: str, name: str, use: Callable[[str], None]) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(name.rpartition(".")[2])
    dialog.selectFile(name)
    dialog.fileSelected.connect(use)
    return dialog
