"""Asks for a person's own list of users or movies, one to a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from alsgui.core.factor_view import FactorSource
from alsgui.text import counted, tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row

MOST_NAMED = 3


class ListDialog(QDialog):
    """Ids or titles, in the order in which they shall stand; says at once which are not known.

    Parameters
    ----------
    parent
        Over which it stands.
    source
        Whose users and movies are meant.
    side
        "user" or "movie".
    ids
        The list before.
    take
        Takes the ids.
    """

    def __init__(
        self, parent: QWidget, source: FactorSource, side: str, ids: Sequence[str],
        take: Callable[[tuple[str, ...]], None],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._names = known_names(source, side)
        self._noun = tr("user") if side == "user" else source.noun
        self._take = take
        self._ids: tuple[str, ...] = ()
        title = tr("Own list of {nouns}", nouns=self._noun + "s" if side == "user" else source.noun + "s")
        self.setWindowTitle(title)
        self.lines = QPlainTextEdit("\n".join(ids))
        self.lines.setAccessibleName(title)
        self.lines.setMinimumHeight(theme.px(220))
        self.lines.textChanged.connect(self._read)
        self.found = label("", "hint", wrap=True)
        self.show_list = button(tr("Show these"), kind="primary")
        self.show_list.clicked.connect(self._accept)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        words = tr("One id or title to a line, in the order you want. Paste a column of a table.")
        self.setLayout(
            column(label(title, "title"), label(words, "hint", wrap=True), self.lines, self.found,
                   row(None, cancel, self.show_list), gap=12, margins=(20, 18, 20, 18))
        )  # fmt: skip
        self.setFixedWidth(theme.px(420))
        self._read()

    @Slot()
    def _read(self) -> None:
        wanted = [line.strip() for line in self.lines.toPlainText().splitlines() if line.strip()]
        found = [self._names.get(line) or self._names.get(line.casefold()) for line in wanted]
        self._ids = tuple(dict.fromkeys(identity for identity in found if identity is not None))
        unknown = [line for line, identity in zip(wanted, found, strict=True) if identity is None]
        words = counted(len(self._ids), self._noun)
        if unknown:
            some = ", ".join(unknown[:MOST_NAMED]) + (", …" if len(unknown) > MOST_NAMED else "")
            words = tr("{n}; not known: {some}", n=words, some=some)
        self.found.setText(words)
        self.show_list.setEnabled(bool(self._ids))

    @Slot()
    def _accept(self) -> None:
        self._take(self._ids)
        self.accept()


def known_names(source: FactorSource, side: str) -> dict[str, str]:
    """Id and title (in lower case, too) -> id; an id goes before a title of the same letters."""
    if side == "user":
        return {identity.casefold(): identity for identity in source.user_ids} | {i: i for i in source.user_ids}
    titles = source.titles or ()
    named = {title.casefold(): identity for title, identity in zip(titles, source.movie_ids, strict=False)}
    return named | {identity.casefold(): identity for identity in source.movie_ids} | {i: i for i in source.movie_ids}
