"""Compile the kernels into the on-disk cache: `python -m alsgui.core.solvers.warm`.

Run in a process of its own (by the set-up script, or by the window before a first fit), so that a compile never holds
the interpreter of a window.
"""

from __future__ import annotations

from collections.abc import Iterator

from alsgui.core.fitting import fit
from alsgui.core.generate import chapter

SIGNATURES = tuple((algorithm, dtype) for algorithm in ("observed", "ridge") for dtype in ("float32", "float64"))


def warm() -> Iterator[tuple[str, str]]:
    """Fit a tiny matrix with every algorithm and storage, which compiles what is not cached; yields each when done."""
    ratings = chapter(4, 3)
    for algorithm, dtype in SIGNATURES:
        fit(ratings, algorithm, k=2, epochs=1, dtype=dtype, threads=1)
        yield algorithm, dtype


if __name__ == "__main__":
    for _ in warm():
        pass
