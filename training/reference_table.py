"""Which reference method stands in which row of the reference table of the benchmark packages."""

from __future__ import annotations

from functools import partial

from training import references
from training.references import summed
from training.task import Method

_at_sites = partial(references.random, key=lambda episode, subject, item: f"random|{subject}|{item}")
_at_cutoff = partial(
    references.random,
    key=lambda episode, subject, item: f"random|{subject}|{int(episode.history.cutoff)}|{item}",
)
_by_place = partial(
    references.random,
    key=lambda episode, subject, item: f"random|{item}|{subject}|{int(episode.history.cutoff)}",
)
_cf_top_10 = partial(references.co_adoption_without_own, most_similar=references.MOST_SIMILAR_PLACES)
_text_sum = partial(references.text_neighbours, mean=False)

_PLACEMENT: dict[str, Method] = {
    "random": _at_sites,
    "popularity": references.popularity,
    "text kNN": references.text_then_popularity,
    "text + popularity": summed(references.text_then_popularity, references.popularity),
}
_SCALING: dict[str, Method] = {
    "random": _at_sites,
    "popularity": references.popularity,
    "text kNN": references.text_then_popularity,
    "CF": references.co_adoption,
    "distance": references.distance,
    "the four": summed(
        references.co_adoption, references.distance, references.text_neighbours, references.popularity
    ),
    "item-item x text": references.items_by_text,
}
_NEW_TERRITORY: dict[str, Method] = {
    "random": _by_place,
    "popularity": references.prevalence,
    "momentum": references.momentum,
    "neighbours + momentum": summed(references.bordering_the_asker, references.momentum),
}

REFERENCES: dict[str, dict[str, Method]] = {
    "placement": _PLACEMENT,
    "scaling": _SCALING,
    "fit": {
        "random": _at_cutoff,
        "innovativeness": references.innovativeness,
        "neighbours": references.bordering,
        "CF": references.co_adoption_without_own,
        "CF top 10": _cf_top_10,
    },
    "next": {
        **_NEW_TERRITORY,
        "CF top 10": references.similar_places,
        "CF + momentum": summed(references.similar_places, references.momentum),
    },
    "new-territory": _NEW_TERRITORY,
    "new-practice": {
        "random": _at_sites,
        "innovativeness": references.innovativeness,
        "text kNN": _text_sum,
        "CF": references.co_adoption,
        "neighbours": references.bordering,
        "the four": summed(
            references.innovativeness, _text_sum, references.bordering, references.co_adoption
        ),
    },
}
"""Task -> name as in the reference table -> method."""
