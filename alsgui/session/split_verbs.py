"""The verbs of the split: what is kept aside, ratings from a file, and writing both parts out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alsgui.session.exporting import split_work
from alsgui.session.opening import Opened, given_holdout_work, touch
from alsgui.session.person_verbs import is_within, outliving
from alsgui.session.state import Data, Job, Notice, People, State
from alsgui.text import count, counted, tr

if TYPE_CHECKING:
    from alsgui.core.split import Kind, Split
    from alsgui.session.session import Session

AT_ONCE = 200_000
"""Up to so many ratings a split takes less than a frame; of more it is a job."""

_UNSET: Any = object()


def why_not_now(state: State) -> str:
    """Why nothing else can be kept aside at the moment: a fit and a search show figures of what is; empty when it can.

    Other jobs know what they began with.
    """
    job = state.job
    return tr("{job} is going on.", job=job.name) if job is not None and job.kind in ("fit", "search") else ""


class SplitVerbs:
    """What a person can do with the hold-out. `Session.splitting` is the one instance."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep_aside(
        self,
        kind: Kind | None = None,
        share: float | None = None,
        n: int | None = None,
        told: int | None = _UNSET,
        seed: int | None = None,
    ) -> None:
        """Keep other ratings aside; what is not given stays. Runs so far keep the split they were judged on.

        While a fit or a search goes on it says so instead.

        Parameters
        ----------
        kind, share, n, told, seed
            As in `core.split.split`; another kind begins with its usual share.

        Raises
        ------
        ConfigError
            When a value is out of range or the ratings do not serve; nothing changes then.
        """
        from alsgui.core.split import split

        state = self._session.state
        if state.split is None or state.data is None:
            return
        old = state.split
        sort = kind or ("random" if old.kind == "file" else old.kind)
        same = sort == old.kind
        data = state.data if state.data.before_holdout is None else state.data.before_holdout
        wanted: dict[str, Any] = {
            "share": share if share is not None or not same else old.share,
            "seed": old.seed if seed is None else seed,
            "n": old.n if n is None else n,
            "told": old.told if told is _UNSET else told,
        }
        if same and wanted == {name: getattr(old, name) for name in wanted}:
            return

        if why := why_not_now(state):
            self._session.tell(Notice("info", why, tr("Wait for it, or stop it, to keep others aside.")))
            return

        def made() -> Opened:
            return Opened(data, split(data.ratings, kind=sort, **wanted))

        if data.ratings.n_ratings <= AT_ONCE:
            self._take(made())
        else:
            job = Job("import", tr("Keeping ratings aside"))
            self._session.start_job(job, lambda out, brake: _prepared(made()), lambda steps: None, self._take)

    def from_file(self, path: str | Path) -> None:
        """Keep aside the ratings of a file; those that are not open are added to the open ones for it."""
        data = self._session.state.data
        if data is None:
            return
        name = tr("Reading {f}", f=Path(path).name)
        work = given_holdout_work(data.before_holdout or data, str(path))
        self._session.start_job(Job("import", name), work, self._session.take_opening_steps, self._take)

    def export(self, folder: str | Path) -> None:
        """Write training and hold-out ratings, and how they were divided."""
        split = self._session.state.split
        if split is not None:
            self._session.export(split_work(split, folder))

    def _take(self, opened: Opened) -> None:
        """Another hold-out may bring other ratings: then all that was open of the old ones is closed.

        Persons that were kept stay, as those who are known in both: new users and movies come after the others.
        """
        session, state, found = self._session, self._session.state, opened.split
        assert opened.data is not None and found is not None
        with session.together():
            if state.data is not None and opened.data.ratings is state.data.ratings:
                session.put(data=opened.data, split=found, baselines=None, popularity=None, search=None)
                session.searching.look_for_unfinished()
            else:
                kept = outliving(state)["people"].kept
                session.take_opened(opened)
                people = People(tuple(each for each in kept if is_within(each, found.ratings)))
                session.put(config=state.config, page=state.page, people=people)
            if found.kind == "file":
                self._tell_kept(opened.data, found)

    def _tell_kept(self, data: Data, found: Split) -> None:
        kept = tr("Kept aside: {ratings} of {file}.",
                  ratings=counted(len(found.held_out), tr("rating")), file=Path(found.file).name)  # fmt: skip
        before = data.before_holdout
        if before is None:
            self._session.tell(Notice("ok", kept))
            return
        added = found.ratings.n_ratings - before.ratings.n_ratings
        users, movies = (getattr(found.ratings, n) - getattr(before.ratings, n) for n in ("n_users", "n_movies"))
        self._session.tell(
            Notice(
                "ok",
                kept,
                tr("{n} of them, with {users} and {movies}, were not open and were added to the data.",
                   n=count(added), users=counted(users, tr("new user")),
                   movies=counted(movies, tr("new {noun}", noun=found.ratings.noun))),
            )
        )  # fmt: skip


def _prepared(opened: Opened) -> Opened:
    """The same with what is asked for first worked out: not for the thread of the window."""
    if opened.split is not None:
        touch(opened.split.training.csc, opened.split.training.spread, opened.split.judged, opened.split.n_newcomers)
    return opened
