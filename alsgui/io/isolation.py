"""Read in a process of its own: whatever the file does to the reader, the window and the data before stay."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from alsgui.core.errors import ConfigError, DataError, RowProblem
from alsgui.io.options import ImportOptions, as_json
from alsgui.io.watch import Watch
from alsgui.text import byte_size, tr

POLL_SECONDS = 0.03
HEARTBEAT_SECONDS = 0.1
SHARE_OF_FREE = 0.85
ADDRESS_SLACK = 4 << 30
"""Libraries reserve addresses that they never use; resident memory is looked after by the watchdog."""

LEAST_BYTES = 1 << 29


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only this person can read, removed at the end; what was mapped from it stays mapped."""
    folder = tempfile.TemporaryDirectory(prefix="alsgui-read-", ignore_cleanup_errors=True)
    try:
        yield Path(folder.name)
    finally:
        folder.cleanup()


def free_bytes() -> int:
    """Memory that the machine can give without swapping."""
    return int(psutil.virtual_memory().available)


def read_in_child(
    path: Path, options: ImportOptions | Mapping[str, Any], folder: Path, watch: Watch, limit: int | None = None
) -> None:
    """Have a child read and leave the result in the folder.

    Parameters
    ----------
    path, options
        What is read, and how: every option, or those that are given (as JSON can hold them), the rest being detected.
    folder
        Where the result goes; the caller removes it.
    watch
        Hears progress ten times a second, and cancel: then the child is killed at once.
    limit
        Bytes of memory that it may use; most of what is free by default.

    Raises
    ------
    DataError
        As `perform`; also when the child died or used up its memory.
    Interrupted
        When the watch was cancelled.
    """
    watch.check()
    most = max(int(free_bytes() * SHARE_OF_FREE), LEAST_BYTES) if limit is None else limit
    request = {
        "path": str(path), "folder": str(folder), "limit": most + ADDRESS_SLACK,
        "options": as_json(options) if isinstance(options, ImportOptions) else None,
        "given": None if isinstance(options, ImportOptions) else dict(options),
        "handing_over": tr("Handing over"),
    }  # fmt: skip
    with (folder / "errors.txt").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "alsgui.io.child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=_environment(),
        )  # fmt: skip
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            watch.tell(None, tr("Starting the reader"))
            # Loaded while the child starts: it takes as long.
            import alsgui.core.ratings  # noqa: F401

            answer = _attend(process, watch, most)
        except BrokenPipeError:
            answer = {}
        finally:
            _end(process)
    if not answer.get("done"):
        raise _failure(path, answer, folder / "errors.txt", process.returncode, most)


def _environment() -> dict[str, str]:
    """The child imports this very package, wherever the program was started."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}


def _attend(process: subprocess.Popen[bytes], watch: Watch, most: int) -> dict[str, Any]:
    """Pass on what the child says until it has an answer; {} when it ended without one."""
    said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(process, said), name="alsgui-child", daemon=True)
    listener.start()
    share, text, told = None, tr("Starting the reader"), 0.0
    while True:
        watch.check()
        if _resident(process) > most:
            return {"error": "memory"}
        try:
            news = said.get(timeout=POLL_SECONDS)
        except queue.Empty:
            news = {}
        if news is None:
            return {}
        if "done" in news or "error" in news:
            return news
        if news:
            share, text = news["share"], news["text"]
        if news or time.monotonic() - told > HEARTBEAT_SECONDS:
            told = time.monotonic()
            watch.tell(share, text)


def _listen(process: subprocess.Popen[bytes], said: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    assert process.stdout is not None
    try:
        for line in process.stdout:
            said.put(json.loads(line))
    except ValueError:
        pass  # closed, or cut off in the middle of a line: the process has ended
    said.put(None)


def _resident(process: subprocess.Popen[bytes]) -> int:
    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:
        return 0


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave no process: one that has answered ends by itself, the others are killed."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _failure(path: Path, answer: dict[str, Any], errors: Path, code: int | None, most: int) -> Exception:
    kind = answer.get("error")
    if kind in ("DataError", "ConfigError"):
        if kind == "ConfigError":
            return ConfigError(answer["message"], answer["hint"])
        return DataError(answer["message"], answer["hint"], [RowProblem(*one) for one in answer["problems"]])
    last = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:] if errors.is_file() else []
    if kind == "memory" or any("MemoryError" in line or "bad_alloc" in line for line in last):
        return DataError(
            tr("{path} needs more memory than the {size} that are free.", path=path, size=byte_size(most)),
            tr("Read a sample of the users, or ask for a minimum number of ratings; the data open before are whole."),
        )
    reason = last[0][:200] if last else tr("it ended with code {code}", code=code)
    return DataError(
        tr("The reader of {path} failed: {reason}.", path=path, reason=reason.rstrip(".")),
        tr("The file may be damaged: use another copy or format. The data open before are whole."),
    )
