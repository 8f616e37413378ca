"""Asks what a guided search tries: ranges of K, lambda and more, the number of trials, the folds and the seed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from alsgui.core.errors import AlsguiError
from alsgui.core.trials import MORE_SETTINGS, MOST_TRIALS, Range, Space
from alsgui.session.searching import ROW_LETTERS
from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row

MOST_K = 1000
PENALTIES = (1e-9, 1e9)


class RangeFields(QWidget):
    """A setting from its lowest to its highest value; where it need not be searched, a box says whether it is."""

    def __init__(self, letter: str, title: str, limits: Range, *, whole: bool = False, optional: bool = False) -> None:
        super().__init__()
        self.box = QCheckBox(title) if optional else None
        factor = None if limits[0] == 0 else 2.0
        self.low, self.high = (
            NumberField(limits[0], *limits, whole=whole, step=0.1, factor=factor, name=tr(words, title=title))
            for words in (tr("Lowest {title}"), tr("Highest {title}"))
        )
        sign = label(letter, "strong")
        sign.setToolTip(title)
        sign.setFixedWidth(theme.px(22))
        for field in (self.low, self.high):
            field.setFixedWidth(theme.px(72))
        last: QWidget = self.box if self.box is not None else label(title, "hint")
        self.setLayout(row(sign, self.low, label("–", "body", "muted"), self.high, last, None, gap=8))
        if self.box is not None:
            self.box.toggled.connect(self._allow)
            self._allow(searched=False)

    def ends(self) -> Range | None:
        """Lowest and highest; None where it is not searched."""
        return (self.low.value(), self.high.value()) if self.searched else None

    @property
    def searched(self) -> bool:
        """Whether it varies."""
        return self.box is None or (self.box.isChecked() and self.box.isEnabled())

    def set_ends(self, ends: Range | None) -> None:
        """Show another range."""
        if ends is not None:
            self.low.set_value(ends[0])
            self.high.set_value(ends[1])

    def forbid(self, reason: str) -> None:
        """Do not let it be searched, and say why; an empty reason allows it."""
        assert self.box is not None
        self.box.setEnabled(not reason)
        self.box.setToolTip(reason)
        self._allow(searched=self.searched)

    def _allow(self, searched: bool) -> None:
        for field in (self.low, self.high):
            field.setEnabled(searched)


class GuidedForm(QWidget):
    """The ranges of a guided search.

    Signals
    -------
    wanted(object)
        A `Space` that makes sense.
    """

    wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown_for: object = None
        self.k = RangeFields("K", tr("attributes"), (1, MOST_K), whole=True)
        self.ridge = RangeFields("λ", tr("on users and movies"), PENALTIES)
        self.power = RangeFields(
            ROW_LETTERS["lambda_power"], tr("Search the power of the count"), (0, 2), optional=True
        )
        self.bias = RangeFields(ROW_LETTERS["lambda_bias"], tr("Search the ridge on biases"), PENALTIES, optional=True)
        self._more = dict(zip(MORE_SETTINGS, (self.power, self.bias), strict=True))
        assert self.power.box is not None
        self.power.box.toggled.connect(self._fill_ridge)
        self.trials = NumberField(30, 1, MOST_TRIALS, whole=True, step=10, name=tr("Trials"))
        self.folds = NumberField(5, 2, 20, whole=True, name=tr("Folds"))
        self.seed = NumberField(0, 0, 2**31 - 1, whole=True, name=tr("Seed"))
        for field in (self.trials, self.folds, self.seed):
            field.setFixedWidth(theme.px(72))
        self.seed.setToolTip(tr("Of the folds and of the proposals: the same seed tries the same settings"))
        self.problem = label("", "hint", "error", wrap=True)
        self.start = button(tr("Search"), "play-fill", "primary", tr("Try one setting after another"))
        self.start.clicked.connect(self._take)
        self._what = label("", "hint", "muted", wrap=True)
        words = tr(
            "Each trial is proposed from the errors of those before it, on the same folds of the training ratings; "
            "the hold-out is not touched. One that is clearly worse after two folds gets no more."
        )
        pairs = row(column(self.k, self.ridge, gap=8), column(self.power, self.bias, gap=8), None, gap=24)
        lines = (
            label(words, "body", "muted", wrap=True),
            pairs,
            row(*self._named(tr("Trials"), self.trials), *self._named(tr("Folds"), self.folds),
                *self._named(tr("Seed"), self.seed), None, gap=8),
            self._what,
            self.problem,
            row(self.start, None),
        )  # fmt: skip
        self.setLayout(column(*lines, None, gap=10))

    def show_state(self, state: State) -> None:
        """Fill in the usual ranges for the settings on Train, unless something was typed."""
        for name, fields in self._more.items():
            has = hasattr(state.config, name)
            fields.forbid("" if has else tr("{title} has none.", title=state.config.title))
        basis = (state.split, state.config.algorithm, getattr(state.config, "lambda_power", None))
        if basis != self._shown_for and state.split is not None:
            self._shown_for = basis
            self._fill()
        idle = state.job is None
        self.start.setEnabled(idle and state.split is not None)
        self.start.setToolTip("" if idle else tr("{job} is going on.", job=state.job.name if state.job else ""))
        self._what.setText(tr("All else is as on Train: {title}.", title=state.config.title))

    def space(self) -> Space:
        """What is asked for.

        Raises
        ------
        AlsguiError
            When it makes no sense.
        """
        state = self._session.state
        assert state.split is not None
        k, ridge = self.k.ends(), self.ridge.ends()
        assert k is not None and ridge is not None
        config = state.config.resolved(state.split.training)
        numbers = [int(field.value()) for field in (self.trials, self.folds, self.seed)]
        return Space(config, k, ridge, self.power.ends(), self.bias.ends(), *numbers)

    def _fill(self) -> None:
        """The usual ranges."""
        config = self._session.state.config
        space = self._session.searching.usual_space([name for name in self._more if hasattr(config, name)])
        if space is not None:
            self.k.set_ends(space.k)
            self.power.set_ends(space.lambda_power)
            self.bias.set_ends(space.lambda_bias)
            self._fill_ridge()

    @Slot()
    def _fill_ridge(self) -> None:
        """The usual range of lambda, wider where the power of the count is searched."""
        space = self._session.searching.usual_space(["lambda_power"] if self.power.searched else [])
        if space is not None:
            self.ridge.set_ends(space.ridge)

    @Slot()
    def _take(self) -> None:
        try:
            space = self.space()
        except AlsguiError as error:
            self.problem.setText(f"{error.message} {error.hint}")
        else:
            self.problem.setText("")
            self.wanted.emit(space)

    @staticmethod
    def _named(words: str, field: NumberField) -> tuple[QLabel, NumberField]:
        named = label(words, "strong")
        named.setBuddy(field)
        return named, field
