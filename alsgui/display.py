"""Can a window open here? Looked up before Qt starts, because Qt answers "no" by ending the process.

Qt aborts, past any exception, when it finds no display or cannot load its platform plug-in. This module knows
no Qt: it tries the display's socket and the libraries which the plug-ins link to.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from alsgui.text import tr

TIMEOUT = 2.0
"""Seconds to wait for a display on another machine."""

GRAPHICS_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
}
"""Library -> Debian package, for what QtGui links to: without these not even an offscreen picture is drawn."""

X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""Library -> Debian package, for Qt's X11 plug-in."""

WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
"""Library -> Debian package, for Qt's Wayland plug-in."""


@dataclass(frozen=True)
class DisplayProblem:
    """Why no window can open, and what to do about it.

    Attributes
    ----------
    missing
        What is missing, one line.
    remedy
        How to get it, one line.
    can_draw_offscreen
        Whether pictures can be drawn without a display, as the tour does.
    """

    missing: str
    remedy: str
    can_draw_offscreen: bool = True

    def __str__(self) -> str:
        return f"{self.missing}: {self.remedy}"


def display_problem(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> DisplayProblem | None:
    """Find what keeps a window from opening; None where one can.

    Parameters
    ----------
    environ
        Environment variables: DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR; a QT_QPA_PLATFORM that is set is the
        person's own choice and is not questioned.
    platform
        As `sys.platform`: macOS and Windows always have a display.
    """
    if not platform.startswith("linux") or environ.get("QT_QPA_PLATFORM"):
        return None
    return _library_problem(GRAPHICS_LIBRARIES, can_draw_offscreen=False) or _session_problem(environ)


def _session_problem(environ: Mapping[str, str]) -> DisplayProblem | None:
    """Problem of the Wayland or X11 session; a good one of the two is enough."""
    has_wayland, has_x11 = bool(environ.get("WAYLAND_DISPLAY")), bool(environ.get("DISPLAY"))
    if not has_wayland and not has_x11:
        return DisplayProblem(
            tr("There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"),
            tr("start alsgui from a desktop, or log in with ssh -X"),
        )
    wayland_problem = _wayland_problem(environ) if has_wayland else None
    if has_wayland and wayland_problem is None:
        return None
    return _x11_problem(environ["DISPLAY"]) if has_x11 else wayland_problem


def _wayland_problem(environ: Mapping[str, str]) -> DisplayProblem | None:
    name = environ["WAYLAND_DISPLAY"]
    # An absolute name stands for itself, as in libwayland; joining paths does just that.
    path = Path(environ.get("XDG_RUNTIME_DIR", "")) / name
    if not path.is_absolute() or not _answers(socket.AF_UNIX, str(path)):
        return DisplayProblem(
            tr("The Wayland display {name} does not answer", name=name),
            tr("start alsgui from a running desktop, and keep its XDG_RUNTIME_DIR"),
        )
    return _library_problem(WAYLAND_LIBRARIES)


def _x11_problem(name: str) -> DisplayProblem | None:
    if not any(_answers(family, address) for family, address in _x11_addresses(name)):
        return DisplayProblem(
            tr("The X11 display {name} does not answer", name=name),
            tr("start alsgui from a running desktop, or log in with ssh -X"),
        )
    return _library_problem(X11_LIBRARIES)


def _x11_addresses(name: str) -> Iterable[tuple[socket.AddressFamily, str | tuple[str, int]]]:
    """Sockets that [protocol/][host]:number[.screen] may mean, in the order in which X clients try them."""
    if name.startswith("/"):
        yield socket.AF_UNIX, name
        return
    match = re.fullmatch(r"(?:(\w+)/)?(.*):(\d+)(?:\.\d+)?", name)
    if match is None:
        return
    protocol, host, number = match.groups()
    if protocol == "unix" or host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"
        yield socket.AF_UNIX, f"\0{path}"
        yield socket.AF_UNIX, path
        return
    bare_host = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare_host else socket.AF_INET
    yield family, (bare_host, 6000 + int(number))


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(TIMEOUT)
        try:
            client.connect(address)
        except (OSError, OverflowError, ValueError):
            # The latter two: a port or a host name that cannot exist.
            return False
    return True


def _library_problem(libraries: Mapping[str, str], *, can_draw_offscreen: bool = True) -> DisplayProblem | None:
    missing = [name for name in libraries if not _loads(name)]
    if not missing:
        return None
    packages = " ".join(libraries[name] for name in missing)
    return DisplayProblem(
        tr("System libraries cannot be loaded ({names})", names=", ".join(missing)),
        tr("on Debian and Ubuntu, sudo apt install {packages}", packages=packages),
        can_draw_offscreen,
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
