"""Write a run: all that is known of it as JSON, or its course as CSV."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from alsgui import __version__
from alsgui.core.errors import ExportError
from alsgui.core.model import Model
from alsgui.core.solvers.config import Config
from alsgui.io.atomic import atomic_text
from alsgui.io.export_split import how
from alsgui.text import tr

_COLUMNS = ("epoch", "loss", "rmse_train", "rmse_holdout", "mae_holdout", "recall_holdout", "ndcg_holdout", "seconds")


def export_run(name: str, acts: Sequence[Config], model: Model, path: str | Path, python: str = "") -> Path:
    """Write a run that has ended.

    Parameters
    ----------
    name
        What it is called.
    acts
        The settings of its start and of every time it went on.
    model
        Where it ended.
    path
        ".json" for everything: settings, seeds, split, fingerprint of the ratings, versions, figures of every epoch
        and half-step, and the lines that make it again; ".csv" for a line for each epoch, with what the figures are of
        in the first line.
    python
        Those lines.

    Raises
    ------
    ExportError
        When the file cannot be written, or its name ends otherwise; an old one is whole.
    """
    place = Path(path)
    if place.suffix.lower() not in (".json", ".csv"):
        raise ExportError(tr("{name} ends in neither .json nor .csv.", name=place.name), tr("Give it one of the two."))
    with atomic_text(place) as stream:
        if place.suffix.lower() == ".json":
            json.dump(_known(name, acts, model, python), stream, indent=2, allow_nan=False)
            stream.write("\n")
        else:
            split = "" if model.split is None else f", hold-out {json.dumps(how(model.split))}"
            stream.write(f"# {name} of {model.summary.name or 'y'}, {model.summary.fingerprint}{split}\r\n")
            rows = csv.writer(stream)
            rows.writerow(_COLUMNS)
            for record in model.history:
                rows.writerow([_number(getattr(record, column)) for column in _COLUMNS])
    return place


def _known(name: str, acts: Sequence[Config], model: Model, python: str) -> dict[str, Any]:
    figures = {
        "training": asdict(model.training_figures),
        "holdout": asdict(model.holdout_figures),
        "holdout_lists": asdict(model.holdout_ranking),
    }
    known: dict[str, Any] = _finite({
        "run": name,
        "alsgui": __version__,
        "ratings": model.summary.name,
        "fingerprint": model.summary.fingerprint,
        "split": None if model.split is None else how(model.split),
        "settings": [act.to_json() for act in acts],
        "versions": dict(model.versions),
        "stopped": model.stopped,
        "settled": model.settled,
        "figures": figures,
        "epochs": [asdict(record) for record in model.history],
        "half_steps": [asdict(record) for record in model.half_steps],
        "python": python.splitlines(),
    })  # fmt: skip
    return known


def _finite(value: Any) -> Any:
    """The same with null for what is not a number: JSON has no NaN."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _number(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.10g}"
