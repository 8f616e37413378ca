"""Every control of the kit in every state, on one picture: `python -m tests.helpers.gallery out.png [dark] [scale]`."""

from __future__ import annotations

import sys

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QSlider,
    QWidget,
)

from alsgui.text import rating
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.qss import set_property
from alsgui.ui.widgets.banner import Banner
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.card import Card, PageHead
from alsgui.ui.widgets.chips import Chip
from alsgui.ui.widgets.dropzone import DropZone
from alsgui.ui.widgets.empty import EmptyState, StartCard
from alsgui.ui.widgets.facts import FactList, Rule
from alsgui.ui.widgets.fields import Fold, NumberField, SettingRow
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.rail import Rail
from alsgui.ui.widgets.searchbox import SearchBox
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.stars import StarRating
from alsgui.ui.widgets.stats import StatStrip
from alsgui.ui.widgets.statusbar import JobStatus
from alsgui.ui.widgets.table_cells import ScoreCell, StarsCell, SwatchCell
from alsgui.ui.widgets.tables import DataTable
from alsgui.ui.widgets.weight_slider import WeightSlider


def gallery() -> QWidget:
    page = QWidget()
    page.setProperty("k", "page")
    page.setStyleSheet("")
    left = column(_head(), _controls(), _banners(), _jobs(), _stats(), None, gap=12)
    right = column(_settings(), _facts(), _sliders(), None, gap=12)
    tables = column(_table(), _start(), None, gap=12)
    rail = Rail(
        [
            ("data", "database", "Data"),
            ("train", "chart-line-up", "Train"),
            ("factors", "grid-four", "Factors"),
        ],
        [("settings", "gear", "Settings")],
    )
    rail.set_current("train")
    rail.set_usable("factors", False, "Fit a model first")
    page.setLayout(row(rail, 12, left, right, tables, 12, gap=12, margins=(0, 0, 0, 12)))
    return page


def _head() -> QWidget:
    head = PageHead("Train", "Run 4 is learning")
    head.add_action_widget(Segment([("linear", "Linear"), ("log", "Log")]))
    head.add_action_widget(icon_button("export", "Export"))
    return head


def _controls() -> Card:
    card = Card("Controls", "normal, disabled, wrong")
    kinds = (
        ("Fit", "play-fill", "primary"),
        ("Half-step", "skip-forward-fill", "secondary"),
        ("Open", "folder-open", "ghost"),
    )
    for text, icon, kind in kinds:
        off = button(text, icon, kind)
        off.setEnabled(False)
        card.body.add(row(button(text, icon, kind), off, button(text, kind=kind), None))
    off_field, wrong = QLineEdit("0.12"), QLineEdit("1e999")
    off_field.setEnabled(False)
    set_property(wrong, "wrong", "true")
    card.body.add(row(QLineEdit("0.12"), off_field, wrong, label("not a finite number", "hint", "error"), None))
    existing, mean = button("Existing user", "user", "tile"), button("Mean user", "users-three", "tile")
    existing.setChecked(True)
    ticked, plain, radio = QCheckBox("Hide rated"), QCheckBox("Clip"), QRadioButton("One")
    ticked.setChecked(True)
    radio.setChecked(True)
    card.body.add(row(existing, mean, ticked, plain, radio, QRadioButton("Two"), None))
    choices = QComboBox()
    choices.addItems(["in blocks", "by rank"])
    bar, slider = QProgressBar(), QSlider(Qt.Orientation.Horizontal)
    bar.setTextVisible(False)
    bar.setValue(60)
    slider.setValue(30)
    card.body.add(row(Segment([("epochs", "Epochs"), ("seconds", "Seconds")]), choices, bar, slider))
    chips = (
        Chip("user", "User 373"),
        Chip("movie", "Magnolia (1999)", removable=True),
        Chip("run", "Run 4", clickable=True),
    )
    card.body.add(row(*chips, Chip("plain", "Drama"), None))
    card.body.add(
        row(
            SearchBox("Search users, movies, actions", lambda text: [], "Ctrl K"),
            button("Reset", kind="link"),
            None,
        )
    )
    return card


def _banners() -> Card:
    card = Card()
    for kind, words, action in (
        ("info", "Showing epoch 31 while run 4 learns.", "Freeze"),
        ("warning", "9 rows were rejected.", "Show them"),
        ("error", "The disk is full. The old file is whole.", "Choose a place"),
        ("ok", "u, m and ids exported, 3 files.", "Open folder"),
    ):
        banner = Banner()
        card.body.add(banner)
        banner.show_message(kind, words, action, details=kind == "error")
    return card


