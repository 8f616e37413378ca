from __future__ import annotations

from pathlib import Path

import pytest

from alsgui.core.errors import ConfigError, ExportError
from alsgui.io.recent import MOST_RECENT, config_folder, forget, load_recent, remember
from alsgui.io.samples import SAMPLES, open_sample


class TestRecentFiles:
    def test_the_newest_stands_first_once_and_ten_are_kept(self, tmp_path: Path) -> None:
        for number in range(12):
            remember(f"d{number}", tmp_path / f"{number}.csv", 1, 2, 3, folder=tmp_path, opened=float(number))
        files = remember("again", tmp_path / "5.csv", 1, 2, 3, folder=tmp_path, opened=99.0)
        assert len(files) == MOST_RECENT
        assert files[0].name == "again"
        assert [Path(file.path).name for file in files].count("5.csv") == 1
        assert load_recent(tmp_path) == files
        assert forget(tmp_path / "5.csv", folder=tmp_path) == files[1:]

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 9}', '{"format": 1, "files": [3]}', "null"])
    def test_a_broken_list_is_an_empty_one(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "recent.json").write_text(content)
        assert load_recent(tmp_path) == ()

    def test_a_folder_that_cannot_be_made_is_an_export_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(ExportError, match="cannot be made"):
            remember("a", "a.csv", 1, 1, 1, folder=tmp_path / "file" / "folder")

    @pytest.mark.parametrize(
        ("platform", "variable", "expected"),
        [
            ("linux", "XDG_CONFIG_HOME", "alsgui"),
            ("win32", "APPDATA", "alsgui"),
        ],
    )
    def test_the_list_lives_where_the_system_keeps_settings(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variable: str, expected: str
    ) -> None:
        monkeypatch.setattr("sys.platform", platform)
        monkeypatch.setenv(variable, str(tmp_path))
        assert config_folder() == tmp_path / expected
        monkeypatch.setattr("sys.platform", "darwin")
        assert config_folder().parts[-3:] == ("Library", "Application Support", "alsgui")


def test_the_sample_opens_with_its_terms() -> None:
    reading = open_sample(SAMPLES[0].name)
    ratings = reading.ratings
    assert (ratings.n_users, ratings.n_movies, ratings.n_ratings) == (610, 9724, 100836)
    assert ratings.titles is not None
    assert ratings.titles[0] == "Toy Story (1995)"
    assert ratings.time is not None
    assert reading.report.notes == ("18 movies listed but never rated.",)
    assert "commercial" in reading.report.terms
    with pytest.raises(ConfigError, match="ml-latest-small"):
        open_sample("other")
