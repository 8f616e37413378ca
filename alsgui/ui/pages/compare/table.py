"""The table of runs and baselines: settings in which runs differ, then figures on the hold-out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot

from alsgui.core.solvers.config import CONFIGS
from alsgui.core.solvers.options import OPTIONS
from alsgui.text import DASH, MINUS, byte_size, counted, decimal, duration, error_figure, percent, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.compare.entries import Entry, JudgeBook
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.tables import DataTable

HEIGHT = 248
MOST_SETTINGS = 4
"""Columns of settings; what else differs is in the tooltip of a run."""

NAN = float("nan")
LENGTHS = (5, 10, 20)
_TITLES = {option.name: (option.symbol or option.title, option.title) for option in OPTIONS}


class EntryModel(ArrayTableModel):
    """Baselines are muted; each row explains itself."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.tips: list[str] = []

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As any table, with a tooltip for each row."""
        row = self.data_row(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tips[row] or None
        if role == Qt.ItemDataRole.ForegroundRole and self.entries[row].run is None:
            return super().data(index, role) or theme.color("muted")
        return super().data(index, role)


class ContendersCard(Card):
    """Runs and baselines.

    Signals
    -------
    changed
        Another view, length of lists or choice of rows.
    activated(object)
        The entry of a row that was double-clicked or entered.
    """

    changed = Signal()
    activated = Signal(object)

    def __init__(self, book: JudgeBook) -> None:
        super().__init__(tr("Runs and baselines"), edge_to_edge=True)
        self._book = book
        self._entries: list[Entry] = []
        self._shown: object = None
        self.model = EntryModel()
        self.table = DataTable(self.model, tr("Runs and baselines"), narrowest=120)
        self.view = Segment([("error", tr("Error")), ("lists", tr("Top n"))], tr("Figures"))
        self.length = Segment([(str(n), str(n)) for n in LENGTHS], tr("Length of the lists"))
        self.length.set_current("10")
        self.length.setToolTip(tr("n: how many are recommended to each user"))
        for control in (self.length, self.view):
            self.add_action_widget(control)
            control.chosen.connect(lambda _: self.changed.emit())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.changed.emit())
        self.table.activated.connect(self._activate)
        self.table.doubleClicked.connect(self._activate)
        self.body.addWidget(self.table)
        self.restyle()

    @property
    def n(self) -> int:
        """Length of the lists."""
        return int(self.length.current())

    def restyle(self) -> None:
        """Take the text size of the theme."""
        self._shown = None
        self.setFixedHeight(theme.px(HEIGHT))

    def selected(self) -> list[Entry]:
        """Entries of the selected rows, in the order of the table."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self._entries[self.model.data_row(row)] for row in rows]

    def show_entries(self, entries: list[Entry], *, events: bool, elsewhere: int, judged_on: str) -> None:
        """Show figures as far as they are known; selected rows stay selected."""
        in_lists = self.view.current() == "lists"
        known = [(self._book.judged(entry, self.n, events=events), self._book.contender(entry)) for entry in entries]
        named = [(entry.key, entry.name, entry.config) for entry in entries]
        shown = (named, [tuple(map(id, each)) for each in known], self.n, in_lists, events, elsewhere, judged_on)
        self._entries = self.model.entries = entries
        if shown == self._shown:  # a fit that goes on changes nothing here, thirty times a second
            return
        self._shown = shown
        self.length.setVisible(in_lists)
        chosen = {entry.key for entry in self.selected()}
        columns, told = self._columns(entries, events=events, in_lists=in_lists)
        others = tr("{runs} on another hold-out not shown", runs=counted(elsewhere, tr("run"))) if elsewhere else ""
        self.set_subtitle(" · ".join(filter(None, [judged_on, told, others])))
        self.model.tips = [_tip(entry) for entry in entries]
        self.model.set_columns(columns, len(entries))
        selection = self.table.selectionModel()
        was_blocked = selection.blockSignals(True)
        for row, entry in enumerate(entries):
            if entry.key in chosen:
                flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
                selection.select(self.model.index(row, 0), flags)
        selection.blockSignals(was_blocked)

    def _columns(self, entries: list[Entry], *, events: bool, in_lists: bool) -> tuple[list[Column], str]:
        judged = [self._book.judged(entry, self.n, events=events) for entry in entries]
        columns = [Column(title=tr("Run"), values=[entry.name for entry in entries]), *_setting_columns(entries)]
        if in_lists:
            lists = [each.lists if each is not None else None for each in judged]
            n_users = max((each.n_users for each in lists if each is not None), default=0)
            told = tr("means over {users}", users=counted(n_users, tr("hold-out user"))) if n_users else ""
            for title, name, tip in _LIST_FIGURES:
                words = decimal2 if name == "novelty" else error_figure
                values = [getattr(each, name) if each is not None else NAN for each in lists]
                heading = title.format(n=self.n)
                columns.append(
                    _numbers(heading, values, tip.format(n=self.n), words, 98 if name == "precision" else 82)
                )
            return columns, told
        errors = [each.errors if each is not None else None for each in judged]
        rmse = [each.rmse if each is not None else NAN for each in errors]
        mae = [each.mae if each is not None else NAN for each in errors]
        line = next((value for entry, value in zip(entries, rmse, strict=True) if entry.key == "biases"), NAN)
        against = [value / line - 1 for value in rmse]
        made = [self._book.contender(entry) for entry in entries]
        unknown = max((each.n_unknown for each in errors if each is not None), default=0)
        n = max((each.n for each in errors if each is not None), default=0)
        told = tr("{share} of unknown users or movies", share=percent(unknown / n, 1)) if n and unknown else ""
        return [
            *columns,
            _numbers(tr("RMSE"), rmse, tr("Root mean squared error on the hold-out, clipped, in stars"), width=70),
            Column(title=tr("vs biases"), values=against, format=_against_words, align="right", width=86,
                   tip=tr("RMSE against that of user + movie biases; lower is better"), role_colour=_against_role),
            _numbers(tr("MAE"), mae, tr("Mean absolute error, in stars"), width=70),
            _numbers(tr("Time"), [each.seconds if each and each.seconds is not None else NAN for each in made],
                     tr("Time of solving"), _time_words, 70),
            _numbers(tr("Memory"), [float(each.n_bytes) if each else NAN for each in made],
                     tr("Of the numbers that it predicts from: u, m and biases"),
                     lambda size: DASH if math.isnan(size) else byte_size(size), 78),
        ], told  # fmt: skip

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        if index.isValid():
            self.activated.emit(self._entries[self.model.data_row(index.row())])


