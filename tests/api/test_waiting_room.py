"""While the text encoder loads, questions with a text wait a few at a time and nothing else waits."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.app import create_app
from api.engine import Engine
from api.snapshot import Snapshot
from api.waiting_room import WaitingRoom
from recommender.pipeline import Pipeline
from recommender.text.embedding import Embedder
from recommender.text.vector_cache import VectorCache
from tests.api.conftest import HashingEncoder
from tests.world import world

ASK = "/api/v1/recommendations"
SEATS = 4
TEXTS = (
    {"need": "salud"},
    {"organisation": {"about": "Enseñamos oficios"}},
    {"organisation": {"past_practices": ["un huerto escolar"]}},
)


@pytest.fixture
def slow(taxonomy, tmp_path):
    """A service whose vectors are all there and whose encoder loads until `arrived` is set."""
    cache = VectorCache(tmp_path, "hashing")
    Pipeline.build(world().catalogue, taxonomy, Embedder(HashingEncoder, cache))
    arrived = threading.Event()

    def load():
        arrived.wait(60)
        return HashingEncoder()

    embedder = Embedder(load, VectorCache(tmp_path, "hashing"), patience=60)
    pipeline = Pipeline.build(world().catalogue, taxonomy, embedder)
    room = WaitingRoom(SEATS, lambda: embedder.ready)
    app = create_app(engine=Engine.of(Snapshot.build(pipeline, room)))
    yield app, arrived
    arrived.set()


@pytest.mark.parametrize("asked", TEXTS, ids=str)
def test_of_ten_at_once_four_wait_and_six_are_told_when_to_come_back(slow, asked):
    app, arrived = slow
    with ThreadPoolExecutor(10) as threads:
        answers = [threads.submit(app.test_client().post, ASK, json=asked) for _ in range(10)]
        end = time.monotonic() + 20
        while sum(answer.done() for answer in answers) < 10 - SEATS:
            assert time.monotonic() < end
            time.sleep(0.01)
        refused = [answer.result() for answer in answers if answer.done()]
        arrived.set()
        waited = [answer.result() for answer in answers if answer.result() not in refused]

    assert [answer.status_code for answer in waited] == [200] * SEATS
    for answer in refused:
        assert (answer.status_code, answer.json["code"]) == (503, "not-ready")
        assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("asked", TEXTS, ids=str)
def test_what_needs_no_encoder_is_answered_meanwhile(slow, asked):
    app, arrived = slow
    client = app.test_client()
    with ThreadPoolExecutor(SEATS) as threads:
        waiting = [threads.submit(app.test_client().post, ASK, json=asked) for _ in range(SEATS)]
        started = time.monotonic()
        answers = [
            client.get("/health/live"),
            client.get("/health/ready"),
            client.get("/api/v1/territories/XX-C1-1/recommendations"),
            client.get("/api/v1/practices?q=salud"),
            client.post(ASK, json={"organisation": {"type": "university"}}),
        ]
        took = time.monotonic() - started
        still = [answer.done() for answer in waiting]
        arrived.set()

    assert [answer.status_code for answer in answers] == [200] * 5
    assert took < 10
    assert still == [False] * SEATS


def test_with_the_encoder_there_all_are_let_in_and_seats_are_given_back():
    there = []
    room = WaitingRoom(1, lambda: bool(there))
    for _ in range(3):
        with room.seat():
            pass
    there.append(True)
    with room.seat(), room.seat(), room.seat():
        pass
