"""`alsgui` and `python -m alsgui`: a window, or a word of the command line.

The window does not wait for the command line's libraries: they are loaded only when there is a command to parse.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from alsgui.core.experiment_names import EXPERIMENTS
from alsgui.display import display_problem
from alsgui.text import tr

COMMANDS = ("fit", "recommend", "inspect", "tour")
WINDOW_OPTIONS = frozenset({"--profile-startup", "--debug"})
TOUR_FOLDER = "alsgui-tour"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Parameters
    ----------
    arguments
        Words of the command line, without the program's name; those of the process by default.

    Returns
    -------
    int
        0 when all went well, 2 for input that cannot be used, 1 for the rest.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    lesson = _taken_lesson(words)
    if lesson is not None and lesson not in EXPERIMENTS:
        sys.stderr.write(
            tr("alsgui: There is no lesson {name}. Use {all}.", name=lesson, all=", ".join(EXPERIMENTS)) + "\n"
        )
        return 2
    names = [word for word in words if not word.startswith("-")]
    options = {word for word in words if word.startswith("-")}
    asks_for_window = options <= WINDOW_OPTIONS and (
        not names or (len(names) == 1 and names[0] not in COMMANDS and Path(names[0]).exists())
    )
    if lesson is not None and (refusal := _why_no_lesson(words)):
        sys.stderr.write(f"alsgui: {refusal}\n")
        return 2
    if asks_for_window:
        return _open_window(names[0] if names else None, lesson, profile_startup="--profile-startup" in options)
    from alsgui.cli import run

    return run(words)


def _taken_lesson(words: list[str]) -> str | None:
    """The name after `--lesson`, taken out of the words; None without one."""
    for at, word in enumerate(words):
        if word == "--lesson":
            name = words[at + 1] if at + 1 < len(words) else ""
            del words[at : at + 2]
            return name
        if word.startswith("--lesson="):
            del words[at]
            return word.partition("=")[2]
    return None


def _why_no_lesson(words: Sequence[str]) -> str:
    """Why a lesson cannot be shown with the other words of the command line; empty when it can."""
    if any(word.partition("=")[0] == "--lesson" for word in words):
        return tr("--lesson is given twice. The window opens on one; give one.")
    command = next((word for word in words if not word.startswith("-")), "")
    if command in COMMANDS:
        return tr("--lesson opens the window and does not go with {command}. Leave one of them out.", command=command)
    return ""


def _open_window(path: str | None, lesson: str | None = None, *, profile_startup: bool) -> int:
    problem = display_problem()
    if problem is None:
        from alsgui.app import run_window

        return run_window(path, profile_startup, lesson)
    sys.stderr.write(f"{problem}\n")
    if not problem.can_draw_offscreen:
        return 1
    from alsgui.core.errors import AlsguiError
    from alsgui.tour import run_tour

    try:
        report = run_tour(Path(TOUR_FOLDER))
    except AlsguiError as error:
        sys.stderr.write(f"alsgui: {error}\n")
        return 1
    sys.stdout.write(tr("Here is a tour in pictures instead: {path}", path=report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
