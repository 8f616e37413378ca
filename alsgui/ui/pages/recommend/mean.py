"""Of whom the mean is: all users, or those who share a characteristic."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from alsgui.core.model import Model
from alsgui.session.state import PersonChoice
from alsgui.text import tr
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row

MOST_VALUES = 40
"""A characteristic with more values, such as an exact age, is cut into four parts of equally many users."""


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
        self._groups: dict[str, dict[str, tuple[int, ...]]] = {}
        self._model: Model | None = None
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

    def show_mean(self, model: Model, choice: PersonChoice) -> None:
        """Show of whom the mean is."""
        if model is not self._model:
            self._model = model
            self._groups = groups(model)
            self.names.clear()
            self.names.addItem(tr("All users"))
            self.names.addItems([tr("By {name}", name=name) for name in self._groups])
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


def groups(model: Model) -> dict[str, dict[str, tuple[int, ...]]]:
    """Users by characteristic and value; of numbers with many values, by quarters."""
    known = {} if model.ratings is None else model.ratings.characteristics or {}
    return {name: members for name, values in known.items() if (members := _members(values))}


def _members(values: np.typing.NDArray[np.object_]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    if len({value for value in values if value is not None}) > MOST_VALUES:
        try:
            numbers = np.array([np.nan if value is None else float(value) for value in values])
        except ValueError:
            return {}
        edges = np.nanquantile(numbers, [0, 0.25, 0.5, 0.75, 1])
        for low, high in pairwise(edges):
            inside = (numbers >= low) & (numbers <= high if high == edges[-1] else numbers < high)
            found[f"{low:g} – {high:g}"] = np.flatnonzero(inside).tolist()
    else:
        for row_of_user, value in enumerate(values):
            if value is not None:
                found.setdefault(str(value), []).append(row_of_user)
    return {value: tuple(found[value]) for value in sorted(found, key=_in_order) if found[value]}


def _in_order(value: str) -> tuple[bool, float, str]:
    """Numbers by size, then words by alphabet."""
    try:
        return (False, float(value.split(" ", maxsplit=1)[0]), value)
    except ValueError:
        return (True, 0.0, value)
