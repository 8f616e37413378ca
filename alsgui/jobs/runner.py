"""The one runner of heavy jobs: a function on a worker thread whose steps reach the GUI thread in batches.

The worker appends to a queue that a timer drains every 33 ms into one signal: a signal for each step would starve the
event loop. It waits longer where showing them takes more than its share of the processor (`Allowance`), which is what
the job would be slowed by. Steps under a key replace older ones that were not delivered yet; plain steps are never
dropped.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from alsgui.core.brake import Brake
from alsgui.core.errors import Interrupted
from alsgui.jobs.allowance import ASIDE, Allowance, Terms

DRAIN_MS = 33


@dataclass(frozen=True)
class Finished:
    """The job reached its end."""

    result: Any


@dataclass(frozen=True)
class Cancelled:
    """The job ended because it was asked to, with nothing to keep."""


@dataclass(frozen=True)
class Failed:
    """The job met an error, expected or not."""

    error: Exception


Outcome = Finished | Cancelled | Failed
Step = tuple[str, Any]


class Gate:
    """Where a job waits while it is paused."""

    def __init__(self, brake: Brake) -> None:
        self._brake = brake
        self._condition = threading.Condition()
        self._paused = False
        self._until: str | None = None

    @property
    def paused(self) -> bool:
        """Whether the job waits, or will at its next step."""
        return self._paused

    def pause(self) -> None:
        """Wait from the next step on."""
        with self._condition:
            self._paused, self._until = True, None

    def resume(self) -> None:
        """Go on."""
        self._brake.by_hand = False
        with self._condition:
            self._paused, self._until = False, None
            self._condition.notify_all()

    def run_until(self, key: str) -> None:
        """Go on to the end of the next step `key`, then wait: the work is done by hand."""
        self._brake.by_hand = True
        with self._condition:
            self._paused, self._until = True, key
            self._condition.notify_all()

    def release(self) -> None:
        """Let the job see its brake."""
        with self._condition:
            self._condition.notify_all()

    def pass_step(self, key: str) -> None:
        """Called by the job after each step: waits here while paused and not asked to end."""
        with self._condition:
            if self._until == key:
                self._until = None
            self._condition.wait_for(lambda: not self._paused or self._until is not None or self._brake.is_set())


class Emitter:
    """The job's way out; each call is also where it pauses."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._lock = threading.Lock()
        self._queue: deque[Step] = deque()
        self._latest: dict[str, Any] = {}
        self._dear: dict[str, Any] = {}

    def point(self, key: str, step: Any) -> None:
        """A step that is delivered whatever happens."""
        with self._lock:
            self._queue.append((key, step))
        self._gate.pass_step(key)

    def latest(self, key: str, step: Any, *, can_wait: bool = False) -> None:
        """A step of which only the newest under its key counts; one that `can_wait` is dear to show."""
        with self._lock:
            (self._dear if can_wait else self._latest)[key] = step
        self._gate.pass_step(key)

    def drain(self, *, everything: bool = True) -> list[Step]:
        """What was not delivered yet: plain steps in order, then the newest under each key, those that wait last."""
        with self._lock:
            steps = [*self._queue, *self._latest.items()]
            if everything:
                steps += self._dear.items()
                self._dear.clear()
            self._queue.clear()
            self._latest.clear()
        return steps


Work = Callable[[Emitter, Brake], Any]


class Runner(QObject):
    """Runs one heavy job at a time.

    Signals
    -------
    stepped : list of (key, step)
        What the job emitted since the last time.
    ended : Outcome
        Once for each job, after its last steps.

    Attributes
    ----------
    spent_elsewhere : callable
        Processor seconds that showing steps has taken on other threads than this one.
    terms : callable
        What showing steps may take at the moment.
    """

    stepped = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_MS)
        self._timer.timeout.connect(self._drain)
        self._thread: threading.Thread | None = None
        self._emitter: Emitter | None = None
        self._outcome: Outcome | None = None
        self._allowance = Allowance()
        self.terms: Callable[[], Terms] = lambda: ASIDE
        self.spent_elsewhere: Callable[[], float] = lambda: 0.0
        self.brake = Brake()
        self.gate = Gate(self.brake)

    @property
    def busy(self) -> bool:
        """Whether a job runs or its end was not delivered yet."""
        return self._thread is not None

    def start(self, work: Work, *, paused_after: str | None = None) -> None:
        """Run `work(emitter, brake)` on a worker thread.

        Parameters
        ----------
        work
            Qt-free; raises `Interrupted` when it ends early with nothing to keep.
        paused_after
            Pause after the first step of this key, to go on by hand.
        """
        if self.busy:
            raise RuntimeError("one heavy job at a time")
        self.brake = Brake()
        self.gate = Gate(self.brake)
        if paused_after is not None:
            self.gate.run_until(paused_after)
        self._emitter, self._outcome = Emitter(self.gate), None
        self._allowance = Allowance()
        self._thread = threading.Thread(
            target=self._run, args=(work, self._emitter, self.brake), name="alsgui-job", daemon=True
        )
        self._thread.start()
        self._timer.start()

    def stop(self) -> None:
        """Ask the job to end and keep what is complete."""
        self.brake.stop()
        self.gate.release()

    def cancel(self) -> None:
        """Ask the job to end at once."""
        self.brake.cancel()
        self.gate.release()

    def finish(self, seconds: float = 5.0) -> bool:
        """Wait for the job's thread, bounded, and deliver what it left; for closing. Whether it ended."""
        if self._thread is None:
            return True
        self._thread.join(seconds)
        ended = not self._thread.is_alive()
        self._drain()
        return ended

    def _run(self, work: Work, emitter: Emitter, brake: Brake) -> None:
        try:
            self._outcome = Finished(work(emitter, brake))
        except Interrupted:
            self._outcome = Cancelled()
        except Exception as error:  # noqa: BLE001 - the job boundary: every error becomes a value
            self._outcome = Failed(error)

    def _drain(self) -> None:
        thread = self._thread
        ended = thread is not None and not thread.is_alive()
        allowance = self._allowance
        allowance.terms = self.terms()
        allowance.spend(time.monotonic(), time.thread_time() + self.spent_elsewhere())
        everything = ended or self.gate.paused or allowance.all_due
        if not (everything or allowance.cheap_due):
            return
        allowance.show(everything=everything)
        steps = self._emitter.drain(everything=everything) if self._emitter is not None else []
        if steps:
            self.stepped.emit(steps)
        if ended:
            self._timer.stop()
            self._thread = self._emitter = None
            self.ended.emit(self._outcome)
