"""The import page: what a file holds, how it will be read, what will come of it. Nothing is read before Read."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from alsgui.io.looked import Look
from alsgui.session.session import Session
from alsgui.session.state import Importing, Notice, State
from alsgui.text import byte_size, count, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel
from alsgui.ui.pages.base import Page
from alsgui.ui.pages.importing.asking import AskingCard
from alsgui.ui.pages.importing.outcome import OutcomeCard
from alsgui.ui.pages.importing.preview import PreviewCard
from alsgui.ui.pages.importing.settings import ImportSettings
from alsgui.ui.widgets.buttons import button, relabel
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import ElidedLabel, label
from alsgui.ui.widgets.layouts import Box, column, row
from alsgui.ui.widgets.panel import panel
from alsgui.ui.widgets.problems import problem_columns
from alsgui.ui.widgets.tables import DataTable


class ImportPage(Page):
    """Settings at the left; size, questions, rows and outcome; the line of Python and Read below."""

    key = "import"

    def __init__(self, session: Session) -> None:
        self.settings = ImportSettings()
        super().__init__(session, "", left_panel=self.settings)
        self._shown: Look | None = None
        verbs = session.importing
        self.settings.given.connect(lambda given: verbs.set(**given))
        self.settings.detect_wanted.connect(verbs.detect_again)
        self.settings.movies_wanted.connect(lambda: self._choose_side("movies"))
        self.settings.users_wanted.connect(lambda: self._choose_side("users"))
        self.asking = AskingCard()
        self.asking.given.connect(lambda given: verbs.set(**given))
        self.asking.swap_wanted.connect(verbs.swap)
        self.preview = PreviewCard()
        self.preview.role_chosen.connect(verbs.set_role)
        self.outcome = OutcomeCard()
        self.outcome.all_wanted.connect(self._show_problems)
        self.outcome.mend_wanted.connect(self._mend)
        self._waiting = label(tr("Looking at the file"), "body", "muted")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._content = QWidget()
        whole = column(self.asking, self.preview, self.outcome, gap=12)
        whole.setStretchFactor(self.preview, 1)
        self._content.setLayout(whole)
        self.body.addWidget(self._content, 1)
        self.body.addWidget(self._waiting, 1)
        self.body.addLayout(self._foot())

    def _foot(self) -> Box:
        self.line = ElidedLabel("", "hint")
        self.line.setAccessibleName(tr("The import as Python"))
        self.copy = button(tr("Copy as Python"), "copy", "ghost", tr("The line that reads the same again"))
        self.copy.clicked.connect(self._copy)
        self.cancel = button(tr("Cancel"), tip=tr("Leave the file alone"))
        self.cancel.clicked.connect(self.session.importing.give_up)
        self.read = button(tr("Read"), "check", "primary")
        self.read.clicked.connect(self.session.importing.read)
        foot = row(self.line, self.copy, self.cancel, self.read)
        foot.setStretchFactor(self.line, 1)
        return foot

    def show_state(self, state: State, changed: set[str]) -> None:
        """Show the look, and whether it can be read."""
        importing = state.importing
        if "theme" in changed:
            self.line.setFont(theme.code_font(11))
            self._shown = None
        if importing is None:
            return
        look = importing.look
        self.title.setText(tr("Open {name}", name=importing.name))
        reading = state.job is not None and state.job.kind == "import"
        self.subtitle.setText(_subtitle(importing, reading=reading))
        self._content.setVisible(look is not None)
        self._waiting.setVisible(look is None)
        self.settings.setEnabled(look is not None and not reading)
        self._content.setEnabled(not reading)
        self.cancel.setText(tr("Stop reading") if reading else tr("Cancel"))
        if look is not None and look is not self._shown:
            self._show_look(importing, look)
        self._show_read(importing, reading=reading)

    def _show_look(self, importing: Importing, look: Look) -> None:
        from alsgui.io.options import python_line

        self._shown = look
        self.settings.show_look(look, looking=importing.looking)
        self.asking.show_look(look)
        self.preview.show_look(look)
        self.outcome.show_look(look)
        self.line.setText(python_line(importing.path, look.options))

    def _show_read(self, importing: Importing, *, reading: bool) -> None:
        look = importing.look
        words = tr("Read")
        if look is not None and look.size.n_ratings and not look.problem:
            about = "" if look.size.exact else "≈ "
            words = tr("Read {about}{n} ratings", about=about, n=count(look.size.n_ratings))
        relabel(self.read, words, "check")
        ready = look is not None and not importing.looking and not look.problem and not reading
        self.read.setEnabled(ready)
        self.read.setToolTip(
            "" if look is None else look.problem or tr("Nothing that is open changes before it is read")
        )
        self.copy.setEnabled(look is not None)

    # Gestures

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(f"import alsgui\n\nratings = {self.line.text()}\n")
        self.session.tell(Notice("ok", tr("The import is on the clipboard as Python.")))

    @Slot(str)
    def _mend(self, text: str) -> None:
        if self._shown is not None:
            self.session.importing.set(missing=(*self._shown.options.missing, text))

    def _choose_side(self, side: str) -> None:
        title = tr("Table of movies") if side == "movies" else tr("Table of users")
        chooser = QFileDialog(
            self,
            title,
            filter=tr("Tables (*.csv *.tsv *.txt *.dat *.item *.user *.parquet *.xlsx *.ods *.json);;All files (*)"),
        )
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda path: self.session.importing.set(**{side: path}))
        chooser.open()

    @Slot()
    def _show_problems(self) -> None:
        if self._shown is None:
            return
        model = ArrayTableModel()
        table = DataTable(model, tr("Rows that will be rejected"))
        model.set_columns(problem_columns(self._shown.problems), len(self._shown.problems))
        card = Card(edge_to_edge=True)
        card.body.addWidget(table)
        shown = panel(self.window(), tr("Rows that will be rejected"), card, (900, 520))
        shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown.open()


def _subtitle(importing: Importing, *, reading: bool) -> str:
    look = importing.look
    if look is None:
        return tr("looking at the file")
    state = tr("reading") if reading else tr("looking again") if importing.looking else tr("nothing is read yet")
    return ", ".join(filter(None, (byte_size(look.n_bytes) if look.n_bytes else "", state)))
