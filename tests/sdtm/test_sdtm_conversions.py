"""The packaged table of conversions: known values, only terms of controlled terminology, no way round in a circle."""

from fractions import Fraction

import pytest

from sdtm_builder.sdtm.conversions import packaged
from sdtm_builder.standards import ct


@pytest.mark.parametrize(
    ("test", "source", "target", "value", "expected"),
    [
        ("TEMP", "F", "C", "212", "100"),
        ("TEMP", "C", "F", "37", "98.6"),
        ("TEMP", "K", "C", "273.15", "0"),
        ("WEIGHT", "LB", "kg", "1", "0.45359237"),
        ("HEIGHT", "in", "cm", "10", "25.4"),
        ("HEIGHT", "ft", "in", "1", "12"),
        ("HGB", "g/dL", "g/L", "12.5", "125"),
        ("WBC", "10^6/L", "10^9/L", "4500", "4.5"),
        ("DDIMER", "ug/L FEU", "mg/L FEU", "500", "0.5"),
        ("GLUC", "mg/dL", "mmol/L", "100", "5.551"),
        ("GLUC", "g/L", "mmol/L", "1", "5.551"),
        ("CREAT", "mg/dL", "umol/L", "1", "88.42"),
        ("CREAT", "mg/dL", "mmol/L", "1", "0.08842"),
        ("HCT", "L/L", "%", "0.45", "45"),
        ("HCT", "%", "L/L", "45", "0.45"),
        ("ALT", "ukat/L", "U/L", "1", "60"),
        ("K", "mEq/L", "mmol/L", "4", "4"),
        ("MG", "mEq/L", "mmol/L", "4", "2"),
        ("SPO2", "mmHg", "kPa", "100", "13.3322387415"),
    ],
)
def test_known_conversions(test, source, target, value, expected):
    found = packaged().find(test, source, target)
    assert found is not None
    assert Fraction(value) * found.factor + found.offset == Fraction(expected)


@pytest.mark.parametrize(
    ("test", "source", "target"),
    [("XYZ", "mg/dL", "mmol/L"), ("GLUC", "mEq/L", "mmol/L"), ("WBC", "IU/L", "U/L"), ("HGB", "L/L", "%"),
     ("UREA", "mg/100g", "mmol/L"), ("HGB", "g/dL", "mmol/L")],
)  # fmt: skip
def test_what_the_table_does_not_know(test, source, target):
    assert packaged().find(test, source, target) is None


def test_every_unit_and_test_is_a_term_and_every_base_a_base():
    package = ct("sdtm", "2025-03-28")
    units = {term for name in ("UNIT", "VSRESU", "PKUNIT") for term in package.codelist(name).terms}
    table = packaged()
    found = {*table.families, *(base for base, _ in table.families.values())}
    found |= {unit for rows in table.tests.values() for source, target, _ in rows for unit in (source, target)}
    assert found - units == set()
    assert set(table.tests) - set(package.codelist("LBTESTCD").terms) == set()
    assert {base for base, _ in table.families.values()} & set(table.families) == set()


def test_there_and_back_is_where_it_began():
    table = packaged()
    for unit, (base, _) in table.families.items():
        there, back = table.general(unit, base), table.general(base, unit)
        assert there.then(back).factor == 1
        assert there.then(back).offset == 0
        assert there.factor > 0
