"""Compile the reader's loops into the on-disk cache: `python -m alsgui.io.kernels.warm`.

Run in a process of its own (by the set-up script, or before a first look), so that a compile never holds the
interpreter of a window.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from alsgui.io.kernels.scan import scan
from alsgui.io.watch import Watch
from alsgui.text import tr

POLL_SECONDS = 0.05

TABLE = "user;movie;rating;time\n10;a;4,5;10\n8;b;3;20\n10;a;2;30\nü;c;99;5\n"
"""Unsorted, with a cell rated twice, a word for the ids and a missing value: every loop has something to do."""


def ready() -> bool:
    """Whether the on-disk cache has the loops of this source, for this machine."""
    import numba

    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return True
    marker = _marker()
    return marker.is_file() and marker.read_text(encoding="utf-8") == _stamp()


def make_ready(watch: Watch) -> None:
    """Have a child compile what is not in the cache; without success it is compiled where it is used.

    Raises
    ------
    Interrupted
        When the watch was cancelled.
    """
    if ready():
        return
    root = str(Path(__file__).resolve().parents[3])
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "alsgui.io.kernels.warm"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            watch.tell(None, tr("Compiling the reader, once"))
            with suppress(subprocess.TimeoutExpired):
                child.wait(POLL_SECONDS)
                return
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def warm() -> None:
    """Read tiny files of every kind, which compiles what is not cached."""
    from alsgui.io.reading import read

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_text(TABLE, encoding="utf-8")
        for given in ({"missing": ["99", "none"]}, {"time_format": "ymd", "columns": "user=0,item=1,rating=2,time=3"}):
            read(path, isolated=False, **given)
        path.write_text('user,a,b,c\nann,1,,"3"\nbob,2,"x""y",1.2345678901234567\n', encoding="utf-8")
        read(path, isolated=False, layout="wide")
    _marker().write_text(_stamp(), encoding="utf-8")


def _marker() -> Path:
    return Path(str(scan.stats.cache_path)) / "reader.compiled"


def _stamp() -> str:
    """What numba looks at before it takes a loop from the cache: the sources, itself, and the processor."""
    import numba
    from llvmlite.binding import get_host_cpu_name  # type: ignore[import-untyped]

    digest = sha256(f"{numba.__version__} {get_host_cpu_name()}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    warm()
