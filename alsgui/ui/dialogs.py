"""Dialogs of the window. None is modal beyond its own window, and none does what a verb does not."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QInputDialog,
    QPlainTextEdit,
    QTextBrowser,
    QWidget,
)

from alsgui import __version__
from alsgui.session.opening import MODEL_SUFFIX
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.actions import shortcut_table
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.panel import panel
from alsgui.ui.widgets.tables import DataTable

if TYPE_CHECKING:
    from alsgui.ui.main_window import MainWindow

_RATING_FILES = (
    "*.csv *.tsv *.txt *.dat *.data *.zip *.gz *.zst *.bz2 *.xz *.parquet *.arrow *.feather *.json *.jsonl *.xlsx "
    "*.xls *.ods *.sqlite *.db *.duckdb *.npy *.npz *.mtx *.mat *.libsvm *.rds *.rda"
)


MOST_EPOCHS, USUAL_MORE = 100_000, 50


class Dialogs:
    """What the actions of the table open."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._open: list[QDialog] = []
        self._bug: QDialog | None = None

    # Files

    def open_file(self) -> None:
        """Choose a file of ratings or a model."""
        filters = (
            tr("Ratings and models ({all})", all=f"{_RATING_FILES} *{MODEL_SUFFIX}"),
            tr("Models ({all})", all=f"*{MODEL_SUFFIX}"),
            tr("All files (*)"),
        )
        chooser = QFileDialog(self._window, tr("Open ratings or a model"), filter=";;".join(filters))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._choose(chooser, self._window.session.importing.look_at)

    def open_folder(self) -> None:
        """Choose a folder in the MovieLens layout."""
        chooser = QFileDialog(self._window, tr("Open a folder with ratings.csv"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        self._choose(chooser, self._window.session.importing.look_at)

    def save_model(self) -> None:
        """Choose where the model goes."""
        self._choose(self._saver(tr("Save model"), f"model{MODEL_SUFFIX}"), self._window.session.save_model)

    def export_run(self) -> None:
        """Choose where the shown run goes."""
        from alsgui.ui.run_files import ask_for_run

        run = self._window.session.state.current_run
        if run is not None:
            ask_for_run(self._window, self._window.session, run)

    def go_on_for(self) -> None:
        """Ask for how many epochs the shown run goes on."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(tr("More epochs"))
        dialog.setLabelText(tr("Epochs to go on for"))
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(1, MOST_EPOCHS)
        dialog.setIntValue(USUAL_MORE)
        dialog.intValueSelected.connect(self._window.session.fitting.go_on)
        self._show(dialog)

    def export_list(self) -> None:
        """Choose where the list on Recommend goes."""
        from alsgui.ui.pages.recommend.page import RecommendPage

        page = self._window.page("recommend")
        listed = page.current_list() if isinstance(page, RecommendPage) else None
        if listed is not None:
            saver = self._saver(tr("Export list"), "recommendations.csv")
            self._choose(saver, lambda path: self._window.session.export_list(path, listed))

    def holdout_file(self) -> None:
        """Choose the file whose ratings are kept aside."""
        filters = (tr("Ratings ({all})", all=_RATING_FILES), tr("All files (*)"))
        chooser = QFileDialog(self._window, tr("Ratings to judge by"), filter=";;".join(filters))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._choose(chooser, self._window.session.splitting.from_file)

    def export_split(self) -> None:
        """Choose the folder where both parts of the ratings go."""
        chooser = QFileDialog(self._window, tr("Export split"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        self._choose(chooser, self._window.session.splitting.export)

    def _saver(self, title: str, name: str) -> QFileDialog:
        chooser = QFileDialog(self._window, title)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix(Path(name).suffix)
        chooser.selectFile(name)
        return chooser

    def _choose(self, chooser: QFileDialog, use: Callable[[str], None]) -> None:
        chooser.fileSelected.connect(use)
        self._show(chooser)

    # Forms

    def generate(self) -> None:
        """Ask what ratings to make up."""
        from alsgui.ui.generate_dialog import GenerateDialog

        self._show(GenerateDialog(self._window, self._window.session.generate))

    def export(self) -> None:
        """Ask what to export, how, and where."""
        from alsgui.ui.export_dialog import ExportDialog

        model = self._window.session.state.model
        if model is not None:
            self._show(ExportDialog(self._window, model, self._window.session))

    def download(self, name: str) -> None:
        """Say what a collection is and on which terms; download it when the person agrees."""
        from alsgui.io.catalog import collection
        from alsgui.io.download import cached
        from alsgui.ui.download_dialog import DownloadDialog

        entry, session = collection(name), self._window.session
        there = cached(entry) is not None
        self._show(DownloadDialog(self._window, entry, there, session.importing.download))

    def connect_database(self) -> None:
        """Ask for the address of a server."""
        from alsgui.ui.connect_dialog import ConnectDialog

        self._show(ConnectDialog(self._window, self._window.session.importing.look_at))

    def report(self) -> None:
        """What the read of the open ratings found."""
        from alsgui.ui.report_dialog import ReportDialog

        session = self._window.session
        if session.state.data is not None and session.state.data.report is not None:
            self._show(ReportDialog(self._window, session.state.data.report, session))

    def everyone(self) -> None:
        """Ask for the lists of all users, and where they go."""
        from alsgui.ui.everyone_dialog import EveryoneDialog

        model = self._window.session.state.model
        if model is not None:
            self._show(EveryoneDialog(self._window, model, self._window.session))

    def browse(self) -> None:
        """All users, to choose one."""
        from alsgui.ui.browse_dialog import BrowseDialog

        model = self._window.session.state.model
        if model is not None:
            self._show(BrowseDialog(self._window, model, self._window.session))

    def similar(self, what: Literal["movie", "user"]) -> None:
        """Titles or users like the selected one."""
        from alsgui.ui.similar_dialog import SimilarDialog

        model = self._window.session.state.model
        if model is not None:
            self._show(SimilarDialog(self._window, model, self._window.session, what))

    def settings(self) -> None:
        """Light or dark, text size, contrast."""
        from alsgui.ui.settings_dialog import SettingsDialog

        self._show(SettingsDialog(self._window))

    # Reading

    def terms(self) -> None:
        """What the publisher of the open sample asks for."""
        data = self._window.session.state.data
        if data is not None and data.report is not None:
            self._text(tr("Terms of {name}", name=data.ratings.name), data.report.terms, marked=True)

    def notice_details(self) -> None:
        """Everything that the banner folds away."""
        notice = self._window.session.state.notice
        if notice is not None:
            self._text(notice.text, "\n".join(notice.details))

    def about(self) -> None:
        """Version, licence, libraries."""
        from importlib.metadata import version

        libraries = "\n".join(f"{name} {version(name)}" for name in ("PySide6-Essentials", "numpy", "scipy", "numba"))
        words = tr("alsgui {v}, Python {p}", v=__version__, p=platform.python_version())
        licence = tr(
            "MIT licence. The sample's ratings are GroupLens's and have terms of their own; Inter is under OFL."
        )
        self._text(tr("About alsgui"), f"{words}\n{libraries}\n\n{licence}", size=(460, 300))

    def shortcuts(self) -> None:
        """Every key."""
        menus, actions, keys = zip(*shortcut_table(), strict=True)
        model = ArrayTableModel()
        columns = [
            Column(title=tr("Menu"), values=menus, width=84, role_colour=lambda _: "muted"),
            Column(title=tr("Action"), values=actions),
            Column(title=tr("Keys"), values=keys, width=140),
        ]
        table = DataTable(model, tr("Keyboard shortcuts"))
        model.set_columns(columns, len(keys))
        card = Card(edge_to_edge=True)
        card.body.addWidget(table)
        self._show(panel(self._window, tr("Keyboard shortcuts"), card, (460, 620)))

    def bug(self, error: BaseException) -> None:
        """A report of a bug, to copy; the work can still be saved. What comes while one is read is in the log alone."""
        if self._bug in self._open:
            return
        lines = "".join(traceback.format_exception(error))
        report = f"alsgui {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n{lines}"
        words = tr("Something went wrong that should not. Your work is still there: save it, then report this.")
        self._bug = self._text(words, report, title=tr("A bug in alsgui"))

    def close_all(self) -> None:
        """Close what is open, unanswered."""
        for dialog in list(self._open):
            dialog.reject()

    def _text(
        self, words: str, text: str, title: str = "", *, marked: bool = False, size: tuple[int, int] = (640, 480)
    ) -> QDialog:
        view: QWidget
        if marked:
            view = _reading(text)
        else:
            view = QPlainTextEdit(text)
            view.setReadOnly(True)
        made = panel(self._window, title or words, view, size, words=words if title else "", copied=text)
        self._show(made)
        return made

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._open.append(dialog)
        dialog.finished.connect(lambda: self._open.remove(dialog) if dialog in self._open else None)
        dialog.open()


def _reading(text: str) -> QTextBrowser:
    """Markdown to read: headings a little larger than the text, room between paragraphs."""
    view = QTextBrowser()
    view.setOpenExternalLinks(True)
    view.setMarkdown(text)
    cursor = QTextCursor(view.document())
    block = view.document().begin()
    while block.isValid():
        cursor.setPosition(block.position())
        spaced = block.blockFormat()
        spaced.setBottomMargin(theme.px(8))
        cursor.setBlockFormat(spaced)
        if spaced.headingLevel():
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            heading = QTextCharFormat()
            heading.setFont(theme.font(15, 600))
            heading.setProperty(QTextFormat.Property.FontSizeAdjustment, 0)
            cursor.mergeCharFormat(heading)
        block = block.next()
    return view
