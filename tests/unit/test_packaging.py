"""What a newcomer's clone and the wheel rest on."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FORCED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]


@pytest.mark.parametrize("folder", FORCED)
def test_each_folder_that_the_wheel_takes_along_holds_files(folder: str) -> None:
    assert any(path.is_file() for path in (ROOT / folder).rglob("*"))


@pytest.mark.parametrize("name", PROJECT["project"]["license-files"])
def test_each_licence_file_is_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


def test_the_licence_names_the_folders_with_terms_of_their_own() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "resources/samples" in text
    assert "resources/fonts" in text


def test_the_samples_terms_stand_beside_the_sample() -> None:
    assert "README-ml-latest-small.txt" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    terms = (ROOT / "resources/samples/README-ml-latest-small.txt").read_text(encoding="utf-8")
    assert "GroupLens" in terms


def test_the_top_level_holds_nothing_but_the_fixed_names() -> None:
    git = shutil.which("git")
    listed = git and subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if not listed or listed.returncode != 0:
        pytest.skip("not a git checkout")
    names = {line.split("/")[0] for line in listed.stdout.splitlines()}
    visible = {name for name in names if not name.startswith(".")}
    assert visible <= {"pyproject.toml", "alsgui", "tests", "resources", "README.md", "LICENSE"}


def test_every_dependency_has_its_reason_on_the_line_above() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("dependencies = [") + 1
    block = lines[start : lines.index("]", start)]
    reasons, packages = block[0::2], block[1::2]
    assert len(packages) == len(PROJECT["project"]["dependencies"])
    assert all(line.strip().startswith("# ") for line in reasons)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
class TestSetupScript:
    SCRIPT = ROOT / "resources" / "setup.sh"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["sh", *arguments], capture_output=True, text=True, check=False)

    def test_it_is_valid_for_a_plain_shell(self) -> None:
        assert self.run("-n", str(self.SCRIPT)).returncode == 0

    def test_it_refuses_a_word_that_it_does_not_know_before_it_touches_anything(self) -> None:
        refused = self.run(str(self.SCRIPT), "tests")
        assert refused.returncode == 1
        assert refused.stderr == "setup: unknown word 'tests'; usage: sh resources/setup.sh [test]\n"
        assert not refused.stdout
