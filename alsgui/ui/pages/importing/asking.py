"""How large the data will be, what only a person knows, and what looks wrong: above the preview."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from alsgui.io.looked import Choice, Concern, Look, Question
from alsgui.text import count, pluralised, tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import Box, column, row
from alsgui.ui.widgets.segment import Segment


class AskingCard(QFrame):
    """N users × M movies with Swap; one line for each question and each concern.

    Signals
    -------
    given(object)
        Options by name that an answer stands for.
    swap_wanted()
        Users and movies are to change places.
    """

    given = Signal(object)
    swap_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "card")
        self.size_words = label("", "figure")
        self._size_note = label("", "hint")
        self.swap = button(tr("Swap"), "swap", tip=tr("Users become movies and movies become users"))
        self.swap.clicked.connect(self.swap_wanted)
        self._lines: Box = column(gap=4)
        self.questions: dict[str, Segment] = {}
        self._made: list[QWidget] = []
        head = row(self.size_words, self.swap, self._size_note, None, gap=12)
        self.setLayout(column(head, self._lines, gap=4, margins=(12, 8, 12, 8)))

    def show_look(self, look: Look) -> None:
        """Show another look."""
        size, noun = look.size, look.options.noun
        about = "" if size.exact else "≈ "
        words = tr("{users} users × {movies} {nouns}", users=count(size.n_users), movies=count(size.n_movies),
                   nouns=noun if size.n_movies == 1 else pluralised(noun))  # fmt: skip
        self.size_words.setText(about + words)
        self._size_note.setText("" if size.exact else tr("estimated from {n} rows", n=count(look.n_sampled)))
        for made in self._made:
            self._lines.removeWidget(made)
            made.hide()
            made.deleteLater()
        self.questions = {}
        self._made = [self._question(each) for each in look.questions]
        self._made += [self._concern(each) for each in look.concerns]
        if look.problem:
            self._made.append(_sentence("warning-circle", "error", f"{look.problem} {look.hint}".strip()))
        for made in self._made:
            self._lines.addWidget(made)

    def _question(self, question: Question) -> QWidget:
        choice = Segment([(str(at), each.text) for at, each in enumerate(question.choices)], question.text)
        choice.set_current(str(question.chosen))
        choice.chosen.connect(lambda key: self.given.emit(question.choices[int(key)].given))
        self.questions[question.key] = choice
        return _sentence("question", "accent", question.text, choice)

    def _concern(self, concern: Concern) -> QWidget:
        return _sentence("warning", "warning", concern.text, *(self._remedy(each) for each in concern.remedies))

    def _remedy(self, choice: Choice) -> QWidget:
        made = button(choice.text, kind="link")
        made.clicked.connect(partial(self._give, choice.given))
        return made

    def _give(self, given: Mapping[str, Any]) -> None:
        self.given.emit(given)


def _sentence(icon: str, colour: str, words: str, *controls: QWidget) -> QWidget:
    """Icon, sentence, and what can be done about it."""
    sign = QLabel()
    sign.setPixmap(theme.pixmap(icon, 16, colour))
    said = label(words, wrap=True)
    line = row(sign, said, *controls, gap=8)
    line.setStretchFactor(said, 1)
    made = QWidget()
    made.setLayout(line)
    made.setAccessibleName(words)
    return made
