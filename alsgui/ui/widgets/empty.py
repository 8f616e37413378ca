"""What a page shows before there is anything to show: a sentence, a line, and cards that mend it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row


class StartCard(QFrame):
    """One way to begin: picture, title, text, button and a hint (such as the shortcut) beside it in `foot`."""

    def __init__(self, picture: QWidget | None, title: str, text: str, button: QPushButton, hint: str = "") -> None:
        super().__init__()
        self.setProperty("k", "card")
        self.setAccessibleName(title)
        words = label(text, "body", "muted", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        heading = label(title, "start")
        parts = [*([picture] if picture is not None else []), heading, words, 8, None]
        self.foot = row(button, None, label(hint, "hint"))
        self.setLayout(column(*parts, self.foot, gap=8, margins=(20, 18, 20, 18)))


class EmptyState(QWidget):
    """Sentence and line, with cards side by side below them."""

    def __init__(self, sentence: str, line: str, cards: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._sentence = label(sentence, "empty", wrap=True)
        self._line = label(line, "body", "muted", wrap=True)
        self.cards = row(*cards, gap=16)
        for number in range(len(cards)):
            self.cards.setStretch(number, 1)
        self.setLayout(column(self._sentence, self._line, 16, self.cards, gap=6))

    def set_words(self, sentence: str, line: str) -> None:
        """Say something else."""
        self._sentence.setText(sentence)
        self._line.setText(line)
