"""Where the files that come with the program are: fonts, icons, sample data."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource_path(*parts: str) -> Path:
    """Path of a file of ours, in an installed package (`alsgui/resources`) or a checkout (`resources`).

    Parameters
    ----------
    *parts
        Folders and file name below `resources`, such as `"fonts", "OFL.txt"`.
    """
    installed = _PACKAGE / "resources"
    root = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*parts)
