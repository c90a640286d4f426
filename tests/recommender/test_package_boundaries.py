"""A package may carry the polygons of its territories; every feature is checked."""

import json

import pytest

from recommender.package import check_packages, read_packages
from tests.recommender.tiny_package import read_manifest, write_manifest, write_tiny

SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 0]]]


def feature(name="NA-01", kind="Polygon", coordinates=SQUARE):
    return {"type": "Feature", "id": name, "geometry": {"type": kind, "coordinates": coordinates}}


def with_boundaries(folder, content):
    write_tiny(folder)
    manifest = read_manifest(folder)
    manifest["resources"].append({"name": "boundaries", "path": "boundaries.geojson"})
    write_manifest(folder, manifest)
    if not isinstance(content, bytes):
        content = json.dumps({"type": "FeatureCollection", "features": content}).encode()
    (folder / "boundaries.geojson").write_bytes(content)
    return folder


def test_polygons_and_multipolygons_of_known_territories_are_accepted(tmp_path):
    folder = with_boundaries(
        tmp_path / "tiny", [feature(), feature("NA-02", "MultiPolygon", [SQUARE, SQUARE])]
    )

    report = check_packages([folder])

    assert report.faults == ()
    assert report.counts[str(folder)]["boundaries.geojson"] == 2
    assert "NA-01" in read_packages([folder]).territories


@pytest.mark.parametrize(
    ("wrong", "column", "value", "problem"),
    [
        (feature("NA-77"), "id", "NA-77", "not in territories.csv"),
        (feature("NA-02"), "id", "NA-02", "already in row 1"),
        (feature(None), "id", "", "required"),
        (feature(7), "id", "7", "required"),
        (feature(kind="Point", coordinates=[0, 0]), "geometry", "NA-01", "type Point"),
        (feature(coordinates=[]), "geometry", "NA-01", "coordinates"),
        (feature(coordinates=[[[0, 0], [1, 0], [0, 0]]]), "geometry", "NA-01", "fewer than 4"),
        (feature(coordinates=[[[0, 0], [1, 0], [1, 1], [0, 1]]]), "geometry", "NA-01", "not closed"),
        (feature(coordinates=[[[0, 0], [181, 0], [1, 1], [0, 0]]]), "geometry", "NA-01", "position"),
        (feature(coordinates=[[[0, 0], ["1", 0], [1, 1], [0, 0]]]), "geometry", "NA-01", "position"),
        ({"type": "Feature", "id": "NA-01", "geometry": None}, "geometry", "NA-01", "type None"),
    ],
)
def test_a_wrong_feature_is_named_by_its_number(tmp_path, wrong, column, value, problem):
    folder = with_boundaries(tmp_path / "tiny", [feature("NA-02"), wrong])

    (fault,) = check_packages([folder]).faults

    assert (fault.file, fault.row, fault.column, fault.value) == ("boundaries.geojson", 2, column, value)
    assert problem in fault.problem.values["en"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"type": "Feature"}', b"\xff{}", b"["])
def test_what_is_no_collection_of_features_is_a_fault(tmp_path, content):
    folder = with_boundaries(tmp_path / "tiny", content)

    (fault,) = check_packages([folder]).faults

    assert fault.file == "boundaries.geojson"
