"""Benchmarks are no tests: they print figures and time nothing against a limit.

``make bench``, or ``make bench BENCHMARKS=folder`` with the large corpus.
"""

from __future__ import annotations

import os
from itertools import cycle
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from api.config import HOME
from tests.benchmarks.deployment import Deployment, deploy

SIZES = ("shipped", "large")


def pytest_addoption(parser):
    parser.addoption("--corpus", type=Path, help="folder of the large corpus")
    parser.addoption(
        "--vectors",
        type=Path,
        default=HOME / "var" / "benchmarks",
        help="folder of registries and vectors; a second run finds them there",
    )


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Count as a worker of the service does: one numerical thread."""
    os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"})
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def deployments():
    return {}


@pytest.fixture(scope="session", params=SIZES)
def deployment(request, deployments, one_thread) -> Deployment:
    """The shipped catalogue, then the same with the large corpus."""
    name, corpus = request.param, request.config.getoption("--corpus")
    if name == "large" and corpus is None:
        pytest.skip("no --corpus")
    if name not in deployments:
        folder = request.config.getoption("--vectors") / name
        folder.mkdir(parents=True, exist_ok=True)
        deployments[name] = deploy(name, folder, corpus if name == "large" else None, _shown)
    return deployments[name]


@pytest.fixture(scope="session")
def territories(deployment):
    """Ecuador's territories one after another, again and again: no answer is asked for twice in a row."""
    ids = [t.id for t in deployment.pipeline.catalogue.territories.values() if t.country_id == "EC"]
    return cycle(ids)


@pytest.fixture
def noted(benchmark, deployment):
    """The benchmark's own notes: what the table needs to know beside the times."""
    catalogue = deployment.pipeline.catalogue
    benchmark.extra_info |= {
        "size": deployment.name,
        "practices": len(catalogue.practices),
        "territories": len(catalogue.territories),
        "data_version": catalogue.version,
        "model_version": deployment.pipeline.model_version,
        "load_average": os.getloadavg()[0],
    }
    return benchmark.extra_info


def _shown(done, total):
    if done == total or done % 3200 == 0:
        os.write(2, f"\rembedding {done} of {total}".encode())
