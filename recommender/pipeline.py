"""The only place where the stages meet: query, candidates, features, ranker, re-rank, explanation.

A pipeline is built from a catalogue and never changed; when the registry changes a new one is built
and takes its place. It never sees a database, a file or a request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recommender.adoption.index import learned_scores
from recommender.adoption.model import AdoptionModel
from recommender.capacity import CapacityIndex
from recommender.discretion import veil
from recommender.domain import Catalogue, Text
from recommender.explanation import Explainer
from recommender.explanation.remarks import need_remark
from recommender.features import LEARNED, NAMES, SPECS, FeatureBuilder, FeatureFrame, Question
from recommender.network import NetworkIndex
from recommender.network.peers import PeerIndex
from recommender.pairs import PairFits, PairScorer
from recommender.query import MODES, OrganisationProfile, Query, Ranking
from recommender.query_check import MAX_ROWS, check_codes, check_id, check_query, is_text, out_of_range
from recommender.ranker import FitRanker, Learned, read_prior
from recommender.record import record_features
from recommender.rerank import POOL, diversify, practice_traits
from recommender.retrieval import SCORE_ALL, Eligibility, candidates
from recommender.reverse import PlaceQuery, PlaceRanking, ReverseRanker
from recommender.scored import Scored
from recommender.several_places import best_places
from recommender.taxonomy import Taxonomy
from recommender.territory.context import ContextIndex
from recommender.territory.gazetteer import Gazetteer
from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.surroundings import SurroundingsIndex
from recommender.territory.theme_relevance import theme_relevance
from recommender.text.embedding import Embedder, Progress
from recommender.text.matching import TextIndex

CHEAP_LISTS = ("need_dense", "need_lexical", "need_alignment", "likeness_nearest", "like_territories")
"""Features whose orders are fused where a catalogue is too large to score whole."""


@dataclass(frozen=True, repr=False)
class Pipeline:
    """One snapshot of the catalogue, ready to answer."""

    catalogue: Catalogue
    taxonomy: Taxonomy
    gazetteer: Gazetteer
    matrix: IndicatorMatrix
    text: TextIndex
    builder: FeatureBuilder
    eligibility: Eligibility
    ranker: FitRanker
    explainer: Explainer
    practice_ids: tuple[str, ...]
    territory_rows: dict[str, int]
    traits: NDArray[np.float64]
    reverse: ReverseRanker
    peers: PeerIndex
    network: NetworkIndex

    @classmethod
    def build(
        cls,
        catalogue: Catalogue,
        taxonomy: Taxonomy,
        embedder: Embedder,
        ranker: FitRanker | None = None,
        progress: Progress | None = None,
        model: AdoptionModel | None = None,
        without_model: Text | None = None,
    ) -> Pipeline:
        """Work out everything that no query changes.

        Parameters
        ----------
        catalogue : Catalogue
        taxonomy : Taxonomy
        embedder : Embedder
            With a warm cache no text is embedded and no model loaded.
        ranker : FitRanker, optional
            The reviewed prior where none is given.
        progress : callable, optional
            Called with (texts embedded, texts in all).
        model : AdoptionModel, optional
            What was learned of recorded adoptions, by this embedder's encoder.
        without_model : Text, optional
            Why there is none, where somebody will want to know.
        """
        catalogue = veil(catalogue)
        recorded, without = learned_scores(catalogue, model, embedder, progress)
        learned = None if recorded is None else Learned(recorded.model.version, LEARNED)
        ranker = ranker or read_prior(SPECS, learned=learned)
        matrix = IndicatorMatrix.build(catalogue)
        text = TextIndex.build(catalogue, taxonomy, embedder, progress)
        context = ContextIndex.build(matrix, catalogue, text.indicator_relevance)
        surroundings = SurroundingsIndex.build(matrix, catalogue)
        eligibility = Eligibility.build(catalogue)
        capacity = CapacityIndex.build(catalogue)
        themes = theme_relevance(catalogue, taxonomy, text.indicator_relevance, embedder, progress)
        record, without = record_features(catalogue), without or without_model
        builder = FeatureBuilder(text, context, surroundings, capacity, record, recorded, without)
        explainer = Explainer(
            catalogue, tuple(catalogue.practices.values()), taxonomy, context, surroundings, ranker, recorded
        )
        return cls(
            catalogue=catalogue,
            taxonomy=taxonomy,
            gazetteer=Gazetteer(catalogue.territories),
            matrix=matrix,
            text=text,
            builder=builder,
            eligibility=eligibility,
            ranker=ranker,
            explainer=explainer,
            practice_ids=tuple(catalogue.practices),
            territory_rows={territory: row for row, territory in enumerate(catalogue.territories)},
            traits=practice_traits(eligibility),
            reverse=ReverseRanker.build(catalogue, matrix, PairScorer(builder, ranker), explainer),
            peers=PeerIndex.build(catalogue, matrix, surroundings, themes),
            network=NetworkIndex.build(catalogue, surroundings),
        )

    @property
    def data_version(self) -> str:
        """Digest of the data every answer names."""
        return self.catalogue.version

    @property
    def model_version(self) -> str:
        """Name of the model every answer names."""
        return self.ranker.version

    def recommend(self, query: Query, leave_out: Sequence[str] = ()) -> Ranking:
        """Rank the practices for a query and explain the first `query.k`.

        `leave_out` are ids of practices that are neither ranked nor listed.

        Raises
        ------
        QueryError
            When the query cannot be answered as asked.
        NotReady
            When a text is to be matched and the encoder does not load in time.
        """
        scored = self.score(query, leave_out)
        chosen = self._chosen(scored, query)
        recommendations = tuple(
            self.explainer.recommendation(
                scored.question_of(position := int(scored.order[place])),
                scored.frame,
                scored.fit,
                position,
                rank,
                int(place) + 1,
                among=len(scored.question.territories),
            )
            for rank, place in enumerate(chosen, start=1)
        )
        return Ranking(
            query=query,
            recommendations=recommendations,
            considered=len(self.practice_ids),
            eligible=scored.eligible,
            already_here=tuple(self.practice_ids[row] for row in scored.frame.rows[scored.present]),
            data_version=self.data_version,
            model_version=self.model_version,
            model_use=self.builder.model_use(scored.question.territories, query.mode),
            need_remark=need_remark(scored.question),
        )

    def score(self, query: Query, leave_out: Sequence[str] = ()) -> Scored:
        """Score every candidate of a query, without re-rank; the one path to a number."""
        check_query(query, self.catalogue)
        check_codes("mode", [query.mode], MODES)
        eligible = self.eligibility.eligible(query.filters)
        leave_out = (*leave_out, *_own_practices(query))
        if leave_out:
            eligible = eligible & ~np.isin(self.practice_ids, leave_out)
        question = self._question(query)
        several = query.territory_id is None and len(question.territories) > 0
        whole = several and 0 < eligible.sum() <= SCORE_ALL  # no list has to choose
        columns = {} if whole else self.builder.columns(question)
        rows = candidates(eligible, [columns[name] for name in CHEAP_LISTS if name in columns])
        everywhere = np.flatnonzero(eligible)
        rows = np.union1d(rows, everywhere[self._present(query, everywhere)])
        here, places = self._present(query, rows), None
        if several and len(rows):
            best = best_places(self.reverse.scorer, question, rows, query.weights, query.include_present)
            frame = FeatureFrame(rows, best.values, self.builder.asked(question, "territory"))
            fit, here, places = best.fit, best.everywhere, best.territory
        else:
            frame = self.builder.frame(question, columns, rows)
            fit = self.ranker.score(frame.values, NAMES, frame.asked, query.weights)
        order = np.argsort(-fit.score, kind="stable")
        here = here[order]
        return Scored(question, frame, fit, order[~here], order[here], int(eligible.sum()), places)

    def score_pairs(
        self,
        practices: NDArray[np.integer] | None = None,
        territories: NDArray[np.integer] | None = None,
        query: Query | None = None,
    ) -> PairFits:
        """Score practices x territories: the figures `recommend` gives for each territory, to 1e-9.

        Parameters
        ----------
        practices, territories : ndarray of int, optional
            Rows of the catalogue's practices and territories; all of them where not given.
        query : Query, optional
            Its need, organisation and weights; its territory, filters and k are not looked at.

        Raises
        ------
        QueryError
            When the need, the organisation or a weight cannot be used as given.
        NotReady
            When a text is to be matched and the encoder does not load in time.
        """
        rows = np.arange(len(self.practice_ids)) if practices is None else np.asarray(practices, np.intp)
        places = (
            np.arange(len(self.territory_rows)) if territories is None else np.asarray(territories, np.intp)
        )
        query = replace(query or Query(), territory_id=next(iter(self.territory_rows), None))
        check_query(query, self.catalogue)
        check_codes("mode", [query.mode], MODES)
        return self.reverse.scorer.fits(self._question(query), rows, places, query.weights)

    def rank_territories(self, query: PlaceQuery) -> PlaceRanking:
        """Rank the territories for one practice (see `ReverseRanker.rank` for what it raises)."""
        return self.reverse.rank(query)

    def similar(self, practice_id: str, k: int = 10) -> list[tuple[str, float]]:
        """List the practices whose texts are most like one practice's, with their likeness.

        Raises
        ------
        UnknownId
            When there is no such practice; the nearest ids are named.
        OutOfRange
            When k is not 1 to 500.
        """
        check_id("practice", practice_id, self.catalogue)
        if not 1 <= k <= MAX_ROWS:
            raise out_of_range("k", k, 1, MAX_ROWS)
        row = self.practice_ids.index(practice_id)
        likeness = self.text.similar(row)
        order = np.argsort(-np.nan_to_num(likeness, nan=-np.inf), kind="stable")
        found = [other for other in order if other != row and np.isfinite(likeness[other])]
        return [(self.practice_ids[other], float(likeness[other])) for other in found[:k]]

    def _question(self, query: Query) -> Question:
        profile = query.organisation
        places = (
            [query.territory_id] if query.territory_id else list(profile.territory_ids if profile else ())
        )
        need, about = (query.need or "").strip(), _own_words(profile)
        rows = dict.fromkeys(self.territory_rows[place] for place in places)  # named twice, it is one place
        return Question(
            territories=np.array(list(rows), dtype=np.intp),
            need=self.text.match(need, query.asker) if need else None,
            about=self.text.match(about) if about else None,
            profile=profile,
            mode=query.mode,
        )

    def _present(self, query: Query, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell which practices already run in the territory asked about, and are listed apart."""
        if query.territory_id is None or query.include_present:
            return np.zeros(len(rows), dtype=bool)
        here = np.array([self.territory_rows[query.territory_id]])
        return self.builder.surroundings.already_here(rows, here)[:, 0]

    def _chosen(self, scored: Scored, query: Query) -> NDArray[np.intp]:
        """Return places in the order by score: the first k, or k chosen for variety."""
        if not query.diversify:
            return np.arange(min(query.k, len(scored.order)))
        pool = scored.order[: query.k * POOL]
        return diversify(scored.fit.score[pool], self.traits[scored.frame.rows[pool]], query.k)


def _own_practices(query: Query) -> tuple[str, ...]:
    """Return the practices that the asking organisation already ran: it has nothing to replicate there."""
    profile = query.organisation
    return () if profile is None or query.include_present else profile.past_practices


def _own_words(profile: OrganisationProfile | None) -> str:
    """Return what an organisation says of itself: "about us" and past practices that are no ids."""
    if profile is None:
        return ""
    told = [profile.about.strip(), *filter(is_text, profile.past_practices)]
    return ". ".join(text for text in told if text)
