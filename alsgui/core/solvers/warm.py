"""Compile the kernels into the on-disk cache: `python -m alsgui.core.solvers.warm`.

Run in a process of its own (by the set-up script, or by the window before a first fit), so that a compile never holds
the interpreter of a window.
"""

from __future__ import annotations

from pathlib import Path

from alsgui.core.fitting import fit
from alsgui.core.generate import chapter


def compiled() -> bool:
    """Whether the on-disk cache has the kernels of this source. Loads numba."""
    from alsgui.core.solvers import kernels

    cache = Path(str(kernels.solve_observed_rows.stats.cache_path))
    source = Path(kernels.__file__).stat().st_mtime
    return all(
        any(index.stat().st_mtime >= source for index in cache.glob(f"kernels.{name}-*.nbi"))
        for name in ("solve_observed_rows", "weighted_sums", "squared_errors")
    )


def warm() -> None:
    """Fit tiny matrices with every algorithm, storage and fill, which compiles what is not cached."""
    ratings = chapter(6, 4)
    for dtype in ("float32", "float64"):
        for algorithm, holes in (("observed", {}), ("ridge", {}), ("ridge", {"holdout": 0.3, "fill": "mean"})):
            fit(ratings, algorithm, k=2, epochs=1, dtype=dtype, threads=1, **holes)  # type: ignore[arg-type]


if __name__ == "__main__":
    warm()
