"""Of whom the mean is: all users, or those who share a characteristic."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from alsgui.session.state import PersonChoice
from alsgui.text import tr
from alsgui.ui.pages.recommend.traits import Groups
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row


class MeanPart(QWidget):
    """Choice of a characteristic and of one of its values.

    Signals
    -------
    wanted(object, str)
        Rows of users (tuple of int; empty for all), and who they are in words.
    """

    wanted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._groups: Groups = {}
        self.names, self.values = QComboBox(), QComboBox()
        self.names.setAccessibleName(tr("Mean of"))
        self.values.setAccessibleName(tr("Value"))
        for box in (self.names, self.values):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.names.activated.connect(self._name_chosen)
        self.values.activated.connect(self._value_chosen)
        choices = row(self.names, self.values, gap=6)
        choices.setStretchFactor(self.names, 1)
        choices.setStretchFactor(self.values, 1)
        self.about = label("", "hint", wrap=True)
        self.setLayout(column(choices, self.about, gap=4))

    def show_groups(self, groups: Groups) -> None:
        """Offer the characteristics of a model."""
        self._groups = groups
        self.names.clear()
        self.names.addItem(tr("All users"))
        self.names.addItems([tr("By {name}", name=name) for name in groups])
        self.names.setVisible(bool(groups))
        self.values.hide()

    def show_mean(self, choice: PersonChoice) -> None:
        """Show of whom the mean is."""
        known = bool(self._groups)
        self.names.setVisible(known)
        self.about.setText(tr("Mean of {who}.", who=choice.about) if choice.about else "")
        self.about.setVisible(bool(choice.about))
        if not choice.users:
            self.names.setCurrentIndex(0)
        self.values.setVisible(known and self.names.currentIndex() > 0)

    def _name_chosen(self, at: int) -> None:
        self.values.clear()
        if at == 0:
            self.wanted.emit((), "")
            return
        self.values.addItems(list(self._group(at)))
        self._value_chosen(0)

    def _value_chosen(self, at: int) -> None:
        name, value = list(self._groups)[self.names.currentIndex() - 1], self.values.itemText(at)
        about = tr("users whose {name} is {value}", name=name, value=value)
        self.wanted.emit(self._group(self.names.currentIndex())[value], about)

    def _group(self, at: int) -> Mapping[str, tuple[int, ...]]:
        return self._groups[list(self._groups)[at - 1]]
