"""`ImportVerbs`: look at a file, change how it is to be read, read it. Looks are light work; the read is a job."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alsgui.core.errors import AlsguiError, Interrupted
from alsgui.session.opening import MODEL_SUFFIX, turning_work
from alsgui.session.state import Importing, Job, Notice, Source
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.brake import Brake
    from alsgui.io.catalog import Collection
    from alsgui.io.looked import Look
    from alsgui.jobs.runner import Emitter
    from alsgui.session.session import Session

_LOOK = "import.look"

_FOLLOW: dict[str, tuple[str, ...]] = {
    "layout": ("columns", "missing", "duplicates", "feedback"),
    "delimiter": ("columns", "header", "layout"),
    "skip_rows": ("columns", "header"),
    "table": ("sql", "columns", "layout", "header", "skip_rows"),
    "sql": ("table", "columns", "layout"),
    "member": ("table", "columns", "layout", "header", "skip_rows", "delimiter"),
}
"""What was set for a file that looked otherwise, and is detected anew when one of these is set."""

_CUTS = {"encoding", "quote", "escape", "comment", "header", "format", "compression", "columns"}
"""Options after which the rows are cut otherwise, so that columns are to be found anew; all others leave the roles."""


class ImportVerbs:
    """What a person can do with a file before its ratings are read.

    Parameters
    ----------
    session
        Whose `importing` is shown.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stale = threading.Event()

    # Looking

    def look_at(self, path: str | Path, given: Mapping[str, Any] | None = None) -> None:
        """Look at a file, folder or address as it was read last, or as `given` says; a model is opened at once."""
        text = str(path)
        if text.endswith(MODEL_SUFFIX):
            self._session.open_path(text)
            return
        self._session.put(page="data", notice=None)
        self._look(Importing(text, given or {}), remembered=given is None)

    def paste(self, text: str) -> None:
        """Look at a table from the clipboard."""
        from alsgui.io.look import pasted

        try:
            path = pasted(text)
        except AlsguiError as error:
            self._tell(error)
            return
        self._session.put(page="data", notice=None)
        self._look(Importing(str(path), {"name": tr("Clipboard")}, pasted=True))

    def read_differently(self) -> None:
        """Look again at the file whose ratings are open, with the settings that it was read with."""
        data = self._session.state.data
        if data is not None and data.source.kind == "file":
            settings = data.source.settings
            given = {name: value for name, value in settings.items() if name != "n_columns"}
            self.look_at(data.source.what, given or None)

    def set(self, **given: Any) -> None:
        """Set options; the rest is detected anew."""
        importing = self._session.state.importing
        if importing is not None:
            dropped = {name for key in given for name in _FOLLOW.get(key, ())}
            kept = {name: value for name, value in importing.given.items() if name not in dropped}
            if importing.look is not None and not dropped and not given.keys() & _CUTS:
                options = importing.look.options
                kept = {"layout": options.layout, "columns": options.columns, **kept}
            self._look(replace(importing, given={**kept, **given}))

    def set_role(self, position: int, role: str) -> None:
        """Give a column a role; "" takes it away."""
        importing = self._session.state.importing
        if importing is None or importing.look is None:
            return
        options = importing.look.options
        columns = options.columns.with_role(position, role)
        if options.wide:
            self.set(columns=columns)
        else:
            self.set(layout="long" if columns.rating is not None else "events", columns=columns)

    def detect_again(self) -> None:
        """Forget what was set."""
        importing = self._session.state.importing
        if importing is not None:
            self._look(replace(importing, given={}))

    def swap(self) -> None:
        """Have users and movies change places."""
        importing = self._session.state.importing
        if importing is not None and importing.look is not None:
            self.set(swap=not importing.look.options.swap)

    def give_up(self) -> None:
        """Leave the file alone; what was open before is shown. A read that goes on ends first."""
        job = self._session.state.job
        if job is not None and job.kind == "import":
            self._session.cancel()
            return
        self._stale.set()
        self._session.light.forget(_LOOK)
        self._session.put(importing=None, notice=None)

    def _look(self, importing: Importing, *, remembered: bool = False) -> None:
        """Look on the worker thread; a look that nobody waits for any more ends."""
        self._stale.set()
        self._stale = stale = threading.Event()
        before = self._session.state.importing
        self._session.put(importing=replace(importing, looking=True))
        path, given = importing.path, importing.given

        def deliver(outcome: Look | AlsguiError | None) -> None:
            if stale.is_set() or outcome is None:
                return
            if isinstance(outcome, AlsguiError):
                # The settings before this one still show something; a file that cannot be looked at shows nothing.
                kept = before if before is not None and before.path == path and before.look is not None else None
                self._session.put(importing=kept and replace(kept, looking=False))
                self._tell(outcome)
                return
            self._session.put(importing=replace(importing, given=outcome.given, look=outcome, looking=False))

        self._session.light.request(_LOOK, lambda: _looked(path, given, stale, remembered=remembered), deliver)

    # Reading

    def read(self) -> None:
        """Read the ratings with the options that are shown; what is open stays until they are there."""
        importing = self._session.state.importing
        if importing is None or importing.look is None or importing.looking or importing.look.problem:
            return
        from alsgui.io.options import as_json

        options = as_json(importing.look.options)
        self._session.open_source(Source("file", importing.path, options, passing=importing.pasted))

    def reopen(self, path: str) -> None:
        """Read a recent file as it was read last; look at it where nothing is known of that."""

        def known(options: dict[str, Any]) -> None:
            from alsgui.io.options import NAMES

            if options.keys() >= set(NAMES):
                self._session.open_source(Source("file", path, options))
            else:
                self.look_at(path)

        if path.endswith(MODEL_SUFFIX):
            self._session.open_path(path)
        else:
            self._session.light.request("import.known", lambda: _remembered(path), known)

    def swap_open(self) -> None:
        """Have users and movies of the open ratings change places, without reading again."""
        data = self._session.state.data
        if data is not None:
            # The swap begins with the usual hold-out: ratings that came with a file of one leave with it.
            session, work = self._session, turning_work(data.before_holdout or data)
            session.after_current(
                lambda: session.start_job(
                    Job("import", tr("Swapping users and movies")), work, lambda steps: None, session.take_opened
                )
            )

    def download(self, entry: Collection) -> None:
        """Have a collection from its publisher, and read it."""
        from alsgui.session.opening import opening_work

        def work(out: Emitter, brake: Brake) -> Any:
            from alsgui.io.download import fetch

            path = fetch(entry, lambda done, text: out.latest("progress", (done, text)), brake)
            return opening_work(Source("file", str(path)))(out, brake)

        session = self._session
        job = Job("import", tr("Downloading {name}", name=entry.title))
        session.after_current(lambda: session.start_job(job, work, session.take_opening_steps, session.take_opened))

    def _tell(self, error: AlsguiError) -> None:
        self._session.tell(Notice("error", error.message, error.hint))


def _looked(
    path: str, given: Mapping[str, Any], stale: threading.Event, *, remembered: bool
) -> Look | AlsguiError | None:
    from alsgui.io.look import look
    from alsgui.io.watch import Watch

    watch = Watch(cancel=stale)
    if remembered:
        given = {name: value for name, value in _remembered(path).items() if name != "n_columns"}
    try:
        return look(path, given, watch)
    except AlsguiError as error:
        if not (remembered and given):
            return error
    except Interrupted:
        return None
    return _looked(path, {}, stale, remembered=False)  # another file may have that name now


def _remembered(path: str) -> dict[str, Any]:
    from alsgui.io.remembered import remembered_options

    return remembered_options(path)
