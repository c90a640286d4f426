"""The service as a whole process: start, requests a second, memory."""

from tests.api.http_load import measure
from tests.benchmarks.service import serving, start

CANTON = "EC-2101"
NEED = "jóvenes venezolanos sin empleo formal"
ROWS = f"/api/v1/territories/{CANTON}/recommendations"
SECONDS = 10.0


def test_start_to_ready(benchmark, deployment, noted):
    def begin():
        started.append(start(deployment.settings))
        started[-1].wait()

    def end():
        started.pop().stop()

    started = []
    benchmark.pedantic(begin, teardown=end, rounds=5, warmup_rounds=1)

    assert not started


def test_requests_per_second(benchmark, deployment, noted):
    with serving(deployment.settings) as service:
        measure(service.address + ROWS, 2.0)
        load = benchmark.pedantic(measure, (service.address + ROWS, SECONDS), rounds=1)

    noted |= load._asdict()
    assert load.requests_per_second > 0


def test_peak_memory(benchmark, deployment, noted):
    """After load, and after questions with a text by several at once."""
    with serving(deployment.settings) as service:
        measure(service.address + ROWS, 3.0)
        asked = {"territory": CANTON, "need": NEED}
        status, _ = benchmark.pedantic(
            service.ask, ("POST", "/api/v1/recommendations", asked), rounds=30, warmup_rounds=3
        )
        noted["peak_mib"] = service.peak_mib()

    assert status == 200
