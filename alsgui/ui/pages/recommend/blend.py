"""Two to five users mixed: one slider each, shares that sum to 1."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from alsgui import text
from alsgui.core.model import Model
from alsgui.core.people import MOST_BLENDED
from alsgui.session.state import PersonChoice
from alsgui.text import tr
from alsgui.ui.pages.recommend.user import UserField
from alsgui.ui.widgets.buttons import icon_button
from alsgui.ui.widgets.labels import label, set_colour
from alsgui.ui.widgets.layouts import column, row

STEPS = 100


class BlendPart(QWidget):
    """The users of a blend and their shares.

    Signals
    -------
    share_moved(int, float)
        Row of a user and the share (0 to 1) that the person gave them.
    added(int), removed(int)
        Row of a user.
    """

    share_moved = Signal(int, float)
    added = Signal(int)
    removed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.sliders: dict[int, QSlider] = {}
        self.crosses: dict[int, QWidget] = {}
        self._shares: dict[int, QWidget] = {}
        self._lines: list[QWidget] = []
        self._rows = column(gap=2)
        self.field = UserField(tr("Add a user by id"))
        self.field.activated.connect(self._found)
        self._full = label(tr("A blend has at most {n} users.", n=MOST_BLENDED), "hint")
        head = row(label(tr("Shares"), "caption"), None, label(tr("sum 100 %"), "caption"))
        self.setLayout(column(head, self._rows, self.field, self._full, gap=4))

    def show_blend(self, model: Model, choice: PersonChoice) -> None:
        """Show who is mixed, and how much of each."""
        self.field.set_model(model)
        if tuple(self.sliders) != choice.users:
            self._make_rows(model, choice.users)
        shown = text.rounded_parts(choice.shares, 1.0, 2) if choice.shares else []
        for user, share in zip(choice.users, shown, strict=True):
            slider = self.sliders[user]
            slider.blockSignals(True)
            slider.setValue(round(share * STEPS))
            slider.blockSignals(False)
            self._shares[user].setText(text.percent(share, 0))  # type: ignore[attr-defined]
        is_full = len(choice.users) >= MOST_BLENDED
        self.field.setVisible(not is_full)
        self._full.setVisible(is_full)
        for cross in self.crosses.values():
            cross.setEnabled(len(choice.users) > 2)

    def _make_rows(self, model: Model, users: tuple[int, ...]) -> None:
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines, self.sliders, self.crosses, self._shares = [], {}, {}, {}
        for user in users:
            line = self._line(user, tr("User {id}", id=model.user_ids[user]))
            self._lines.append(line)
            self._rows.addWidget(line)

    def _line(self, user: int, name: str) -> QWidget:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, STEPS)
        slider.setAccessibleName(tr("Share of {name}", name=name))
        slider.valueChanged.connect(lambda value: self.share_moved.emit(user, value / STEPS))
        who, share = label(name, "hint"), label("", "hint")
        set_colour(who, "user")
        cross = icon_button("x", tr("Take {name} out of the blend", name=name), role="muted")
        cross.clicked.connect(lambda: self.removed.emit(user))
        self.sliders[user], self.crosses[user], self._shares[user] = slider, cross, share
        line = QWidget()
        line.setLayout(row(column(row(who, None, share), slider, gap=0), cross, gap=4))
        return line

    def _found(self, user: object) -> None:
        if isinstance(user, int):
            self.added.emit(user)
