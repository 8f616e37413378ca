"""A home of its own for the suite: no test reads or changes a person's settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def move_home(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Point every per-person folder below `home`; compiled kernels stay where they were warmed."""
    _keep_numba_cache(patch)
    patch.setenv("HOME", str(home))
    patch.setenv("USERPROFILE", str(home))
    for variable, folder in {
        "XDG_CONFIG_HOME": ".config",
        "XDG_CACHE_HOME": ".cache",
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "APPDATA": "AppData/Roaming",
        "LOCALAPPDATA": "AppData/Local",
    }.items():
        path = home / folder
        path.mkdir(parents=True, exist_ok=True)
        patch.setenv(variable, str(path))


def _keep_numba_cache(patch: pytest.MonkeyPatch) -> None:
    """Numba caches beside the source, but in the home where that is read-only: name that place while it is known."""
    package = Path(__file__).parents[2] / "alsgui" / "core" / "solvers"
    if "NUMBA_CACHE_DIR" in os.environ or os.access(package, os.W_OK):
        return
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    patch.setenv("NUMBA_CACHE_DIR", str(cache / "numba"))
