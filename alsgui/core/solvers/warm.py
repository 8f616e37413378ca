"""Compile the kernels into the on-disk cache: `python -m alsgui.core.solvers.warm`.

Run in a process of its own (by the set-up script, or by the window before a first fit), so that a compile never holds
the interpreter of a window.
"""

from __future__ import annotations

import os
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

from alsgui.core.fitting import fit
from alsgui.core.generate import chapter
from alsgui.core.ratings import Ratings

_EVERY_KERNEL: tuple[dict[str, Any], ...] = (
    {"algorithm": "observed", "solver": "exact"},
    {"algorithm": "observed", "solver": "cg"},
    {"algorithm": "implicit"},
    {"algorithm": "em"},
    {"algorithm": "nmf"},
    {"algorithm": "nmf", "method": "mu"},
    {"algorithm": "nonnegative"},
    {"algorithm": "nonnegative", "cells": "all"},
    {"algorithm": "ridge"},
    {"algorithm": "ridge", "holdout": 0.3, "fill": "zero"},
    {"algorithm": "ridge", "holdout": 0.3, "fill": "mean"},
)
"""Fits that between them run every kernel."""


def compiled() -> bool:
    """Whether the on-disk cache has the kernels of this source, for this machine. Loads numba."""
    marker = _marker()
    return marker.is_file() and marker.read_text(encoding="utf-8") == _stamp()


def warm() -> None:
    """Fit tiny matrices with every algorithm, storage and fill, which compiles what is not cached."""
    if not compiled():
        _forget()
    ratings = chapter(6, 4)
    for settings, dtype in product(_EVERY_KERNEL, ("float32", "float64")):
        _fit_tiny(ratings, dtype=dtype, **settings)
    _marker().write_text(_stamp(), encoding="utf-8")


def _fit_tiny(ratings: Ratings, **settings: Any) -> None:
    fit(ratings, k=2, epochs=1, threads=1, **settings)


def _folder() -> Path:
    """The kernels' source."""
    from alsgui.core.solvers import kernels

    return Path(str(kernels.__file__)).parent


def _marker() -> Path:
    from alsgui.core.solvers.kernels.entries import solve_rows

    return Path(str(solve_rows.stats.cache_path)) / "kernels.compiled"


def _forget() -> None:
    """Empty the cache: numba takes a kernel whose own file is unchanged for good, whatever it calls."""
    for pattern in ("*.nbi", "*.nbc"):
        for file in _marker().parent.glob(pattern):
            file.unlink(missing_ok=True)


def _stamp() -> str:
    """The content of every kernel, numba itself, and the processor."""
    import numba
    from llvmlite.binding import get_host_cpu_name  # type: ignore[import-untyped]

    digest = sha256()
    for file in sorted(_folder().glob("*.py")):
        digest.update(file.read_bytes())
    return f"{digest.hexdigest()} numba {numba.__version__} {get_host_cpu_name()}"


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)  # whoever waits for it looks at a window meanwhile, or already fits
    warm()
