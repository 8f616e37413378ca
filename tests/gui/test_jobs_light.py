"""Light work: the newest request under a key counts, the last asked is done first, and nothing ends the thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from alsgui.jobs.light import LightWork
from tests.helpers.sessions import PATIENCE_MS, wait_for

PATIENCE = PATIENCE_MS / 1000


@pytest.fixture
def light(qapp: QApplication) -> Iterator[LightWork]:
    light = LightWork()
    yield light
    light.close()
    assert not any(thread.name in ("alsgui-light", "alsgui-prepare") for thread in threading.enumerate())


class Held:
    """Keeps the worker busy until it is let go, so that a test can fill the queue."""

    def __init__(self, light: LightWork, key: str = "held") -> None:
        self._go = threading.Event()
        begun = threading.Event()
        self.delivered: list[str] = []

        def work() -> str:
            begun.set()
            assert self._go.wait(PATIENCE)
            return key

        light.request(key, work, self.delivered.append)
        assert begun.wait(PATIENCE)

    def let_go(self) -> None:
        self._go.set()


def say(word: str) -> Callable[[], str]:
    return lambda: word


def test_a_result_comes_back_on_the_thread_of_the_window(light: LightWork) -> None:
    threads: list[str] = []
    light.request("list", lambda: threading.current_thread().name, threads.append)
    wait_for(lambda: bool(threads))
    light.request("list", say("here"), lambda word: threads.append(threading.current_thread().name))
    wait_for(lambda: len(threads) == 2)
    assert threads == ["alsgui-light", threading.main_thread().name]


def test_the_newest_request_under_a_key_counts(light: LightWork) -> None:
    heard: list[str] = []
    held = Held(light)
    for number in range(5):
        light.request("list", say(f"list {number}"), heard.append)
    held.let_go()
    wait_for(lambda: light.idle)
    assert heard == ["list 4"]


def test_a_late_result_under_a_key_that_was_asked_anew_is_dropped(light: LightWork) -> None:
    heard: list[str] = []
    held = Held(light, "list")
    light.request("list", say("new"), heard.append)
    held.let_go()
    wait_for(lambda: light.idle)
    assert (held.delivered, heard) == ([], ["new"])


def test_a_late_tile_is_better_than_none_but_what_waits_is_dropped(light: LightWork) -> None:
    """A view that moves all the time asks anew before each tile is there."""
    heard: list[str] = []
    go, begun = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go.wait(PATIENCE)
        return "first"

    light.request("tile", slow, heard.append, late=True)
    assert begun.wait(PATIENCE)
    for word in ("second", "third"):
        light.request("tile", say(word), heard.append, late=True)
    go.set()
    wait_for(lambda: light.idle)
    assert heard == ["first", "third"]


def test_a_late_tile_that_is_forgotten_is_not_delivered(light: LightWork) -> None:
    heard: list[str] = []
    go, begun = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go.wait(PATIENCE)
        return "first"

    light.request("tile", slow, heard.append, late=True)
    assert begun.wait(PATIENCE)
    light.forget("tile")
    go.set()
    wait_for(lambda: light.idle)
    assert heard == []


def test_tiles_do_not_wait_for_what_is_prepared(light: LightWork) -> None:
    heard: list[str] = []
    go, begun = threading.Event(), threading.Event()

    def preparation() -> str:
        begun.set()
        assert go.wait(PATIENCE)
        return "prepared"

    light.prepare("view", preparation, heard.append)
    assert begun.wait(PATIENCE)
    light.request("tile", say("tile"), heard.append)
    wait_for(lambda: heard == ["tile"])
    assert not light.idle
    go.set()
    wait_for(lambda: light.idle)
    assert heard == ["tile", "prepared"]


def test_the_last_asked_is_done_first(light: LightWork) -> None:
    order: list[str] = []
    held = Held(light)
    for key in ("one", "two", "three", "one"):
        light.request(key, say(key), order.append)
    held.let_go()
    wait_for(lambda: light.idle)
    assert order == ["one", "three", "two"]


@pytest.mark.expects_log("light work tile failed")
def test_work_that_fails_is_logged_and_the_next_is_done(light: LightWork) -> None:
    heard: list[str] = []
    light.request("tile", lambda: 1 // 0, heard.append)
    wait_for(lambda: light.idle)
    light.request("tile", say("tile"), heard.append)
    wait_for(lambda: light.idle)
    assert heard == ["tile"]


def test_what_is_forgotten_is_not_delivered(light: LightWork) -> None:
    heard: list[str] = []
    held = Held(light, "tile u")
    light.request("tile m", say("tile m"), heard.append)
    light.request("list", say("list"), heard.append)
    light.forget("tile")
    held.let_go()
    wait_for(lambda: light.idle)
    assert (held.delivered, heard) == ([], ["list"])


def test_everything_is_forgotten_where_no_prefix_is_given(light: LightWork) -> None:
    heard: list[str] = []
    held = Held(light)
    light.request("list", say("list"), heard.append)
    light.forget()
    held.let_go()
    wait_for(lambda: light.idle)
    assert (held.delivered, heard) == ([], [])


def test_it_is_idle_when_the_last_result_was_delivered(light: LightWork) -> None:
    assert light.idle
    held = Held(light)
    assert not light.idle
    held.let_go()
    wait_for(lambda: bool(held.delivered))
    assert light.idle


def test_nothing_is_done_or_delivered_after_closing(light: LightWork) -> None:
    heard: list[str] = []
    held = Held(light)
    light.request("list", say("list"), heard.append)
    held.let_go()
    light.close()
    light.request("late", say("late"), heard.append)
    QCoreApplication.processEvents()
    assert (held.delivered, heard) == ([], [])


def test_closing_gives_up_on_work_that_does_not_end(light: LightWork) -> None:
    held = Held(light)
    light.close(0.01)
    assert any(thread.name == "alsgui-light" for thread in threading.enumerate())
    held.let_go()


def test_closing_before_anything_was_asked_does_nothing(light: LightWork) -> None:
    light.close()
    light.close()
    heard: list[str] = []
    light.request("late", say("late"), heard.append)
    assert light.idle and heard == []
