"""Make the pictures of `chapter.md` from the real window: `python resources/docs/make_chapter_pictures.py`."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from alsgui.app import application
from alsgui.session.session import Session
from alsgui.ui import theme
from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.learn.page import LearnPage
from alsgui.ui.widgets.typeset import typesetter

PATIENCE_SECONDS = 120.0


class Camera:
    """The window on a session, and pictures of it."""

    def __init__(self, folder: Path) -> None:
        self._app, self._folder = application(), folder
        self.session = Session()
        self.window = MainWindow(self.session)
        self.window.resize(1280, 800)
        theme.current().set_mode("light")
        self.window.show()

    @property
    def learn(self) -> LearnPage:
        """The Learn page."""
        page = self.window.page("learn")
        assert isinstance(page, LearnPage)
        return page

    def wait(self, done: Callable[[], bool] = lambda: True) -> None:
        """Until `done` and nothing is going on."""
        end = time.monotonic() + PATIENCE_SECONDS
        calm = 0
        while calm < 20:
            self._app.processEvents()
            time.sleep(0.005)
            lanes = self.session.light.idle and self.session.slow.idle
            busy = self.session.runner.busy or not lanes or self.learn.set_up.plan is not None
            quiet = done() and not busy and typesetter().idle
            calm = calm + 1 if quiet else 0
            if time.monotonic() > end:
                raise TimeoutError

    def show(self, page: str, view: str = "") -> None:
        """Show a page, and a view of Learn."""
        self.session.show_page(page)
        if view:
            self.learn.show_view(view)
        self.wait()

    def take(self, name: str) -> None:
        """One picture."""
        self.session.dismiss_notice()
        self.wait()
        self.window.grab().save(str(self._folder / f"{name}.png"))


def make_pictures(folder: Path = Path(__file__).parent / "pictures") -> None:
    """All pictures, in the order of the chapter."""
    with tempfile.TemporaryDirectory() as made:
        os.environ["XDG_CONFIG_HOME"] = made  # recent files are nobody else's business
        camera = Camera(folder)
        camera.show("learn", "example")
        for _ in range(12):
            camera.learn.desk.forward()
        camera.take("learn-example")
        for _ in range(24):
            camera.learn.desk.forward()
        camera.take("learn-movie")
        camera.show("learn", "surface")
        camera.take("learn-surface")
        camera.show("learn", "lessons")
        camera.learn.lessons.choose("alternate")
        camera.take("learn-lesson")
        camera.show("learn", "further")
        for preset in ("sklearn_nmf", "r_als", "textbook"):
            camera.learn.further.run(preset)
            camera.wait(lambda preset=preset: preset in camera.learn.further.figures)
        camera.take("learn-further")
        camera.session.select_cell(0, 0)
        camera.show("factors")
        camera.take("chapter-factors")
        camera.session.choose_person("mean")
        camera.show("recommend")
        camera.take("chapter-recommend")
        camera.show("train")
        camera.take("chapter-train")
        for lesson, page in (("em", "train"), ("blank", "learn"), ("implicit", "recommend")):
            camera.show("learn", "lessons")
            camera.learn.lessons.choose(lesson)
            camera.learn.lessons.go.click()
            camera.wait()
            camera.show(page)
            camera.take(f"chapter-{lesson}")
        _take_newcomers(camera)
        camera.window.close()


FIVE_TITLES = {"Matrix, The (1999)": 5.0, "Heat (1995)": 4.0, "Star Wars: Episode IV - A New Hope (1977)": 5.0,
               "Titanic (1997)": 2.0, "Notebook, The (2004)": 1.5}  # fmt: skip


def _take_newcomers(camera: Camera) -> None:
    """ALS-WR on the sample, somebody from five titles, and the nearest user by characteristics."""
    session = camera.session
    session.open_sample()
    camera.wait()
    session.fitting.choose_preset("zhou2008")
    session.fitting.fit()
    camera.show("train")
    camera.take("chapter-wr")
    session.fitting.reset_config()
    session.fitting.fit()
    camera.wait()
    session.choose_person("rated")
    titles = session.state.ratings.titles if session.state.ratings is not None else None
    for title, stars in FIVE_TITLES.items():
        session.persons.rate((titles or ()).index(title), stars)
    camera.show("recommend")
    camera.take("chapter-rated")
    session.generate("movies")
    camera.wait()
    session.fitting.fit()
    camera.wait()
    session.choose_person("nearest")
    for name, value in (("age", "24"), ("favourite genre", "Comedy"), ("device", "Phone")):
        session.persons.set_trait(name, value)
    camera.show("recommend")
    camera.take("chapter-nearest")


if __name__ == "__main__":
    make_pictures()
