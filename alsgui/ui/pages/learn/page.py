"""Learn: the chapter's exercise by hand, the loss as a surface, short lessons, and the chapter's own example."""

from __future__ import annotations

from functools import cached_property, partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from alsgui.core.exercise import N_MOVIES, N_USERS, K
from alsgui.session.session import Session
from alsgui.session.set_up import Plan, SetUp
from alsgui.session.state import State
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.base import Page, scrolling
from alsgui.ui.pages.learn.desk import Desk
from alsgui.ui.pages.learn.example import ExampleView
from alsgui.ui.pages.learn.further import FurtherView
from alsgui.ui.pages.learn.inspector import LearnInspector
from alsgui.ui.pages.learn.lessons import LESSONS, Lesson
from alsgui.ui.pages.learn.lessons_view import LessonsView
from alsgui.ui.pages.learn.outcome import outcome_of
from alsgui.ui.pages.learn.surface import SurfaceView
from alsgui.ui.pages.learn.written import whole
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.segment import Segment

NARROW = 720
VIEWS = {
    "example": tr("Worked example"),
    "surface": tr("Loss surface"),
    "lessons": tr("Lessons"),
    "further": tr("50 × 200"),
}
SHORT = {"example": tr("Example"), "surface": tr("Surface")}


class LearnPage(Page):
    """The chapter, worked by hand."""

    key = "learn"

    def __init__(self, session: Session) -> None:
        super().__init__(session, tr("Learn"))
        self.desk = Desk(self)
        self.set_up = SetUp(session, self)
        self.set_up.finished.connect(self._ask_outcome)
        self.inspector: LearnInspector = LearnInspector(self.desk)
        self.inspector.further_wanted.connect(lambda: self.show_view("further"))
        self.view = Segment(list(VIEWS.items()), tr("What is shown"))
        self.view.chosen.connect(self.show_view)
        self.reset = button(tr("Reset"), kind="ghost", tip=tr("The chapter's exercise, from its start"))
        self.reset.clicked.connect(self.desk.begin_anew)
        self.header.addWidget(self.view)
        self.header.addWidget(self.reset)
        self._stack = QStackedWidget()
        self._areas: dict[str, QWidget] = {}
        self._narrow = False
        self.body.addWidget(self._stack)
        self.desk.changed.connect(self._show_subtitle)
        self._show_subtitle()
        self._keys()
        self.show_view("example")

    # The views: each is built when it is first wanted, so that no moment has to pay for all

    @cached_property
    def example(self) -> ExampleView:
        """The exercise by hand."""
        return ExampleView(self.desk)

    @cached_property
    def surface(self) -> SurfaceView:
        """The loss as a surface."""
        return SurfaceView(self.desk)

    @cached_property
    def lessons(self) -> LessonsView:
        """Short lessons."""
        made = LessonsView(self.desk)
        made.set_narrow(self._narrow)
        made.wanted.connect(self._carry_out)
        return made

    @cached_property
    def further(self) -> FurtherView:
        """The text-book's own example."""
        return FurtherView(self.session, self.desk, self.set_up)

    def _keys(self) -> None:
        """Keys of the walk; where lists and sliders have a use for them, they are theirs."""
        self._shortcuts: dict[str, QShortcut] = {}
        for keys, act in (
            (("N", "PgDown"), self.desk.forward),
            (("B", "PgUp"), self.desk.back),
            (("H",), self.desk.half_step),
            (("R",), self.desk.run),
            (("Home",), self.desk.reset),
        ):
            for key in keys:
                self._shortcuts[key] = QShortcut(QKeySequence(key), self, act)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say less where there is no room."""
        super().resizeEvent(event)
        self._narrow = self.width() < theme.px(NARROW)
        for key, words in VIEWS.items():
            self.view.set_text(key, SHORT.get(key, words) if self._narrow else words)
        if "lessons" in self._areas:
            self.lessons.set_narrow(self._narrow)

    @Slot(str)
    def show_view(self, key: str) -> None:
        """Show the worked example, the surface, the lessons, or the chapter's own example."""
        self.view.set_current(key)
        if key not in self._areas:
            self._areas[key] = scrolling(getattr(self, key))
            self._stack.addWidget(self._areas[key])
        self._stack.setCurrentWidget(self._areas[key])
        for name, shortcut in self._shortcuts.items():
            shortcut.setEnabled(key == "example" or (key == "surface" and name == "H"))

    @Slot(object)
    def _carry_out(self, lesson: Lesson) -> None:
        lesson.act(self)

    @Slot(object)
    def _ask_outcome(self, plan: Plan) -> None:
        """Have what came out of a lesson's fits told, where there are several to compare."""
        lesson = next((lesson for lesson in LESSONS if lesson.plan is plan), None)
        if lesson is None or len(plan.fits) < 2:
            return
        state = self.session.state
        runs = state.runs[-len(plan.fits) :]
        user = state.selection.user if lesson.lists else None
        caption = tr("What came out")
        if user is not None and state.ratings is not None:
            caption = tr("What came out, and the first ten of user {id}", id=state.ratings.user_ids[user])
        self.session.light.request(
            "lesson",
            partial(outcome_of, runs, user),
            lambda outcome: self.lessons.show_outcome(lesson.key, outcome, caption),
        )

    def show_state(self, state: State, changed: set[str]) -> None:
        """Nothing of the session is on the desk."""

    @Slot()
    def _show_subtitle(self) -> None:
        exercise = self.desk.exercise
        ridge = (whole(exercise.lambda_u), whole(exercise.lambda_m))
        words = tr("λ = {x}", x=ridge[0]) if ridge[0] == ridge[1] else tr("λᵤ = {x}, λₘ = {y}", x=ridge[0], y=ridge[1])
        self.subtitle.setText(tr("{n} × {m}, K = {k}, ", n=N_USERS, m=N_MOVIES, k=K) + words)
