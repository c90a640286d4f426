"""The large corpus: real project texts, so many that speed and memory show.

It is not part of the project. A folder that holds `practices_large.csv.gz` (columns id, title, summary,
country, latitude, longitude, topic, start_year, organisation, source, licence) is named by whoever runs
the benchmarks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from recommender.domain import Adoption, Catalogue, Practice, Text
from recommender.text.lexical import WORD, fold
from recommender.text.stop_words import STOP_WORDS

FILE = "practices_large.csv.gz"
SEED = 20_261_124


def read_practices(folder: Path) -> dict[str, Practice]:
    """Read the texts as practices, in order of their ids."""
    table = pd.read_csv(folder / FILE, dtype=str, keep_default_na=False)
    found = {}
    for number, title, summary in zip(table["id"], table["title"], table["summary"], strict=True):
        language = text_language(f"{title} {summary}")
        found[number] = Practice(
            id=number,
            title=Text({language: title or summary or number}),
            summary=Text({language: summary} if summary else {}),
        )
    return dict(sorted(found.items()))


def text_language(text: str) -> str:
    """Tell Spanish from the rest by its small words; the rest counts as English, which most of it is."""
    words = WORD.findall(fold(text))
    only_es, only_en = STOP_WORDS["es"] - STOP_WORDS["en"], STOP_WORDS["en"] - STOP_WORDS["es"]
    spanish, english = sum(word in only_es for word in words), sum(word in only_en for word in words)
    return "es" if spanish > english else "en"


def enlarge(catalogue: Catalogue, practices: Mapping[str, Practice]) -> Catalogue:
    """Put the texts beside what is shipped; each ran in one Ecuadorian canton or province, drawn by lot.

    The corpus lies all over the world, where no indicators are shipped: with places drawn by lot every
    text costs what a practice of Ecuador costs. Nothing but time is read off such a catalogue.
    """
    places = [t.id for t in catalogue.territories.values() if t.country_id == "EC" and t.level != "country"]
    drawn = np.random.default_rng(SEED).choice(places, len(practices))
    adoptions: Sequence[Adoption] = [
        Adoption(practice, str(place), None, None, None, None)
        for practice, place in zip(practices, drawn, strict=True)
    ]
    return replace(
        catalogue,
        practices=dict(sorted({**catalogue.practices, **practices}.items())),
        adoptions=[*catalogue.adoptions, *adoptions],
        version=f"{catalogue.version}+{len(practices)}",
    )
