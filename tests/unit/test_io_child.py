"""The process that reads: progress, cancel, crash, memory, and that nothing is left behind."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from alsgui.core.errors import DataError, Interrupted
from alsgui.io import isolation
from alsgui.io.isolation import read_in_child
from alsgui.io.look import look
from alsgui.io.reading import read
from alsgui.io.watch import Watch

LONG = "user,movie,rating,time\n" + "".join(f"u{n % 97},m{n % 89},{n % 5 + 1},{10**9 + n}\n" for n in range(300_000))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where private folders are made during the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data.csv").write_text(LONG)
    return tmp_path / "data.csv"


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "alsgui.io.child" in " ".join(child.cmdline())]


def test_a_child_reads_the_same_as_this_process(data: Path, temporary: Path) -> None:
    here, there = read(data, isolated=False), read(data)
    assert there.ratings.fingerprint == here.ratings.fingerprint
    assert np.array_equal(there.ratings.csc.data, here.ratings.csr.tocsc().data)
    assert there.ratings.time is not None
    assert here.ratings.time is not None
    assert np.array_equal(there.ratings.time, here.ratings.time)
    assert (there.report.merged, there.report.reasons) == (here.report.merged, here.report.reasons)
    assert there.report.options == here.report.options
    assert list(temporary.iterdir()) == []
    assert children() == []


def test_the_arrays_are_mapped_and_cannot_be_changed(data: Path) -> None:
    ratings = read(data).ratings
    for array in (ratings.csr.data, ratings.csr.indices, ratings.csc.data, ratings.time):
        assert array is not None
        assert not array.flags.writeable
        assert not array.flags.owndata


def test_a_script_without_a_main_guard_may_read(data: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    script = tmp_path / "script.py"
    script.write_text(f"import alsgui\nprint(alsgui.read_ratings({str(data)!r}).n_users)\n")
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        check=True,
    )
    assert done.stdout == "97\n"


def test_progress_says_rows_and_bytes(data: Path) -> None:
    told: list[tuple[float | None, str]] = []
    read(data, progress=lambda share, text: told.append((share, text)))
    assert all(share is None or 0 <= share <= 1 for share, _ in told)
    assert {"Starting the reader", "Building the matrix"} <= {text for _, text in told}


def test_a_cancel_kills_the_child_and_leaves_nothing(data: Path, temporary: Path) -> None:
    cancel = threading.Event()
    met: list[psutil.Process] = []

    def stop(share: float | None, text: str) -> None:
        met.extend(children())
        if met:
            cancel.set()

    with pytest.raises(Interrupted):
        read(data, look(data).options, progress=stop, cancel=cancel)
    assert met
    assert not any(process.is_running() for process in met)
    assert list(temporary.iterdir()) == []


def test_a_killed_child_is_an_error_and_leaves_nothing(data: Path, temporary: Path) -> None:
    killed: list[int] = []

    def kill(share: float | None, text: str) -> None:
        for child in children():
            if child.pid not in killed:
                killed.append(child.pid)
                child.send_signal(signal.SIGKILL)

    with pytest.raises(DataError, match=r"data\.csv failed") as caught:
        read(data, look(data).options, progress=kill)
    assert killed
    assert caught.value.hint
    assert list(temporary.iterdir()) == []


def test_a_child_that_needs_too_much_memory_is_ended_with_a_remedy(data: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="needs more memory than the") as caught:
        read_in_child(data, look(data).options, tmp_path, Watch(), limit=1 << 20)
    assert "sample of the users" in caught.value.hint
    assert children() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="RLIMIT_AS is a limit of Linux")
def test_an_allocation_beyond_the_limit_is_an_error_of_the_child(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "ADDRESS_SLACK", -(1 << 40) + (1 << 26))
    with pytest.raises(DataError, match=r"needs more memory|failed"):
        read_in_child(data, look(data).options, tmp_path, Watch(), limit=1 << 40)


def test_a_file_that_disappears_before_the_read_is_named(data: Path) -> None:
    options = look(data).options
    data.unlink()
    with pytest.raises(DataError, match=r"data\.csv does not exist"):
        read(data, options)


def test_errors_of_the_child_come_with_their_rows(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("user,movie,rating\na,x,nan\nb,x,inf\n")
    with pytest.raises(DataError, match="2 rows rejected") as caught:
        read(tmp_path / "data.csv")
    assert [problem.line for problem in caught.value.problems] == [2, 3]


def test_the_child_ends_with_its_parent(data: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    script = (
        "import sys, os, signal\n"
        "from alsgui.io.reading import read\n"
        "import psutil\n"
        "def tell(share, text):\n"
        "    found = psutil.Process().children()\n"
        "    if found:\n"
        "        print(found[0].pid, flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        f"read({str(data)!r}, progress=tell)\n"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
    )
    pid = int(done.stdout.split()[0])
    # The parent is gone; the kernel closes its end of the pipe, and the child sees that.
    for _ in range(400):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")
