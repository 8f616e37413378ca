"""A run as a few lines of Python that make it again, to the bit."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alsgui.core.solvers.config import Config
    from alsgui.core.split import Split
    from alsgui.session.state import Run, Source

_NOT_PART_OF_A_RESULT = {"threads"}


def source_line(source: Source) -> str:
    """The lines that have the ratings again."""
    line = _reading_line(source)
    return f"{line}\nratings = alsgui.swapped(ratings)" if source.swapped else line


def _reading_line(source: Source) -> str:
    settings = "".join(f", {name}={value!r}" for name, value in source.settings.items())
    if source.kind == "generated":
        return f"ratings = alsgui.generate({source.what!r}{settings})"
    if source.kind == "sample":
        return f"ratings = alsgui.open_sample({source.what!r}).ratings"
    if source.kind == "model":
        return f"ratings = alsgui.load_model({source.what!r}).ratings"
    return f"ratings = alsgui.read_ratings({source.what!r}{settings})"


def as_python(run: Run) -> str:
    """The whole run: ratings, split, and one line for every time it was started or continued."""
    lines = ["import alsgui", "", source_line(run.source)]
    lines.append(f"parts = {split_call(run.split, swapped=run.source.swapped)}")
    if run.model is not None and not run.model.history:
        lines.append("# The run was ended after its first half-step; this goes on to the end of the epoch.")
    if run.model is not None and "kernels" in run.model.versions:
        lines.append("# Fitted in NumPy while the solvers were compiled: equal up to rounding, not to the bit.")
    for at, config in enumerate(run.acts):
        start = ", init=model" if at else ""
        lines.append(f"model = alsgui.fit(parts, {config.algorithm!r}{_settings(config)}{start})")
    return "\n".join(lines) + "\n"


def split_call(split: Split, *, swapped: bool = False) -> str:
    """The call that keeps the same ratings aside."""
    ratings = "ratings"
    if split.file:
        test = f"alsgui.read_ratings({split.file!r})"
        given = f"alsgui.given_holdout(ratings, {f'alsgui.swapped({test})' if swapped else test})"
        if split.kind == "file":
            return given
        ratings = f"{given}.ratings"
    if split.kind == "random":
        return f"alsgui.split({ratings}, share={split.share!r}, seed={split.seed!r})"
    if split.kind == "users":
        how = f"kind='users', share={split.share!r}, seed={split.seed!r}, told={split.told!r}"
        return f"alsgui.split(ratings, {how})"
    seed = f", seed={split.seed!r}" if split.kind == "each" else ""
    return f"alsgui.split(ratings, kind={split.kind!r}, n={split.n!r}{seed})"


def as_call(config: Config) -> str:
    """One line that fits with these settings."""
    return f"model = alsgui.fit(parts, {config.algorithm!r}{_settings(config)})\n"


def _settings(config: Config) -> str:
    """Settings that differ from the defaults; lambda is always written, since its default follows the data."""
    written: dict[str, Any] = {}
    for field in fields(config):
        value = getattr(config, field.name)
        if field.name not in _NOT_PART_OF_A_RESULT and (field.default is MISSING or value != field.default):
            written[field.name] = value
    return "".join(f", {name}={value!r}" for name, value in written.items())
