"""Light work: tiles, lists, tables. The newest request under a key counts; the last asked is done first.

What pictures need once, which may take seconds at 25 million ratings, is done on a second thread (`prepare`), so that
tiles of what is on the screen never wait for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

_LOG = logging.getLogger(__name__)


Work = Callable[[], Any]
Deliver = Callable[[Any], None]


class LightWork(QObject):
    """Worker threads for work of milliseconds, and for preparations; results come back on the thread of this object.

    Attributes
    ----------
    spent : float
        Processor seconds that the work has taken.
    """

    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._condition = threading.Condition()
        self._lanes = {"light": _Lane(), "prepare": _Lane()}
        self._newest: dict[str, int] = {}
        self._oldest: dict[str, int] = {}
        self._running = 0
        self.spent = 0.0
        self._closed = False
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def request(self, key: str, work: Work, deliver: Deliver, *, late: bool = False) -> None:
        """Do `work` on the worker thread and pass its result to `deliver` on this one, unless asked anew before.

        What waits is dropped when `key` is asked anew. What is under way then is dropped too, or with `late` still
        delivered: else a view that moves all the time would never have a picture.
        """
        self._ask("light", key, work, deliver, late=late)

    def prepare(self, key: str, work: Work, deliver: Deliver) -> None:
        """As `request`, on the thread of what may take seconds."""
        self._ask("prepare", key, work, deliver, late=False)

    def forget(self, prefix: str = "") -> None:
        """Drop what was asked under keys that start so, and late results of it."""
        with self._condition:
            for key in [key for key in self._newest if key.startswith(prefix)]:
                self._newest[key] += 1
                self._oldest[key] = self._newest[key]
                for lane in self._lanes.values():
                    lane.waiting.pop(key, None)

    @property
    def idle(self) -> bool:
        """Whether nothing is asked for or under way."""
        with self._condition:
            return not self._running and not any(lane.waiting for lane in self._lanes.values())

    def close(self, seconds: float = 2.0) -> None:
        """End the threads, bounded."""
        with self._condition:
            self._closed = True
            for lane in self._lanes.values():
                lane.waiting.clear()
            self._condition.notify_all()
        for lane in self._lanes.values():
            if lane.thread is not None:
                lane.thread.join(seconds)

    def _ask(self, name: str, key: str, work: Work, deliver: Deliver, *, late: bool) -> None:
        with self._condition:
            if self._closed:
                return
            lane = self._lanes[name]
            self._newest[key] = self._newest.get(key, 0) + 1
            if not late:
                self._oldest[key] = self._newest[key]
            lane.waiting.pop(key, None)
            lane.waiting[key] = (work, deliver)
            if lane.thread is None:
                lane.thread = threading.Thread(target=self._run, args=(lane,), name=f"alsgui-{name}", daemon=True)
                lane.thread.start()
            self._condition.notify_all()

    def _run(self, lane: _Lane) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: lane.waiting or self._closed)
                if self._closed:
                    return
                key, (work, deliver) = lane.waiting.popitem()
                number = self._newest[key]
                self._running += 1
            began = time.thread_time()
            try:
                result = work()
            except Exception:  # noqa: BLE001 - the job boundary: a picture that cannot be drawn must not end the thread
                _LOG.exception("light work %s failed", key)
                with self._condition:
                    self._running -= 1
                continue
            with self._condition:
                self.spent += time.thread_time() - began
            self._done.emit((key, number, result, deliver))

    @Slot(object)
    def _deliver(self, parcel: tuple[str, int, Any, Deliver]) -> None:
        key, number, result, deliver = parcel
        with self._condition:
            self._running -= 1
            wanted = not self._closed and number >= self._oldest.get(key, 0)
        if wanted:
            deliver(result)


@dataclass
class _Lane:
    """What waits for one thread."""

    waiting: dict[str, tuple[Work, Deliver]] = field(default_factory=dict)
    thread: threading.Thread | None = None
