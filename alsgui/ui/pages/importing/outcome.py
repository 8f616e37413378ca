"""What will happen: read = kept + merged + rejected, with the rows that will be rejected and how to mend them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.core.errors import RowProblem
from alsgui.io.looked import Look, Size
from alsgui.text import count, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import Box, Part, column, row
from alsgui.ui.widgets.problems import problem_columns
from alsgui.ui.widgets.tables import DataTable

SHOWN = 3
HEIGHT, HEIGHT_ALONE = 196, 122


class OutcomeCard(Card):
    """The sum, its bar, and the first rejected rows.

    Signals
    -------
    all_wanted()
        Every rejected row that was met is to be shown.
    mend_wanted(str)
        A text that is to be taken for a missing rating.
    """

    all_wanted = Signal()
    mend_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("What will happen"), tr("read = kept + merged + rejected"))
        self._problems: tuple[RowProblem, ...] = ()
        self._note = label("", "hint")
        self.show_all = button(tr("Show all"), kind="link")
        self.show_all.clicked.connect(self.all_wanted)
        self.mend = button("", kind="link")
        self.mend.clicked.connect(lambda: self._mend(0))
        for control in (self._note, self.mend, self.show_all):
            self.add_action_widget(control)
        self._figures = {
            name: (label("", "figure", colour), label(words, "hint"))
            for name, words, colour in (
                ("read", tr("ratings read"), None),
                ("kept", tr("kept"), "accent"),
                ("merged", tr("merged duplicates"), "warning"),
                ("rejected", tr("rejected"), "error"),
            )
        }
        self.bar = SumBar()
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("Rows that will be rejected"))
        self.table.setSortingEnabled(False)
        self.table.doubleClicked.connect(lambda index: self._mend(index.row()))
        self._nothing = label(tr("Every row that was looked at holds a user, a movie and a number."), "body", "muted")
        self.body.addLayout(self._sum())
        self.body.addWidget(self.bar)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._nothing)
        self.body.addStretch(0)
        theme.current().changed.connect(self._scale)
        self._scale()

    def _sum(self) -> Box:
        parts: list[Part] = []
        for name, sign in zip(self._figures, ("", "=", "+", "+"), strict=True):
            if sign:
                parts.append(label(sign, "figure", "muted"))
            parts.append(column(*self._figures[name], gap=0))
        return row(*parts, None, gap=18)

    def show_look(self, look: Look) -> None:
        """Show another look."""
        size = look.size
        n_read = size.n_ratings + size.n_merged + size.n_rejected
        values = {"read": n_read, "kept": size.n_ratings, "merged": size.n_merged, "rejected": size.n_rejected}
        for name, number in values.items():
            self._figures[name][0].setText(shown_number(number, size))
        self.bar.set_parts((size.n_ratings, size.n_merged, size.n_rejected))
        missing = tr("; {n} missing", n=shown_number(size.n_missing, size)) if size.n_missing else ""
        sample = "" if size.exact else tr("; estimated from {n} rows", n=count(look.n_sampled))
        self.set_subtitle(tr("read = kept + merged + rejected") + missing + sample)
        problems = self._problems = look.problems
        listed = min(len(problems), SHOWN)
        known = shown_number(size.n_rejected, size)
        self._note.setText(tr("{n} of {all} rejected rows", n=count(listed), all=known) if problems else "")
        self.show_all.setVisible(len(problems) > listed)
        self.table.setVisible(bool(problems))
        self._nothing.setVisible(not problems and not look.problem and bool(look.n_sampled))
        self.model.set_columns(problem_columns(problems[:SHOWN]), listed)
        self._scale()
        word = next((text for text in map(missing_text, problems) if text is not None), None)
        self.mend.setVisible(word is not None)
        if word is not None:
            self.mend.setText(tr("Add “{text}” to Missing", text=word or tr("empty")))
            self.mend.setAccessibleName(self.mend.text())

    def _mend(self, at: int) -> None:
        found = [text for text in map(missing_text, self._problems[at:]) if text is not None]
        if found:
            self.mend_wanted.emit(found[0])

    def _scale(self) -> None:
        self.setFixedHeight(theme.px(HEIGHT if self._problems else HEIGHT_ALONE))


def shown_number(number: int, size: Size) -> str:
    """The number, with the sign of an estimate where it is one."""
    return count(number) if size.exact or not number else f"≈ {count(number)}"


def missing_text(problem: RowProblem) -> str | None:
    """The text that would have to be taken for a missing rating to mend a row; None where that would not do."""
    remedy = problem.remedy
    if remedy == tr("add empty to Missing"):
        return ""
    start, stop = remedy.find("“"), remedy.rfind("”")
    return remedy[start + 1 : stop] if remedy.endswith(tr("to Missing")) and start < stop else None


class SumBar(QWidget):
    """Kept, merged and rejected as parts of one bar; a part that is there is at least two pixels wide."""

    _ROLES = ("accent", "warning", "error")

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[int, ...] = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: tuple[int, int, int]) -> None:
        """Show other numbers."""
        self._parts = parts
        self.setAccessibleName(tr("{kept} kept, {merged} merged, {rejected} rejected", kept=count(parts[0]),
                                  merged=count(parts[1]), rejected=count(parts[2])))  # fmt: skip
        self.update()

    def sizeHint(self) -> QSize:
        """Eight pixels high."""
        return QSize(theme.px(200), theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the parts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole, gap = sum(self._parts), theme.px(2)
        area = QRectF(self.rect())
        if not whole:
            paint.bar(painter, area, "border", theme.px(2))
            return
        there = [(part, role) for part, role in zip(self._parts, self._ROLES, strict=True) if part]
        room = area.width() - gap * (len(there) - 1)
        least = theme.px(5)
        widths = [max(room * part / whole, least) for part, _ in there]
        widths[widths.index(max(widths))] -= sum(widths) - room
        left = area.left()
        for width, (_, role) in zip(widths, there, strict=True):
            paint.bar(painter, QRectF(left, area.top(), width, area.height()), role, theme.px(2))
            left += width + gap
