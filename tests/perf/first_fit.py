"""The first fit in a fresh install: `python -m tests.perf.first_fit`.

Kernels are looked for in a folder of this run's own, which is empty. Prints for each algorithm that begins at once, and
for one that waits, the seconds from the press of Fit to the first epoch in the window, and the longest time for which
the event loop did not come round, until the compile has ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

ALGORITHMS = ("observed", "ridge", "implicit")
SHORTEST_WATCH = 3.0


def main() -> None:
    """Measure each algorithm in a process and a cache of its own."""
    for algorithm in ALGORITHMS:
        with tempfile.TemporaryDirectory(prefix="alsgui-first-fit-") as cache:
            places = {"NUMBA_CACHE_DIR": cache, "QT_QPA_PLATFORM": "offscreen"}
            subprocess.run([sys.executable, "-m", __spec__.name, algorithm], env=os.environ | places, check=True)


def measure(algorithm: str) -> None:
    """Open the sample, choose an algorithm, press Fit, and watch."""
    import scipy.linalg  # noqa: F401 - brings its own BLAS, which shall be limited, too
    from PySide6.QtCore import QCoreApplication, QEvent
    from threadpoolctl import threadpool_limits

    from alsgui.app import application
    from alsgui.session.fitting import KERNELS
    from alsgui.session.session import Session
    from alsgui.ui.main_window import MainWindow

    threadpool_limits(limits=1, user_api="blas")  # as the program does before its first fit
    app = application()
    session = Session()
    window = MainWindow(session)
    window.resize(1280, 800)
    window.show()
    longest = 0.0

    def until(condition: Callable[[], bool]) -> float:
        """Turn the event loop until something is so; the seconds that took."""
        nonlocal longest
        began = time.perf_counter()
        while not condition():
            turn = time.perf_counter()
            app.processEvents()
            longest = max(longest, time.perf_counter() - turn)
            time.sleep(0.001)
        return time.perf_counter() - began

    def has_epoch() -> bool:
        return bool(session.state.runs and session.state.runs[-1].history)

    session.open_sample()
    until(lambda: session.state.data is not None and session.state.job is None and session.light.idle)
    session.fitting.choose_algorithm(algorithm)
    if algorithm == "ridge":
        session.fitting.set_config(fill="mean")
    session.show_page("train")
    pause = time.perf_counter() + 1
    until(lambda: time.perf_counter() > pause and session.light.idle)
    longest = 0.0
    window.actions_by_id["fit"].trigger()
    first = until(has_epoch)
    ended = time.perf_counter() + SHORTEST_WATCH
    until(lambda: session.state.job is None and time.perf_counter() > ended)
    compiled = first + until(KERNELS.ready)
    record = session.state.runs[-1].history[0]
    print(f"{algorithm:9} first epoch {first:5.2f} s, of it {record.seconds:.2f} s of solving; "
          f"longest gap {1000 * longest:4.0f} ms; kernels after at most {compiled + SHORTEST_WATCH:.0f} s")  # fmt: skip
    window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1])
    else:
        main()
