"""Where a run comes from, as facts: ratings, what was kept aside, seeds, versions."""

from __future__ import annotations

from alsgui.session.split_words import words_of
from alsgui.session.state import Run
from alsgui.text import count, tr
from alsgui.ui.pages.train.words import number

Fact = tuple[str, str, str | None, str]

_SEEDED = ("random", "each", "users")


def origin_rows(run: Run) -> list[Fact]:
    """Facts of a run, as the inspector lists them: title, value, role of its colour, tip."""
    split, config = run.split, run.config
    seeded = tr(", seed {n}", n=split.seed) if split.kind in _SEEDED and len(split.held_out) else ""
    rows: list[Fact] = [
        (tr("Ratings"), run.split.ratings.name or tr("made up"), None, tr("What the run learnt from")),
        (tr("Fingerprint"), split.ratings.fingerprint, None, tr("Changes when any rating or id changes (SHA-256)")),
        (tr("Kept aside"), words_of(split) + seeded, None, tr("What the run is judged by")),
        (tr("Start"), tr("{init}, seed {n}", init=config.init, n=config.seed), None, tr("Where u and m began")),
        (tr("Precision"), config.dtype, None, tr("Of u and m; sums are in 64 bits")),
        (tr("Tolerance"), number(config.tolerance), None, tr("Fall of the loss at which a fit ends")),
    ]
    if len(run.acts) > 1:
        rows.append((tr("Starts"), count(len(run.acts)), None, tr("The first, and each time it went on")))
    if run.model is not None:
        rows += [(name, version, None, tr("Version that fitted")) for name, version in run.model.versions.items()]
    return rows