_LIST_FIGURES = (
    (tr("NDCG@{n}"), "ndcg", tr("What was kept aside counts more the higher it stands; 0 to 1, higher is better")),
    (tr("Recall@{n}"), "recall", tr("Share of a user's relevant held-out movies that the list of {n} has")),
    (tr("Precision@{n}"), "precision", tr("Share of the list of {n} that is relevant")),
    (tr("MAP@{n}"), "map", tr("Mean of the precision at each hit, over the hits that could be had")),
    (tr("Coverage"), "coverage", tr("Share of all movies that are in any list")),
    (tr("Novelty"), "novelty", tr("Mean of −log₂ of the share of users who rated what is listed, in bits")),
)


def decimal2(number: float) -> str:
    """Two decimals."""
    return decimal(number, 2)


def _numbers(
    title: str, values: list[float], tip: str, words: Callable[[float], str] = error_figure, width: int = 76
) -> Column:
    return Column(title=title, values=values, format=words, align="right", tip=tip, width=width)


def _setting_columns(entries: list[Entry]) -> list[Column]:
    """The settings in which runs differ; with one run, the algorithm and K."""
    from alsgui.core.compare import differing

    configs = [entry.config for entry in entries if entry.config is not None]
    if not configs:
        return []
    found = differing(configs)
    names = [name for name, _ in found] or ["algorithm", "k"]
    if {"lambda_u", "lambda_m"} <= set(names) and all(config.lambda_u == config.lambda_m for config in configs):
        names.remove("lambda_m")
    columns = []
    for name in names[:MOST_SETTINGS]:
        values = [_setting(entry.config, name) for entry in entries]
        symbol, title = _TITLES.get(name, (tr("Algorithm"), tr("Algorithm")))
        head = "λ" if name == "lambda_u" and "lambda_m" not in names else _plain(symbol)
        keys = [_key(value) for value in values]
        comparable = all(isinstance(key, float) for key in keys)
        columns.append(
            Column(title=head, values=values, format=_setting_words, tip=title, keys=keys if comparable else None,
                   align="left" if name == "algorithm" else "right",
                   width=max(118 if name == "algorithm" else 56, 8 * len(head) + 24))
        )  # fmt: skip
    return columns


def _setting(config: Any, name: str) -> Any:
    if config is None:
        return tr("baseline") if name == "algorithm" else ""
    return CONFIGS[config.algorithm].title if name == "algorithm" else getattr(config, name, "")


def _key(value: Any) -> Any:
    return float(value) if isinstance(value, int | float) else NAN if value in ("", None) else value


def _setting_words(value: Any) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if value is None:
        return DASH
    return f"{value:.4g}".replace("e-0", "e-").replace("-", MINUS) if isinstance(value, float) else str(value)


def _plain(symbol: str) -> str:
    return symbol.replace("<sub>u</sub>", "ᵤ").replace("<sub>m</sub>", "ₘ").replace("<sub>b</sub>", "ᵦ")


def _tip(entry: Entry) -> str:
    if entry.config is None or entry.run is None:
        return entry.tip
    ratings = entry.run.split.ratings
    names = ((name, _TITLES[name][1]) for name in _TITLES if hasattr(entry.config, name))
    return "\n".join(
        f"{title.format(noun=ratings.noun, nouns=ratings.nouns)}: {_setting_words(getattr(entry.config, name))}"
        for name, title in names
    )


def _against_words(share: float) -> str:
    if math.isnan(share):
        return DASH
    return tr("line to beat") if share == 0 else f"{decimal(100 * share, 1, sign=True)} %"


def _against_role(share: float) -> str | None:
    if math.isnan(share) or abs(share) < 0.0005:
        return "muted"
    return "ok" if share < 0 else "error"


def _time_words(seconds: float) -> str:
    return DASH if math.isnan(seconds) else f"{decimal(seconds, 2)} s" if seconds < 10 else duration(seconds)
