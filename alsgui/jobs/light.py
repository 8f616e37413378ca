"""Light work: tiles, lists, tables. The newest request under a key counts; the last asked is done first."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

_LOG = logging.getLogger(__name__)


class LightWork(QObject):
    """One worker thread for work of milliseconds; results come back on the thread of this object."""

    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._condition = threading.Condition()
        self._waiting: dict[str, tuple[Callable[[], Any], Callable[[Any], None]]] = {}
        self._newest: dict[str, int] = {}
        self._running = 0
        self._closed = False
        self._thread: threading.Thread | None = None
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def request(self, key: str, work: Callable[[], Any], deliver: Callable[[Any], None]) -> None:
        """Do `work` on the worker thread and pass its result to `deliver` on this one, unless asked anew before."""
        with self._condition:
            if self._closed:
                return
            self._newest[key] = self._newest.get(key, 0) + 1
            self._waiting.pop(key, None)
            self._waiting[key] = (work, deliver)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="alsgui-light", daemon=True)
                self._thread.start()
            self._condition.notify()

    def forget(self, prefix: str = "") -> None:
        """Drop what was asked under keys that start so, and late results of it."""
        with self._condition:
            for key in [key for key in self._newest if key.startswith(prefix)]:
                self._newest[key] += 1
                self._waiting.pop(key, None)

    @property
    def idle(self) -> bool:
        """Whether nothing is asked for or under way."""
        with self._condition:
            return not self._waiting and not self._running

    def close(self, seconds: float = 2.0) -> None:
        """End the thread, bounded."""
        with self._condition:
            self._closed = True
            self._waiting.clear()
            self._condition.notify()
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                key, (work, deliver) = self._waiting.popitem()
                number = self._newest[key]
                self._running += 1
            try:
                result = work()
            except Exception:  # noqa: BLE001 - the job boundary: a picture that cannot be drawn must not end the thread
                _LOG.exception("light work %s failed", key)
                with self._condition:
                    self._running -= 1
                continue
            self._done.emit((key, number, result, deliver))

    @Slot(object)
    def _deliver(self, parcel: tuple[str, int, Any, Callable[[Any], None]]) -> None:
        key, number, result, deliver = parcel
        with self._condition:
            self._running -= 1
            current = not self._closed and self._newest.get(key) == number
        if current:
            deliver(result)
