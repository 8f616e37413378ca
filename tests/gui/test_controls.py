"""Controls answer keyboard and mouse, refuse wrong input, and say what they are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from alsgui.text import count, rating
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.widgets.banner import Banner
from alsgui.ui.widgets.buttons import button, icon_button, relabel
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.chips import Chip
from alsgui.ui.widgets.facts import FactList
from alsgui.ui.widgets.fields import Fold, NumberField, SettingRow
from alsgui.ui.widgets.labels import ElidedLabel
from alsgui.ui.widgets.rail import Rail
from alsgui.ui.widgets.searchbox import SearchBox
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.stars import StarRating
from alsgui.ui.widgets.stats import StatStrip
from alsgui.ui.widgets.statusbar import JobStatus
from alsgui.ui.widgets.tables import DataTable
from alsgui.ui.widgets.weight_slider import WeightSlider
from tests.helpers.gallery import gallery

Key = Qt.Key


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    return widget


def heard(signal: object) -> list[object]:
    """Collect what a signal says."""
    words: list[object] = []
    signal.connect(lambda *given: words.append(given[0] if given else None))  # type: ignore[attr-defined]
    return words


def test_a_button_is_called_by_its_words_without_the_gap_before_them(qtbot: QtBot) -> None:
    fit = button("Fit", "play-fill", "primary")
    qtbot.addWidget(fit)
    assert (fit.accessibleName(), fit.text()) == ("Fit", "\u2009Fit")
    relabel(fit, "Pause", "pause-fill")
    assert (fit.accessibleName(), fit.text()) == ("Pause", "\u2009Pause")
    alone = icon_button("gear", "Settings")
    qtbot.addWidget(alone)
    assert (alone.accessibleName(), alone.toolTip()) == ("Settings", "Settings")


def test_a_segment_says_what_the_person_chose_and_is_silent_when_set(qtbot: QtBot) -> None:
    segment = shown(qtbot, Segment([("epochs", "Epochs"), ("seconds", "Seconds"), ("rows", "Rows")]))
    chosen = heard(segment.chosen)
    segment.set_current("seconds")
    assert (segment.current(), chosen) == ("seconds", [])
    qtbot.mouseClick(segment.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert (segment.current(), chosen) == ("epochs", ["epochs"])
    segment.findChildren(QPushButton)[0].setFocus()
    qtbot.keyClick(segment.findChildren(QPushButton)[0], Key.Key_Right)
    assert segment.current() == "seconds"


def test_a_chip_can_be_removed_by_its_cross(qtbot: QtBot) -> None:
    chip = shown(qtbot, Chip("movie", "Magnolia (1999)", removable=True))
    removed = heard(chip.removed)
    cross = next(each for each in chip.findChildren(QPushButton) if each.accessibleName() == "Remove")
    qtbot.keyClick(cross, Key.Key_Space)
    assert (chip.text(), len(removed)) == ("Magnolia (1999)", 1)


def test_a_banner_hides_when_dismissed_and_offers_its_action(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    banner.show_message("warning", "9 rows were rejected.", "Show them")
    acted, dismissed = heard(banner.acted), heard(banner.dismissed)
    names = {each.accessibleName(): each for each in banner.findChildren(QPushButton)}
    assert names["Details"].isHidden()
    names["Show them"].click()
    names["Dismiss"].click()
    assert (len(acted), len(dismissed), banner.isHidden()) == (1, 1, True)


def test_the_rail_is_walked_by_arrows_and_chosen_by_enter(qtbot: QtBot) -> None:
    rail = Rail(
        [("data", "database", "Data"), ("train", "chart-line-up", "Train")],
        [("settings", "gear", "Settings")],
    )
    shown(qtbot, rail)
    chosen = heard(rail.chosen)
    rail.set_current("data")
    items = rail.findChildren(type(next(iter(rail._items.values()))))
    items[0].setFocus()
    qtbot.keyClick(items[0], Key.Key_Down)
    qtbot.keyClick(items[1], Key.Key_Return)
    qtbot.keyClick(items[1], Key.Key_Up)
    qtbot.keyClick(items[0], Key.Key_Up)
    assert items[2].hasFocus()
    assert (chosen, rail.current()) == (["train"], "data")


def test_a_rail_item_not_yet_usable_says_why_and_can_still_be_pressed(qtbot: QtBot) -> None:
    rail = shown(qtbot, Rail([("data", "database", "Data"), ("train", "chart-line-up", "Train")]))
    chosen = heard(rail.chosen)
    rail.set_usable("train", False, "Open ratings first")
    train = rail._items["train"]
    assert train.toolTip() == train.accessibleDescription() == "Open ratings first"
    qtbot.mouseClick(train, Qt.MouseButton.LeftButton)
    assert chosen == ["train"]
    rail.set_compact(True)
    assert rail.sizeHint().width() == theme.px(48)
    assert train.toolTip() == "Train\nOpen ratings first"


def test_the_status_strip_offers_cancel_for_a_job_and_details_for_an_error(qtbot: QtBot) -> None:
    strip = shown(qtbot, JobStatus())
    cancelled, details = heard(strip.cancelled), heard(strip.details_asked)
    names = {each.accessibleName(): each for each in strip.findChildren(QPushButton)}
    assert names["Cancel"].isHidden() and names["Details"].isHidden()
    strip.set_job("Run 4", "epoch 31 of 50", 0.62, "1.0 s left")
    assert strip.progress.share() == 0.62
    names["Cancel"].click()
    strip.set_error("Run 5 stopped: the loss rose at epoch 3")
    names["Details"].click()
    assert (len(cancelled), len(details), strip.progress.isHidden()) == (1, 1, True)
    strip.set_job("Reading", "", None)
    assert strip.progress.accessibleName() == "in progress"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0,5", 0.5), ("1e-5", 1e-5), ("1e−5", 1e-5), ("1 0", 10), (" 3 ", 3), ("1\u20090", 10)],
)
def test_a_number_is_read_as_people_write_it(qtbot: QtBot, typed: str, number: float) -> None:
    field = shown(qtbot, NumberField(7, 0, 100))
    changed = heard(field.changed)
    field.selectAll()
    qtbot.keyClicks(field, typed) if typed.isascii() else (field.clear(), field.insert(typed))
    qtbot.keyClick(field, Key.Key_Return)
    assert changed == [number]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("1e999", "not a finite number; use 1 to 512"),
        ("abc", "not a number; use 1 to 512"),
        ("", "not a number; use 1 to 512"),
        ("2.5", "not a whole number; use 1 to 512"),
        ("513", "use 1 to 512"),
        ("nan", "not a finite number; use 1 to 512"),
    ],
)
def test_a_wrong_number_is_marked_explained_and_never_taken(qtbot: QtBot, typed: str, problem: str) -> None:
    field = NumberField(20, 1, 512, whole=True)
    setting = shown(qtbot, SettingRow("K", "Attributes", field, "Numbers kept."))
    changed = heard(field.changed)
    field.selectAll()
    field.insert(typed) if typed else field.backspace()
    qtbot.keyClick(field, Key.Key_Return)
    assert (field.problem, field.property("wrong"), changed, field.value()) == (problem, "true", [], 20)
    assert setting._note.text() == problem
    qtbot.keyClick(field, Key.Key_Escape)
    assert (field.problem, field.text(), setting._note.text()) == ("", "20", "Numbers kept.")


def test_up_and_down_step_a_number_and_stop_at_its_limits(qtbot: QtBot) -> None:
    field = shown(qtbot, NumberField(49, 1, 50, whole=True))
    changed = heard(field.changed)
    for key in (Key.Key_Up, Key.Key_Up, Key.Key_Down):
        qtbot.keyClick(field, key)
    assert changed == [50, 49]
    tolerance = shown(qtbot, NumberField(1e-5, 0, 1, factor=10))
    qtbot.keyClick(tolerance, Key.Key_Up)
    assert (tolerance.value(), tolerance.text()) == (1e-4, "0.0001")
    qtbot.keyClick(tolerance, Key.Key_Down)
    assert tolerance.text() == "1e−5"


def test_a_share_is_typed_and_shown_in_percent(qtbot: QtBot) -> None:
    field = shown(qtbot, NumberField(0.1, 0, 0.9, percent=True))
    assert field.text() == "10\u2009%"
    field.selectAll()
    field.insert("12.5 %")
    qtbot.keyClick(field, Key.Key_Return)
    assert field.value() == 0.125


def test_a_fold_opens_and_hides_its_summary(qtbot: QtBot) -> None:
    fold = shown(qtbot, Fold("Advanced", "seed 7"))
    toggled = heard(fold.toggled)
    fold._head.click()
    assert (fold.is_open(), fold._summary.isHidden(), toggled) == (True, True, [True])


def test_stars_are_given_by_digits_arrows_and_clicks_and_taken_away_again(qtbot: QtBot) -> None:
    stars = shown(qtbot, StarRating("Fargo"))
    rated = heard(stars.rated)
    qtbot.keyClicks(stars, "4")
    qtbot.keyClick(stars, Key.Key_Right)
    qtbot.keyClick(stars, Key.Key_Delete)
    assert rated[:2] == [4.0, 4.5] and math.isnan(rated[2])
    assert stars.accessibleName() == "Fargo not rated"
    place = QPoint(stars.width() - theme.px(5), stars.height() // 2)
    qtbot.mouseClick(stars, Qt.MouseButton.LeftButton, pos=place)
    assert stars.value() == 5.0
    qtbot.mouseClick(stars, Qt.MouseButton.LeftButton, pos=place)
    assert math.isnan(stars.value())


def test_a_weight_moves_by_arrows_and_comes_back_on_double_click(qtbot: QtBot) -> None:
    slider = WeightSlider(1, ("Cult", "popcorn"))
    slider.set_range(-2, 2, (-0.9, 0.8), 0)
    slider.set_value(1.0)
    shown(qtbot, slider)
    moved = heard(slider.moved)
    qtbot.keyClick(slider, Key.Key_Right)
    qtbot.keyClick(slider, Key.Key_Home)
    qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(20, 5))
    assert moved == [pytest.approx(1.04), -2, 1.0]
    assert slider.accessibleName() == "Cult ↔ popcorn +1.00"


def test_facts_reuse_their_lines_and_hide_what_is_not_needed(qtbot: QtBot) -> None:
    facts = FactList()
    facts.set_rows([("Ratings", "100", None, ""), ("Mean", "3.19 ★", "user", "of 100")])
    shown(qtbot, facts)
    lines = list(facts._lines)
    facts.set_rows([("Ratings", "7", None, "")])
    assert facts._lines == lines
    assert [line.isVisible() for line in lines] == [True, False]


def test_figures_replace_the_figures_before(qtbot: QtBot) -> None:
    strip = shown(qtbot, StatStrip())
    strip.set_figures([("610", "users", ""), ("9 724", "movies", "")])
    strip.set_figures([("3", "users", "People")])
    assert [part.accessibleName() for part in strip._parts] == ["3 users"]


def test_a_text_that_is_cut_is_read_in_full_in_its_tooltip(qtbot: QtBot) -> None:
    text = shown(qtbot, ElidedLabel("Cinema Paradiso (Nuovo cinema Paradiso) (1989)"))
    text.resize(60, 20)
    assert text.toolTip() == text.text()
    text.resize(900, 20)
    assert text.toolTip() == ""


def test_a_card_is_called_by_its_title(qtbot: QtBot) -> None:
    card = Card("Runs", "all Observed ALS")
    qtbot.addWidget(card)
    card.set_title("Searches")
    assert card.accessibleName() == "Searches"


def test_a_search_is_answered_by_keyboard_alone(qtbot: QtBot) -> None:
    found = [("user", "User 3", "29 ratings", ("user", 3)), ("film-strip", "Movie 3", "Drama", ("movie", 3))]
    box = shown(qtbot, SearchBox("Search", lambda text: found if text == "3" else [], "Ctrl K"))
    activated = heard(box.activated)
    qtbot.keyClicks(box, "3")
    box.look_up()
    assert box.results.isVisible()
    qtbot.keyClick(box, Key.Key_Down)
    qtbot.keyClick(box, Key.Key_Return)
    assert (activated, box.results.isVisible(), box.text()) == ([("movie", 3)], False, "")
    qtbot.keyClicks(box, "none")
    box.look_up()
    assert not box.results.isVisible()


def table_of(qtbot: QtBot, stars: list[float]) -> DataTable:
    titles = [f"Movie {number}" for number in range(len(stars))]
    columns = [
        Column(title="Movie", values=titles),
        Column(title="Ratings", values=[1234.0] * len(stars), format=count, align="right", width=80),
        Column(title="Mean", values=np.array(stars), format=rating, align="right", width=80),
    ]
    table = DataTable(ArrayTableModel(columns, len(stars)), "Movies")
    shown(qtbot, table)
    return table


def rows_of(table: DataTable) -> list[int]:
    return [table.table_model().data_row(row) for row in range(table.table_model().rowCount())]


def test_heads_sort_both_ways_equal_rows_in_order_and_missing_numbers_last(qtbot: QtBot) -> None:
    table = table_of(qtbot, [2.0, math.nan, 4.0, 2.0])
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert rows_of(table) == [0, 3, 2, 1]
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert rows_of(table) == [2, 0, 3, 1]
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert rows_of(table) == [0, 1, 2, 3]


def test_the_selection_stays_with_its_row_through_sorting(qtbot: QtBot) -> None:
    table = table_of(qtbot, [1.0, 5.0, 3.0])
    table.select_data_row(1)
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert (table.current_data_row(), table.currentIndex().row()) == (1, 0)


def test_the_focus_alone_chooses_no_row_and_the_first_arrow_does(qtbot: QtBot) -> None:
    table = table_of(qtbot, [1.0, 5.0, 3.0])
    chosen: list[int] = []
    table.selectionModel().currentRowChanged.connect(lambda now, before: chosen.append(now.row()))
    table.show()
    table.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    assert (chosen, table.current_data_row()) == ([], None)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert (chosen, table.current_data_row()) == ([0], 0)


def test_a_filter_keeps_the_sorting_and_hides_other_rows(qtbot: QtBot) -> None:
    table = table_of(qtbot, [1.0, 5.0, 3.0])
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    table.table_model().set_filter(np.array([True, False, True]))
    assert rows_of(table) == [2, 0]
    assert table.table_model().view_row(1) is None
    table.select_data_row(1)
    assert not table.selectionModel().hasSelection()
    table.table_model().set_filter(None)
    assert rows_of(table) == [1, 2, 0]


def test_selected_rows_are_copied_as_plain_text_under_their_heads(qtbot: QtBot) -> None:
    table = table_of(qtbot, [2.123456, 4.0])
    table.selectRow(0)
    qtbot.keyClick(table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Movie\tRatings\tMean\nMovie 0\t1234\t2.123456\n"
    table.copy_all()
    assert QGuiApplication.clipboard().text().count("\n") == 3


def test_numbers_and_their_head_stand_at_the_right(qtbot: QtBot) -> None:
    model = table_of(qtbot, [2.0]).table_model()
    role = Qt.ItemDataRole.TextAlignmentRole
    for alignment in (model.index(0, 1).data(role), model.headerData(1, Qt.Orientation.Horizontal, role)):
        assert Qt.AlignmentFlag(alignment) & Qt.AlignmentFlag.AlignRight
    assert model.index(0, 1).data() == "1\u2009234"


def test_the_menu_offers_to_copy_only_what_there_is(qtbot: QtBot) -> None:
    table = table_of(qtbot, [2.0])
    menu = table.context_menu()
    qtbot.addWidget(menu)
    assert [(each.text(), each.isEnabled()) for each in menu.actions()] == [
        ("Copy", False),
        ("Copy all", True),
    ]


def test_rows_grow_with_the_text_size(qtbot: QtBot) -> None:
    table = table_of(qtbot, [2.0, 3.0])
    theme.current().set_scale(1.5)
    try:
        assert (table.rowHeight(0), table.columnWidth(1), table.horizontalHeader().height()) == (42, 120, 42)
    finally:
        theme.current().set_scale(1.0)


def test_every_control_draws_itself_in_both_themes_and_at_the_largest_text(qtbot: QtBot) -> None:
    page = gallery()
    qtbot.addWidget(page)
    pictures = []
    try:
        for mode, scale in (("light", 1.0), ("dark", 1.0), ("dark", 2.0)):
            theme.current().set_mode(mode)
            theme.current().set_scale(scale)
            pictures.append(page.grab().toImage())
    finally:
        theme.current().set_mode("system")
        theme.current().set_scale(1.0)
    assert pictures[0] != pictures[1] != pictures[2]
    assert not any(picture.isNull() for picture in pictures)
