"""The data dictionary: what every figure means, where it comes from and how much of it is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from recommender.discretion import is_shelter
from recommender.domain import Catalogue, Indicator, Observation, PackageRefused, Practice
from recommender.package.build import build_catalogue
from recommender.package.check import Reading, read_all
from recommender.package.manifest import MANIFEST, Manifest

NOT_CONFIRMED = "not confirmed"

_HEAD = """# Data dictionary

Generated from the data packages in this folder by `recommender.package.dictionary`: change the data,
then generate it again. An empty cell is not known; it is never 0."""

_SHELTERS = """{n} practices give survivors of violence or trafficking a place to stay. Their adoptions stand
here with the canton, as the public sources give it; the service, its pages and `arraigo export` tell
their places by province only. Titles and texts are the sources' own and may name the city; addresses of
houses do not belong in them."""

# what a reader wants to know of practices before counting on it: title -> is it known
_PRACTICE_FIELDS: tuple[tuple[str, Callable[[Practice], object]], ...] = (
    ("themes", lambda p: p.themes),
    ("population groups", lambda p: p.populations),
    ("SDGs", lambda p: p.sdgs),
    ("GCM objectives", lambda p: p.gcm_objectives),
    ("start year", lambda p: p.start_year),
    ("budget", lambda p: p.budget_usd),
    ("people reached", lambda p: p.people_reached),
    ("requirements", lambda p: p.requirements),
    ("results", lambda p: p.results),
    ("evidence level", lambda p: p.evidence_level),
    ("tags stated by the source", lambda p: p.tags_basis == "stated"),
)


def data_dictionary(folder: Path) -> str:
    """Return the data dictionary (Markdown, English) of all data packages below `folder`.

    Parameters
    ----------
    folder : Path
        A folder with one data package per folder in it.

    Raises
    ------
    PackageRefused
        Where any package has a fault.
    """
    packages = sorted(path.parent for path in Path(folder).glob(f"*/{MANIFEST}"))
    reading = read_all(packages)
    if reading.report.faults:
        first = reading.report.faults[0]
        raise PackageRefused(es=first.line("es"), en=first.line("en"), faults=reading.report.faults)
    catalogue = build_catalogue(reading.tables)
    sections = [
        _HEAD,
        _packages(reading),
        *(_package(manifest, folder) for manifest in reading.manifests),
        _indicators(catalogue),
        _sources(catalogue),
        _practices(reading),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _packages(reading: Reading) -> str:
    files = sorted({file for counts in reading.report.counts.values() for file in counts})
    rows = [
        [
            f"`{manifest.name}`",
            manifest.title,
            manifest.version,
            manifest.created,
            *(_count(reading.report.counts[manifest.package].get(file)) for file in files),
        ]
        for manifest in reading.manifests
    ]
    heads = ["package", "title", "version", "created", *(file.removesuffix(".csv") for file in files)]
    return "## Packages and their rows\n\n" + _table(heads, rows)


def _count(rows: int | None) -> str:
    return "" if rows is None else f"{rows:,}"


def _package(manifest: Manifest, folder: Path) -> str:
    place = manifest.folder.relative_to(folder).as_posix()
    lines = [f"## `{place}`: {manifest.title}", ""]
    lines += ["Licences:", "", *(f"- {licence}" for licence in manifest.licences or (NOT_CONFIRMED,)), ""]
    lines += ["Sources:", "", *(f"- {source}" for source in manifest.sources or (NOT_CONFIRMED,))]
    if manifest.doubts:
        lines += [
            "",
            "Worth knowing before using a number:",
            "",
            *(f"- {doubt}" for doubt in manifest.doubts),
        ]
    return "\n".join(lines)


def _indicators(catalogue: Catalogue) -> str:
    if not catalogue.indicators:
        return ""
    observed: dict[str, list[Observation]] = defaultdict(list)
    for observation in catalogue.observations:
        observed[observation.indicator_id].append(observation)
    licences = list(dict.fromkeys(i.licence or NOT_CONFIRMED for i in catalogue.indicators.values()))
    rows = [
        [
            f"`{indicator.id}`",
            _meaning(indicator),
            _in_both(indicator.unit_text.values.get("en") or indicator.unit, indicator.unit_text.get("es")),
            f"`{indicator.direction}`",
            ", ".join(map(str, sorted({o.year for o in observed[indicator.id]}))),
            *_missing(observed[indicator.id], catalogue),
            indicator.source,
            f"L{licences.index(indicator.licence or NOT_CONFIRMED) + 1}",
        ]
        for indicator in catalogue.indicators.values()
    ]
    heads = [
        "id",
        "meaning",
        "unit",
        "direction",
        "year",
        "missing, provinces",
        "missing, cantons",
        "source",
        "licence",
    ]
    legend = "\n".join(f"- L{number}: {licence}" for number, licence in enumerate(licences, start=1))
    return f"""## Indicators

