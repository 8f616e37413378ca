"""Which movie a person who rates is asked for next, and what is not known of them yet. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

from alsgui.core.model import Model
from alsgui.core.next_movie import remaining, suggested
from alsgui.core.people import Person
from alsgui.session.state import PersonChoice
from alsgui.text import tr


@dataclass(frozen=True)
class NextMovie:
    """What is known of a person who rates: the next movie to ask for, and how much is not known yet.

    Parameters
    ----------
    column
        The movie whose rating would say most; None where all were asked for.
    unknown
        What is not known of the person, as a share (0 to 1) of what was not known before the first rating; NaN where
        the model cannot tell.
    reason
        Why there is no suggestion; empty where there is one.
    """

    column: int | None
    unknown: float
    reason: str = ""


def next_movie(model: Model, person: Person, choice: PersonChoice) -> NextMovie:
    """The next movie to ask for, and what is not known yet."""
    if model.split is None or model.n_starts > 1:
        return NextMovie(None, math.nan, tr("This model cannot tell which rating would say most."))
    unknown = remaining(model, person).share
    found = suggested(model, person, 1, choice.skipped)
    if not len(found):
        return NextMovie(None, unknown, tr("Every well-known {noun} was asked for.", noun=model.noun))
    return NextMovie(int(found[0]), unknown)
