"""Titles and people that do not exist, for the movie-like data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from alsgui.core.ratings import Floats

CHARACTERISTIC_MISSING = 0.05
"""Share of the entries in the users' table that is missing."""

_ADJECTIVES = (
    "Silent", "Crimson", "Last", "Golden", "Broken", "Hidden", "Distant", "Burning", "Paper", "Winter", "Electric",
    "Velvet", "Hollow", "Northern", "Second", "Borrowed", "Midnight", "Gentle", "Restless", "Painted",
)  # fmt: skip

_NOUNS = {
    "Drama": ("Harvest", "Letters", "Orchard", "Daughter", "Bridge", "Winter", "Confession", "Lighthouse"),
    "Comedy": ("Wedding", "Neighbours", "Holiday", "Recipe", "Umbrella", "Roommate", "Parade", "Uncle"),
    "Thriller": ("Witness", "Alibi", "Signal", "Corridor", "Ransom", "Double", "Cipher", "Verdict"),
    "Action": ("Pursuit", "Vanguard", "Convoy", "Fury", "Outpost", "Strike", "Bounty", "Thunder"),
    "Romance": ("Waltz", "Promise", "Serenade", "Kiss", "Garden", "Summer", "Rendezvous", "Valentine"),
    "Sci-Fi": ("Orbit", "Colony", "Android", "Nebula", "Paradox", "Horizon", "Machine", "Starfall"),
    "Horror": ("Cellar", "Whisper", "Seance", "Hollow", "Curse", "Mirror", "Scream", "Grave"),
    "Animation": ("Balloon", "Fox", "Kite", "Dragon", "Robot", "Meadow", "Toymaker", "Penguin"),
}

_REGIONS = ("North", "South", "East", "West")
_DEVICES = ("Television", "Phone", "Laptop", "Tablet")


def invented_titles(rng: np.random.Generator, main_genres: Sequence[str]) -> list[str]:
    """One title with a year for each movie, in the mood of its genre, none twice."""
    used: set[str] = set()
    return [_fresh_title(rng, genre, used) for genre in main_genres]


def _fresh_title(rng: np.random.Generator, genre: str, used: set[str]) -> str:
    part = 1
    while True:
        stem = f"The {rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS[genre])}"
        year = int(rng.integers(1960, 2020))
        title = f"{stem} ({year})" if part < 4 else f"{stem} {part - 2} ({year})"
        if title not in used:
            used.add(title)
            return title
        part += 1


def invented_users(
    rng: np.random.Generator, taste: Floats, genres: Sequence[str], missing: float
) -> dict[str, npt.NDArray[np.object_]]:
    """Age, region, favourite genre and device of each user, related to taste (N x genres); None where missing."""
    n_users = len(taste)
    favourite = np.argmax(taste, axis=1)
    age = np.clip(np.round(22 + 5 * favourite + 9 * rng.standard_normal(n_users)), 14, 90).astype(int)
    own_region = favourite % len(_REGIONS)
    region = np.where(rng.random(n_users) < 0.6, own_region, rng.integers(len(_REGIONS), size=n_users))
    device = np.where(age > 50, 0, np.where(rng.random(n_users) < 0.6, 1, rng.integers(1, 4, size=n_users)))
    columns: dict[str, list[object]] = {
        "age": list(age.tolist()),
        "region": [_REGIONS[at] for at in region],
        "favourite genre": [genres[at] for at in favourite],
        "device": [_DEVICES[at] for at in device],
    }
    table = {name: np.array(values, dtype=object) for name, values in columns.items()}
    for values in table.values():
        values[rng.random(n_users) < missing] = None
    return table
