"""Cells a spreadsheet must not take for formulas, and cells for what is not known."""

import csv
import io

import pytest

from api.csv_rows import write_csv


def read(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_would_run_as_a_formula_is_marked_as_text(start):
    assert read(write_csv([{"title": f"{start}1+1"}])) == [{"title": f"'{start}1+1"}]


def test_a_negative_number_stays_a_number():
    assert read(write_csv([{"score": -1.5}])) == [{"score": "-1.5"}]


def test_unknown_is_an_empty_cell_and_zero_is_zero():
    assert read(write_csv([{"evidence": None, "value": 0.0}])) == [{"evidence": "", "value": "0.0"}]


def test_rows_with_different_columns_share_one_header():
    assert read(write_csv([{"a": 1}, {"a": 2, "b": "x"}])) == [{"a": "1", "b": ""}, {"a": "2", "b": "x"}]


def test_commas_quotes_and_line_breaks_survive():
    text = 'uno, "dos"\ntres'

    assert read(write_csv([{"title": text}])) == [{"title": text}]
