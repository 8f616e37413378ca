from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from alsgui.core.errors import ExportError
from alsgui.io.atomic import atomic_text, atomic_write


class TestWritingWholeOrNotAtAll:
    def test_a_file_appears_whole_and_nothing_else_is_left(self, tmp_path: Path) -> None:
        with atomic_write(tmp_path / "a.bin") as stream:
            stream.write(b"new")
            assert not (tmp_path / "a.bin").exists()
        assert (tmp_path / "a.bin").read_bytes() == b"new"
        assert [file.name for file in tmp_path.iterdir()] == ["a.bin"]

    @pytest.mark.parametrize("call", ["replace", "fsync"])
    @pytest.mark.parametrize(
        ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "not allow"), (errno.EIO, "put/output")]
    )
    def test_a_failure_leaves_the_old_file_and_says_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, words: str
    ) -> None:
        path = tmp_path / "a.txt"
        path.write_text("old")

        def fail(*_: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, call, fail)
        with pytest.raises(ExportError, match=words) as caught, atomic_text(path) as stream:
            stream.write("new")
        assert "The file that was there is whole." in caught.value.message
        assert caught.value.hint
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_failing_write_leaves_the_old_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("old")
        with pytest.raises(ExportError, match="disk is full"), atomic_write(path) as stream:
            stream.write(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])

    def test_any_other_error_leaves_the_old_file_and_is_passed_on(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("old")
        with pytest.raises(KeyError), atomic_write(path):
            raise KeyError
        assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])

    def test_a_missing_folder_and_a_folder_of_that_name_are_named(self, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="folder does not exist"), atomic_write(tmp_path / "no" / "a"):
            pass
        with pytest.raises(ExportError, match="folder has this name"), atomic_write(tmp_path):
            pass

    @pytest.mark.skipif(os.name == "nt", reason="permissions and links of POSIX")
    def test_permissions_and_links_stay(self, tmp_path: Path) -> None:
        path, link = tmp_path / "a.txt", tmp_path / "link"
        path.write_text("old")
        path.chmod(0o640)
        link.symlink_to(path)
        with atomic_text(link) as stream:
            stream.write("new")
        assert link.is_symlink()
        assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)
