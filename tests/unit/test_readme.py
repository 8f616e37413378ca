"""The README says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alsgui.cli import run
from alsgui.ui.actions import shortcut_table

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_stand_alone_on_their_lines() -> None:
    assert "    sh resources/setup.sh && .venv/bin/alsgui\n" in README
    assert "    sh resources/setup.sh test && .venv/bin/pytest\n" in README


def test_every_picture_and_page_that_the_readme_shows_is_there() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert len(targets) >= 8
    for target in targets:
        assert (ROOT / target).is_file(), target


def test_every_shortcut_of_the_table_of_actions_is_in_the_readme_and_no_other() -> None:
    rows = re.findall(r"^\| ([^|]+) \| (\w+) \| `([^`]+)` \|$", README, flags=re.MULTILINE)
    assert [(menu, action, keys) for action, menu, keys in rows] == shortcut_table()


def test_a_fit_of_the_sample_prints_what_the_readme_says(capsys: pytest.CaptureFixture[str]) -> None:
    said = [line.strip() for line in README.splitlines() if line.startswith("    ")]
    start = said.index(next(line for line in said if line.startswith("ml-latest-small:")))
    expected = said[start : start + 5]
    assert run(["fit", "ml-latest-small"]) == 0
    printed = capsys.readouterr().out.strip().splitlines()
    assert len(printed) == len(expected)
    for line, wanted in zip(printed, expected, strict=True):
        plain = (re.sub(r"\d+ epochs in [\d.]+ \w+|[\d.]+ s\b", "", text) for text in (line, wanted))
        words, wanted_words = (re.split(r"\d+\.\d+", text) for text in plain)
        assert words == wanted_words
        figures, wanted_figures = (
            [float(figure) for figure in re.findall(r"0\.\d{4}", text)] for text in (line, wanted)
        )
        assert figures == pytest.approx(wanted_figures, abs=5e-4), "other processors round otherwise, but not so much"