def _jobs() -> Card:
    card = Card("Job in the status bar")
    for number in range(4):
        strip = JobStatus()
        strip.set_data("ml-latest-small · 610 users × 9 724 movies")
        if number == 1:
            strip.set_job("Run 4", "epoch 31 of 50", 0.62, "1.0 s left")
        elif number == 2:
            strip.set_job("Reading", "", None)
        elif number == 3:
            strip.set_error("Run 5 stopped: the loss rose at epoch 3")
        card.body.add(strip)
    return card


def _stats() -> StatStrip:
    strip = StatStrip()
    strip.set_figures(
        [
            ("610", "users", ""),
            ("9 724", "movies", ""),
            ("1.70 %", "observed", ""),
            ("3.50 ★", "mean rating", ""),
        ]
    )
    return strip


def _settings() -> Card:
    card = Card("Settings")
    card.add_action_widget(button("Reset", kind="link"))
    card.body.add(
        SettingRow("K", "Attributes", NumberField(20, 1, 512, whole=True), "Numbers kept per user and per movie.")
    )
    ridge = NumberField(0.12, 0, 100, factor=1.25)
    card.body.add(SettingRow("λᵤ", "Ridge on users", ridge, "Pulls each user towards the mean."))
    ridge.selectAll()
    ridge.insert("1e999")
    card.body.add(SettingRow("ε", "Tolerance", NumberField(1e-5, 0, 1, factor=10), "Stop when the loss falls by less."))
    card.body.add(SettingRow("H", "Hold-out", NumberField(0.1, 0, 0.9, percent=True, step=0.01), "Ratings kept aside."))
    card.body.add(Fold("Advanced", "seed 7, exact solver"))
    return card


def _facts() -> Card:
    card = Card("At epoch 31")
    facts = FactList()
    facts.set_rows(
        [
            ("RMSE training", "0.5626", "accent", ""),
            ("Loss L", "47 957", None, ""),
            ("Gain", "2.1 %", "ok", ""),
        ]
    )
    card.body.add(facts)
    card.body.add(Rule())
    stars = StarRating("Fargo")
    stars.set_value(3.5)
    card.body.add(row(label("Rate it", "hint"), stars, None))
    return card


def _sliders() -> Card:
    card = Card("Weights u", "band: 5–95 % of users")
    for number, (ends, value) in enumerate(((("Cult", "popcorn"), 1.18), (None, -0.5)), 1):
        slider = WeightSlider(number, ends)
        slider.set_range(-2, 2, (-0.9, 0.8), 0)
        slider.set_value(value)
        card.body.add(slider)
    return card


def _table() -> Card:
    card = Card("For user 373", "ranked by prediction", edge_to_edge=True)
    scores = np.linspace(5.03, 3.2, 40)
    pairs = [(score, 0.2) for score in scores]
    model = ArrayTableModel(
        [
            Column(title="", values=["accent"] * 40, cell=SwatchCell(), width=40),
            Column(title="Movie", values=[f"Movie {number} with quite a long title" for number in range(40)]),
            Column(title="", values=pairs, cell=ScoreCell(3.0, 5.5, (4, 4.5, 5)), width=130),
            Column(title="Predicted", values=scores, format=rating, align="right", width=84),
            Column(title="Yours", values=np.tile([1.0, 3.5, 5.0, np.nan], 10), cell=StarsCell(), width=84),
        ],
        40,
    )
    table = DataTable(model, "Recommendations")
    table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    table.selectRow(2)
    table.setMinimumSize(theme.px(480), theme.px(240))
    card.body.add(table)
    return card


def _start() -> QWidget:
    cards = [
        StartCard(None, "Open ratings", "CSV, TSV, Parquet, Excel.", button("Open…", kind="primary"), "Ctrl O"),
        StartCard(None, "Start with a sample", "MovieLens small: 610 users.", button("Open sample")),
    ]
    made = QWidget()
    empty = EmptyState("No ratings yet", "Open ratings, fit a model, pick a person, read why.", cards)
    made.setLayout(column(empty, DropZone("or drop a file anywhere in this window"), gap=12))
    return made


def main() -> None:
    app = QApplication([])
    theme.current().set_mode("dark" if "dark" in sys.argv else "light")
    if len(sys.argv) > 3:
        theme.current().set_scale(float(sys.argv[3]))
    theme.current().apply(app)
    page = gallery()
    page.resize(page.sizeHint())
    page.grab().save(sys.argv[1])


if __name__ == "__main__":
    main()
