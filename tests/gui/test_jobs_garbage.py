"""Cyclic garbage is collected on the GUI thread alone."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from alsgui.jobs import garbage
from alsgui.jobs.garbage import GuiThreadCollector
from tests.helpers.sessions import wait_for


@pytest.fixture
def collector(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[GuiThreadCollector]:
    """One that looks often, whatever the application has; what was on or off is so again afterwards."""
    was_enabled = gc.isenabled()
    monkeypatch.setattr(garbage, "CHECK_MS", 1)
    collector = GuiThreadCollector()
    yield collector
    collector.stop()
    gc.enable() if was_enabled else gc.disable()


class Cycle:
    """Tells which thread freed it."""

    def __init__(self, freed: list[threading.Thread]) -> None:
        self.itself, self._freed = self, freed

    def __del__(self) -> None:
        self._freed.append(threading.current_thread())


def test_a_cycle_made_on_a_worker_is_freed_on_the_gui_thread(collector: GuiThreadCollector) -> None:
    freed: list[threading.Thread] = []

    def work() -> None:
        for _ in range(3 * gc.get_threshold()[0]):
            Cycle(freed)

    assert not gc.isenabled()
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert freed == []
    wait_for(lambda: len(freed) == 3 * gc.get_threshold()[0], "the cycles to be freed")
    assert set(freed) == {threading.main_thread()}


def test_when_it_stops_python_collects_by_itself_again(collector: GuiThreadCollector) -> None:
    collector.stop()
    assert gc.isenabled()
