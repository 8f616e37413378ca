"""Settings of the next fit: the panel at the left of Train."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from alsgui.core.solvers.config import CONFIGS, MOST_ATTRIBUTES, Config, ObservedConfig, RidgeConfig
from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.text import percent, tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.train.words import loss_formula, number
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.fields import Fold, NumberField, SettingRow
from alsgui.ui.widgets.labels import Rule, label, set_colour
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment

WIDTH, WIDE_WIDTH = 268, 300
LARGEST_SEED = 2**53
"""Whole numbers up to here are exact in a field."""

_POWERS = {"0": 0.0, "0.5": 0.5, "1": 1.0}
_POWER_WORDS = {
    0.0: tr("Every user and {noun} is held back alike."),
    0.5: tr("A row with n ratings gets λ √n: between the two."),
    1.0: tr("A row with n ratings gets λ n."),
}
_FILLS = {"refuse": tr("Refuse"), "zero": tr("0"), "mean": tr("Mean of the movie")}
_LEARNING_WORDS = tr("A run is learning. Only λ can be changed now, for the next run.")
_FILL_TIP = tr("The text-book's loss runs over all cells. What stands for a missing rating changes the result.")


@dataclass(frozen=True)
class NumberSetting:
    """A setting that is one number: its name in `Config`, its words, and its field."""

    name: str
    symbol: str
    title: str
    explanation: str
    tip: str
    field: Callable[[], NumberField]


MAIN_NUMBERS = (
    NumberSetting(
        "k", "K", tr("Attributes"), tr("Numbers kept per user and {noun}. More fit finer taste, and overfit sooner."),
        tr("u is K × N, m is K × M; a prediction is r = uᵀm, with mean and biases where there are any."),
        lambda: NumberField(20, 1, MOST_ATTRIBUTES, whole=True),
    ),
    NumberSetting(
        "lambda_u", "λ<sub>u</sub>", tr("Ridge on users"), tr("Pulls each user towards the mean. Larger is smoother."),
        tr("The loss has λᵤ Σ |uᵢ|². The default is a multiple of the spread of the ratings."),
        lambda: NumberField(1.0, 0, 1e12, factor=1.25),
    ),
    NumberSetting(
        "lambda_m", "λ<sub>m</sub>", tr("Ridge on {nouns}"), tr("The same for {nouns}."),
        tr("The loss has λₘ Σ |mⱼ|². The default is a multiple of the spread of the ratings."),
        lambda: NumberField(1.0, 0, 1e12, factor=1.25),
    ),
)  # fmt: skip
COURSE_NUMBERS = (
    NumberSetting(
        "epochs", "T", tr("Epochs"), tr("One epoch solves all users, then all {nouns}."),
        tr("The fit ends after T epochs at the latest; then u is solved once more for the m that is kept."),
        lambda: NumberField(20, 1, 100_000, whole=True),
    ),
    NumberSetting(
        "tolerance", "ε", tr("Tolerance"), tr("Stop when the loss falls by less than this share."),
        tr("Stop when L(t − 1) − L(t) ≤ ε L(t − 1). With 0 all epochs are done."),
        lambda: NumberField(1e-5, 0, 1, factor=10),
    ),
)  # fmt: skip
ADVANCED_NUMBERS = (
    NumberSetting(
        "seed", "", tr("Seed"), tr("Of the random start."),
        tr("The same seed, data and settings give the same bits, at any number of threads."),
        lambda: NumberField(0, 0, LARGEST_SEED, whole=True),
    ),
    NumberSetting(
        "lambda_bias", "λ<sub>b</sub>", tr("Ridge on biases"), tr("Holds back the bias of a {noun} with few ratings."),
        tr("The loss has λb (Σ bᵢ² + Σ cⱼ²), never scaled by counts."),
        lambda: NumberField(4.0, 0, 1e12, factor=1.25),
    ),
    NumberSetting(
        "patience", "", tr("Patience"), tr("Stop after so many epochs without a better hold-out; 0 never does."),
        tr("The factors of the best epoch are kept."),
        lambda: NumberField(0, 0, 100_000, whole=True),
    ),
    NumberSetting(
        "threads", "", tr("Threads"), tr("Row blocks solved at a time; 0 takes every core."),
        tr("The result has the same bits at any number of threads."),
        lambda: NumberField(0, 0, 1024, whole=True),
    ),
)  # fmt: skip
_ZERO_IS_NONE = ("patience", "threads")
_EDITABLE_WHILE_LEARNING = ("lambda_u", "lambda_m")


class SettingsPanel(QWidget):
    """Every setting with its symbol, one line of explanation and its formula as tooltip.

    Signals
    -------
    reset_wanted()
        All settings are to be put at their defaults.
    """

    reset_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._rows: dict[str, SettingRow] = {}
        self.fields: dict[str, NumberField] = {}
        self.setProperty("k", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Settings"))
        self._build_choices()
        self._build_holdout()
        content = QWidget()
        content.setLayout(column(*self._parts(), None, gap=7, margins=(16, 14, 12, 14)))
        self._area = scrolling(content)
        self._edge = _Edge()
        self.setLayout(row(self._area, self._edge, gap=0))
        self.set_wide(False)

    def set_wide(self, wide: bool) -> None:
        """Take the width of a large window, or the usual one."""
        self.setFixedWidth(theme.px(WIDE_WIDTH if wide else WIDTH))

    def show_state(self, state: State) -> None:
        """Show the settings of the next fit, and which can be changed now."""
        config, learning = state.config, state.phase == "fitting"
        for name, field in self.fields.items():
            if name not in ("holdout", "split_seed"):
                self._show_number(name, field, config)
            field.setReadOnly(learning and name not in _EDITABLE_WHILE_LEARNING)
        self._show_lambda(state)
        self._show_choices(state)
        self._show_holdout(state)
        for widget in (self.algorithm, self.biases, self.scaling, self.dtype, self.fill, self.reset):
            widget.setEnabled(not learning)
        self.summary.setText(_LEARNING_WORDS if learning else config.summary)
        set_colour(self.summary, "accent" if learning else None)
        self._area.setEnabled(state.data is not None)
        self._advanced.set_summary(tr("seed {seed}, {dtype}", seed=config.seed, dtype=config.dtype))

    # Building

    def _parts(self) -> list[Any]:
        head = row(label(tr("Settings"), "card"), None, self.reset)
        return [
            head, self.algorithm, self.summary, Rule(),
            *(self._number_row(setting) for setting in MAIN_NUMBERS),
            self.scaling_row, self.biases, self.fill_row, Rule(),
            *(self._number_row(setting) for setting in COURSE_NUMBERS),
            self._rows["holdout"], self._resplit, self._advanced,
        ]  # fmt: skip

    def _build_choices(self) -> None:
        self.reset = button(tr("Reset"), kind="link", tip=tr("All settings at their defaults for these data"))
        self.reset.clicked.connect(self._reset)
        self.algorithm = QComboBox()
        self.algorithm.setAccessibleName(tr("Algorithm"))
        for name, kind in CONFIGS.items():
            self.algorithm.addItem(kind.title, name)
        self.algorithm.activated.connect(self._choose_algorithm)
        self.summary = label("", "hint", wrap=True)
        self.scaling = Segment([("0", tr("none")), ("0.5", "√n"), ("1", "n")], tr("Multiply λ by the row's count"))
        self.scaling.chosen.connect(lambda key: self._set(lambda_power=_POWERS[key]))
        self.scaling_row = SettingRow("", tr("λ × count"), self.scaling, "")
        self.scaling_row.setToolTip(
            tr("λ nᵖ with n the ratings of the row: p = 0, ½ or 1. With p = 1 it is ALS-WR (Zhou et al. 2008).")
        )
        self.biases = QCheckBox(tr("User and movie biases"))
        self.biases.setToolTip(tr("r = μ + bᵢ + cⱼ + uᵢᵀmⱼ; without, r = uᵀm as in the text-book."))
        self.biases.clicked.connect(lambda on: self._set(biases=on))
        self.fill = QComboBox()
        for key, words in _FILLS.items():
            self.fill.addItem(words, key)
        self.fill.activated.connect(lambda index: self._set(fill=self.fill.itemData(index)))
        self.fill_row = SettingRow("", tr("Missing"), self.fill, tr("What stands for a missing rating."))
        self.fill_row.setToolTip(_FILL_TIP)

    def _build_holdout(self) -> None:
        holdout = NumberField(0.1, 0, 0.9, percent=True, step=0.05)
        seed = NumberField(0, 0, LARGEST_SEED, whole=True)
        holdout.changed.connect(lambda share: self._session.fitting.set_split(share=share))
        seed.changed.connect(lambda value: self._session.fitting.set_split(seed=int(value)))
        self.fields |= {"holdout": holdout, "split_seed": seed}
        words = tr("Random ratings kept aside to judge the model.")
        self._rows["holdout"] = SettingRow("H", tr("Hold-out"), holdout, words)
        self._rows["holdout"].setToolTip(tr("It belongs to the data: all runs share it until it is changed."))
        self._rows["split_seed"] = SettingRow("", tr("Split seed"), seed, tr("Which ratings are kept aside."))
        self._resplit = label("", "hint", "warning", wrap=True)
        self.dtype = Segment([("float32", "float32"), ("float64", "float64")], tr("Number type"))
        self.dtype.chosen.connect(lambda key: self._set(dtype=key))
        dtype_row = SettingRow("", tr("Type"), self.dtype, tr("How factors are stored; sums are in float64."))
        self._advanced = Fold(tr("Advanced"))
        first, *others = (self._number_row(setting) for setting in ADVANCED_NUMBERS)
        for part in (first, self._rows["split_seed"], *others, dtype_row):
            self._advanced.body.add(part)

    def _number_row(self, setting: NumberSetting) -> SettingRow:
        field = setting.field()
        self.fields[setting.name] = field
        field.changed.connect(lambda value: self._set_number(setting.name, value))
        made = SettingRow(setting.symbol, setting.title, field, setting.explanation)
        made.setToolTip(setting.tip)
        self._rows[setting.name] = made
        return made

    # Showing

    def _show_number(self, name: str, field: NumberField, config: Config) -> None:
        self._rows[name].setVisible(hasattr(config, name))
        value = getattr(config, name, None)
        if value is None and name in _ZERO_IS_NONE:
            value = 0
        if value is not None:
            _show(field, float(value))

    def _show_lambda(self, state: State) -> None:
        """Ask for the defaults where λ was not chosen; they need the training ratings, so not on this thread."""
        config, split = state.config, state.split
        if split is None or None not in (config.lambda_u, config.lambda_m):
            self._session.light.forget("train/lambda")
            return
        self._session.light.request("train/lambda", lambda: config.resolved(split.training), self._show_resolved)

    def _show_resolved(self, config: Config) -> None:
        for name, value in zip(("lambda_u", "lambda_m"), config.penalties, strict=True):
            _show(self.fields[name], float(f"{value:.4g}"))

    def _show_choices(self, state: State) -> None:
        config = state.config
        self.algorithm.setCurrentIndex(self.algorithm.findData(config.algorithm))
        self.summary.setToolTip(loss_formula(config))
        self.algorithm.setToolTip(loss_formula(config))
        observed = isinstance(config, ObservedConfig)
        self.scaling_row.setVisible(observed)
        self.biases.setVisible(observed)
        if isinstance(config, ObservedConfig):
            power = config.lambda_power
            self.scaling.set_current(min(_POWERS, key=lambda key: abs(_POWERS[key] - power)))
            words = _POWER_WORDS.get(power, tr("A row with n ratings gets λ n to the power {p}.", p=number(power)))
            self.scaling_row.set_explanation(words.format(noun=_noun(state)))
            self.biases.setText(tr("User and {noun} biases", noun=_noun(state)))
            self.biases.setChecked(config.biases)
            self._rows["lambda_bias"].setVisible(config.biases)
        holes = state.ratings is not None and not state.ratings.complete
        self.fill_row.setVisible(isinstance(config, RidgeConfig) and holes)
        if isinstance(config, RidgeConfig):
            self.fill.setItemText(self.fill.findData("mean"), tr("Mean of the {noun}", noun=_noun(state)))
            self.fill.setCurrentIndex(self.fill.findData(config.fill))
        self.dtype.set_current(config.dtype)
        self._show_nouns(state)

    def _show_nouns(self, state: State) -> None:
        noun = _noun(state)
        nouns = state.ratings.nouns if state.ratings is not None else tr("movies")
        for setting in (*MAIN_NUMBERS, *COURSE_NUMBERS, *ADVANCED_NUMBERS):
            self._rows[setting.name].set_title(setting.title.format(noun=noun, nouns=nouns))
            self._rows[setting.name].set_explanation(setting.explanation.format(noun=noun, nouns=nouns))

    def _show_holdout(self, state: State) -> None:
        split = state.split
        for name in ("holdout", "split_seed"):
            self.fields[name].setEnabled(split is not None)
        if split is None:
            self._resplit.hide()
            return
        _show(self.fields["holdout"], split.share)
        _show(self.fields["split_seed"], float(split.seed))
        judged_otherwise = [run for run in state.runs if run.split.ratings is split.ratings and run.split is not split]
        learnt = percent(1 - split.share, 0)
        words = tr("Split anew: later runs learn from another {share}. Earlier ones keep theirs.", share=learnt)
        self._resplit.setText(words)
        self._resplit.setVisible(bool(judged_otherwise) and (not state.runs or state.runs[-1].split is not split))

    # Gestures

    def _set(self, **values: Any) -> None:
        self._session.fitting.set_config(**values)

    def _set_number(self, name: str, value: float) -> None:
        whole = name not in ("lambda_u", "lambda_m", "lambda_bias", "tolerance")
        setting: float | None = int(value) if whole else value
        self._set(**{name: None if name in _ZERO_IS_NONE and not setting else setting})

    @Slot(int)
    def _choose_algorithm(self, index: int) -> None:
        self._session.fitting.choose_algorithm(self.algorithm.itemData(index))

    @Slot()
    def _reset(self) -> None:
        from alsgui.core.split import usual_share

        ratings = self._session.state.ratings
        if ratings is not None:
            self._session.fitting.set_split(usual_share(ratings), 0)
        self.reset_wanted.emit()


class _Edge(Rule):
    """Line of one pixel along the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "line")


def _show(field: NumberField, value: float) -> None:
    """Show a number, unless the person is typing another."""
    if field.value() != value and not (field.hasFocus() and field.isModified()):
        field.set_value(value)


def _noun(state: State) -> str:
    return state.ratings.noun if state.ratings is not None else tr("movie")
