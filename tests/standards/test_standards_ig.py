"""SDTMIG and ADaMIG: literal facts, model variables of classes, placeholders."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from sdtm_builder.standards import StandardsError, adam_ig, ig

SOURCE = Path(__file__).resolve().parents[2].parent / "shared" / "standards"
needs_tables = pytest.mark.skipif(not SOURCE.is_dir(), reason=f"the published tables are not at {SOURCE}")


def names(variables: object) -> list[str]:
    return [each.name for each in variables]  # type: ignore[attr-defined]


def test_datasets() -> None:
    datasets = ig().datasets
    assert len(datasets) == 63
    assert (datasets["AE"].label, datasets["AE"].klass) == ("Adverse Events", "Events")
    assert datasets["DM"].structure == "One record per subject"
    assert list(datasets)[:3] == ["AE", "AG", "BE"]


def test_variable() -> None:
    found = ig().variable("AE", "AESEV")
    assert found is not None
    assert (found.label, found.type, found.role, found.core, found.codelists) == (
        "Severity/Intensity", "Char", "Record Qualifier", "Perm", ("C66769",),
    )  # fmt: skip
    domain = ig().variable("AE", "DOMAIN")
    assert domain is not None
    assert domain.value_list == ("AE",)
    result = ig().variable("EG", "EGSTRESC")
    assert result is not None
    assert result.codelists == ("C71150", "C120522", "C101834")
    duration = ig().variable("AE", "AEDUR")
    assert duration is not None
    assert duration.described == "ISO 8601 duration"


def test_order_of_the_ig() -> None:
    assert names(ig().variables("DS"))[:4] == ["STUDYID", "DOMAIN", "USUBJID", "DSSEQ"]
    assert [each.ordinal for each in ig().variables("AE")] == list(range(1, 61))


def test_supp_and_relrec() -> None:
    wanted = ["STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL"]
    assert names(ig().variables("SUPPAE")) == wanted
    assert names(ig().variables("SUPPFACM")) == wanted
    assert names(ig().variables("RELREC"))[-2:] == ["RELTYPE", "RELID"]
    assert ig().variables("SU") != ig().variables("SUPPSU")
    assert ig().dataset("XX") is None
    assert ig().variables("XX") == ()


@pytest.mark.parametrize(
    ("dataset", "name", "label", "kind"),
    [
        ("LB", "LBREPNUM", "Repetition Number", "Num"),
        ("AE", "AELNKID", "Link ID", "Char"),
        ("AE", "AELNKGRP", "Link Group ID", "Char"),
        ("CM", "CMREFID", "Reference ID", "Char"),
        ("AE", "AESTINT", "Planned Start of Assessment Interval", "Char"),
        ("VS", "VSSTDTC", "Start Date/Time of Observation", "Char"),
        ("AE", "MIDS", "Disease Milestone Instance Name", "Char"),
    ],
)
def test_model_variables_of_ig_datasets(dataset: str, name: str, label: str, kind: str) -> None:
    assert name not in names(ig().variables(dataset))
    found = ig().variable(dataset, name)
    assert found is not None
    assert (found.label, found.type, found.core) == (label, kind, "Perm")


@pytest.mark.parametrize(
    ("dataset", "name"),
    [
        ("AE", "AEFOO"),
        ("DM", "DMSEQ"),
        ("DM", "VISITNUM"),
        ("LB", "LBOBJ"),
        ("LB", "LBCHROM"),
        ("AE", "LBSEQ"),
        ("SUPPAE", "EPOCH"),
    ],
)
def test_not_permitted(dataset: str, name: str) -> None:
    assert ig().variable(dataset, name) is None


def test_permitted_keeps_the_order_of_the_ig() -> None:
    for dataset in ig().datasets:
        own = names(ig().variables(dataset))
        assert [name for name in names(ig().permitted(dataset)) if name in own] == own
    assert [each.ordinal for each in ig().permitted("LB")] == list(range(1, len(ig().permitted("LB")) + 1))
    order = names(ig().permitted("LB"))
    assert order.index("LBSPID") < order.index("LBLNKID") < order.index("LBTESTCD")
    assert order.index("LBCLSIG") < order.index("LBREPNUM") < order.index("VISITNUM")


def test_class_variables_of_a_custom_domain() -> None:
    order = names(ig().class_variables("FINDINGS", "XF"))
    key = ["STUDYID", "DOMAIN", "USUBJID", "XFSEQ", "XFTESTCD", "XFTEST", "XFORRES", "XFSTRESN", "VISITNUM", "EPOCH"]
    key += ["XFDTC", "XFDY"]
    assert [name for name in order if name in key] == key
    by_name = {each.name: each for each in ig().class_variables("Findings", "XF")}
    assert by_name["XFTESTCD"].core == "Req"
    assert by_name["XFORRESU"].codelists == ("C71620",)
    assert "XFOBJ" not in by_name
    assert "XFOBJ" in names(ig().class_variables("FINDINGS ABOUT", "XF"))
    assert "XITRT" in names(ig().class_variables("interventions", "XI"))
    assert "XETERM" in names(ig().class_variables("EVENTS", "XE"))
    assert {"RFICDTC", "ARMNRS", "DCDTC", "DCSEQ"} <= set(names(ig().class_variables("SPECIAL PURPOSE", "DC")))
    assert ig().class_variables("Relationship", "XR") == ()


def test_model_agrees_with_interventions_and_events() -> None:
    for dataset in ig().datasets.values():
        if dataset.klass not in ("Interventions", "Events"):
            continue
        model = {each.name: each for each in ig().class_variables(dataset.klass, dataset.name)}
        for variable in ig().variables(dataset.name):
            if variable.name != "MHEVDTYP":
                assert model[variable.name].type == variable.type, variable.name


def test_labels_fit_a_transport_file() -> None:
    for klass in ("Interventions", "Events", "Findings", "Findings About", "Special-Purpose", "Trial Design"):
        for each in ig().class_variables(klass, "XX"):
            assert 0 < len(each.label) <= 40, each
            assert len(each.name) <= 8, each
            assert each.label == each.label.strip()


def test_faults() -> None:
    with pytest.raises(StandardsError, match=r"SDTMIG 3\.3 is not packaged\. Versions available: 3\.4"):
        ig("3.3")
    with pytest.raises(StandardsError, match="Class 'ODDS' is none of SDTMIG"):
        ig().class_variables("ODDS", "XX")


@pytest.mark.parametrize(
    ("structure", "name", "label"),
    [
        ("ADSL", "TRT01P", "Planned Treatment for Period 01"),
        ("ADSL", "TR02PG11", "Planned Pooled Treatment 11 for Period 02"),
        ("ADSL", "P01S2SDT", "Period 01 Subperiod 2 Start Date"),
        ("ADSL", "AGEGR1N", "Pooled Age Group 1 (N)"),
        ("BDS", "ANL02FL", "Analysis Flag 02"),
        ("BDS", "ADT", "Analysis Date"),
        ("BDS", "PROGDT", "{Date}"),
        ("BDS", "PROGDTF", "{Date Imputation Flag}"),
        ("TTE", "CNSR", "Censor"),
        ("TTE", "AVAL", "Analysis Value"),
        ("ADAE", "TRTEMFL", "Treatment Emergent Analysis Flag"),
        ("ADAE", "AETERM", "Reported Term"),
    ],
)
def test_adam(structure: str, name: str, label: str) -> None:
    found = adam_ig().variable(structure, name)
    assert found is not None
    assert (found.name, found.label) == (name, label)


@pytest.mark.parametrize("name", ["TRT1P", "TRT00P", "TRTxxP", "TRT01PP", "AGEGR0", "AGEGR100", "P01S0SDT", "FOO"])
def test_not_adam(name: str) -> None:
    assert adam_ig().variable("ADSL", name) is None


def test_adam_structures_and_prefix() -> None:
    assert list(adam_ig().structures) == ["ADSL", "BDS", "TTE", "OCCDS", "ADAE"]
    found = adam_ig().variable("OCCDS", "CMSTDY", "CM")
    assert found is not None
    assert adam_ig().variable("OCCDS", "CMSTDY") is None
    flag = adam_ig().variable("BDS", "ADTF")
    assert flag is not None
    assert flag.codelists == ("C81223",)


@needs_tables
def test_equals_the_tables() -> None:
    with (SOURCE / "sdtmig-3-4-variables.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    wanted = {(r[0], int(r[1]), r[2], r[3].replace("\\n", "").strip(), *r[4:]) for r in rows}
    found = {
        (
            *(name, v.ordinal, v.name, v.label, v.type, v.role, v.core),
            *(";".join(v.codelists), v.described, ";".join(v.value_list)),
        )
        for name in ig().datasets
        for v in ig().variables(name)
    }
    assert len(rows) == 1917
    assert found == wanted


def test_import_is_light() -> None:
    heavy = "{'pandas', 'pyarrow', 'lxml', 'openpyxl', 'python_calamine', 'numpy'} & set(sys.modules)"
    code = f"import sys; import sdtm_builder.standards; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_associated_persons_have_the_variables_of_their_parent() -> None:
    guide = ig("3.4")
    described = guide.dataset("APMH")
    assert described is not None
    assert (described.label, described.klass) == ("Associated Persons Medical History", "Events")
    assert [v.name for v in guide.variables("APMH")][:11] == [
        "STUDYID", "DOMAIN", "APID", "MHSEQ", "MHGRPID", "MHREFID", "MHSPID", "RSUBJID", "RDEVID", "SREL", "MHTERM",
    ]  # fmt: skip
    assert "USUBJID" not in {v.name for v in guide.permitted("APMH")}
    assert [v.name for v in guide.variables("SUPPAPMH")][:4] == ["STUDYID", "RDOMAIN", "APID", "IDVAR"]
    custom = [v.name for v in guide.class_variables("Events", "APXX")]
    assert custom[:3] == ["STUDYID", "DOMAIN", "APID"]
    assert "XXTERM" in custom
    assert guide.dataset("APXX") is None


def test_a_study_reference_may_be_of_devices() -> None:
    found = ig("3.4").class_variables("STUDY REFERENCE", "DI")
    assert [v.name for v in found] == ["STUDYID", "DOMAIN", "SPDEVID", "NHOID", "DISEQ", "DIPARMCD", "DIPARM", "DIVAL"]
    assert [v.ordinal for v in found] == list(range(1, 9))
