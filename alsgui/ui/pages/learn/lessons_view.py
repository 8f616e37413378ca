"""The lessons: their names at the left, the chosen one at the right, its button below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.learn.desk import Desk
from alsgui.ui.pages.learn.lessons import LESSONS, Formula, Lesson
from alsgui.ui.pages.learn.outcome import Outcome, OutcomeTable
from alsgui.ui.widgets.buttons import button, relabel
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.facts import FactList
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.typeset import MathView


class LessonsView(QWidget):
    """Lessons to read; the button of each sets the app up.

    Signals
    -------
    wanted : Lesson
        The button of a lesson was pressed.
    """

    wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._outcomes: dict[str, tuple[Outcome, str]] = {}
        self._narrow = False
        self.names = QListWidget()
        self.names.setProperty("k", "plain")
        self.names.setAccessibleName(tr("Lessons"))
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.addItems([f"{number}  {lesson.title}" for number, lesson in enumerate(LESSONS, 1)])
        left = Card(tr("Lessons"))
        left.body.add(self.names)
        self._left = left
        self.card = Card(" ")
        self.facts = FactList()
        self._facts_title = label(tr("The exercise as it stands"), "caption")
        self.go = button("", "arrow-right", "primary")
        self.go.clicked.connect(lambda: self.wanted.emit(self.lesson))
        self._place = column(gap=0)
        whole = column(self._place, Rule(), self._facts_title, self.facts, row(self.go, None), gap=10)
        whole.setStretch(0, 1)
        self.card.body.addLayout(whole)
        both = row(left, self.card, gap=12)
        both.setStretch(1, 1)
        self.setLayout(both)
        self._shown: QWidget | None = None
        self.outcome: OutcomeTable | None = None
        self.names.currentRowChanged.connect(self._show)
        self.names.setCurrentRow(0)
        desk.changed.connect(self._show_facts)
        theme.current().changed.connect(self._scale)
        self._scale()

    @property
    def lesson(self) -> Lesson:
        """The lesson that is shown."""
        return LESSONS[max(self.names.currentRow(), 0)]

    def choose(self, key: str) -> None:
        """Show the lesson of a key."""
        self.names.setCurrentRow([lesson.key for lesson in LESSONS].index(key))

    def show_outcome(self, key: str, outcome: Outcome, caption: str) -> None:
        """Tell what came out of a lesson's fits, below its text."""
        self._outcomes[key] = (outcome, caption)
        if self.lesson.key == key:
            self._show(0)

    @Slot(int)
    def _show(self, _: int) -> None:
        lesson = self.lesson
        self.card.set_title(lesson.title)
        relabel(self.go, lesson.button)
        text, self.outcome = QWidget(), None
        parts: list[QWidget | None] = []
        for part in lesson.parts:
            if isinstance(part, Formula):
                made = MathView(16)
                made.set_formulas([part.latex])
                parts.append(made)
            else:
                parts.append(label(part, "body", wrap=True))
        if lesson.key in self._outcomes:
            self.outcome = OutcomeTable(*self._outcomes[lesson.key])
            parts.append(self.outcome)
        text.setLayout(column(*parts, None, gap=10))
        area = scrolling(text)
        area.setMinimumHeight(theme.px(120))
        if self._shown is not None:
            self._place.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = area
        self._place.addWidget(area)
        self._show_facts()

    @Slot()
    def _show_facts(self) -> None:
        told = self.lesson.facts
        self.facts.setVisible(told is not None)
        self._facts_title.setVisible(told is not None)
        self.facts.set_rows([(name, value, None, "") for name, value in told(self._desk)] if told is not None else [])

    def set_narrow(self, narrow: bool) -> None:
        """Leave less room to the names of the lessons."""
        self._narrow = narrow
        self._scale()

    def _scale(self) -> None:
        self._left.setFixedWidth(theme.px(190 if self._narrow else 250))
        self.names.setSpacing(theme.px(3))
