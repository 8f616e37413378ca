"""Downloads against a server on this machine that also stalls, cuts off, lies and answers 404."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from alsgui.core.errors import ConfigError, DataError, Interrupted
from alsgui.io import download
from alsgui.io.catalog import CATALOG, Collection, cache_folder, collection
from alsgui.io.download import cached, fetch

CONTENT = bytes(range(256)) * 2000


@dataclass
class Server:
    """What the server does, and what it was asked for."""

    url: str
    behave: str = "well"
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            known.asked.append(self.headers.get("Range", ""))
            if known.behave == "404":
                self.send_error(404)
                return
            if known.behave == "redirect" and not self.path.endswith("?moved"):
                self.send_response(302)
                self.send_header("Location", self.path + "?moved")
                self.end_headers()
                return
            start = 0
            if self.headers.get("Range") and known.behave != "no ranges":
                start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
            else:
                self.send_response(200)
            body = bytes(len(CONTENT)) if known.behave == "lie" else CONTENT
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            half = start + (len(body) - start) // 2
            self.wfile.write(body[start:half])
            if known.behave == "cut":
                self.close_connection = True
                return
            if known.behave == "stall":
                self.wfile.flush()
                known.released.wait(30)
                return
            self.wfile.write(body[half:])

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving.daemon_threads = True
    known = Server(f"http://127.0.0.1:{serving.server_port}/ml-x.zip")
    thread = threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield known
    known.released.set()
    serving.shutdown()
    serving.server_close()
    thread.join()


@pytest.fixture
def entry(server: Server) -> Collection:
    digest = hashlib.md5(CONTENT).hexdigest()
    return replace(CATALOG[0], name="ml-x", url=server.url, n_bytes=len(CONTENT), md5=digest)


def test_a_collection_is_downloaded_once(server: Server, entry: Collection, tmp_path: Path) -> None:
    told: list[tuple[float | None, str]] = []
    path = fetch(entry, lambda share, text: told.append((share, text)), folder=tmp_path)
    assert path.read_bytes() == CONTENT
    assert fetch(entry, folder=tmp_path) == path == cached(entry, tmp_path)
    assert len(server.asked) == 1
    assert all(share is None or 0 <= share <= 1 for share, _ in told)
    assert [file.name for file in tmp_path.iterdir()] == ["ml-x.zip"]


def test_a_redirect_is_followed(server: Server, entry: Collection, tmp_path: Path) -> None:
    server.behave = "redirect"
    assert fetch(entry, folder=tmp_path).read_bytes() == CONTENT


def test_what_was_cut_off_goes_on_where_it_stopped(server: Server, entry: Collection, tmp_path: Path) -> None:
    server.behave = "cut"
    with pytest.raises(DataError) as caught:
        fetch(entry, folder=tmp_path)
    assert "goes on where it stopped" in caught.value.hint
    assert cached(entry, tmp_path) is None
    server.behave = "well"
    assert fetch(entry, folder=tmp_path).read_bytes() == CONTENT
    assert server.asked[-1] == f"bytes={len(CONTENT) // 2}-"


def test_a_server_without_ranges_begins_anew(server: Server, entry: Collection, tmp_path: Path) -> None:
    (tmp_path / "ml-x.zip.part").write_bytes(b"something else")
    server.behave = "no ranges"
    assert fetch(entry, folder=tmp_path).read_bytes() == CONTENT


def test_a_wrong_checksum_is_refused_and_not_kept(server: Server, entry: Collection, tmp_path: Path) -> None:
    server.behave = "lie"
    with pytest.raises(DataError, match="not what its publisher published"):
        fetch(entry, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_another_file_is_found_out_by_the_checksum(server: Server, entry: Collection, tmp_path: Path) -> None:
    (tmp_path / "ml-x.zip.part").write_bytes(b"\0" * 1000)
    with pytest.raises(DataError, match="not what its publisher published"):
        fetch(entry, folder=tmp_path)
    assert fetch(entry, folder=tmp_path).read_bytes() == CONTENT


def test_what_is_not_there_is_said_with_the_page_to_look_at(server: Server, entry: Collection, tmp_path: Path) -> None:
    server.behave = "404"
    with pytest.raises(DataError, match="404") as caught:
        fetch(entry, folder=tmp_path)
    assert entry.terms_url in caught.value.hint


def test_a_server_that_stalls_is_given_up(
    server: Server, entry: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "STALL_SECONDS", 0.2)
    server.behave = "stall"
    with pytest.raises(DataError, match="nothing for"):
        fetch(entry, folder=tmp_path)
    assert (tmp_path / "ml-x.zip.part").stat().st_size == len(CONTENT) // 2


def test_a_cancel_does_not_wait_for_a_server_that_stalls(server: Server, entry: Collection, tmp_path: Path) -> None:
    server.behave = "stall"
    cancel = threading.Event()

    def stop(share: float | None, text: str) -> None:
        if share and share >= 0.5:
            cancel.set()

    with pytest.raises(Interrupted):
        fetch(entry, stop, cancel, folder=tmp_path)
    assert not [thread for thread in threading.enumerate() if thread.name == "alsgui-download"]
    assert (tmp_path / "ml-x.zip.part").is_file()


def test_no_server_is_an_error_in_words(entry: Collection, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="was not downloaded"):
        fetch(replace(entry, url="http://127.0.0.1:9/ml-x.zip"), folder=tmp_path)


def test_size_and_terms_are_known_before() -> None:
    for one in CATALOG:
        assert one.url.startswith("https://")
        assert one.terms
        assert "MB to download" in one.line
        assert len(one.md5) == 32
    assert collection("ml-25m").n_ratings == 25_000_095
    with pytest.raises(ConfigError, match="ml-100k, ml-1m"):
        collection("ml-3m")
    assert cache_folder().name == "samples"
