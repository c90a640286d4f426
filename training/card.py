"""The model card: what a trained model is good for and what not, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recommender.adoption.model import SPECS, AdoptionModel
from recommender.artifact import Manifest

_TEXT = """\
# Model {version}

An additive model of recorded adoptions: where a practice went next, learned from what was on record
before. Its score is a sum of one contribution per feature, each read from a table; no weight is below 0.

## Trained on

{data}

Only on what each package records up to its first test cutoff: of the aid packages the earlier 70 % of
the dated projects of each country, of dated records the adoptions up to 1990. Countries: {countries}.
Text encoder: {encoder}. Seed {seed} (the fit draws nothing at random). {libraries}.

## Good for

Ranking the places where a practice is likely to be recorded next, or the practices a place is likely to
take up next, among candidates of one country. `mode=likely` gives the probability that an adoption is
*recorded*; `mode=fit` holds exposure (how much goes to a place anyway) at its average and gives an index.

## Not for

Saying that a practice will work, that it should be funded, or that a place without it does not need it.
Records end and are incomplete: "not adopted" is not "does not fit".

## Known biases

Aid records show where donors went, which is where donors went before: capitals, accessible regions and
places in the news. The policies of US states say nothing of cantons. Titles in the aid packages are short,
and the Spanish ones are few. What was learned of dated adoptions comes from one country only: elsewhere it
is new, and answers say so.

## Weights

Points per unit of each feature; the unit is in the feature's description.

{weights}

## Reached on what came later

nDCG@10, and the paired 95 % interval of the difference to the strongest reference method of each task.
ECE and the coverage of the 90 % interval are of `mode=likely`. Tasks with queries older than the training
(`new-practice`) are measured with weights fitted anew for each date, not with this model.

{metrics}

## In countries it has not seen

Each country of a package left out in turn, weights and calibration learned on the others: how well the
probabilities hold where nothing was learned.

{left_out}

![Promised probability against observed share](reliability.svg)
"""


def card(model: AdoptionModel, manifest: Manifest) -> str:
    """Write a model's card in Markdown."""
    return _TEXT.format(
        version=manifest.version,
        data="\n".join(f"- {contents}" for contents in manifest.data.values()),
        countries=", ".join(sorted(model.countries)),
        encoder=manifest.encoder,
        seed=manifest.seed,
        libraries=", ".join(f"{name} {version}" for name, version in manifest.libraries.items()),
        weights=_weights(model),
        metrics=_metrics(manifest.metrics),
        left_out=_left_out(manifest.left_out),
    )


def _weights(model: AdoptionModel) -> str:
    lines = ["| situation | feature | group | weight | meaning |", "| --- | --- | --- | ---: | --- |"]
    for name, situation in model.situations.items():
        for spec in SPECS[name]:
            weight = situation.ranker.tables[spec.name].span / (spec.high - spec.low)
            lines.append(f"| {name} | {spec.name} | {spec.group} | {weight:.3f} | {spec.meaning.get('en')} |")
    return "\n".join(lines)


def _metrics(metrics: Mapping[str, Any]) -> str:
    lines = [
        "| task, package | queries | likely | fit | strongest reference | difference | ECE | coverage |",
        "| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |",
    ]
    for task, found in metrics.items():
        mean, low, high = found["difference"]
        covered = "" if found["coverage"] is None else f"{found['coverage']:.1%}"
        lines.append(
            f"| {task} | {found['queries']} | {found['likely']:.3f} | {found['fit']:.3f} | "
            f"{found['strongest_reference']} {found['reference']:.3f} | "
            f"{mean:+.3f} [{low:+.3f}, {high:+.3f}] | {found['ece']:.3f} | {covered} |"
        )
    return "\n".join(lines)


def _left_out(metrics: Mapping[str, Any]) -> str:
    if not metrics:
        return "No package of several countries was trained on."
    lines = [
        "| task, package | likely | ECE | Brier | coverage | width |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for task, found in metrics.items():
        covered, width = (
            "" if found[name] is None else form.format(found[name])
            for name, form in (("coverage", "{:.1%}"), ("width", "{:.2f}"))
        )
        lines.append(
            f"| {task} | {found['likely']:.3f} | {found['ece']:.3f} | {found['brier']:.3f} "
            f"| {covered} | {width} |"
        )
    return "\n".join(lines)
