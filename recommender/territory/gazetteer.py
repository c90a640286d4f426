"""Forgiving place names: what an official types -> the one territory that is meant, or a question back.

How a name is read, in this order; the first step that finds something decides:

1. **Id.** ``EC-2201`` or ``ec-2201`` is that territory, whatever else has such a name.
2. **Official name.** "Orellana" is the province of that name although a canton is also called so.
   Several territories with that official name are asked back, with their parents: "Esmeraldas" is a
   province and a canton and nobody but the caller knows which; "Olmedo" is a canton in two
   provinces; "Santo Domingo" is in two countries. No country or level is preferred silently.
3. **Other name**: alias, seat ("capital"), the official name without its administrative words
   ("Bogotá"), article, bracket or comma part. A town lies in its canton, which lies in its
   province: where one match contains another, the inner one is meant. So "Quito" (seat of the
   canton *Distrito Metropolitano de Quito* and of Pichincha) is the canton, "Coca" is Francisco de
   Orellana, "Nueva Loja" is Lago Agrio. Matches apart from each other are asked back.

The caller narrows steps 2 and 3 by a kind ("cantón Bolívar", "GAD Municipal de Loja"; "provincia de
Bolívar" is no Colombian department) or by what contains the place ("Olmedo, Loja", "Olmedo (Loja)",
"Manta Manabí Ecuador"). Case, accents, punctuation and common abbreviations ("Sto.", "Gral.") never
matter. A guess is never taken for an answer: a misspelt name is refused and the nearest are named.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from recommender.domain import AmbiguousPlace, Territory, UnknownId
from recommender.territory.country_names import country_name
from recommender.territory.place_names import (
    FIRST_LEVEL,
    SEPARATORS,
    all_names,
    country_of,
    depth,
    key,
    plain,
    readings,
    undressed,
    words,
)

_NEAREST = 5
_SIMILAR = 60.0  # per cent of letters two names share in order; below, a suggestion only puzzles
_WORD = 85.0  # how near a name counts of which a word was typed exactly ("Tsáchilas")
_BEHIND = 20.0  # suggestions this much worse than the best one are left out
_LONGEST = 100  # letters; longer texts are no place names and are not compared


class Gazetteer:
    """Names of territories, looked up forgivingly.

    Parameters
    ----------
    territories : mapping of str to Territory
        By id; parents are followed within this mapping.
    """

    def __init__(self, territories: Mapping[str, Territory]) -> None:
        self._territories = territories
        self._ids: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, dict[str, bool]] = defaultdict(dict)  # key -> id -> is it official
        for id_, territory in territories.items():
            self._ids[id_.casefold()].append(id_)
            for name, official in all_names(territory).items():
                self._names[name][id_] = official
        self._keys = list(self._names)
        # Every name from each of its words on, sorted: one bisection finds all words that start so.
        self._starts = sorted((name[at:], at, name) for name in self._keys for at in _word_starts(name))
        self._start_texts = [x[0] for x in self._starts]

    def resolve(self, text: str) -> Territory:
        """Return the territory that `text` means (the rules are in the module's docstring).

        Raises
        ------
        AmbiguousPlace
            Several territories are meant equally. `facts["candidates"]` gives of each ``id``,
            ``level``, ``parent_id``, ``name`` and ``name_en`` (told apart by what contains it; both
            may be asked again).
        UnknownId
            No territory has this id or name. `facts["nearest"]` has up to five ids, best first, and
            `facts["names"]` what they are called.
        """
        asked = text.strip()
        ids = [asked] if asked in self._territories else self._ids.get(asked.casefold(), [])
        if len(ids) == 1:
            return self._territories[ids[0]]
        if len(asked) <= _LONGEST:
            for name, qualifiers in readings(asked):
                found = self._meant(name, qualifiers)
                if len(found) == 1:
                    return self._territories[found[0]]
                if found:
                    raise self._ambiguous(asked, found)
        raise self._unknown(asked)

    def search(self, prefix: str, limit: int = 10) -> list[Territory]:
        """Return up to `limit` territories of which some word of some name starts with `prefix`.

        Names that begin so come first, then official before other names. Of official names the larger
        territory comes first; of other names the smaller, for a town lies in its canton: "Nueva L"
        suggests Lago Agrio before Sucumbíos. Then by name. An empty prefix finds nothing.
        """
        typed = words(prefix)
        if not typed or len(prefix) > _LONGEST:
            return []
        wanted = f"{key(typed[:-1])} {typed[-1]}".lstrip()  # the last word may be half typed: as it is
        best: dict[str, tuple[bool, bool]] = {}
        for i in range(bisect_left(self._start_texts, wanted), len(self._starts)):
            start, at, name = self._starts[i]
            if not start.startswith(wanted):
                break
            for id_, official in self._names[name].items():
                rank = (at > 0, not official)
                best[id_] = min(rank, best.get(id_, rank))

        def order(id_: str) -> tuple[object, ...]:
            territory = self._territories[id_]
            level = depth(territory)
            return (*best[id_], -level if best[id_][1] else level, territory.name, id_)

        return [self._territories[x] for x in sorted(best, key=order)[: max(limit, 0)]]

    def label(self, territory: Territory, language: str = "es", *, kind: bool = False) -> str:
        """Return the name with what contains it: "Olmedo (Loja)", with `kind` "Loja (cantón, Loja)"."""
        parent = self._territories.get(territory.parent_id or "")
        inside = [_kind_name(territory, language)] if kind else []
        inside += [plain(country_name(parent, language))] if parent else []
        told = ", ".join(x for x in inside if x)
        name = country_name(territory, language)
        return f"{name} ({told})" if told else name

    def _meant(self, name: Sequence[str], qualifiers: Sequence[Sequence[str]]) -> list[str]:
        """Return the ids that a name stands for, given what the caller says about kind and parents."""
        for bare, kind in undressed(name):
            known = self._names.get(key(bare), {})
            found = [x for x in known if kind.fits(self._territories[x])]
            for qualifier in qualifiers:
                found = self._narrowed(found, qualifier)
            if found:
                return [x for x in found if known[x]] or self._innermost(found)
        return []

    def _narrowed(self, found: list[str], qualifier: Sequence[str]) -> list[str]:
        """Keep what lies in the place that `qualifier` names, else what is itself called so."""
        for bare, kind in undressed(qualifier):
            if not bare:
                return [x for x in found if kind.fits(self._territories[x])]
            named = [*self._names.get(key(bare), ()), *self._ids.get("-".join(bare), ())]
            fitting = {x for x in named if kind.fits(self._territories[x])}
            if inside := [x for x in found if not fitting.isdisjoint(self._ancestors(x))]:
                return inside
            if own := [x for x in found if x in fitting]:
                return own
        return []

    def _innermost(self, found: list[str]) -> list[str]:
        outer = {a for x in found for a in self._ancestors(x)}
        return [x for x in found if x not in outer]

    def _ancestors(self, id_: str) -> list[str]:
        """Return the ids that contain `id_`, nearest first; a circle in the data ends the walk."""
        chain: list[str] = []
        parent = self._territories[id_].parent_id
        while parent is not None and parent in self._territories and parent not in (id_, *chain):
            chain.append(parent)
            parent = self._territories[parent].parent_id
        return chain

    def _labels(self, ids: Sequence[str], language: str) -> list[str]:
        """Label places so that each says which it is; where names do not suffice the id is added."""
        places = [self._territories[x] for x in ids]
        names = [key(words(x.name)) for x in places]
        labels = [
            self.label(x, language, kind=names.count(name) > 1 and len({p.level for p in places}) > 1)
            for x, name in zip(places, names, strict=True)
        ]
        return [x if labels.count(x) == 1 else f"{x} {id_}" for x, id_ in zip(labels, ids, strict=True)]

    def _ambiguous(self, asked: str, found: list[str]) -> AmbiguousPlace:
        found = sorted(found, key=lambda x: (depth(self._territories[x]), x))
        es, en = self._labels(found, "es"), self._labels(found, "en")
        return AmbiguousPlace(
            es=f"«{asked}» puede ser {len(found)} lugares: {'; '.join(es)}. "
            f"Escriba cuál, tal como está aquí, o su código (por ejemplo, {found[0]}).",
            en=f'"{asked}" can be {len(found)} places: {"; ".join(en)}. '
            f"Write which one, as it stands here, or its code (for example, {found[0]}).",
            value=asked,
            candidates=[
                {
                    "id": x,
                    "name": name,
                    "name_en": name_en,
                    "level": place.level,
                    "parent_id": place.parent_id,
                }
                for x, name, name_en in zip(found, es, en, strict=True)
                for place in (self._territories[x],)
            ],
        )

    def _unknown(self, asked: str) -> UnknownId:
        nearest = self._nearest(asked)
        es, en = self._labels(nearest, "es"), self._labels(nearest, "en")
        shown = asked if len(asked) <= _LONGEST else f"{asked[:_LONGEST]}…"
        remedy_es = f"¿Quiso decir {'; '.join(es)}?" if es else "Dé un nombre o un código del catálogo."
        remedy_en = f"Did you mean {'; '.join(en)}?" if en else "Give a name or a code of the catalogue."
        return UnknownId(
            es=f"Ningún territorio se llama «{shown}». {remedy_es}",
            en=f'No territory is called "{shown}". {remedy_en}',
            value=shown,
            nearest=nearest,
            names=es,
        )

    def _nearest(self, asked: str) -> list[str]:
        """Return up to five ids whose names are spelt most like `asked` or like its first part."""
        if not words(asked) or len(asked) > _LONGEST:
            return []
        scores = {x.id: _WORD for x in self.search(asked, _NEAREST)}
        first = words(SEPARATORS.split(asked)[0])
        bare = [x for x, _ in undressed(first)][-1]
        for wanted in dict.fromkeys(key(x) for x in (words(asked), first, bare) if x):
            hits = process.extract(
                wanted, self._keys, scorer=fuzz.ratio, processor=None, limit=_NEAREST, score_cutoff=_SIMILAR
            )
            for name, score, _ in hits:
                for id_ in self._meant(name.split(), ()):
                    scores[id_] = max(score, scores.get(id_, 0.0))
        least = max(scores.values(), default=0.0) - _BEHIND
        near = [x for x in scores if scores[x] >= least]
        return sorted(near, key=lambda x: (-scores[x], depth(self._territories[x]), x))[:_NEAREST]


def _kind_name(territory: Territory, language: str) -> str:
    """Return what a territory's level is called where that is known, else an empty text."""
    country = country_of(territory)
    names = {"country": ("país", "country"), "admin1": FIRST_LEVEL.get(country, ("", ""))}
    if country == "EC":
        names["admin2"] = ("cantón", "canton")
    return names.get(territory.level, ("", ""))[language == "en"]


def _word_starts(name: str) -> list[int]:
    return [0, *(i + 1 for i, letter in enumerate(name) if letter == " ")]
