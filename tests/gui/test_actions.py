"""The table of actions: menus, keys, and every action in every state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from alsgui.session.session import Session
from alsgui.ui import theme
from alsgui.ui.actions import ACTIONS, BY_ID, MENUS, shortcut_table
from alsgui.ui.main_window import PAGES, MainWindow
from tests.helpers.sessions import fit_going_on, settle, with_model, with_movies
from tests.helpers.windows import dialogs_of, every_menu, rendered, shown

STATES: dict[str, Callable[[Session], None]] = {
    "empty": lambda session: None,
    "data": with_movies,
    "fitting": fit_going_on,
    "model": with_model,
}
EXPERIMENT_IDS = {spec.id for spec in ACTIONS if spec.id.startswith("experiment_")}
NEED_A_RUN = {
    "go_on_for", "export_run", "step_back", "from_here", "back_to_best", "fit_on_all", "copy_r", "copy_sklearn",
}  # fmt: skip
REFUSED = {
    "empty": {
        "save_model", "export", "export_list", "copy_python", "fit", "pause", "half_step", "stop", "go_on", "cancel",
        "reset_settings", "recommend_mean", "terms", "report", "read_differently", "swap",
        "everyone", "similar_movies", "similar_users", "browse_users", "holdout_file", "export_split", *NEED_A_RUN,
    },
    "data": {
        "save_model", "export", "export_list", "copy_python", "pause", "stop", "go_on", "cancel", "recommend_mean",
        "terms", "report", "read_differently", "everyone", "similar_movies", "similar_users",
        "browse_users", *NEED_A_RUN,
    },
    "fitting": {
        "save_model", "export", "export_list", "copy_python", "fit", "go_on", "reset_settings", "export_split",
        "terms", "report", "read_differently", "everyone", "holdout_file", *NEED_A_RUN, *EXPERIMENT_IDS,
    },
    "model": {
        "pause", "stop", "cancel", "terms", "report", "read_differently", "step_back", "back_to_best",
        "copy_r", "copy_sklearn",
    },
}  # fmt: skip
LEAVES_ITS_STATE = {
    "sample", "chapter", "low_rank", "invented", "fit", "half_step", "stop", "go_on", "cancel", "quit", "swap",
    "from_here", "fit_on_all", *EXPERIMENT_IDS,
}  # fmt: skip


# The table


def test_ids_and_keys_are_given_once() -> None:
    assert len(BY_ID) == len(ACTIONS)
    keys = Counter(QKeySequence(spec.shortcut).toString() for spec in ACTIONS if spec.shortcut)
    assert not [key for key, times in keys.items() if times > 1 or not key]


def test_the_table_of_shortcuts_has_every_action_with_keys() -> None:
    rows = shortcut_table()
    assert {keys for _, _, keys in rows} == {spec.shortcut for spec in ACTIONS if spec.shortcut}
    assert {menu for menu, _, _ in rows} <= set(MENUS)
    assert all(text and not text.endswith(".") for _, text, _ in rows)


def test_every_action_has_words_a_tip_and_a_menu() -> None:
    for spec in ACTIONS:
        assert not spec.text[0].islower() and spec.tip and not spec.tip.endswith("."), spec.id
        assert spec.menu.split("/")[0] in MENUS


def test_every_page_has_an_action_that_shows_it(window: MainWindow) -> None:
    for page in PAGES:
        window.actions_by_id[f"page_{page}"].trigger()
        assert window.session.state.page == page


# Menus


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_every_action_is_in_a_menu_once_and_every_menu_opens(window: MainWindow) -> None:
    menus = every_menu(window)
    in_menus = Counter(action.objectName() for menu in menus for action in menu.actions() if action.objectName())
    assert in_menus == Counter(spec.id for spec in ACTIONS)
    assert [action.text() for action in window.menuBar().actions()] == list(MENUS)
    for menu in menus:
        menu.popup(window.mapToGlobal(window.rect().center()))
        QApplication.processEvents()
        assert menu.isVisible() and menu.actions()
        menu.close()


def test_menus_show_why_an_action_cannot_be_done(window: MainWindow) -> None:
    assert all(menu.toolTipsVisible() for menu in every_menu(window))


def test_icons_are_drawn_for_every_action_that_names_one(window: MainWindow) -> None:
    for spec in ACTIONS:
        assert window.actions_by_id[spec.id].icon().isNull() == (not spec.icon), spec.id


# Every action in every state


@pytest.mark.parametrize("phase", STATES)
def test_what_cannot_be_done_is_disabled_and_says_why(window: MainWindow, phase: str) -> None:
    STATES[phase](window.session)
    shown(window)
    assert window.session.state.phase == phase
    disabled = {name for name, action in window.actions_by_id.items() if not action.isEnabled()}
    assert disabled == REFUSED[phase]
    for name in disabled:
        reason = BY_ID[name].refusal(window.session.state)
        assert reason.endswith(".") and reason in window.actions_by_id[name].toolTip(), name


@pytest.mark.parametrize("phase", STATES)
def test_every_action_that_stays_in_its_state_does_its_thing_there(window: MainWindow, phase: str) -> None:
    STATES[phase](window.session)
    for name in (name for name in BY_ID if name not in LEAVES_ITS_STATE):
        assert window.session.state.phase == phase, f"before {name}"
        trigger(window, name)


@pytest.mark.parametrize("phase", STATES)
@pytest.mark.parametrize("name", sorted(LEAVES_ITS_STATE))
def test_every_action_that_leaves_its_state_does_its_thing_there(window: MainWindow, name: str, phase: str) -> None:
    STATES[phase](window.session)
    trigger(window, name)
    window.session.cancel()
    settle(window.session)
    assert window.session.state.job is None and window.isVisible() == (name != "quit")
    if window.isVisible():
        rendered(window)


def trigger(window: MainWindow, name: str) -> None:
    """Do it, and answer its dialogs with no."""
    shown(window)
    window.actions_by_id[name].trigger()
    shown(window)
    for dialog in dialogs_of(window):
        dialog.reject()
    shown(window)


def test_a_disabled_action_does_nothing(window: MainWindow) -> None:
    before = window.session.state
    for name in REFUSED["empty"]:
        window.actions_by_id[name].trigger()
        shown(window)
        assert window.session.state is before and not dialogs_of(window), name


# What single actions do


def test_the_reason_goes_when_the_action_can_be_done(window: MainWindow) -> None:
    assert "No ratings yet" in window.actions_by_id["fit"].toolTip()
    with_movies(window.session)
    rendered(window)
    assert window.actions_by_id["fit"].isEnabled() and "No ratings" not in window.actions_by_id["fit"].toolTip()


def test_a_model_without_a_run_of_this_session_cannot_go_on(window: MainWindow) -> None:
    with_model(window.session)
    window.session.keeping.forget(1)
    shown(window)
    assert not window.actions_by_id["go_on"].isEnabled()
    assert "no run in this session" in window.actions_by_id["go_on"].toolTip()


def test_text_grows_and_shrinks_within_its_limits_and_goes_back(window: MainWindow) -> None:
    for _ in range(15):
        window.actions_by_id["larger"].trigger()
    assert theme.current().scale == 2.0
    for _ in range(15):
        window.actions_by_id["smaller"].trigger()
    assert theme.current().scale == 0.9
    window.actions_by_id["usual_size"].trigger()
    assert theme.current().scale == 1.0


def test_what_is_on_or_off_shows_it(window: MainWindow) -> None:
    for name, is_on in (("dark", lambda: window.is_dark), ("contrast", lambda: window.high_contrast)):
        for _ in range(2):
            window.actions_by_id[name].trigger()
            shown(window)
            assert window.actions_by_id[name].isChecked() == is_on()
    window.actions_by_id["dark"].trigger()
    window.actions_by_id["follow_system"].trigger()
    assert theme.current().mode == "system"


def test_the_shown_run_is_copied_as_python(window: MainWindow) -> None:
    with_model(window.session)
    shown(window)
    window.actions_by_id["copy_python"].trigger()
    assert QApplication.clipboard().text().startswith("import alsgui\n")
    assert window.session.state.notice is not None and "Run 1" in window.session.state.notice.text


def test_the_list_of_the_mean_user_is_shown_on_recommend(window: MainWindow) -> None:
    with_model(window.session)
    shown(window)
    window.actions_by_id["recommend_mean"].trigger()
    assert (window.session.state.page, window.session.state.person.kind) == ("recommend", "mean")
    rendered(window)


def test_quit_closes_the_window(window: MainWindow) -> None:
    window.actions_by_id["quit"].trigger()
    assert not window.isVisible()
