"""The checks that guard every test are tested themselves: a check that never fails is no check."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers import leaks
from tests.helpers.leaks import Leaks
from tests.helpers.logfail import StrayRecords


def silenced(records: StrayRecords, level: int, message: str) -> str:
    """Report of `records` for one message, without it reaching the suite's own check."""
    record = logging.LogRecord("alsgui.io", level, __file__, 1, message, None, None)
    records.handle(record)
    return records.report


def test_a_warning_that_no_test_expects_is_reported_with_its_logger() -> None:
    assert "WARNING alsgui.io: disk is slow" in silenced(StrayRecords([]), logging.WARNING, "disk is slow")


def test_a_warning_that_the_test_announced_is_not_reported() -> None:
    assert not silenced(StrayRecords(["disk is .*"]), logging.WARNING, "disk is slow")


def test_information_is_never_stray() -> None:
    logger = logging.getLogger("alsgui.helpers")
    logger.setLevel(logging.DEBUG)
    with StrayRecords([]) as records:
        logger.info("read 3 rows")
    assert not records.report


def test_a_window_left_open_is_reported_and_closed(qtbot: QtBot) -> None:
    before = Leaks()
    left = [QWidget(), QDialog()]
    for window in left:
        window.setWindowTitle("left open")
        window.show()
    report = before.report()
    assert "QWidget 'left open'" in report
    assert "QDialog 'left open'" in report
    assert not before.report()


def test_a_hidden_window_is_no_leak(qtbot: QtBot) -> None:
    before = Leaks()
    hidden = QWidget()
    assert not before.report()
    hidden.deleteLater()


def test_a_thread_that_goes_on_is_reported_and_one_that_ends_is_not(monkeypatch) -> None:
    monkeypatch.setattr(leaks, "GRACE", 0.05)
    before = Leaks()
    end = threading.Event()
    worker = threading.Thread(target=end.wait, name="alsgui-job", daemon=True)
    worker.start()
    assert "thread 'alsgui-job' still works" in before.report()
    end.set()
    worker.join()
    assert not before.report()


def test_the_suite_has_a_home_of_its_own(tmp_path_factory) -> None:
    base = tmp_path_factory.getbasetemp()
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA"):
        assert Path(os.environ[variable]).is_relative_to(base)
