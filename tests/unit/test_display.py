"""Whether a window can open is known before Qt is asked."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from alsgui import display
from alsgui.display import DisplayProblem, display_problem

SETUP_SCRIPT = Path(__file__).parents[2] / "resources" / "setup.sh"


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of the libraries that this machine lacks; none, until a test adds some."""
    missing: set[str] = set()
    monkeypatch.setattr(display, "_loads", lambda name: name not in missing)
    return missing


@pytest.fixture
def wayland(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A session whose Wayland socket answers."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        yield {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.fixture
def x11(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A session whose X11 socket answers."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as server:
        server.bind(str(tmp_path / "X0"))
        server.listen()
        yield {"DISPLAY": str(tmp_path / "X0")}


def problem_of(environ: dict[str, str]) -> DisplayProblem | None:
    return display_problem(environ, "linux")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_macos_and_windows_always_have_a_display(platform: str) -> None:
    assert display_problem({}, platform) is None


def test_a_platform_that_the_person_chose_is_respected(libraries: set[str]) -> None:
    libraries.add("libEGL.so.1")
    assert problem_of({"QT_QPA_PLATFORM": "offscreen"}) is None


def test_without_a_display_one_line_says_what_is_missing_and_how_to_get_it(libraries: set[str]) -> None:
    problem = problem_of({"DISPLAY": "", "WAYLAND_DISPLAY": ""})
    assert problem is not None
    assert "neither DISPLAY nor WAYLAND_DISPLAY" in problem.missing
    assert "ssh -X" in problem.remedy
    assert problem.can_draw_offscreen
    assert "\n" not in str(problem)


def test_an_x11_socket_that_answers_is_a_display(x11: dict[str, str], libraries: set[str]) -> None:
    assert problem_of(x11) is None


def test_an_x11_socket_without_a_server_is_named(tmp_path: Path, libraries: set[str]) -> None:
    problem = problem_of({"DISPLAY": str(tmp_path / "X7")})
    assert problem is not None
    assert f"X11 display {tmp_path / 'X7'} does not answer" in problem.missing


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="abstract sockets are Linux's")
def test_an_abstract_x11_socket_is_a_display(libraries: set[str]) -> None:
    number = 10_000 + os.getpid()
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        assert problem_of({"DISPLAY": f":{number}.0"}) is None
    assert problem_of({"DISPLAY": f":{number}.0"}) is not None


def test_a_display_of_another_machine_is_tried_by_tcp(libraries: set[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        number = server.getsockname()[1] - 6000
        assert problem_of({"DISPLAY": f"127.0.0.1:{number}.0"}) is None
        assert problem_of({"DISPLAY": f"tcp/127.0.0.1:{number}"}) is None
    assert problem_of({"DISPLAY": f"127.0.0.1:{number}"}) is not None


@pytest.mark.parametrize("name", ["nonsense", ":", "host:", ":one", "127.0.0.1:99999", f"{'x' * 300}.org:0"])
def test_a_malformed_display_is_a_problem_and_no_exception(name: str, libraries: set[str]) -> None:
    assert problem_of({"DISPLAY": name}) is not None


def test_x11_without_libxcb_cursor_names_the_package(x11: dict[str, str], libraries: set[str]) -> None:
    libraries.add("libxcb-cursor.so.0")
    problem = problem_of(x11)
    assert problem is not None
    assert "libxcb-cursor.so.0" in problem.missing
    assert "apt install libxcb-cursor0" in problem.remedy
    assert problem.can_draw_offscreen


def test_wayland_does_not_need_libxcb_cursor(wayland: dict[str, str], libraries: set[str]) -> None:
    libraries.add("libxcb-cursor.so.0")
    assert problem_of(wayland) is None


def test_a_wayland_display_may_be_an_absolute_path(wayland: dict[str, str], libraries: set[str]) -> None:
    path = Path(wayland["XDG_RUNTIME_DIR"]) / wayland["WAYLAND_DISPLAY"]
    assert problem_of({"WAYLAND_DISPLAY": str(path)}) is None


def test_a_wayland_display_without_a_server_is_named(tmp_path: Path, libraries: set[str]) -> None:
    problem = problem_of({"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)})
    assert problem is not None
    assert "Wayland display wayland-9 does not answer" in problem.missing


def test_wayland_without_its_runtime_folder_is_a_problem(libraries: set[str]) -> None:
    assert problem_of({"WAYLAND_DISPLAY": "wayland-0"}) is not None


def test_wayland_without_its_library_falls_back_to_x11(
    wayland: dict[str, str], x11: dict[str, str], libraries: set[str]
) -> None:
    libraries.add("libwayland-client.so.0")
    assert problem_of(wayland | x11) is None
    problem = problem_of(wayland)
    assert problem is not None
    assert "apt install libwayland-client0" in problem.remedy


def test_without_opengl_not_even_offscreen_pictures_can_be_drawn(x11: dict[str, str], libraries: set[str]) -> None:
    libraries.update({"libEGL.so.1", "libGL.so.1"})
    problem = problem_of(x11)
    assert problem is not None
    assert "apt install libegl1 libgl1" in problem.remedy
    assert not problem.can_draw_offscreen


def test_a_library_that_does_not_exist_does_not_load() -> None:
    assert not display._loads("libno-such-library.so.9")


def test_the_setup_script_installs_what_the_display_check_looks_for() -> None:
    listed = dict(re.findall(r"^(lib\S+\.so\.\d+) +(\S+)$", SETUP_SCRIPT.read_text(), re.MULTILINE))
    assert listed == display.GRAPHICS_LIBRARIES | display.X11_LIBRARIES | display.WAYLAND_LIBRARIES


def test_looking_for_a_display_does_not_load_qt() -> None:
    code = "import sys, alsgui.display as d; d.display_problem(); sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
