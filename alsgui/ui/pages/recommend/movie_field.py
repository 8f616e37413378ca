"""The field in which a movie is looked up by title."""

from __future__ import annotations

from PySide6.QtCore import QPoint

from alsgui.core.model import Model
from alsgui.ui import theme
from alsgui.ui.pages.recommend.titles import find_movies
from alsgui.ui.widgets.searchbox import SearchBox


class MovieField(SearchBox):
    """Search by title; the payload of `activated` is the movie's column, or None for the line that says none."""

    def __init__(self, placeholder: str, room: int = 300) -> None:
        super().__init__(placeholder, lambda words: [] if self._model is None else find_movies(self._model, words))
        self._model: Model | None = None
        self._room = room

    def set_model(self, model: Model) -> None:
        """Look movies up in this model."""
        self._model = model

    def look_up(self) -> None:
        """Show the matches from the left of the field."""
        super().look_up()
        self.results.setFixedWidth(max(self.width(), theme.px(self._room)))
        corner = self.mapToGlobal(QPoint(0, self.height() + theme.px(4)))
        screen = self.screen().availableGeometry()
        self.results.move(min(corner.x(), screen.right() - self.results.width()), corner.y())