`need_high`: a higher value means more need; `need_low`: a lower value does; `context`: neither.
Missing: share of the country's provinces (`admin1`) and cantons (`admin2`) without any value.

{_table(heads, rows)}

Licences:

{legend}"""


def _meaning(indicator: Indicator) -> str:
    description = indicator.description.values.get("es", "")
    said = _in_both(indicator.name.get("en"), indicator.name.get("es"))
    return f"{said}. {description}" if description else said


def _in_both(en: str, es: str) -> str:
    return f"{en} / {es}" if es and es != en else en


def _missing(observed: Sequence[Observation], catalogue: Catalogue) -> list[str]:
    """Return the share of first- and second-level territories without a value, as percentages."""
    known = {observation.territory_id for observation in observed}
    countries = {catalogue.territories[name].country_id for name in known}
    shares = []
    for level in ("admin1", "admin2"):
        there = [
            t.id for t in catalogue.territories.values() if t.level == level and t.country_id in countries
        ]
        absent = sum(name not in known for name in there)
        shares.append(f"{100 * absent / len(there):.1f} %" if there else "")
    return shares


def _sources(catalogue: Catalogue) -> str:
    if not catalogue.sources:
        return ""
    times = Counter(observation.source for observation in catalogue.observations)
    extras = catalogue.extras.get("observation_sources", {})
    rows = []
    for source in catalogue.sources.values():
        read_from = extras.get((source.id,), {})
        commit = f" at {read_from['mirror_commit']}" if "mirror_commit" in read_from else ""
        rows.append(
            [
                f"`{source.id}`",
                source.publisher,
                source.description,
                f"{read_from.get('mirror', '')}{commit}",
                source.licence or NOT_CONFIRMED,
                f"{times[source.id]:,}",
            ]
        )
    heads = ["source", "publisher", "table", "read from (public repository)", "licence", "observations"]
    return "## Where observations come from\n\n" + _table(heads, rows)


def _practices(reading: Reading) -> str:
    """Say how much is known of each package's practices."""
    rows = []
    for manifest in reading.manifests:
        if "practices" not in manifest.tables:
            continue
        catalogue = build_catalogue(read_all([manifest.folder]).tables)
        practices = list(catalogue.practices.values())
        places: dict[str, set[str]] = defaultdict(set)
        for adoption in catalogue.adoptions:
            places[adoption.practice_id].add(adoption.territory_id)
        levels = [{catalogue.territories[t].level for t in places[p.id]} for p in practices]
        rows.append(
            [
                f"`{manifest.name}`",
                f"{len(practices):,}",
                *(_share(map(bool, map(known, practices))) for _, known in _PRACTICE_FIELDS),
                _share(len(places[p.id]) == 1 for p in practices),
                _share(found == {"country"} for found in levels),
            ]
        )
    if not rows:
        return ""
    titles = (title for title, _ in _PRACTICE_FIELDS)
    heads = ["package", "practices", *titles, "one known place", "only a whole country"]
    known = "## How much is known of the practices\n\n" + _table(heads, rows)
    shelters = sum(map(is_shelter, build_catalogue(reading.tables).practices.values()))
    return f"{known}\n\n{_SHELTERS.format(n=shelters)}" if shelters else known


def _share(known: Iterable[bool]) -> str:
    flags = list(known)
    return f"{100 * sum(flags) / len(flags):.0f} %" if flags else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_escape(cell) for cell in line) + " |" for line in lines)


def _escape(cell: str) -> str:
    return " ".join(cell.replace("|", "\\|").split())
