"""The field in which a user is looked up by id."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QFocusEvent

from alsgui import text
from alsgui.core.model import Model
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.searchbox import Result, SearchBox

MATCHES = 8


class UserField(SearchBox):
    """Search by id; shows the user at hand while nobody writes in it.

    The payload of `activated` is the user's row, or None for the line that says that there is none.
    """

    def __init__(self, placeholder: str = "") -> None:
        super().__init__(
            placeholder or tr("User by id"), lambda words: [] if self._model is None else find_users(self._model, words)
        )
        self._model: Model | None = None
        self._shown = ""
        self.activated.connect(self._restore)

    def set_model(self, model: Model) -> None:
        """Look users up in this model."""
        self._model = model

    def set_shown(self, words: str) -> None:
        """Show a user."""
        self._shown = words
        if not (self.hasFocus() and self.isModified()):
            self._restore()

    def look_up(self) -> None:
        """Show the matches, from the left of the field and as wide as the panel."""
        super().look_up()
        self.results.setFixedWidth(theme.px(248))
        self.results.move(self.mapToGlobal(QPoint(0, self.height() + theme.px(4))))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let typing replace the user shown."""
        super().focusInEvent(event)
        QTimer.singleShot(0, self, self.selectAll)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the user again."""
        super().focusOutEvent(event)
        self._restore()

    def _restore(self) -> None:
        self.setText(self._shown)
        if self.hasFocus():
            self.selectAll()


def find_users(model: Model, words: str) -> Sequence[Result]:
    """Users whose id begins so, the very id first; one line that says so where there is none."""
    users = model.summary.user_ids
    wanted = words.casefold().removeprefix(tr("User").casefold()).strip()
    exact = [model.summary.user_rows[wanted]] if wanted in model.summary.user_rows else []
    begun = islice((at for at, user in enumerate(users) if user.casefold().startswith(wanted)), MATCHES)
    rows = list(dict.fromkeys([*exact, *begun]))[:MATCHES]
    if not rows:
        known = tr("{n} are known", n=text.count(len(users)))
        return [("warning", tr("There is no user {id}", id=wanted), known, None)]
    counts = model.summary.user_counts
    return [
        ("user", tr("User {id}", id=users[at]), text.counted(int(counts[at]), tr("training rating")), at) for at in rows
    ]
