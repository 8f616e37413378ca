"""`alsgui recommend`: lists for a user, the mean user, the nearest one, somebody who rates a few, or for all; why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alsgui.cli_lists import SHOWN_PULLS, bar_words, print_movies, print_table, why_lines, why_object
from alsgui.cli_report import list_rows, print_json, progress, say
from alsgui.core.errors import ConfigError, DataError
from alsgui.text import contribution, count, counted, decimal, pluralised, rating, score, tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.core.people import Person
    from alsgui.core.recommend import Filters


@dataclass(frozen=True)
class Somebody:
    """For whom a list is, and what has to be said of them."""

    person: Person
    name: str
    notes: tuple[str, ...] = ()


def recommend_command(
    model: Annotated[str, typer.Argument(metavar="MODEL", help=tr("A model file that fit --out wrote."))],
    *,
    user: Annotated[str | None, typer.Option(metavar="ID", help=tr("A user by id, as in the file of ratings."))] = None,
    mean: Annotated[bool, typer.Option("--mean", help=tr("The mean user."))] = False,
    nearest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=tr("The user nearest to somebody described in a CSV file: a row for each user, ids first; the "
                    "person is the row whose id the model does not know, or --user."),
        ),
    ] = None,
    neighbours: Annotated[int, typer.Option(min=1, help=tr("With --nearest: the mean of so many, by similarity."))] = 1,
    rate: Annotated[
        list[str] | None,
        typer.Option("--rate", metavar="TITLE=STARS", help=tr("Somebody who rates so; may be repeated. With --user, "
                                                              "what if that user did; STARS - takes a rating away.")),
    ] = None,
    movie: Annotated[
        str | None, typer.Option(metavar="TITLE", help=tr("The users who would like a movie most."))
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help=tr("Every user, to the file of --out."))] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=tr("With --all: a .csv or .parquet file."))
    ] = None,
    top: Annotated[int, typer.Option(min=1, help=tr("Length of the list."))] = 10,
    include_seen: Annotated[bool, typer.Option("--include-seen", help=tr("List also what was rated."))] = False,
    at_least: Annotated[int, typer.Option(min=0, help=tr("Hide what has fewer training ratings."))] = 0,
    genre: Annotated[list[str] | None, typer.Option(help=tr("Only of this genre; may be repeated."))] = None,
    from_year: Annotated[int | None, typer.Option(help=tr("Only from this year on."))] = None,
    to_year: Annotated[int | None, typer.Option(help=tr("Only up to this year."))] = None,
    text: Annotated[str, typer.Option(help=tr("Only titles that contain this."))] = "",
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="TITLE", help=tr("Never list it; may be repeated."))
    ] = None,
    diversity: Annotated[float, typer.Option(min=0, max=1, help=tr("0 to 1: avoid what is alike."))] = 0.0,
    sure: Annotated[bool, typer.Option("--sure", help=tr("Show the standard deviation of each prediction."))] = False,
    cautious: Annotated[
        bool, typer.Option("--cautious", help=tr("Order by the prediction less one standard deviation."))
    ] = False,
    why: Annotated[bool, typer.Option("--why", help=tr("Say where each prediction comes from."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print one JSON object and nothing else."))] = False,
) -> None:  # fmt: skip
    """List what somebody would like best, who would like a movie best, or the lists of all users."""
    from alsgui.core.lookup import find_movie
    from alsgui.core.recommend import Filters
    from alsgui.io.model_file import load_model

    asked = {"--user": user is not None, "--mean": mean, "--nearest": nearest is not None, "--rate": bool(rate),
             "--movie": movie is not None, "--all": everyone}  # fmt: skip
    _refuse_contradictions([name for name, given in asked.items() if given], out)
    loaded = load_model(model)
    filters = Filters(
        hide_seen=not include_seen, at_least=at_least, text=text, n_top=top, genres=_known_genres(loaded, genre or ()),
        first_year=from_year, last_year=to_year, diversity=diversity,
        exclude=frozenset(find_movie(loaded, title) for title in exclude or ()),
    )  # fmt: skip
    if movie is not None:
        _print_users(loaded, find_movie(loaded, movie), filters, why=why, as_json=as_json)
    elif everyone:
        assert out is not None
        _write_everyone(loaded, out, filters, as_json=as_json)
    else:
        who = _somebody(loaded, user, nearest, neighbours, rate or ())
        _print_movies(
            loaded, who, filters, user=user, sure=sure or cautious, cautious=cautious, why=why, as_json=as_json
        )


def _refuse_contradictions(given: Sequence[str], out: Path | None) -> None:
    if not given:
        raise ConfigError(tr("For whom?"), tr("Give --user, --mean, --nearest, --rate, --movie or --all."))
    together = ({"--user", "--rate"}, {"--user", "--nearest"})
    if len(given) > 1 and set(given) not in together:
        raise ConfigError(tr("{options} contradict.", options=tr(" and ").join(given)), tr("Give one of them."))
    if (out is not None) != ("--all" in given):
        raise ConfigError(
            tr("--all needs a file.") if out is None else tr("--out is for --all."), tr("Use --all --out FILE.")
        )


def _known_genres(model: Model, genres: Sequence[str]) -> tuple[str, ...]:
    import difflib

    from alsgui.core.genres import known_genres

    known = {name.casefold(): name for name in known_genres(model)}
    for genre in genres:
        if genre.casefold() not in known:
            near = difflib.get_close_matches(genre.casefold(), known, n=1)
            raise DataError(
                tr("There is no genre {genre}.", genre=genre),
                tr("Did you mean {name}?", name=known[near[0]])
                if near
                else tr("There are: {names}.", names=", ".join(known.values()) or tr("none")),
            )
    return tuple(known[genre.casefold()] for genre in genres)


def _somebody(model: Model, user: str | None, nearest: Path | None, neighbours: int, rate: Sequence[str]) -> Somebody:
    from alsgui.core.lookup import find_user
    from alsgui.core.people import Person, mean_user, of_user, what_if

    if nearest is not None:
        return _nearest(model, nearest, user, neighbours)
    if user is None and not rate:
        return Somebody(mean_user(model), tr("the mean user"))
    row = None if user is None else find_user(model, user)
    if not rate:
        assert row is not None
        person = of_user(model, row)
        note = tr("User {id} has no training ratings: this is the mean user's list.", id=user)
        return Somebody(person, tr("user {id}", id=user), () if person.informed else (note,))
    changes: dict[int, float | None] = {}
    for column, stars in (_rating(model, text) for text in rate):
        if column in changes:
            raise ConfigError(tr("{title} is rated twice.", title=model.title(column)), tr("Leave one of the two out."))
        changes[column] = stars
    base = Person(mean_user(model).weights, 0.0) if row is None else of_user(model, row)
    person = what_if(model, base, changes)
    name = tr("somebody with these ratings") if row is None else tr("user {id} with ratings changed", id=user)
    note = tr("No ratings are left: this is the mean user's list.")
    return Somebody(person, name, () if person.informed else (note,))


def _rating(model: Model, text: str) -> tuple[int, float | None]:
    """Column and stars of TITLE=STARS; None takes the rating away."""
    from alsgui.core.lookup import find_movie

    title, sign, stars = text.rpartition("=")
    if not sign or not title.strip():
        raise ConfigError(tr("--rate {text} has no stars.", text=text), tr('Write --rate "Heat (1995)=4.5".'))
    if stars.strip() in ("-", "−"):
        return find_movie(model, title), None
    try:
        value = float(stars)
    except ValueError:
        raise ConfigError(tr("{stars} are no stars.", stars=stars), tr('Write --rate "Heat (1995)=4.5".')) from None
    low, high = model.scale.minimum, model.scale.maximum
    if model.config.predicts_ratings and not low <= value <= high:
        raise ConfigError(
            tr("{stars} is outside the scale.", stars=stars),
            tr("Use {low} to {high}.", low=rating(low), high=rating(high)),
        )
    return find_movie(model, title), value


def _nearest(model: Model, file: Path, user: str | None, neighbours: int) -> Somebody:
    from alsgui.core.neighbours import by_table, characteristics
    from alsgui.core.side_table import table_for
    from alsgui.io.side_file import read_side_table

    ids, columns = read_side_table(file)
    known = [identity for identity in ids if identity in model.summary.user_rows]
    strangers = [identity for identity in ids if identity not in model.summary.user_rows]
    if user is None and not strangers:
        raise DataError(
            tr("Every user of {path} is in the model.", path=file), tr("Add a row for the new person, or give --user.")
        )
    table = table_for(model.user_ids, ids, columns) if known else characteristics(model)
    if table is None:
        raise DataError(
            tr("Nothing is known of the model's users to compare with."), tr("Give their rows in {path}.", path=file)
        )
    leave_out = None
    if user is not None:
        from alsgui.core.lookup import find_user

        leave_out = find_user(model, user)
        vector, name = table.encoded()[leave_out], tr("user {id}", id=user)
    else:
        at = ids.index(strangers[0])
        vector = table.encode({column: values[at] for column, values in columns.items()})
        name = strangers[0] or tr("the new person")
    found = by_table(model, table, vector, k=neighbours, leave_out=leave_out)
    person = found.nearest(model) if neighbours == 1 else found.weighted(model)
    named = ", ".join(
        tr("user {id} ({cosine})", id=model.user_ids[row], cosine=decimal(value, 2))
        for row, value in zip(found.rows, found.similarities, strict=True)
    )
    return Somebody(person, tr("{name}, by the nearest users", name=name), (tr("Nearest: {users}.", users=named),))


def _print_movies(
    model: Model,
    who: Somebody,
    filters: Filters,
    *,
    user: str | None,
    sure: bool,
    cautious: bool,
    why: bool,
    as_json: bool,
) -> None:
    from alsgui.core.explain import explain
    from alsgui.core.people import percentile_of
    from alsgui.core.recommend import for_person
    from alsgui.core.uncertainty import deviations, lower_bounds, why_not_for

    reason = why_not_for(model, who.person) if sure else ""
    if cautious and reason:
        raise DataError(reason, tr("Leave --cautious out."))
    found = for_person(model, who.person, filters, lower_bounds(model, who.person) if cautious else None)
    spread = deviations(model, who.person, found.columns) if sure and len(found) else None
    reasons = [explain(model, who.person, int(column)) for column in found.columns] if why else []
    if as_json:
        rows = list(list_rows(found))
        for at, row in enumerate(rows):
            if spread is not None:
                row["sd"] = float(spread.sd[at])
            if not model.config.predicts_ratings:
                row["percentile"] = percentile_of(model, who.person, int(found.columns[at]))
            if why:
                row["why"] = why_object(model, reasons[at])
        head = {"user": user} if user is not None else {"for": who.name}
        print_json(**head, seen_known=found.seen_known, recommendations=rows)
        return
    for note in (*who.notes, *filter(None, [reason])):
        say(note)
    if not found.seen_known and filters.hide_seen and who.person.row is not None:
        say(tr("Seen {nouns} are not known: the model was saved without its ratings.", nouns=pluralised(model.noun)))
    if not model.config.predicts_ratings:
        say(tr("Scores are about 0 to 1, not ratings."))
    print_movies(model, found, spread)
    for column, explanation in zip(found.columns, reasons, strict=False):
        say("")
        for line in why_lines(model, int(column), explanation):
            say(line)


def _print_users(model: Model, column: int, filters: Filters, *, why: bool, as_json: bool) -> None:
    """Who would like a movie most; with `why`, whose ratings pulled it for the first of them."""
    from alsgui.core.explain import explain_movie
    from alsgui.core.movie_side import UserFilters, for_movie, of_movie

    found_movie = of_movie(model, column)
    rules = UserFilters(hide_seen=filters.hide_seen, at_least=max(filters.at_least, 1), n_top=filters.n_top)
    found = for_movie(model, found_movie, rules)
    pulls = explain_movie(model, found_movie, int(found.rows[0])) if why and len(found) else None
    bars = () if pulls is None else pulls.bars(4 if as_json else 2, SHOWN_PULLS)
    named = [
        {"part": bar.kind, "value": bar.value, "user": model.user_ids[bar.index] if bar.kind == "rating" else None}
        for bar in bars
    ]
    if as_json:
        users = [
            {"rank": at + 1, "user": found.ids[at], "predicted": float(found.predicted[at]),
             "given": float(found.given[at]), "n_ratings": int(found.activity[at])}
            for at in range(len(found))
        ]  # fmt: skip
        extra = {"why_first": named} if why else {}
        print_json(movie=model.movie_ids[column], title=model.title(column), users=users, **extra)
        return
    if not found_movie.informed:
        say(tr("Nobody rated {title} yet.", title=model.title(column)))
    shown = rating if model.config.predicts_ratings else score
    heads = [tr("Rank"), tr("Predicted"), tr("Given"), tr("Ratings"), tr("User")]
    print_table(heads, [
        (str(at + 1), shown(float(found.predicted[at])), rating(float(found.given[at])),
         count(int(found.activity[at])), found.ids[at])
        for at in range(len(found))
    ])  # fmt: skip
    if bars:
        say("")
        title = model.title(column)
        say(tr("{title} for user {id}: {total}", title=title, id=found.ids[0], total=shown(float(found.predicted[0]))))
    for part, bar in zip(named, bars, strict=True):
        if bar.kind == "start":
            say(f"  {contribution(bar.value):>7}  {tr('mean of all ratings and how this user rates')}")
            continue
        words = tr("user {id}, rated {given}", id=part["user"], given=rating(bar.given))
        say(f"  {contribution(bar.value):>7}  {words if bar.kind == 'rating' else bar_words(model, bar)}")


def _write_everyone(model: Model, out: Path, filters: Filters, *, as_json: bool) -> None:
    from alsgui.io.export_lists import export_lists

    with progress(as_json) as tell:
        n_users = export_lists(model, out, filters, progress=tell)
    if as_json:
        print_json(path=str(out), n_users=n_users, n_top=filters.n_top)
    else:
        say(tr("Wrote the lists of {users} to {path}.", users=counted(n_users, tr("user")), path=out))
