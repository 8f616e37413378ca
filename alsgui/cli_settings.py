"""Settings of the algorithms as options of `alsgui fit`: one for each field of any `Config`, from the one table."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Annotated, Any

import typer

from alsgui.core.conventions import preset_settings, presets
from alsgui.core.errors import ConfigError
from alsgui.core.solvers.config import CONFIGS, Config, make_config
from alsgui.core.solvers.options import OPTIONS, Choice, Number, Option, Switch, Value, choices, options_of
from alsgui.text import tr


def algorithm_help() -> str:
    """What there is to choose from."""
    known = (tr("{name} ({summary})", name=name, summary=kind.summary.rstrip(".")) for name, kind in CONFIGS.items())
    return tr("One of {algorithms}. Default observed.", algorithms="; ".join(known))


def preset_help() -> str:
    """Every preset by name."""
    known = ", ".join(presets())
    return tr("Settings by a peer's name: {names}.", names=known) if known else tr("Settings by a peer's name.")


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Replace `**settings` of a command by an option for each setting that any algorithm has; None where not given."""
    signature = inspect.signature(command, eval_str=True)
    own = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
    known = [option for option in OPTIONS if _kinds(option.name)]
    made = [_parameter(option) for option in known]
    at = next(place for place, each in enumerate(own) if each.name == "weighted_lambda")
    parameters = [*own[:at], *made, *own[at:]]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def config_of(algorithm: str | None, preset: str | None, given: Mapping[str, Any]) -> Config:
    """Settings as a command line gives them; those that are None are left to the preset or the algorithm.

    Raises
    ------
    ConfigError
        When the algorithm or the preset does not exist, they contradict, an option is not the algorithm's, or a value
        is out of range.
    """
    settings: dict[str, Any] = {}
    if preset is not None:
        chosen, settings = preset_settings(preset)
        if algorithm not in (None, chosen):
            raise ConfigError(
                tr(
                    "--preset {preset} is {chosen}, not {algorithm}.", preset=preset, chosen=chosen, algorithm=algorithm
                ),
                tr("Leave --algorithm out."),
            )
        algorithm = chosen
    algorithm = algorithm or "observed"
    none_is = {each.name: each.control.none for each in OPTIONS if isinstance(each.control, Number)}
    asked = {name: None if value == none_is.get(name) else value for name, value in given.items() if value is not None}
    if algorithm in CONFIGS:
        _refuse_foreign(CONFIGS[algorithm], asked)
    return make_config(algorithm, **(settings | asked))


def _refuse_foreign(kind: type[Config], asked: Mapping[str, Any]) -> None:
    own = [option.name for option in options_of(kind)]
    foreign = next((name for name in asked if name not in own), None)
    if foreign is None:
        return
    others = ", ".join(each.algorithm for each in _kinds(foreign))
    raise ConfigError(
        tr("{flag} is no option of {algorithm}, only of {others}.", flag=_flag(foreign), algorithm=kind.algorithm,
           others=others),
        tr("{algorithm} takes {flags}.", algorithm=kind.algorithm, flags=", ".join(map(_flag, own))),
    )  # fmt: skip


def _kinds(name: str) -> list[type[Config]]:
    """The algorithms that have a setting."""
    return [kind for kind in CONFIGS.values() if name in {each.name for each in fields(kind)} - kind.moot]


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _parameter(option: Option) -> inspect.Parameter:
    flag = _flag(option.name)
    flags = [f"{flag}/--no-{flag[2:]}"] if isinstance(option.control, Switch) else [flag]
    annotation: Any = Annotated[_type(option), typer.Option(*flags, help=_help(option))]
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _type(option: Option) -> Any:
    control = option.control
    if isinstance(control, Switch):
        return bool | None
    if isinstance(control, Number):
        return int | None if control.whole else float | None
    return float | None if all(isinstance(value, float) for value in control.words) else str | None


def _help(option: Option) -> str:
    kinds = _kinds(option.name)
    words = option.explanation.format(noun=tr("movie"), nouns=tr("movies"))
    title = option.title.format(noun=tr("movie"), nouns=tr("movies"))
    parts = [f"{title}{tr(', in {unit}', unit=option.unit) if option.unit else ''}: {words[0].lower()}{words[1:]}"]
    if isinstance(option.control, Choice) and not _is_power(option.control):
        allowed: dict[Value, None] = dict.fromkeys(value for kind in kinds for value in choices(option, kind))
        parts.append(tr("One of {values}.", values=", ".join(map(str, allowed))))
    if len(kinds) < len(CONFIGS):
        parts.append(tr("For {algorithms}.", algorithms=", ".join(kind.algorithm for kind in kinds)))
    parts.append(_defaults(option, kinds))
    return re.sub(r"<.*?>", "", " ".join(filter(None, parts)))


def _defaults(option: Option, kinds: Sequence[type[Config]]) -> str:
    """The default, and whose is another; nothing where it follows the data."""
    first = getattr(kinds[0], option.name)
    if first is None:
        return ""
    others = [(kind.algorithm, getattr(kind, option.name)) for kind in kinds[1:]]
    other_words = ", ".join(f"{name} {_shown(value)}" for name, value in others if value != first)
    return tr("Default {value}", value=_shown(first)) + (f" ({other_words})." if other_words else ".")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _is_power(control: Choice) -> bool:
    return all(isinstance(value, float) for value in control.words)
