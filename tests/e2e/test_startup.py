"""The program from outside: what it loads before its window is there, and how it ends."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

OFFSCREEN = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

CLOSE_SOON = """
import sys
from PySide6.QtCore import QTimer
from alsgui import app
from alsgui.ui.main_window import MainWindow

class Closing(MainWindow):
    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot({ms}, self.close)

app.MainWindow = Closing
sys.exit(app.run_window({path}))
"""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], env=OFFSCREEN, capture_output=True, text=True, check=False)


def test_the_window_is_there_before_the_heavy_libraries_and_the_stages_are_told() -> None:
    done = run("-m", "alsgui", "--profile-startup")
    assert done.returncode == 0, done.stderr
    assert "loaded by then: neither numba nor duckdb" in done.stdout
    seconds = [float(number) for number in re.findall(r"^ *(\d+\.\d\d) s  ", done.stdout, re.MULTILINE)]
    assert len(seconds) == 2 and 0 < seconds[0] <= seconds[1]
    assert "do not answer" not in done.stdout and "Traceback" not in done.stderr


def test_the_window_needs_no_library_of_numbers() -> None:
    lines = (
        "import sys",
        "from alsgui.app import application",
        "from alsgui.session.session import Session",
        "from alsgui.ui.main_window import MainWindow",
        "app = application()",
        "window = MainWindow(Session())",
        "window.show()",
        "heavy = ('numpy', 'scipy', 'numba', 'duckdb', 'typer', 'rich', 'qtawesome')",
        "print([name for name in heavy if name in sys.modules])",
        "window.close()",
    )
    done = run("-c", "\n".join(lines))
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.parametrize("milliseconds", [0, 60, 150, 400])
def test_closing_while_libraries_are_loaded_ends_cleanly(milliseconds: int) -> None:
    done = run("-c", CLOSE_SOON.format(ms=milliseconds, path=None))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_missing_is_told_in_the_window_and_not_by_a_crash() -> None:
    done = run("-c", CLOSE_SOON.format(ms=600, path=repr("nowhere.csv")))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
