"""The tour: the real window, offscreen, the whole way on the sample: pictures, exports, and a page of figures."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from alsgui.core.errors import AlsguiError
from alsgui.io.atomic import atomic_text
from alsgui.text import count, error_figure, rating, tr

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication

    from alsgui.core.ratings import Ratings
    from alsgui.core.recommend import RecommendationList
    from alsgui.session.session import Session
    from alsgui.ui.main_window import MainWindow

SIZES = ((1280, 800), (1920, 1080))
PATIENCE_SECONDS = 120.0
SHOWN_HALF_STEPS = 9
"""Half-steps after which the picture of a fit in progress is taken."""

USER_ID = "373"
"""Whose list the tour shows: a hundred ratings, from one star to five."""


@dataclass
class Stop:
    """One stop of the tour: what is shown, in words, and its pictures."""

    name: str
    words: str
    pictures: list[str] = field(default_factory=list)


def run_tour(out: Path) -> Path:
    """Drive the window through the whole way and write `tour.md` with its pictures and exports.

    Parameters
    ----------
    out
        Folder, made where missing.

    Returns
    -------
    Path
        Of `tour.md`.

    Raises
    ------
    AlsguiError
        When a stop takes longer than two minutes, or a file cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from alsgui.app import application
    from alsgui.io.export import check_export
    from alsgui.session.session import Session
    from alsgui.ui import theme
    from alsgui.ui.main_window import MainWindow

    check_export(out, ())
    app = application()
    mode = theme.current().mode
    session = Session()
    window = MainWindow(session)
    window.show()
    try:
        with _without_size_hint_warnings():
            return Tour(app, session, window, out).run()
    finally:
        window.close()
        theme.current().set_mode(mode)


