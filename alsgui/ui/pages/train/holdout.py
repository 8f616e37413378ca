"""What is kept aside, and how: the rows of the hold-out among the settings of Train."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from alsgui.core.errors import ConfigError
from alsgui.core.newcomers import JUDGED_EACH, TOLD
from alsgui.core.solvers.options import LARGEST_SEED
from alsgui.core.split import KINDS, Split, usual_share
from alsgui.session.session import Session
from alsgui.session.split_verbs import why_not_now
from alsgui.session.state import Notice, State
from alsgui.text import counted, percent, tr
from alsgui.ui import theme
from alsgui.ui.pages.train.controls import show_number
from alsgui.ui.widgets.buttons import icon_button
from alsgui.ui.widgets.fields import NumberField, SettingRow
from alsgui.ui.widgets.labels import ElidedLabel, label, set_colour
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment

_TITLES = {
    "random": tr("Ratings at random"),
    "last": tr("Newest of each user"),
    "each": tr("Some of each user"),
    "file": tr("Those of a file..."),
    "users": tr("Whole users"),
}
_NOTES = {
    "random": tr("A share of all ratings, at random."),
    "last": tr("So many ratings of each user, the last by time: what comes next?"),
    "each": tr("So many ratings of each user, at random."),
    "file": tr("The ratings of a file; what is not open yet is added."),
    "users": tr("A share of the users with all their ratings. They tell some, and are judged on others."),
}
_ALL = "all"
_TOLD = (("1", "1"), ("5", "5"), ("10", "10"), (_ALL, tr("all but 1")))
_SEEDED = ("random", "each", "users")


class HoldoutRows(QWidget):
    """The kind of hold-out, its size, what newcomers tell; the seed of the choice is `seed`, placed by the panel.

    Signals
    -------
    file_wanted()
        A file is to be chosen.
    export_wanted()
        Both parts are to be written.
    """

    file_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._problem = self._words = ""
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("Kind of hold-out"))
        self.kind.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for at, name in enumerate(KINDS):
            self.kind.addItem(_TITLES[name], name)
            self.kind.setItemData(at, _NOTES[name], Qt.ItemDataRole.ToolTipRole)
        self.kind.activated.connect(self._choose_kind)
        self.share = NumberField(0.1, 0, 0.9, percent=True, step=0.05, name=tr("Hold-out, share"))
        self.share.changed.connect(lambda share: self._keep(share=share))
        self.n = NumberField(1, 1, 1_000_000, whole=True, name=tr("Hold-out, ratings of each user"))
        self.n.changed.connect(lambda n: self._keep(n=int(n)))
        self.told = Segment(_TOLD, tr("Ratings told"))
        self.told.chosen.connect(lambda key: self._keep(told=None if key == _ALL else int(key)))
        self._told_row = row(label(tr("told"), "hint"), None, self.told)
        self.export = icon_button("export", tr("Write training and hold-out ratings as files"))
        self.export.clicked.connect(self.export_wanted)
        self.seed = NumberField(0, 0, LARGEST_SEED, whole=True)
        self.seed.changed.connect(lambda seed: self._keep(seed=int(seed)))
        self.seed_row = SettingRow("", tr("Split seed"), self.seed, tr("Which ratings are kept aside."))
        self._build()

    def show_state(self, state: State) -> None:
        """Show what is kept aside, and whether it can be changed now."""
        split, locked = state.split, bool(why_not_now(state))
        may = split is not None and not locked
        for widget in (self.kind, self.told, self.export):
            widget.setEnabled(may)
        for field in (self.share, self.n, self.seed):
            field.setEnabled(split is not None)
            field.setReadOnly(locked)
        if split is None:
            self._resplit.hide()
            return
        self.kind.setCurrentIndex(self.kind.findData(split.kind))
        self.kind.setToolTip(why_not_now(state) or _NOTES[split.kind])
        show_number(self.share, split.share)
        show_number(self.n, float(split.n))
        show_number(self.seed, float(split.seed))
        self.told.set_current(_ALL if split.told is None else str(split.told))
        self._show_parts(split)
        self._show_resplit(state, split)

    def reset(self) -> None:
        """Keep aside what is usual for the ratings."""
        ratings = self._session.state.ratings
        if ratings is not None:
            self._keep(kind="random", share=usual_share(ratings), n=1, told=TOLD, seed=0)

    # Building

    def _build(self) -> None:
        symbol = label("H", "symbol", "accent")
        title = label(tr("Hold-out"), "strong")
        title.setBuddy(self.share)
        self._file = ElidedLabel("", "hint")
        self._note = label("", "hint", wrap=True)
        self._resplit = label("", "hint", "warning", wrap=True)
        for field in (self.share, self.n):
            field.complained.connect(self._show_problem)
        told = QWidget()
        told.setLayout(self._told_row)
        self._told = told
        self.setToolTip(tr("It belongs to the data: all runs share it until it is changed."))
        self.setLayout(
            column(
                row(symbol, title, None, self.share, self.n, self._file, gap=6),
                row(self.kind, self.export, gap=4),
                told,
                self._note,
                self._resplit,
                gap=4,
            )
        )
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        theme.current().changed.connect(self._scale)
        self._scale()

    def _scale(self) -> None:
        for field in (self.share, self.n):
            field.setFixedWidth(theme.px(84))

    # Showing

    def _show_parts(self, split: Split) -> None:
        kind = split.kind
        self.share.setVisible(kind in ("random", "users"))
        self.n.setVisible(kind in ("last", "each"))
        self._file.setVisible(kind == "file")
        self._told.setVisible(kind == "users")
        self.seed_row.setVisible(kind in _SEEDED)
        self._file.setText(PurePath(split.file).name)
        if split.file:
            self._file.setToolTip(split.file)
        self._words = _words(split)
        if not self._problem:
            self._note.setText(self._words)

    def _show_resplit(self, state: State, split: Split) -> None:
        judged_otherwise = [run for run in state.runs if run.split.ratings is split.ratings and run.split is not split]
        learnt = percent(1 - len(split.held_out) / split.ratings.n_ratings, 0)
        words = tr("Split anew: later runs learn from another {share}. Earlier ones keep theirs.", share=learnt)
        self._resplit.setText(words)
        self._resplit.setVisible(bool(judged_otherwise) and (not state.runs or state.runs[-1].split is not split))

    @Slot(str)
    def _show_problem(self, problem: str) -> None:
        self._problem = problem
        self._note.setText(problem or self._words)
        set_colour(self._note, "error" if problem else None)

    # Gestures

    def _keep(self, **values: Any) -> None:
        try:
            self._session.splitting.keep_aside(**values)
        except ConfigError as error:
            self._session.tell(Notice("error", error.message, error.hint))

    @Slot(int)
    def _choose_kind(self, index: int) -> None:
        kind = self.kind.itemData(index)
        if kind == "file":
            self.file_wanted.emit()
        else:
            self._keep(kind=kind)
        split = self._session.state.split
        if split is not None:  # what was refused or is not chosen yet does not stand there
            self.kind.setCurrentIndex(self.kind.findData(split.kind))


def _words(split: Split) -> str:
    """What is kept aside, in numbers."""
    n = len(split.held_out)
    if not n:
        return tr("Nothing: the model is not judged.")
    if split.kind == "users":
        users = counted(split.n_newcomers, tr("user"))
        return tr("{users}, each judged on up to {n} other ratings.", users=users, n=JUDGED_EACH)
    return tr("{ratings} kept aside.", ratings=counted(n, tr("rating")))
