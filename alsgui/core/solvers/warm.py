"""Compile the kernels into the on-disk cache: `python -m alsgui.core.solvers.warm`.

Run in a process of its own (by the set-up script, or by the window before a first fit), so that a compile never holds
the interpreter of a window.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from alsgui.core.fitting import fit
from alsgui.core.generate import chapter


def compiled() -> bool:
    """Whether the on-disk cache has the kernels of this source, for this machine. Loads numba."""
    marker = _marker()
    return marker.is_file() and marker.read_text(encoding="utf-8") == _stamp()


def warm() -> None:
    """Fit tiny matrices with every algorithm, storage and fill, which compiles what is not cached."""
    ratings = chapter(6, 4)
    for dtype in ("float32", "float64"):
        for algorithm, holes in (("observed", {}), ("ridge", {}), ("ridge", {"holdout": 0.3, "fill": "mean"})):
            fit(ratings, algorithm, k=2, epochs=1, dtype=dtype, threads=1, **holes)  # type: ignore[arg-type]
    _marker().write_text(_stamp(), encoding="utf-8")


def _marker() -> Path:
    from alsgui.core.solvers import kernels

    return Path(str(kernels.solve_observed_rows.stats.cache_path)) / "kernels.compiled"


def _stamp() -> str:
    """What numba looks at before it takes a kernel from the cache: the source's content, itself, and the processor."""
    import numba
    from llvmlite.binding import get_host_cpu_name  # type: ignore[import-untyped]

    from alsgui.core.solvers import kernels

    source = sha256(Path(kernels.__file__).read_bytes()).hexdigest()
    return f"{source} numba {numba.__version__} {get_host_cpu_name()}"


if __name__ == "__main__":
    warm()
