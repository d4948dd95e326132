"""The table of what is carried out of CDISC's catalogue: each rule is claimed or has a reason, and none both."""

from __future__ import annotations

import pytest

from sdtm_builder.validate.reference import CatalogueRule, coverage_table

UNKNOWN = CatalogueRule("CORE-999999", True, ("CG9999",), "XX")
ORDER = CatalogueRule("CORE-000144", True, ("CG0247", "FB9999"), "TA")
SIZE = CatalogueRule("CORE-000765", False, ("FB2401",), "ALL")


def test_rules_and_reasons_stand_beside_the_catalogue() -> None:
    text = coverage_table([ORDER, SIZE, UNKNOWN], {"CORE-999999": "not asked"})
    assert text.splitlines()[-3:] == [
        "| CORE-000144 | CG0247 FB9999 | TA | [element-order-wrong](rules.md#element-order-wrong) |",
        "| CORE-000765 | FB2401 | ALL | [dataset-over-5-gb](rules.md#dataset-over-5-gb) |",
        "| CORE-999999 | CG9999 | XX | no: not asked |",
    ]
    assert "Carried out: 1 of 2 rules" in text
    assert "\n1 of 1 that it calls partially" in text


def test_a_number_of_fda_does_not_stand_for_one_of_cdisc() -> None:
    both = CatalogueRule("CORE-1", True, ("CG9999", "FB2401"), "ALL")
    with pytest.raises(ValueError, match="CORE-1: no reason is given"):
        coverage_table([both], {})


@pytest.mark.parametrize(
    ("catalogue", "reasons", "told"),
    [
        ([UNKNOWN], {}, "CORE-999999: no reason is given"),
        ([ORDER], {"CORE-000144": "x"}, "CORE-000144: carried out, but a reason is given"),
        ([], {"CORE-2": "x"}, "reasons for what is not in the catalogue: CORE-2"),
    ],
)
def test_a_table_with_gaps_is_refused(catalogue: list[CatalogueRule], reasons: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        coverage_table(catalogue, reasons)
