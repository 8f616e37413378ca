"""The nearest user: a form of characteristics, or near the selected user; who is near, and how much."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from alsgui import text
from alsgui.core.model import Model
from alsgui.core.neighbours import USUAL_NEIGHBOURS, Neighbours
from alsgui.session.state import PersonChoice
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.recommend.likeness import Likeness, LikenessList
from alsgui.ui.pages.recommend.traits import Trait
from alsgui.ui.qss import set_property
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment

MOST_WEIGHT = 100.0


class NearestPart(QWidget):
    """Describes a person, and shows the users nearest to that.

    Signals
    -------
    near_by_chosen(str)
        "traits", "ratings" or "factors".
    trait_given(str, str), weight_given(str, float)
        Name of a characteristic and its value (empty for unknown), or how much it counts.
    mixed_chosen(bool)
        Whether the mean of the nearest is wanted.
    user_chosen(int)
        Row of a near user.
    """

    near_by_chosen = Signal(str)
    trait_given = Signal(str, str)
    weight_given = Signal(str, float)
    mixed_chosen = Signal(bool)
    user_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._traits: tuple[Trait, ...] | None = None
        self._choice: PersonChoice | None = None
        self.answers: dict[str, QComboBox | QLineEdit] = {}
        self.weights: dict[str, NumberField] = {}
        self.by = Segment([("traits", tr("Form")), ("ratings", tr("Ratings")), ("factors", tr("Factors"))],
                          tr("Near by"))  # fmt: skip
        self.by.chosen.connect(self.near_by_chosen)
        self._form = QWidget()
        self._grid = QGridLayout(self._form)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self.whom = label("", "hint", wrap=True)
        self.take = Segment(
            [("one", tr("Nearest")), ("mean", tr("Mean of {n}", n=USUAL_NEIGHBOURS))], tr("Whose weights")
        )
        self.take.chosen.connect(lambda key: self.mixed_chosen.emit(key == "mean"))
        self.list = LikenessList(tr("Nearest users"), "user")
        self.list.chosen.connect(self.user_chosen)
        head = row(label(tr("Nearest"), "caption"), None, label(tr("cosine"), "caption"))
        self.setLayout(column(row(self.by, None), self.whom, self._form, head, self.list, row(self.take, None), gap=8))

    def show_form(self, traits: Sequence[Trait]) -> None:
        """Make the form for these characteristics."""
        self._traits = tuple(traits)
        for widget in self._form.findChildren(QWidget):
            widget.hide()
            widget.deleteLater()
        self.answers, self.weights = {}, {}
        self._grid.addWidget(label(tr("weight"), "caption"), 0, 2)
        for at, trait in enumerate(traits, 1):
            answer, weight = (
                self._answer(trait),
                NumberField(1.0, 0.0, MOST_WEIGHT, name=tr("Weight of {n}", n=trait.name)),
            )
            weight.setFixedWidth(theme.px(44))
            weight.setToolTip(tr("How much {name} counts; 0 is not at all", name=trait.name))
            weight.changed.connect(lambda value, name=trait.name: self.weight_given.emit(name, value))
            self.answers[trait.name], self.weights[trait.name] = answer, weight
            for place, widget in enumerate((label(trait.name, "hint"), answer, weight)):
                self._grid.addWidget(widget, at, place)
        if self._choice is not None:  # the list may have come before the form
            self.show_choice(self._choice)

    def show_choice(self, choice: PersonChoice) -> None:
        """Show what was said."""
        self._choice, known = choice, bool(self._traits)
        self.by.set_enabled("traits", known, tr("The data say nothing of users beside their ratings."))
        self.by.set_current(choice.near_by)
        self.take.set_current("mean" if choice.mixed else "one")
        self._form.setVisible(choice.near_by == "traits" and known)
        for name, answer in self.answers.items():
            value = choice.traits.get(name, "")
            if isinstance(answer, QComboBox):
                answer.setCurrentIndex(max(answer.findText(value), 0) if value else 0)
            elif not answer.hasFocus():
                answer.setText(value)
            self.weights[name].set_value(choice.trait_weights.get(name, 1.0))

    def show_near(self, model: Model, found: Neighbours | None, selected: int | None) -> None:
        """Show the users who are nearest."""
        near_user = self.by.current() != "traits" and selected is not None
        self.whom.setText(
            tr("Near user {id}", id=model.user_ids[selected]) if near_user and selected is not None else ""
        )
        self.whom.setVisible(near_user)
        rows = [] if found is None else [
            Likeness(int(user), tr("User {id}", id=model.user_ids[user]), float(value), text.decimal(float(value), 2))
            for user, value in zip(found.rows, found.similarities, strict=True)
        ]  # fmt: skip
        self.list.set_rows(rows)

    def _answer(self, trait: Trait) -> QComboBox | QLineEdit:
        if trait.choices:
            box = QComboBox()
            box.addItem(tr("not said"))
            box.addItems(list(trait.choices))
            box.activated.connect(lambda at: self.trait_given.emit(trait.name, box.itemText(at) if at else ""))
            box.setAccessibleName(trait.name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            return box
        field = QLineEdit()
        field.setPlaceholderText(tr("not said; mean {mean:.3g}", mean=trait.middle))
        field.setAccessibleName(trait.name)
        field.editingFinished.connect(lambda: self._take_number(trait.name, field))
        field.textEdited.connect(lambda words: set_property(field, "wrong", "" if _is_number(words) else "true"))
        return field

    def _take_number(self, name: str, field: QLineEdit) -> None:
        words = field.text().strip().replace(",", ".")
        if _is_number(words):
            self.trait_given.emit(name, words)


def _is_number(words: str) -> bool:
    words = words.strip().replace(",", ".")
    try:
        return not words or abs(float(words)) < float("inf")
    except ValueError:
        return False
