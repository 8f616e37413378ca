"""Compile a kernel with its code kept on disk: beside the source, in the person's own cache, or for this run only."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

import numba
from numba import njit


def compiled(kernel: Callable[..., Any]) -> Any:
    """The kernel as machine code that releases the GIL."""
    try:
        return njit(nogil=True, cache=True)(kernel)
    except RuntimeError:
        # Neither folder can be written, which numba takes for an error. Children of this process look here, too.
        folder = tempfile.mkdtemp(prefix="alsgui-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["NUMBA_CACHE_DIR"] = folder
        numba.config.reload_config()  # type: ignore[no-untyped-call]
        return njit(nogil=True, cache=True)(kernel)
