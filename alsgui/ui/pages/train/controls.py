"""The controls of settings, made from the table of options: a number, a choice, a switch."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox

from alsgui.core.solvers.config import Config
from alsgui.core.solvers.options import Choice, Number, Option, choices
from alsgui.text import tr
from alsgui.ui.pages.train.words import number
from alsgui.ui.widgets.fields import NumberField, SettingRow
from alsgui.ui.widgets.segment import Segment


class NumberRow(SettingRow):
    """A setting that is one number.

    Signals
    -------
    chosen(object)
        Another value was taken.
    """

    chosen = Signal(object)

    def __init__(self, option: Option) -> None:
        control = option.control
        assert isinstance(control, Number)
        self._control = control
        self.field = NumberField(
            max(control.low, 0),
            control.low,
            control.high,
            whole=control.whole,
            step=control.step,
            factor=control.factor,
        )
        super().__init__(option.symbol, option.title, self.field, option.explanation)
        self.field.changed.connect(self._take)

    def show_option(self, option: Option, config: Config, noun: str, nouns: str) -> None:
        """Show the words that the algorithm has for it, and the value."""
        self.set_title(option.title.format(noun=noun, nouns=nouns))
        unit = tr(" In {unit}.", unit=option.unit) if option.unit else ""
        self.set_explanation(option.explanation.format(noun=noun, nouns=nouns) + unit)
        self.setToolTip(option.formula.format(noun=noun, nouns=nouns))
        value = getattr(config, option.name)
        shown = self._control.none if value is None else float(value)
        if shown is not None:
            show_number(self.field, shown)

    def lock(self, locked: bool) -> None:
        """Whether it can be read only."""
        self.field.setReadOnly(locked)

    def _take(self, value: float) -> None:
        if self._control.none is not None and value == self._control.none:
            self.chosen.emit(None)
        else:
            self.chosen.emit(int(value) if self._control.whole else value)


class ChoiceRow(SettingRow):
    """A setting that is one of a few values, side by side or in a list; the explanation is that of the value.

    Signals
    -------
    chosen(object)
        Another value was taken.
    """

    chosen = Signal(object)

    def __init__(self, option: Option) -> None:
        control = option.control
        assert isinstance(control, Choice)
        self._values: list[Any] = list(control.words)
        self.widget: Segment | QComboBox
        if control.side_by_side:
            self.widget = Segment([(str(value), word) for value, word in control.words.items()], option.title)
            self.widget.chosen.connect(self._take_key)
        else:
            self.widget = QComboBox()
            self.widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            self.widget.activated.connect(lambda at: self.chosen.emit(self._values[at]))
        super().__init__(option.symbol, option.title, self.widget, option.explanation)

    def show_option(self, option: Option, config: Config, noun: str, nouns: str) -> None:
        """Show the words that the algorithm has for it, its values, and which is in force."""
        assert isinstance(option.control, Choice)
        value = getattr(config, option.name)
        words = {each: word.format(noun=noun, nouns=nouns) for each, word in choices(option, type(config)).items()}
        self._values = list(words)
        note = option.control.notes.get(value, option.explanation).format(noun=noun, nouns=nouns)
        if isinstance(value, float) and value not in words:
            note += tr(" It is {p}.", p=number(value))
        self.set_title(option.title.format(noun=noun, nouns=nouns))
        self.set_explanation(note)
        self.setToolTip(option.formula.format(noun=noun, nouns=nouns))
        if isinstance(self.widget, Segment):
            for each, word in words.items():
                self.widget.set_text(str(each), word)
            self.widget.set_current(str(_nearest(self._values, value)))
            return
        if [self.widget.itemText(at) for at in range(self.widget.count())] != list(words.values()):
            self.widget.clear()
            self.widget.addItems(list(words.values()))
        self.widget.setCurrentIndex(self._values.index(value))

    def lock(self, locked: bool) -> None:
        """Whether it can be read only."""
        self.widget.setEnabled(not locked)

    def _take_key(self, key: str) -> None:
        self.chosen.emit(next(value for value in self._values if str(value) == key))


class SwitchRow(QCheckBox):
    """A setting that is on or off.

    Signals
    -------
    chosen(object)
        True or False.
    """

    chosen = Signal(object)

    def __init__(self, option: Option) -> None:
        super().__init__(option.title)
        self.clicked.connect(lambda on: self.chosen.emit(bool(on)))

    def show_option(self, option: Option, config: Config, noun: str, nouns: str) -> None:
        """Show the words that the algorithm has for it, and whether it is on."""
        self.setText(option.title.format(noun=noun, nouns=nouns))
        self.setToolTip("\n".join(filter(None, (option.explanation, option.formula))).format(noun=noun, nouns=nouns))
        self.setChecked(getattr(config, option.name))

    def lock(self, locked: bool) -> None:
        """Whether it can be read only."""
        self.setEnabled(not locked)


OptionRow = NumberRow | ChoiceRow | SwitchRow


def option_row(option: Option) -> OptionRow:
    """The control that the table asks for."""
    if isinstance(option.control, Number):
        return NumberRow(option)
    return ChoiceRow(option) if isinstance(option.control, Choice) else SwitchRow(option)


def show_number(field: NumberField, value: float) -> None:
    """Show a number, unless the person is typing another."""
    if field.value() != value and not (field.hasFocus() and field.isModified()):
        field.set_value(value)


def _nearest(values: list[Any], value: Any) -> Any:
    return min(values, key=lambda each: abs(each - value)) if isinstance(value, float) else value
