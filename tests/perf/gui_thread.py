"""How long the GUI thread is held by each gesture, on the sample, in the real window.

    python -m tests.perf.gui_thread [--where]

A timer ticks every millisecond; the longest time between two ticks during a gesture is what a person may feel. It
should stay below 50 ms, and a cancel should answer within 200 ms. `--where` adds the lines of Python that the GUI
thread was in when it was held.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import faulthandler
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from alsgui.app import ImportWarmth, application
from alsgui.session.session import Session
from alsgui.ui import theme
from alsgui.ui.main_window import PAGES, MainWindow

MOST_MS, MOST_CANCEL_MS = 50, 200
FRAME = re.compile(r'File "([^"]+)", line (\d+) in (\S+)')
PACKAGE = str(Path(__file__).parents[2] / "alsgui")


class Pulse:
    """Ticks every millisecond and knows the longest time between two ticks."""

    def __init__(self, *, where: bool) -> None:
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)
        self._last = time.perf_counter()
        self.longest = 0.0
        self.places: Counter[str] = Counter()
        if where:
            threading.Thread(target=self._watch, daemon=True).start()

    def reset(self) -> None:
        self._last, self.longest = time.perf_counter(), 0.0
        self.places.clear()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def _watch(self) -> None:
        """Note where the GUI thread is while it is held, without a reference to its frames: one held for a moment too
        long would keep a QPainter alive, and end it on this thread."""
        with TemporaryFile("w+", encoding="utf-8") as dump:
            while True:
                time.sleep(0.004)
                if time.perf_counter() - self._last > MOST_MS / 2000:
                    dump.seek(0)
                    dump.truncate()
                    faulthandler.dump_traceback(dump)
                    dump.seek(0)
                    frames = FRAME.findall(dump.read().rpartition("Thread 0x")[2])
                    ours = [frame for frame in frames if frame[0].startswith(PACKAGE)]
                    lines = [f"{Path(path).name}:{line} {name}" for path, line, name in (*frames[:1], *ours[:3])]
                    self.places[" < ".join(dict.fromkeys(lines))] += 1


class Drive:
    """Gestures in the real window, each with the longest hold of the GUI thread that it caused."""

    def __init__(self, *, where: bool) -> None:
        self.app = application()
        self.session = Session()
        self.pulse = Pulse(where=where)
        self.held: dict[str, float] = {}
        self.answers: dict[str, float] = {}
        self.window = MainWindow(self.session)
        with self.gesture("first show, libraries loading"):
            self.window.show()
            warm = ImportWarmth(self.window)
            warm.start()
            self.spend(1.5)

    @contextmanager
    def gesture(self, name: str) -> Iterator[None]:
        self.spend(0.05)
        self.pulse.reset()
        yield
        self.settle()
        milliseconds = 1000 * self.pulse.longest
        self.held[name] = milliseconds
        mark = "!" if milliseconds > MOST_MS else " "
        print(f"{milliseconds:7.0f} ms {mark} {name}", flush=True)
        for place, times in self.pulse.places.most_common(4) if milliseconds > MOST_MS else ():
            print(f"               {times:4d} x {place}")

    @contextmanager
    def answer(self, name: str) -> Iterator[None]:
        """Time from asking until nothing is under way."""
        started = time.perf_counter()
        yield
        self.until(lambda: not self.session.runner.busy)
        milliseconds = 1000 * (time.perf_counter() - started)
        self.answers[name] = milliseconds
        print(f"{milliseconds:7.0f} ms {'!' if milliseconds > MOST_CANCEL_MS else ' '} {name}", flush=True)

    def spend(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def until(self, done: Callable[[], bool]) -> None:
        while not done():
            self.spend(0.005)

    def settle(self) -> None:
        self.spend(0.15)
        self.until(lambda: not self.session.runner.busy and self.session.light.idle)
        self.spend(0.15)

    def run(self) -> None:
        self.opening()
        self.fitting()
        self.pages()
        self.factors()
        self.recommend()
        self.whole_window()
        self.exporting()
        self.cancelling()
        self.window.close()

    # Gestures

    def opening(self) -> None:
        with self.gesture("open the sample"):
            self.session.open_sample()
        with self.gesture("open the sample again"):
            self.session.open_sample()

    def fitting(self) -> None:
        with self.gesture("first fit, on Train"):
            self.window.actions_by_id["fit"].trigger()
        with self.gesture("second fit, on Train"):
            self.window.actions_by_id["fit"].trigger()
        for page in ("factors", "recommend", "data"):
            with self.gesture(f"a fit while {page} is shown"):
                self.session.show_page(page)
                self.session.fitting.go_on(10)
                self.spend(0.3)

    def pages(self) -> None:
        for times in ("again", "once more"):
            for page in PAGES:
                with self.gesture(f"show {page} {times}"):
                    self.session.show_page(page)
        for page in PAGES:
            self.session.show_page(page)
            self.settle()
            with self.gesture(f"select users and movies on {page}"):
                for number in range(12):
                    self.session.select_user(40 * number)
                    self.spend(0.03)
                    self.session.select_movie(300 * number)
                    self.spend(0.03)

    def factors(self) -> None:
        from alsgui.ui.widgets.heatmap import Heatmap

        self.session.show_page("factors")
        self.settle()
        for number, picture in enumerate(each for each in self.window.findChildren(Heatmap) if each.isVisible()):
            with self.gesture(f"hover over picture {number} of Factors"):
                self.hover(picture)
            with self.gesture(f"zoom into and out of picture {number} of Factors"):
                self.wheel(picture, +120)
                self.wheel(picture, -120)
            with self.gesture(f"drag picture {number} of Factors"):
                self.wheel(picture, +120, times=4)
                self.drag(picture)

    def recommend(self) -> None:
        from alsgui.ui.widgets.weight_slider import WeightSlider

        self.session.show_page("recommend")
        for kind in ("mean", "sliders"):
            with self.gesture(f"choose {kind} on Recommend"):
                self.session.choose_person(kind)
        for slider in [each for each in self.window.findChildren(WeightSlider) if each.isVisible()][:2]:
            with self.gesture(f"move a slider: {slider.accessibleName()}"):
                self.drag(slider)
        for values in ({"text": "love"}, {"text": ""}, {"at_least": 0}, {"at_least": 5}, {"hide_seen": False}):
            with self.gesture(f"filter the list: {values}"):
                self.session.set_filters(**values)

    def whole_window(self) -> None:
        search = self.window.toolbar.search
        with self.gesture("search"):
            search.setFocus()
            for letter in "the god":
                QTest.keyClick(search, letter)
                self.spend(0.08)
            QTest.keyClick(search, Qt.Key.Key_Escape)
            search.clear()
        for page in PAGES:
            self.session.show_page(page)
            self.settle()
            for mode in ("dark", "light"):
                with self.gesture(f"turn {mode} on {page}"):
                    theme.current().set_mode("dark" if mode == "dark" else "light")
            with self.gesture(f"resize on {page}"):
                for width in (1400, 1900, 1190, 1280):
                    self.window.resize(width, 800)
                    self.spend(0.05)

    def exporting(self) -> None:
        with TemporaryDirectory() as folder:
            with self.gesture("export u and m"):
                self.session.export_factors(folder, ("csv", "npz", "mat", "mtx"), None)
            with self.gesture("save the model"):
                self.session.save_model(Path(folder) / "m.alsgui")
            with self.gesture("open a model"):
                self.session.open_path(Path(folder) / "m.alsgui")

    def cancelling(self) -> None:
        self.session.open_sample()
        self.settle()
        self.session.fitting.set_config(epochs=100_000, tolerance=0.0)
        for seconds in (0.0, 0.02, 0.4, 0.9):
            self.session.fitting.fit()
            self.spend(seconds)
            with self.answer(f"cancel a fit after {seconds:g} s"):
                self.session.cancel()
            self.settle()
        self.session.fitting.set_config(k=64)
        self.session.fitting.fit()
        self.spend(1.0)
        with self.answer("cancel a fit with K = 64"):
            self.session.cancel()
        for seconds in (0.01, 0.05):
            self.session.open_sample()
            self.spend(seconds)
            with self.answer(f"cancel opening the sample after {seconds:g} s"):
                self.session.cancel()
        self.session.fitting.fit()
        self.spend(0.5)
        with self.answer("close the window in a fit"):
            self.window.close()

    # Mouse

    def hover(self, widget: QWidget) -> None:
        for step in range(60):
            QTest.mouseMove(widget, self._at(widget, step / 60))
            self.spend(0.01)

    def wheel(self, widget: QWidget, notch: int, times: int = 10) -> None:
        at = QPointF(widget.rect().center())
        for _ in range(times):
            event = QWheelEvent(
                at, QPointF(widget.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, notch), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(widget, event)
            self.spend(0.03)

    def drag(self, widget: QWidget) -> None:
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(widget, left, pos=self._at(widget, 0.3))
        for step in range(40):
            QTest.mouseMove(widget, self._at(widget, 0.3 + step / 100))
            self.spend(0.012)
        QTest.mouseRelease(widget, left, pos=self._at(widget, 0.7))

    @staticmethod
    def _at(widget: QWidget, share: float) -> QPoint:
        return QPoint(round(share * (widget.width() - 1)), widget.height() // 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--where", action="store_true", help="say where the GUI thread was held")
    drive = Drive(where=parser.parse_args().where)
    drive.run()
    slow = [name for name, milliseconds in drive.held.items() if milliseconds > MOST_MS]
    late = [name for name, milliseconds in drive.answers.items() if milliseconds > MOST_CANCEL_MS]
    print(f"\n{len(slow)} of {len(drive.held)} gestures held the GUI thread for more than {MOST_MS} ms")
    print(f"{len(late)} of {len(drive.answers)} cancels took more than {MOST_CANCEL_MS} ms")


if __name__ == "__main__":
    main()
