"""The strips beside the pictures u, m and r: what they show, in which words, and where their numbers come from."""

from __future__ import annotations

from PySide6.QtCore import QObject

from alsgui.core.factor_view import FactorView
from alsgui.core.lod import Span
from alsgui.core.margins import Margin, MarginChoice, build_margin
from alsgui.session.session import Session
from alsgui.text import tr
from alsgui.ui.widgets.factor_picture import FactorPicture
from alsgui.ui.widgets.strip import Strip, StripRequest, StripScale


class Margins(QObject):
    """Keeps both strips of a factor picture in step with its view."""

    def __init__(self, session: Session, picture: FactorPicture) -> None:
        super().__init__(picture)
        self._session, self._picture = session, picture
        self._view: FactorView | None = None
        self.choice: MarginChoice | None = None
        self._margins: tuple[Margin, Margin] | None = None
        picture.user_strip.values_wanted.connect(self._fetch_users)
        picture.movie_strip.values_wanted.connect(self._fetch_movies)

    def choose(self, choice: MarginChoice | None) -> None:
        """Show a number of every user and movie, or no strips."""
        self.choice = choice
        if choice is None:
            self._picture.show_strips(False)
        elif self._view is not None:
            self.set_view(self._view)

    def set_view(self, view: FactorView) -> None:
        """Show the strips of another view."""
        self._view, choice = view, self.choice
        if choice is not None and choice.attribute >= view.source.factors.k:
            self.choice = choice = None
            self._picture.show_strips(False)
        if choice is None:
            return
        self._session.light.prepare(
            "factors.margins",
            lambda: (build_margin(view, "user", choice), build_margin(view, "movie", choice)),
            lambda made: self._take(view, made),
        )

    def _take(self, view: FactorView, margins: tuple[Margin, Margin]) -> None:
        if self.choice is None:
            return
        self._margins = margins
        picture, source = self._picture, view.source
        labels = (
            lambda place: source.user_ids[int(view.user_order[place])],
            lambda place: source.movie_ids[int(view.movie_order[place])],
        )
        strips = (picture.user_strip, picture.movie_strip)
        for strip, margin, role, label, n in zip(strips, margins, ("user", "movie"), labels, view.shape, strict=True):
            strip.set_cells(n, label)
            strip.set_scale(strip_scale(margin, role))
        picture.show_strips(True)

    def _fetch_users(self, request: StripRequest) -> None:
        self._fetch(self._picture.user_strip, 0, request)

    def _fetch_movies(self, request: StripRequest) -> None:
        self._fetch(self._picture.movie_strip, 1, request)

    def _fetch(self, strip: Strip, at: int, request: StripRequest) -> None:
        if self._margins is None:
            return
        margin = self._margins[at]
        span = Span(request.start, request.stop, request.n_pixels)
        self._session.light.request(
            f"factors.margin {at}",
            lambda: margin.means(span),
            lambda values: strip.set_values(request, values),
            late=True,
        )


def strip_scale(margin: Margin, role: str) -> StripScale:
    """How a strip is drawn and named."""
    choice = margin.choice
    if choice.key == "activity":
        return StripScale(tr("ratings"), margin.low, margin.high, role, log=True, digits=0)
    if choice.key == "mean":
        title = tr("mean rating") if margin.is_rating else tr("mean r")
        return StripScale(title, margin.low, margin.high, role)
    return StripScale(tr("k {k}", k=choice.attribute + 1), margin.low, margin.high, role, centred=True)
