"""What watching costs: epochs per second in the real window against `iter_fit` alone, and the work of one frame.

    python -m tests.perf.live [--seconds S] [--rounds R] [--frames]

Fits run in turn, bare and watched, on tiny ratings, the sample and a million made-up ratings; of each the rate is
counted over the same stretch after the first seconds. Data does not show the fit: its row tells how far a figure can
be trusted on this machine. "Processor" is the time that watching took of one core, "shown" how often steps reached the
window. `--frames` measures only what the GUI thread does for one batch
of a run that already has 200,000 epochs.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import statistics
import time
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from threadpoolctl import threadpool_limits

from alsgui.app import ImportWarmth, application
from alsgui.core.brake import Brake
from alsgui.core.model import EpochRecord
from alsgui.core.solvers.config import Config, ObservedConfig
from alsgui.core.split import Split
from alsgui.core.steps import Epoch
from alsgui.core.training import iter_fit
from alsgui.session.session import Session
from alsgui.session.state import Job, Run
from alsgui.ui.main_window import MainWindow

ENDLESS = 100_000
WARM_SECONDS = 5.0
"""Until what the beginning may cost ahead is used up."""
PAGES = ("data", "train", "factors", "recommend")
LONG_RUN, FRAME_MS = 200_000, 16


@dataclass(frozen=True)
class Rates:
    """Of a watched fit: epochs per second, processor seconds per second for watching, deliveries per second."""

    epochs: float
    processor: float
    shown: float


class Watcher:
    """The real window, and fits in it."""

    def __init__(self) -> None:
        self.app = application()
        self.session = Session()
        self.window = MainWindow(self.session)
        self.window.show()
        self._warm = ImportWarmth(self.window)
        self._warm.start()
        self.spend(1.5)

    def spend(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def settle(self) -> None:
        while self.session.runner.busy or not self.session.light.idle:
            self.spend(0.01)
        self.spend(0.1)

    def open(self, name: str) -> tuple[Split, Config]:
        if name == "sample":
            self.session.open_sample()
        elif name == "tiny":
            self.session.generate("chapter")
        else:
            self.session.generate("movies", n_users=12_000, n_movies=3_000, density=0.035)
        self.settle()
        config = replace(ObservedConfig(), epochs=ENDLESS, tolerance=0.0)
        self.session.put(config=config)
        split = self.session.state.split
        assert split is not None
        return split, config.resolved(split.training)

    def watched(self, page: str, seconds: float) -> Rates:
        """A fit while a page is shown."""
        shown = 0

        def count() -> None:
            nonlocal shown
            shown += 1

        self.session.show_page(page)
        self.session.fitting.fit()
        self.wait_for_epochs(3)
        self.session.show_page(page)
        self.spend(WARM_SECONDS)
        first, began, spent = *self._stand(), self._spent()
        self.session.runner.stepped.connect(count)
        self.spend(seconds)
        self.session.runner.stepped.disconnect(count)
        last, ended = self._stand()
        took = ended - began
        rates = Rates((last - first) / took, (self._spent() - spent) / took, shown / seconds)
        self.session.cancel()
        self.settle()
        self.session.keeping.forget(self.session.state.runs[-1].number)
        return rates

    def _spent(self) -> float:
        return time.thread_time() + self.session.runner.spent_elsewhere()

    def wait_for_epochs(self, n: int) -> None:
        while len(self.session.state.runs[-1].history) < n:
            self.spend(0.01)

    def _stand(self) -> tuple[int, float]:
        """Epochs that are done, at the moment at which the newest came."""
        known = len(self.session.state.runs[-1].history)
        while len(self.session.state.runs[-1].history) == known:
            self.spend(0.005)
        return len(self.session.state.runs[-1].history), time.perf_counter()


def bare(split: Split, config: Config, seconds: float) -> float:
    """Epochs per second with nobody looking."""
    n, began, stop = 0, 0.0, float("inf")
    for step in iter_fit(split, config, Brake()):
        if isinstance(step, Epoch):
            n += 1
            now = time.perf_counter()
            if n == 3:
                first, began, stop = n, now, now + seconds
            if now > stop:
                return (n - first) / (now - began)
    raise AssertionError


def compare(watcher: Watcher, names: tuple[str, ...], seconds: float, rounds: int) -> None:
    print(
        f"{'ratings':8} {'page':10} {'bare/s':>9} {'watched/s':>10} {'slower by':>10} {'processor':>10} {'shown/s':>8}"
    )
    for name in names:
        split, config = watcher.open(name)
        bares: dict[str, list[float]] = {page: [] for page in PAGES}
        seen: dict[str, list[Rates]] = {page: [] for page in PAGES}
        for _ in range(rounds):
            for page in PAGES:
                bares[page].append(bare(split, config, seconds))
                seen[page].append(watcher.watched(page, seconds))
        for page in PAGES:
            pairs = zip(bares[page], seen[page], strict=True)
            slower = 100 * statistics.median(1 - rates.epochs / alone for alone, rates in pairs)
            alone = statistics.median(bares[page])
            watched = statistics.median(rates.epochs for rates in seen[page])
            processor = 100 * statistics.median(rates.processor for rates in seen[page])
            shown = statistics.median(rates.shown for rates in seen[page])
            figures = f"{alone:9.1f} {watched:10.1f} {slower:9.1f}% {processor:9.1f}% {shown:8.1f}"
            print(f"{name:8} {page:10} {figures}", flush=True)


def frames(watcher: Watcher) -> None:
    """Time of the GUI thread for one batch of epochs of a long run, by page."""
    watcher.open("tiny")
    session = watcher.session
    session.put(config=replace(ObservedConfig(), epochs=3))
    session.fitting.fit()
    watcher.settle()
    run = session.state.runs[-1]
    random = np.random.default_rng(0)
    noise = random.normal(0, 0.01, LONG_RUN + 400)

    def records(start: int, n: int) -> list[EpochRecord]:
        return [
            EpochRecord(i, 50 + noise[i] * 9, 0.5 + noise[i], 0.8 - noise[i], 0.6, i * 1e-4)
            for i in range(start, start + n)
        ]

    known = records(1, LONG_RUN)
    for number in range(1, 12):
        old = Run(number + 1, run.config, run.split, run.source, tuple(known), run.model)
        session.put(runs=(*session.state.runs, old))
    assert run.model is not None
    longer = replace(run.model, history=tuple(known))
    learning = Run(99, replace(run.config, epochs=ENDLESS), run.split, run.source, tuple(known), longer)
    print(f"{'page':10} {'runs':>5} {'epochs':>8} {'median ms':>10} {'worst ms':>9}")
    for kept in (1, 12):
        for page in PAGES[1:]:
            begin = session.state.runs[:kept]
            session.put(
                runs=(*begin, learning), job=Job("fit", "Run 99", "epoch", 0.5), live=None, page=page, model=run.model
            )
            watcher.spend(0.3)
            times = []
            for frame in range(20):
                batch = records(LONG_RUN + 1 + 10 * frame, 10)
                began = time.perf_counter()
                with session.together():
                    session.fitting._add_epochs(batch)
                    assert session.state.job is not None
                    session.put(job=replace(session.state.job, done=0.5 + frame * 1e-6))
                QApplication.processEvents()
                QApplication.processEvents()
                times.append(1000 * (time.perf_counter() - began))
            median, worst = statistics.median(times[1:]), max(times[1:])
            mark = "" if median < FRAME_MS else "  !"
            print(f"{page:10} {kept + 1:5} {LONG_RUN:8} {median:10.1f} {worst:9.1f}{mark}", flush=True)
            session.put(runs=(*begin, *session.state.runs[kept + 1 :]), job=None)
            session.put(
                runs=session.state.runs[:1]
                + tuple(Run(n + 1, run.config, run.split, run.source, tuple(known), run.model) for n in range(1, 12))
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="stretch over which epochs are counted")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of fits, of which the median ratio is printed")
    parser.add_argument("--frames", action="store_true", help="only the work of one frame")
    parser.add_argument("--ratings", nargs="+", default=["tiny", "sample", "million"])
    asked = parser.parse_args()
    threadpool_limits(limits=1, user_api="blas")
    watcher = Watcher()
    frames(watcher)
    if not asked.frames:
        compare(watcher, tuple(asked.ratings), asked.seconds, asked.rounds)
    watcher.window.close()


if __name__ == "__main__":
    main()