@contextmanager
def _without_size_hint_warnings() -> Iterator[None]:
    """Offscreen has no window manager to tell about size hints, and Qt says so once for every window."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    def tell(kind: QtMsgType, context: QMessageLogContext, words: str | None) -> None:
        if words is None or "propagateSizeHints" in words:
            return
        if callable(before):
            before(kind, context, words)
        else:
            sys.stderr.write(words + "\n")

    before = qInstallMessageHandler(tell)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


class Tour:
    """The stops, one method each."""

    def __init__(self, app: QCoreApplication, session: Session, window: MainWindow, out: Path) -> None:
        self._app, self._session, self._window, self._out = app, session, window, out
        self._stops: list[Stop] = []
        self._errors: list[Exception] = []
        session.failed.connect(self._errors.append)

    def run(self) -> Path:
        """All stops in order, then the page of figures."""
        for stop in (
            self._start, self._import, self._data, self._learning, self._trained, self._factors, self._beside,
            self._map, self._numbers, self._recommend, self._mean_user, self._sliders, self._compare, self._learn,
            self._export,
        ):  # fmt: skip
            stop()
        page = self._out / "tour.md"
        with atomic_text(page) as stream:
            stream.write(self._page())
        return page

    # The stops

    def _start(self) -> None:
        self._show("start", tr("Nothing is open. Three ways to begin."))

    def _import(self) -> None:
        """A file as an office sends it: lines above the header, semicolons, decimal commas, a rating that is none."""
        from alsgui.io.samples import open_sample

        ratings = open_sample("ml-latest-small").ratings
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export-2018.csv"
            path.write_text("\n".join(_office_lines(ratings)) + "\n", encoding="utf-8")
            self._session.importing.look_at(path)
            self._wait(lambda: self._session.state.importing is None or not self._session.state.importing.looking)
            self._show(
                "import", tr("A file is looked at before it is read: how it was understood, and what will come.")
            )
            self._session.importing.give_up()
            self._settle()

    def _data(self) -> None:
        self._session.open_sample()
        self._wait(lambda: self._session.state.data is not None and not self._session.runner.busy)
        ratings = self._session.state.data.ratings if self._session.state.data else None
        assert ratings is not None
        row = ratings.user_rows[USER_ID]
        columns, _ = ratings.of_user(row)
        self._session.select_cell(row, int(columns[len(columns) // 2]))
        words = tr("The sample: {n} users, {m} movies, {r} ratings.", n=count(ratings.n_users),
                   m=count(ratings.n_movies), r=count(ratings.n_ratings))  # fmt: skip
        self._show("data", words)

    def _learning(self) -> None:
        for wanted in range(1, SHOWN_HALF_STEPS + 1):
            self._session.fitting.half_step()
            self._wait_for_half_steps(wanted)
        self._show("learning", tr("A fit by half-steps: solve u with m held, then m with u held."))

    def _trained(self) -> None:
        self._session.fitting.resume()
        self._wait(lambda: self._session.state.model is not None and not self._session.runner.busy)
        model, baselines = self._session.state.model, self._session.state.baselines
        assert model is not None and baselines is not None
        self._session.show_page("train")
        words = tr(
            "After {n} epochs: RMSE {train} on training, {hold} on hold-out ({cells} ratings, {unknown} of them "
            "of unknown users or movies); user + movie biases reach {biases}, the movie mean {mean}.",
            n=model.history[-1].epoch, train=error_figure(model.training_figures.rmse),
            hold=error_figure(model.holdout_figures.rmse), cells=count(model.holdout_figures.n),
            unknown=count(model.holdout_figures.n_unknown), biases=error_figure(baselines.biases.rmse),
            mean=error_figure(baselines.movie_mean.rmse),
        )  # fmt: skip
        self._show("trained", words)

    def _factors(self) -> None:
        self._session.show_page("factors")
        self._show("factors", tr("u at the left, m above, r = mu + b + c + u^T m between: exact at any zoom."))

    def _beside(self) -> None:
        self._factors_view("error")
        self._show("error", tr("y beside r on one scale, and the error: means of at least three ratings."))

    def _map(self) -> None:
        self._factors_view("map")
        self._show("map", tr("Movies along two attributes; size by ratings, colour by mean."))

    def _numbers(self) -> None:
        self._factors_view("numbers")
        self._show("numbers", tr("u and m as tables, to copy."))
        self._factors_view("pictures")

    def _factors_view(self, key: str) -> None:
        from alsgui.ui.pages.factors.page import FactorsPage

        page = self._window.page("factors")
        assert isinstance(page, FactorsPage)
        page.show_view(key)
        self._settle()

    def _recommend(self) -> None:
        self._session.choose_person("user")
        self._session.show_page("recommend")
        self._settle()
        self._select_first()
        self._show("recommend", tr("The list of user {id}: {top}", id=USER_ID, top=self._top_titles()))

    def _mean_user(self) -> None:
        self._session.choose_person("mean")
        self._settle()
        self._select_first()
        self._show("mean-user", tr("The mean user, the row means of u: {top}", top=self._top_titles()))

    def _sliders(self) -> None:
        self._session.choose_person("sliders")
        person = self._session.state.person
        assert person.weights is not None and self._session.state.model is not None
        from alsgui.core.people import attribute_sizes, weight_range

        model = self._session.state.model
        weights = person.weights.copy()
        largest = int(attribute_sizes(model).argmax())
        weights[largest] = weight_range(model).high[largest]
        self._session.set_weights(weights)
        self._settle()
        self._select_first()
        self._show("sliders", tr("The same with the largest attribute turned up: {top}", top=self._top_titles()))

    def _compare(self) -> None:
        self._session.show_page("compare")
        self._show("compare", tr("Runs and baselines side by side, and the search for settings."))

    def _learn(self) -> None:
        from alsgui.core.exercise import STEPS
        from alsgui.ui.pages.learn.page import LearnPage

        self._session.show_page("learn")
        page = self._window.page("learn")
        assert isinstance(page, LearnPage)
        for _ in range(STEPS):
            page.desk.forward()
        self._show("learn", tr("The chapter's 4 x 3 exercise, worked by hand."))

    def _export(self) -> None:
        folder = self._out / "exports"
        self._session.show_page("recommend")
        self._session.export_factors(folder, ("csv", "npz"), None)
        self._wait(lambda: not self._session.runner.busy)
        self._session.save_model(folder / "model.alsgui")
        self._wait(lambda: not self._session.runner.busy)
        self._session.choose_person("user")
        listed = self._list()
        if listed is not None:
            self._session.export_list(folder / f"user-{USER_ID}.csv", listed)
            self._wait(lambda: not self._session.runner.busy)
        self._show("exported", tr("u, m, biases, the model and the list, exported."))

    # Means

    def _wait_for_half_steps(self, wanted: int) -> None:
        def made() -> bool:
            run, live = self._session.state.current_run, self._session.state.live
            if run is None or live is None:
                return False
            return 2 * len(run.history) + (live.side == "u") >= wanted

        self._wait(made)

    def _list(self) -> RecommendationList | None:
        from alsgui.ui.pages.recommend.page import RecommendPage

        self._settle()
        page = self._window.page("recommend")
        return page.current_list() if isinstance(page, RecommendPage) else None

    def _select_first(self) -> None:
        listed = self._list()
        if listed is not None and len(listed):
            self._session.select_movie(int(listed.columns[0]))

    def _top_titles(self) -> str:
        listed = self._list()
        if listed is None:
            return ""
        best = zip(listed.titles[:3], listed.predicted[:3], strict=True)
        return "; ".join(f"{title} {rating(float(stars))}" for title, stars in best)

    def _show(self, name: str, words: str) -> None:
        """Grab the window in both sizes, light and dark."""
        from alsgui.ui import theme

        stop = Stop(name, words)
        number = len(self._stops) + 1
        for mode in ("light", "dark"):
            theme.current().set_mode("dark" if mode == "dark" else "light")
            for width, height in SIZES:
                self._window.resize(width, height)
                self._settle()
                picture = f"{number:02d}-{name}-{width}-{mode}.png"
                if not self._window.grab().save(str(self._out / picture)):
                    raise AlsguiError(tr("{file} could not be written.", file=self._out / picture))
                stop.pictures.append(picture)
        theme.current().set_mode("light")
        self._stops.append(stop)

    def _settle(self) -> None:
        """Let everything that is asked for arrive and be painted."""
        from alsgui.ui.widgets.typeset import typesetter

        for _ in range(4):
            for _ in range(3):
                self._app.processEvents()
                time.sleep(0.005)
            self._wait(lambda: self._session.light.idle and self._session.slow.idle and typesetter().idle)

    def _wait(self, done: Callable[[], bool]) -> None:
        limit = time.monotonic() + PATIENCE_SECONDS
        while not done():
            self._app.processEvents()
            if self._errors:
                raise self._errors[0]
            if time.monotonic() > limit:
                raise AlsguiError(tr("The tour waited two minutes in vain."), tr("Try again on a quieter machine."))
            time.sleep(0.005)
        self._app.processEvents()

    def _page(self) -> str:
        lines = ["# The tour", "", tr("The whole way on the sample, in the real window."), ""]
        for number, stop in enumerate(self._stops, 1):
            lines += [f"## {number}. {stop.name.replace('-', ' ').capitalize()}", "", stop.words, ""]
            lines += [f"![{stop.name}]({picture})" for picture in stop.pictures[:1]]
            others = ", ".join(f"[{picture}]({picture})" for picture in stop.pictures[1:])
            lines += ["", others, ""]
        exports = sorted(path.name for path in (self._out / "exports").glob("*"))
        lines += ["## Files", "", *(f"- [{name}](exports/{name})" for name in exports), ""]
        return "\n".join(lines)


def _office_lines(ratings: Ratings, n_users: int = 60) -> Iterator[str]:
    yield from ("Ratings by customer", "", "Customer;Film;Rating;Channel")
    for user in range(n_users):
        columns, stars = ratings.of_user(user)
        for place, (column, given) in enumerate(zip(columns, stars, strict=True)):
            title = ratings.title(int(column)).replace('"', '""')
            shown = "n/a" if (user, place) == (0, 3) else f"{given:.1f}".replace(".", ",")
            yield f'{ratings.user_ids[user].zfill(4)};"{title}";{shown};{("phone", "web")[place % 2]}'
