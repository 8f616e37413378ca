"""How kernels are compiled and where their code is kept."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

import numba
from numba import njit

SOLVED = -1
"""What a kernel returns when every row of the block has an answer; else the row that has none."""

_FAST = {"contract", "reassoc", "nsz", "arcp"}
"""Lets sums be taken several lanes at a time; NaN and infinity keep their meaning."""


def compiled(kernel: Callable[..., Any]) -> Any:
    """Compile with sums exactly as they are written."""
    return _cached(kernel, fastmath=False)


def compiled_fast(kernel: Callable[..., Any]) -> Any:
    """Compile with sums in whatever order fills the processor's lanes: the same one at every call."""
    return _cached(kernel, fastmath=_FAST)


def inlined_fast(kernel: Callable[..., Any]) -> Any:
    """As `compiled_fast`, for the inside of another kernel: a call costs nothing."""
    return _cached(kernel, fastmath=_FAST, forceinline=True)


def _cached(kernel: Callable[..., Any], **how: Any) -> Any:
    """Keep the code on disk: beside the source, in the person's own cache, or for this run only.

    Division by zero gives infinity, as in NumPy: a check for it would keep loops out of the processor's lanes.
    """
    try:
        return njit(nogil=True, cache=True, error_model="numpy", **how)(kernel)
    except RuntimeError:
        # Neither folder can be written, which numba takes for an error. Children of this process look here, too.
        folder = tempfile.mkdtemp(prefix="alsgui-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["NUMBA_CACHE_DIR"] = folder
        numba.config.reload_config()  # type: ignore[no-untyped-call]
        return njit(nogil=True, cache=True, error_model="numpy", **how)(kernel)
