"""Download a collection into the user's cache: with progress, cancel, resume and checksum."""

from __future__ import annotations

import hashlib
import http.client
import queue
import shutil
import socket
import ssl
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from alsgui import __version__
from alsgui.core.errors import DataError
from alsgui.io.catalog import Collection, cache_folder
from alsgui.io.watch import Cancel, Progress, Watch
from alsgui.text import byte_size, duration, tr

STALL_SECONDS = 20.0
"""Without a byte for so long the server is taken for gone."""

POLL_SECONDS = 0.05
CHUNK_BYTES = 1 << 16
MOST_REDIRECTS = 5


def cached(entry: Collection, folder: Path | None = None) -> Path | None:
    """The zip where it was downloaded before and is whole; None where it was not."""
    path = (folder or cache_folder()) / f"{entry.name}.zip"
    return path if path.is_file() and path.stat().st_size == entry.n_bytes else None


def fetch(
    entry: Collection,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    folder: Path | None = None,
) -> Path:
    """The zip of a collection, downloaded where it is not in the cache; what was begun before goes on.

    Parameters
    ----------
    entry
        What to have.
    progress
        Is told the share that is done, bytes and seconds left.
    cancel
        Ends the download when set; what came so far is kept for the next time.
    folder
        Where it is kept; the user's cache by default.

    Raises
    ------
    DataError
        When the server cannot be reached, refuses, stops, or sends something else than was published.
    Interrupted
        When `cancel` was set.
    """
    watch = Watch(progress, cancel)
    watch.check()
    kept = folder or cache_folder()
    if (there := cached(entry, kept)) is not None:
        return there
    target, part = kept / f"{entry.name}.zip", kept / f"{entry.name}.zip.part"
    try:
        kept.mkdir(parents=True, exist_ok=True)
        have = part.stat().st_size if part.is_file() else 0
        if have > entry.n_bytes:
            part.unlink()
            have = 0
        _refuse_full(entry, kept, entry.n_bytes - have)
        if have < entry.n_bytes:
            _Transfer(entry, part, have).run(watch)
        _verify(entry, part, watch)
        part.replace(target)
    except OSError as error:
        raise DataError(
            tr("{title} was not downloaded: {reason}.", title=entry.title, reason=_reason(error)),
            tr("Check the connection and the disk, and try again: it goes on where it stopped."),
        ) from error
    return target


def _refuse_full(entry: Collection, folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DataError(
            tr("{title} takes {size}; {free} are free in {folder}.", title=entry.title, size=byte_size(needed),
               free=byte_size(free), folder=folder),
            tr("Free some space and try again."),
        )  # fmt: skip


def _verify(entry: Collection, part: Path, watch: Watch) -> None:
    """Compare size and checksum with what was published; what is wrong is not kept."""
    size = part.stat().st_size
    digest = hashlib.md5(usedforsecurity=False)
    with part.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            watch.tell(None, tr("Checking"))
            digest.update(chunk)
    if size < entry.n_bytes:
        raise DataError(
            tr("The server ended after {have} of {all}.", have=byte_size(size), all=byte_size(entry.n_bytes)),
            tr("Try again: it goes on where it stopped."),
        )
    if size != entry.n_bytes or digest.hexdigest() != entry.md5:
        part.unlink()
        raise DataError(
            tr("What {url} sent is not what its publisher published.", url=entry.url),
            tr("Try again; if it stays so, get the file from {page}.", page=entry.terms_url),
        )


class _Transfer:
    """One connection, read by a thread of its own so that a cancel need not wait for the server."""

    def __init__(self, entry: Collection, part: Path, have: int) -> None:
        self._entry, self._part, self._have = entry, part, have
        self._news: queue.SimpleQueue[int | BaseException | None] = queue.SimpleQueue()
        self._socket: socket.socket | None = None
        self._ended = False

    def run(self, watch: Watch) -> None:
        thread = threading.Thread(target=self._work, name="alsgui-download", daemon=True)
        thread.start()
        started, first = time.monotonic(), self._have
        try:
            while True:
                self._tell(watch, first, time.monotonic() - started)
                try:
                    news = self._news.get(timeout=POLL_SECONDS)
                except queue.Empty:
                    continue
                if isinstance(news, BaseException):
                    raise news
                if news is None:
                    return
                self._have = news
        finally:
            self._ended = True
            self._hang_up()
            thread.join(1.0)

    def _tell(self, watch: Watch, first: int, seconds: float) -> None:
        share = self._have / self._entry.n_bytes
        words = tr("Downloading: {have} of {all}", have=byte_size(self._have), all=byte_size(self._entry.n_bytes))
        if self._have > first and seconds > 0.5:
            left = seconds * (self._entry.n_bytes - self._have) / (self._have - first)
            words += tr(", {time} left", time=duration(max(left, 1.0)))
        watch.tell(min(share, 1.0), words)

    def _hang_up(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _work(self) -> None:
        try:
            self._receive()
            self._news.put(None)
        except TimeoutError:
            self._news.put(TimeoutError(tr("the server has sent nothing for {time}", time=duration(STALL_SECONDS))))
        except (OSError, http.client.HTTPException, DataError) as error:
            self._news.put(error if isinstance(error, (OSError, DataError)) else OSError(str(error)))

    def _receive(self) -> None:
        with ExitStack() as opened:
            self._take(self._request(self._entry.url, MOST_REDIRECTS, opened))

    def _take(self, response: http.client.HTTPResponse) -> None:
        resumed = response.status == http.client.PARTIAL_CONTENT and (
            response.getheader("Content-Range", "").startswith(f"bytes {self._have}-")
        )
        if response.status != http.client.OK and not resumed:
            raise DataError(
                tr("{url} answered {status} {reason}.", url=self._entry.url, status=response.status,
                   reason=response.reason),
                tr("The publisher may have moved it: see {page}.", page=self._entry.terms_url),
            )  # fmt: skip
        have = self._have if resumed else 0
        with self._part.open("ab" if resumed else "wb") as stream:
            while not self._ended and (chunk := response.read1(CHUNK_BYTES)):
                have += len(chunk)
                if have > self._entry.n_bytes:
                    raise OSError(tr("the server sends more than was published"))
                stream.write(chunk)
                self._news.put(have)

    def _request(self, url: str, redirects: int, opened: ExitStack) -> http.client.HTTPResponse:
        parts = urlsplit(url)
        if parts.scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.netloc, timeout=STALL_SECONDS, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(parts.netloc, timeout=STALL_SECONDS)
        headers = {"User-Agent": f"alsgui/{__version__}", "Accept-Encoding": "identity"}
        if self._have:
            headers["Range"] = f"bytes={self._have}-"
        opened.callback(connection.close)
        connection.connect()
        # Kept here, since the response takes it from the connection.
        self._socket = connection.sock
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers)
        response = connection.getresponse()
        opened.callback(response.close)
        opened.callback(self._socket.close)
        where = response.getheader("Location")
        if response.status in (301, 302, 303, 307, 308) and where and redirects:
            return self._request(urljoin(url, where), redirects - 1, opened)
        return response


def _reason(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return tr("the address was not found; is there a connection?")
    text = error.strerror or str(error) or type(error).__name__
    return (text[0].lower() + text[1:]).rstrip(".")
