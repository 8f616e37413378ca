"""Settings of the next fit: the panel at the left of Train."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from alsgui.core.conventions import presets
from alsgui.core.errors import ConfigError
from alsgui.core.solvers.config import CONFIGS, Config
from alsgui.core.solvers.options import OPTIONS, Place, applies, options_of
from alsgui.session.session import Session
from alsgui.session.state import Notice, State
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.train.controls import NumberRow, OptionRow, option_row, show_number
from alsgui.ui.pages.train.holdout import HoldoutRows
from alsgui.ui.pages.train.words import loss_formula
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.fields import Fold, NumberField
from alsgui.ui.widgets.labels import Rule, label, set_colour
from alsgui.ui.widgets.layouts import column, row

WIDTH, WIDE_WIDTH = 268, 300
_LEARNING_WORDS = tr("A run is learning. Only λ can be changed now, for the next run.")
_EDITABLE_WHILE_LEARNING = ("lambda_u", "lambda_m")
_USED = {field.name for kind in CONFIGS.values() for field in fields(kind)}


class SettingsPanel(QWidget):
    """Every setting that the algorithm has, with its symbol, one line of explanation and its formula as tooltip.

    Signals
    -------
    reset_wanted()
        All settings are to be put at their defaults.
    """

    reset_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.rows: dict[str, OptionRow] = {}
        self.fields: dict[str, NumberField] = {}
        self.setProperty("k", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Settings"))
        self._build_head()
        self._build_rows()
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
        self.algorithm.setCurrentIndex(self.algorithm.findData(config.algorithm))
        self.algorithm.setToolTip(loss_formula(config))
        self.summary.setToolTip(loss_formula(config))
        self.summary.setText(_LEARNING_WORDS if learning else config.summary)
        set_colour(self.summary, "accent" if learning else None)
        self._show_options(state, learning)
        self._show_lambda(state)
        self.holdout.show_state(state)
        for widget in (self.algorithm, self.presets, self.reset):
            widget.setEnabled(not learning)
        self._area.setEnabled(state.data is not None)
        self._advanced.set_summary(tr("{start} start, seed {seed}", start=config.init, seed=config.seed))

    # Building

    def _build_head(self) -> None:
        self.reset = button(tr("Reset"), kind="link", tip=tr("All settings at their defaults for these data"))
        self.reset.clicked.connect(self._reset)
        self.presets = button(tr("Presets"), kind="link", tip=tr("Settings as another program has them"))
        self.presets.setProperty("menu", True)
        self.preset_menu = QMenu(self.presets)
        self.preset_menu.setToolTipsVisible(True)
        known = presets()
        for name, (_, differs) in known.items():
            action = self.preset_menu.addAction(name, partial(self._choose_preset, name))
            action.setText(f"{name}\t{differs}")
            action.setToolTip(differs)
        self.presets.setMenu(self.preset_menu)
        self.presets.setVisible(bool(known))
        self.algorithm = QComboBox()
        self.algorithm.setAccessibleName(tr("Algorithm"))
        for at, (name, kind) in enumerate(CONFIGS.items()):
            self.algorithm.addItem(kind.title, name)
            self.algorithm.setItemData(at, kind.summary, Qt.ItemDataRole.ToolTipRole)
        self.algorithm.activated.connect(self._choose_algorithm)
        self.summary = label("", "hint", wrap=True)

    def _build_rows(self) -> None:
        for option in OPTIONS:
            if option.name not in _USED:
                continue
            made = self.rows[option.name] = option_row(option)
            made.chosen.connect(partial(self._set, option.name))
            if isinstance(made, NumberRow):
                self.fields[option.name] = made.field

    def _build_holdout(self) -> None:
        self.holdout = HoldoutRows(self._session)
        self.fields |= {"holdout": self.holdout.share, "per_user": self.holdout.n, "split_seed": self.holdout.seed}

    def _parts(self) -> list[Any]:
        self._advanced = Fold(tr("Advanced"))
        for part in (*self._rows_at("advanced"), self.holdout.seed_row):
            self._advanced.body.add(part)
        head = row(label(tr("Settings"), "card"), None, self.presets, self.reset)
        return [
            head, self.algorithm, self.summary, Rule(),
            *self._rows_at("main"), Rule(),
            *self._rows_at("course"), self.holdout, self._advanced,
        ]  # fmt: skip

    def _rows_at(self, place: Place) -> list[OptionRow]:
        return [self.rows[option.name] for option in OPTIONS if option.place == place and option.name in self.rows]

    # Showing

    def _show_options(self, state: State, learning: bool) -> None:
        config, ratings = state.config, state.ratings
        noun, nouns = (ratings.noun, ratings.nouns) if ratings is not None else (tr("movie"), tr("movies"))
        own = {option.name: option for option in options_of(type(config))}
        for name, made in self.rows.items():
            option = own.get(name)
            made.setVisible(option is not None and applies(option, config) and not _is_moot(name, state))
            if option is not None:
                made.show_option(option, config, noun, nouns)
            made.lock(learning and name not in _EDITABLE_WHILE_LEARNING)

    def _show_lambda(self, state: State) -> None:
        """Ask for the defaults where λ was not chosen; they need the training ratings, so not on this thread."""
        config, split = state.config, state.split
        if split is None or None not in (config.lambda_u, config.lambda_m):
            self._session.light.forget("train/lambda")
            return
        self._session.light.request("train/lambda", lambda: config.resolved(split.training), self._show_resolved)

    def _show_resolved(self, config: Config) -> None:
        for name, value in zip(("lambda_u", "lambda_m"), config.penalties, strict=True):
            show_number(self.fields[name], float(f"{value:.4g}"))

    # Gestures

    def _set(self, name: str, value: Any) -> None:
        self._session.fitting.set_config(**{name: value})

    @Slot(int)
    def _choose_algorithm(self, index: int) -> None:
        self._session.fitting.choose_algorithm(self.algorithm.itemData(index))

    def _choose_preset(self, name: str) -> None:
        try:
            self._session.fitting.choose_preset(name)
        except ConfigError as error:
            self._session.tell(Notice("error", error.message, error.hint))

    @Slot()
    def _reset(self) -> None:
        self.holdout.reset()
        self.reset_wanted.emit()


class _Edge(Rule):
    """Line of one pixel along the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "line")


def _is_moot(name: str, state: State) -> bool:
    """Whether the ratings leave a setting nothing to decide."""
    return name == "fill" and (state.ratings is None or state.ratings.complete)
