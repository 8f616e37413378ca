"""A session as a person uses it, and the waiting that a test needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from alsgui.session.session import Session

PATIENCE_MS = 60_000
"""Before a test gives up; what it waits for takes a moment on a quiet machine."""


def wait_for(done: Callable[[], bool], what: str = "") -> None:
    """Let events go on until `done()`."""
    if done():
        return
    loop, step, limit = QEventLoop(), QTimer(), QTimer()
    limit.setSingleShot(True)
    met = False

    def look() -> None:
        # Once is enough: what is done may set off more, such as a page that asks for its numbers.
        nonlocal met
        met = met or done()
        if met:
            loop.quit()

    step.timeout.connect(look)
    limit.timeout.connect(loop.quit)
    step.start(2)
    limit.start(PATIENCE_MS)
    loop.exec()
    assert met or done(), f"waited in vain for {what or done}"


def settle(session: Session) -> None:
    """Wait for the heavy job, what follows it, and all light work."""
    wait_for(lambda: not session.runner.busy and session.light.idle and session.slow.idle, "the session to be idle")


@contextmanager
def open_session() -> Iterator[Session]:
    """A session that is closed, with its threads, at the end; a bug in a job fails the test."""
    session = Session()
    bugs: list[Exception] = []
    session.failed.connect(bugs.append)
    session.bugs = bugs  # type: ignore[attr-defined]
    try:
        yield session
    finally:
        ended = session.close()
        session.deleteLater()
        assert ended, "a thread of the session did not end"
    if bugs:
        raise bugs[0]


def bugs_of(session: Session) -> list[Exception]:
    """Bugs met in jobs so far, taken away: a test that provokes one takes it."""
    bugs: list[Exception] = session.bugs  # type: ignore[attr-defined]
    taken = list(bugs)
    bugs.clear()
    return taken


def with_movies(session: Session, n_users: int = 12, n_movies: int = 16, density: float = 0.5) -> None:
    """Have small made-up ratings open, with titles and a hold-out."""
    session.generate("movies", n_users=n_users, n_movies=n_movies, density=density)
    settle(session)
    assert session.state.data is not None


def with_model(session: Session, epochs: int = 3, k: int = 2) -> None:
    """Have a model of small made-up ratings."""
    with_movies(session)
    session.fitting.set_config(k=k, epochs=epochs, tolerance=0.0)
    session.fitting.fit()
    settle(session)
    assert session.state.model is not None


def fit_going_on(session: Session, k: int = 2) -> None:
    """Have a fit that goes on until it is asked to end, with one epoch complete."""
    with_movies(session, 120, 200)  # smaller ones make thousands of epochs a second
    session.fitting.set_config(k=k, epochs=100_000, tolerance=0.0)
    session.fitting.fit()
    wait_for(lambda: bool(session.state.runs and session.state.runs[-1].history), "the first epoch")
    wait_for(lambda: session.state.model is not None, "the model of an epoch")


RATINGS_CSV = "userId,movieId,rating\n" + "".join(
    f"{user},{movie},{1 + (3 * user + 5 * movie + user * movie) % 5}\n"
    for user in range(1, 9)
    for movie in range(1, 8)
    if (user + movie) % 4
)
"""A file with holes: 8 users, 7 movies."""


def ratings_file(folder: Path, text: str = RATINGS_CSV, name: str = "ratings.csv") -> Path:
    """A file of ratings in `folder`."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
