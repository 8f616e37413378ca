"""Asks for the lists of all users: how long, in which format, what they leave out, and where they go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QWidget

from alsgui import text
from alsgui.core.everyone import MOST_LISTED
from alsgui.core.model import Model
from alsgui.core.recommend import Filters
from alsgui.session.session import Session
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment


class EveryoneDialog(QDialog):
    """The top n of every user, to a file. The session writes, as a job; this only asks."""

    def __init__(self, parent: QWidget, model: Model, session: Session) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Lists for everyone"))
        self._model, self._session = model, session
        filters = session.filters
        self.n = NumberField(filters.n_top or 10, 1, MOST_LISTED, whole=True, name=tr("How many"))
        self.least = NumberField(filters.at_least, 0, 1_000_000, whole=True, name=tr("Fewest ratings"))
        for field in (self.n, self.least):
            field.setFixedWidth(theme.px(84))
        self.hide_rated = QCheckBox(tr("Leave out what each user has rated"))
        self.hide_rated.setChecked(filters.hide_seen and model.ratings is not None)
        self.hide_rated.setEnabled(model.ratings is not None)
        self.others = QCheckBox(_filter_words(model, filters))
        self.others.setChecked(bool(_filter_words(model, filters)))
        self.others.setVisible(bool(_filter_words(model, filters)))
        self.format = Segment([("csv", "CSV"), ("parquet", "Parquet")], tr("Format"))
        self.export = button(tr("Choose a place..."), "export", "primary")
        self.export.clicked.connect(self._ask_where)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        n_users = text.counted(model.n_users, tr("user"))
        words = label(tr("The best {nouns} of {users}, by prediction: one row for each user and rank.",
                         nouns=text.pluralised(model.noun), users=n_users), "hint", wrap=True)  # fmt: skip
        self.setLayout(
            column(
                label(tr("Lists for everyone"), "title"), words,
                row(label(tr("How many for each"), "strong"), None, self.n),
                row(label(tr("Fewest ratings of a {noun}", noun=model.noun), "strong"), None, self.least),
                self.hide_rated, self.others, Rule(), row(label(tr("Format"), "strong"), None, self.format), None,
                row(None, cancel, self.export), gap=12, margins=(20, 18, 20, 18),
            )
        )  # fmt: skip
        self.setFixedWidth(theme.px(440))

    def filters(self) -> Filters:
        """What the lists leave out."""
        asked = self._session.filters if self.others.isChecked() else Filters()
        return replace(asked, n_top=int(self.n.value()), at_least=int(self.least.value()),
                       hide_seen=self.hide_rated.isChecked(), diversity=0.0)  # fmt: skip

    def _ask_where(self) -> None:
        for field in (self.n, self.least):
            field.editingFinished.emit()  # not every system takes the focus from a field when a button is pressed
        ending = self.format.current()
        chooser = QFileDialog(self, tr("Lists for everyone"))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix(ending)
        chooser.selectFile(f"everyone.{ending}")
        chooser.fileSelected.connect(self.export_to)
        chooser.open()

    def export_to(self, place: str) -> None:
        """Have the session write to a file."""
        ending = f".{self.format.current()}"
        self._session.export_everyone(Path(place if place.endswith(ending) else place + ending), self.filters())
        self.accept()


def _filter_words(model: Model, filters: Filters) -> str:
    """The filters of the list on Recommend that can be applied to everyone; empty for none."""
    words = [*filters.genres]
    if filters.text:
        words.append(tr("title with {text}", text=filters.text))
    if filters.first_year is not None or filters.last_year is not None:
        words.append(tr("years {first} to {last}", first=filters.first_year or "…", last=filters.last_year or "…"))
    if filters.exclude:
        words.append(tr("{n} left out", n=text.counted(len(filters.exclude), model.noun)))
    return tr("As the list: {filters}", filters=", ".join(words)) if words else ""
