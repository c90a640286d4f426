"""A tiny good data package about an invented country, and ways to break one thing in it."""

import csv
import json
from pathlib import Path

LANGUAGE = "en"
TABLES = {
    "territories": """id,name,level,parent_id,local_code,latitude,longitude,area_km2,region,capital,aliases
NA,Narnia,country,,,,,,,,
NA-01,Lantern,admin1,NA,01,-1.5,-78.25,100.5,West,Post,
NA-02,Cair,admin1,NA,02,0,-79,,East,,
NA-0101,Beaver,admin2,NA-01,0101,-1.25,-78,50,,,Beaversdam;The Dam
""",
    "neighbours": """territory_id,neighbour_id,distance_km,border
NA-01,NA-02,12.5,1
NA-02,NA-01,12.5,1
NA-01,NA-0101,,0
""",
    "indicators": """id,name_en,name_es,description_en,unit,unit_es,direction,source,licence,shrink_persons
water,Piped water,Agua de red,"Dwellings with piped water, in percent",%,%,need_low,Census,,
crime,Crime,Delitos,,per 1000,por cada 1000,need_high,Police,CC0,50000
""",
    "observations": """territory_id,indicator_id,year,value,source
NA-01,water,2022,61.25,census-1
NA-02,water,2022,0,census-1
NA-02,crime,2021,1e-3,
""",
    "observation_sources": """source,publisher,description,licence
census-1,Office of Lamps,Table 1,
""",
    "organisations": """id,name,type,country,network,url,about
fauns,Fauns & Co.,civil_society,NA,"Woods;Tea",https://fauns.example,They pour tea.
lion,The Lion,public_institution,,,,
""",
    "practices": (
        "id,title,title_es,summary,organisation_id,partners,themes,populations,sdgs,gcm_objectives,start_year,"
        "end_year,budget_usd,people_reached,requirements,evidence_level,recognition,tags_basis,source_name,"
        "source_url,retrieved,note,topic\n"
        'tea,Tea for arrivals,Té para quienes llegan,"Tea, toast\nand a ""warm"" fire",fauns,Lamps;Bells,'
        "social_cohesion;health,migrants;youth,10;3,16,1940,1949,750.5,12,Kettle,2,,inferred,Book,"
        "https://book.example/tea,2026-01-31,,\n"
        "NA,Winter shelter,,,,,,,,,,,,,,,,,,,,,\n"
    ),
    "adoptions": """practice_id,territory_id,year,organisation_id,outcome,source_url
tea,NA-01,1940,fauns,adopted,https://book.example/tea
NA,NA,,,,
""",
}


def write_tiny(folder: Path, tables: dict[str, str] = TABLES, **head: object) -> Path:
    """Write the package to `folder` and return it."""
    folder.mkdir(parents=True)
    for name, content in tables.items():
        (folder / f"{name}.csv").write_bytes(content.encode())
    manifest = {
        "name": folder.name,
        "title": "Tiny",
        "version": "1.0.0",
        "created": "2026-01-31",
        "language": LANGUAGE,
        "licenses": [{"name": "CC0-1.0"}],
        "sources": [{"title": "invented"}],
        "resources": [{"name": name, "path": f"{name}.csv", "schema": {}} for name in tables],
    } | head
    write_manifest(folder, manifest)
    return folder


def read_manifest(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def write_manifest(folder: Path, manifest: object) -> None:
    (folder / "datapackage.json").write_text(json.dumps(manifest), encoding="utf-8")


def read_rows(folder: Path, table: str) -> list[list[str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(folder: Path, table: str, rows: list[list[str]]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def set_cell(folder: Path, table: str, row: int, column: str, value: str) -> None:
    """Change one cell; `row` counts from 1, the header."""
    rows = read_rows(folder, table)
    rows[row - 1][rows[0].index(column)] = value
    write_rows(folder, table, rows)


def add_row(folder: Path, table: str, row: list[str]) -> None:
    write_rows(folder, table, [*read_rows(folder, table), row])


def drop_column(folder: Path, table: str, column: str) -> None:
    rows = read_rows(folder, table)
    position = rows[0].index(column)
    write_rows(folder, table, [row[:position] + row[position + 1 :] for row in rows])


def add_column(folder: Path, table: str, column: str, cells: list[str]) -> None:
    rows = read_rows(folder, table)
    write_rows(folder, table, [[*row, cell] for row, cell in zip(rows, [column, *cells], strict=True)])


def replace_bytes(folder: Path, file: str, old: bytes, new: bytes) -> None:
    content = (folder / file).read_bytes()
    assert content.count(old) >= 1
    (folder / file).write_bytes(content.replace(old, new, 1))
