"""Data that come with the program, each with its terms of use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from alsgui.core.errors import ConfigError
from alsgui.io.reading import Reading, read
from alsgui.io.resources import resource_path
from alsgui.io.watch import Cancel, Progress, Watch
from alsgui.text import count, tr


@dataclass(frozen=True)
class Sample:
    """One sample.

    Parameters
    ----------
    name
        Stem of its files in `resources/samples`.
    title, line
        What it is called, and what it is, in one line each.
    terms
        What its publisher asks of those who use it, in one line; `README-<name>.txt` has the whole text.
    noun
        What a column is.
    """

    name: str
    title: str
    line: str
    terms: str
    noun: str = "movie"


SAMPLES: tuple[Sample, ...] = (
    Sample(
        name="ml-latest-small",
        title=tr("MovieLens latest-small"),
        line=tr(
            "{ratings} ratings of {movies} movies by 610 people, 1996 to 2018",
            ratings=count(100_836),
            movies=count(9_724),
        ),
        terms=tr("Research use with acknowledgement; no commercial use without permission (GroupLens)."),
    ),
)


def open_sample(name: str, progress: Progress | None = None, cancel: Cancel | None = None, **given: Any) -> Reading:
    """Read a sample by name; the report's `terms` is the publisher's README.

    Raises
    ------
    ConfigError
        When there is no sample of this name.
    Interrupted
        When `cancel` was set.
    """
    from alsgui.io.kernels.warm import make_ready

    sample = next((sample for sample in SAMPLES if sample.name == name), None)
    if sample is None:
        known = ", ".join(sample.name for sample in SAMPLES)
        raise ConfigError(tr("There is no sample {name}.", name=name), tr("Choose one of {known}.", known=known))
    path = resource_path("samples", f"{name}.parquet")
    make_ready(Watch(progress, cancel))
    # Our own file: nothing to be protected from.
    reading = read(path, progress=progress, cancel=cancel, isolated=False, **{"noun": sample.noun, **given})
    terms = resource_path("samples", f"README-{name}.txt").read_text(encoding="utf-8")
    return Reading(reading.ratings, replace(reading.report, terms=terms))
