"""The verbs of looking at attributes: other attributes for the same predictions, names, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alsgui.core.basis import Basis, Shown
    from alsgui.core.model import Model
    from alsgui.session.session import Session

KEY = "attributes.basis"


def with_names(model: Model, before: Model | None) -> Model:
    """A model that went on from `before`, with the names that its own attributes had there."""
    from alsgui.core.basis import Basis, shown

    if before is None or before.k != model.k or not any(before.attribute_names):
        return model
    named = replace(Basis.own(model.k), names=before.attribute_names, acts=("name",))
    return replace(model, shown=shown(model, named))


class ViewVerbs:
    """What a person can do with the attributes of the shown model. `Session.views` is the one instance.

    A name or another basis makes another `Model` object with the same factors, which takes the place of the old one in
    its run; so exports and model files have it, and whoever goes back or forth between runs finds it again.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def change(self, act: str, attribute: int = 0) -> None:
        """Show other attributes: "flip" (of one, 0-based), "order", "scale", "svd" or "varimax".

        Raises
        ------
        ConfigError
            When the act would make non-negative factors negative; nothing changes then.
        """
        from alsgui.core.basis import allowed, changed

        model = self._session.state.model
        if model is not None and not allowed(model, act):
            changed(model, act, attribute)
        self._put(lambda model: changed(model, act, attribute))

    def name(self, attribute: int, name: str) -> None:
        """Call an attribute that is shown (0-based) by a name; an empty one takes the name away."""
        from alsgui.core.basis import current

        model = self._session.state.model
        if model is not None and current(model).basis.names[attribute] != " ".join(name.split()):
            self._put(lambda model: current(model).basis.named(attribute, name))

    def undo(self) -> None:
        """Take the last change or name back."""
        model = self._session.state.model
        if model is not None and model.shown is not None and model.shown.basis.before is not None:
            before = model.shown.basis.before
            self._put(lambda model: before)

    def _put(self, wanted: Callable[[Model], Basis]) -> None:
        from alsgui.core.basis import exchanged

        state = self._session.state
        model = state.model
        if model is None or state.phase == "fitting":
            return
        work: Callable[[], tuple[Model, Shown]] = lambda: (model, exchanged(model, wanted(model)))  # noqa: E731
        self._session.light.request(KEY, work, self._take)

    def _take(self, made: tuple[Model, Shown]) -> None:
        model, shown = made
        state = self._session.state
        if state.model is not model:
            return
        seen = replace(model, shown=shown if shown.basis.acts or shown.basis.before else None)
        runs = tuple(replace(run, model=seen) if run.model is model else run for run in state.runs)
        self._session.put(model=seen, runs=runs)
