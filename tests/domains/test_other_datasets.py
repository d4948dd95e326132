"""What the IG has no table for: split datasets, associated persons, devices, custom domains of each class."""

from __future__ import annotations

from pathlib import Path

import pytest

from .kit import Files, Outcome, outcome
from .make_rows import IG, add
from .test_every_dataset import minimal

RESULTS = [
    {"NO": "01", "CODE": "A1", "NAME": "Item 1", "R": "5", "D": "2024-01-10"},
    {"NO": "01", "CODE": "A2", "NAME": "Item 2", "R": "6", "D": "2024-01-10"},
    {"NO": "02", "CODE": "A1", "NAME": "Item 1", "R": "7", "D": "2024-01-11"},
]
NOT_COLLECTED = ("no-rule", "column-unlisted")
"""Notes: expected variables and raw columns of which these small mappings say nothing."""


def valid(made: Outcome, *datasets: str, leave: tuple[str, ...] = ()) -> None:
    """No findings about the datasets, and define.xml describes them as they are."""
    assert made.told(*datasets, leave=leave) == []
    assert made.study.define is not None
    for name in datasets:
        items = [item.name for item in made.study.define.datasets[name].items]
        assert items == list(made.study.tables[name].variables)


def aliases(made: Outcome) -> dict[str, tuple[str | None, str | None]]:
    """Of each dataset in define.xml its domain and the description of that."""
    from lxml import etree

    odm = "{http://www.cdisc.org/ns/odm/v1.3}"
    found = {}
    for group in etree.parse(made.folder / "define.xml").iter(f"{odm}ItemGroupDef"):
        alias = group.find(f"{odm}Alias")
        found[group.get("Name", "")] = (group.get("Domain"), alias.get("Name") if alias is not None else None)
    return found


def guides(made: Outcome) -> tuple[dict[str, str], dict[str, str]]:
    """The implementation guides that define.xml lists, with their versions, and which one each dataset names."""
    from lxml import etree

    odm, define = "{http://www.cdisc.org/ns/odm/v1.3}", "{http://www.cdisc.org/ns/def/v2.1}"
    tree = etree.parse(made.folder / "define.xml")
    listed = {one.get("OID", ""): one for one in tree.iter(f"{define}Standard") if one.get("Type") == "IG"}
    versions = {one.get("Name", ""): one.get("Version", "") for one in listed.values()}
    named = {}
    for group in tree.iter(f"{odm}ItemGroupDef"):
        standard = listed.get(group.get(f"{define}StandardOID", ""))
        named[group.get("Name", "")] = standard.get("Name", "") if standard is not None else ""
        assert (group.get(f"{define}IsNonStandard") == "Yes") == (standard is None)
    return versions, named


@pytest.mark.parametrize(
    ("domain", "parts", "label"),
    [("QS", ("QSPH", "QSRS"), "Questionnaires"), ("LB", ("LBCH", "LBHE"), "Laboratory Test Results")],
)
def test_split_datasets_are_one_domain(domain: str, parts: tuple[str, str], label: str, tmp_path: Path) -> None:
    files = Files(
        study=f"codelists: {{{domain}TESTCD: {{add: {{A1: Item 1, A2: Item 2}}}}}}\n" if domain == "LB" else ""
    )
    files.study += "codelists: {QSCAT: {add: {OWN: Own}}}\n" if domain == "QS" else ""
    for part in parts:
        files.source(part, RESULTS, ", subject: NO")
        rules = {f"{domain}TESTCD": "CODE", f"{domain}TEST": "NAME", f"{domain}CAT": "{value: OWN}"}
        rules |= {f"{domain}ORRES": "R", f"{domain}DTC": "{date: D}"}
        files.mapping(part, rules, ["USUBJID", f"{domain}TESTCD"], f"domain: {domain}\nlabel: {label} {part}")
    add(files, "DM", minimal)
    made = outcome(tmp_path, files)
    valid(made, *parts, leave=("ct-extension", "term-not-in-extensible-codelist", *NOT_COLLECTED))
    names = ("DOMAIN", "USUBJID", f"{domain}SEQ")
    assert made.values(parts[0], *names) == [(domain, "S1-01", "1"), (domain, "S1-01", "2"), (domain, "S1-02", "1")]
    assert made.values(parts[1], *names) == [(domain, "S1-01", "3"), (domain, "S1-01", "4"), (domain, "S1-02", "2")]
    found = aliases(made)
    assert {found[part] for part in parts} == {(domain, label)}
    assert made.study.define is not None
    keys = {made.study.define.datasets[part].keys for part in parts}
    assert keys == {("STUDYID", "USUBJID", f"{domain}TESTCD")}


PERSONS = [
    {"NO": "01", "P": "S1-01-M", "REL": "MOTHER, BIOLOGICAL", "T": "Asthma", "D": "2024-01-10"},
    {"NO": "01", "P": "S1-01-M", "REL": "MOTHER, BIOLOGICAL", "T": "Gout", "D": "2024-01-10"},
    {"NO": "01", "P": "S1-01-F", "REL": "FATHER, BIOLOGICAL", "T": "Gout", "D": "2024-01-10"},
    {"NO": "02", "P": "S1-02-M", "REL": "MOTHER, BIOLOGICAL", "T": "Asthma", "D": "2024-01-11"},
]


def test_associated_persons(tmp_path: Path) -> None:
    """APMH has the variables of MH, with APID for USUBJID; --SEQ is numbered by person."""
    files = Files()
    files.source("APMH", PERSONS, ", subject: NO")
    rules = {"APID": "P", "RSUBJID": "row.USUBJID", "SREL": "REL", "MHTERM": "T", "MHDTC": "{date: D}", "OWN": "T"}
    files.mapping("APMH", rules, ["APID", "MHTERM"], "variables: {OWN: {label: Own}}")
    add(files, "DM", minimal)
    made = outcome(tmp_path, files)
    valid(made, "APMH", "SUPPAPMH")
    table = made.study.tables["APMH"]
    assert list(table.variables) == [
        "STUDYID", "DOMAIN", "APID", "MHSEQ", "RSUBJID", "SREL", "MHTERM", "MHDTC", "MHDY",
    ]  # fmt: skip
    assert table.label == "Associated Persons Medical History"
    assert table.variables["SREL"].label == "Subject, Device, or Study Relationship"
    assert made.values("APMH", "DOMAIN", "APID", "MHSEQ", "RSUBJID", "MHTERM", "MHDY") == [
        ("APMH", "S1-01-F", "1", "S1-01", "Gout", "1"),
        ("APMH", "S1-01-M", "1", "S1-01", "Asthma", "1"),
        ("APMH", "S1-01-M", "2", "S1-01", "Gout", "1"),
        ("APMH", "S1-02-M", "1", "S1-02", "Asthma", "2"),
    ]
    assert made.values("SUPPAPMH", "RDOMAIN", "APID", "IDVAR", "IDVARVAL", "QVAL")[2] == (
        "APMH", "S1-01-M", "MHSEQ", "2", "Gout",
    )  # fmt: skip
    versions, named = guides(made)
    assert versions == {"SDTMIG": "3.4", "SDTMIG-AP": "1.0"}
    assert (named["DM"], named["APMH"], named["SUPPAPMH"]) == ("SDTMIG", "SDTMIG-AP", "SDTMIG-AP")


def test_associated_persons_of_findings(tmp_path: Path) -> None:
    """The defaults of findings know the letters: APVSTESTCD does not exist, VSTESTCD does."""
    files = Files()
    rows = [
        {"NO": "01", "P": "M", "SYS": "120", "D": "2024-01-10"},
        {"NO": "02", "P": "N", "SYS": "110", "D": "2024-01-11"},
    ]
    files.source("APVS", rows, ", subject: NO")
    files.mappings["sdtm/apvs.yaml"] = """\
dataset: APVS
records:
  all:
    from: raw.APVS
    transpose: {SYSBP: {VSORRES: SYS, VSORRESU: {value: mmHg}}}
    set: {APID: P, RSUBJID: row.USUBJID, SREL: {value: SIBLING}, VSDTC: {date: D}}
keys: [APID, VSTESTCD]
"""
    add(files, "DM", minimal)
    made = outcome(tmp_path, files)
    valid(made, "APVS", leave=NOT_COLLECTED)
    assert made.values("APVS", "APID", "VSSEQ", "VSTESTCD", "VSTEST", "VSSTRESN", "VSSTRESU") == [
        ("M", "1", "SYSBP", "Systolic Blood Pressure", "120", "mmHg"),
        ("N", "1", "SYSBP", "Systolic Blood Pressure", "110", "mmHg"),
    ]


DEVICES = [
    {"DEV": "D1", "CODE": "MODEL", "V": "M 10", "D": "2024-01-02"},
    {"DEV": "D1", "CODE": "BATCH", "V": "B7", "D": "2024-01-02"},
    {"DEV": "D2", "CODE": "MODEL", "V": "M 20", "D": "2024-01-02"},
]


def test_device_identifiers(tmp_path: Path) -> None:
    """DI is of no subject; its records are numbered by device."""
    files = Files()
    files.source("DI", DEVICES[:])
    rules = {"SPDEVID": "DEV", "DIPARMCD": "CODE", "DIVAL": "V"}
    head = "class: STUDY REFERENCE\nlabel: Device Identifiers\nvariables: {DIPARMCD: {codelist: DIPARMCD}}"
    files.mapping("DI", rules, ["SPDEVID", "DIPARMCD"], head)
    made = outcome(tmp_path, files)
    valid(made, "DI", leave=NOT_COLLECTED)
    assert list(made.study.tables["DI"].variables) == [
        "STUDYID", "DOMAIN", "SPDEVID", "DISEQ", "DIPARMCD", "DIPARM", "DIVAL",
    ]  # fmt: skip
    assert made.values("DI", "SPDEVID", "DISEQ", "DIPARMCD", "DIPARM", "DIVAL") == [
        ("D1", "1", "BATCH", "Batch Number", "B7"),
        ("D1", "2", "MODEL", "Model Number", "M 10"),
        ("D2", "1", "MODEL", "Model Number", "M 20"),
    ]
    assert guides(made) == ({"SDTMIG": "3.4", "SDTMIG-MD": "1.1"}, {"DI": "SDTMIG-MD"})


def test_the_version_of_a_companion_guide_is_the_study_s(tmp_path: Path) -> None:
    files = Files()
    files.source("DO", DEVICES)
    rules = {"SPDEVID": "DEV", "DOTESTCD": "CODE", "DOTEST": "CODE", "DOORRES": "V", "DODTC": "{date: D}"}
    files.mapping("DO", rules, ["SPDEVID", "DOTESTCD"], "class: FINDINGS\nlabel: Device Properties")
    files.standards = 'sdtmig-md: "1.0", '
    assert guides(outcome(tmp_path, files))[0] == {"SDTMIG": "3.4", "SDTMIG-MD": "1.0"}


def test_device_findings_have_no_subject(tmp_path: Path) -> None:
    files = Files()
    files.source("DO", DEVICES)
    rules = {"SPDEVID": "DEV", "DOTESTCD": "CODE", "DOTEST": "CODE", "DOORRES": "V", "DODTC": "{date: D}"}
    files.mapping("DO", rules, ["SPDEVID", "DOTESTCD"], "class: FINDINGS\nlabel: Device Properties")
    made = outcome(tmp_path, files)
    valid(made, "DO", leave=("dm-missing",))
    assert "USUBJID" not in made.study.tables["DO"].variables
    assert made.values("DO", "SPDEVID", "DOSEQ", "DOSTRESC") == [
        ("D1", "1", "B7"),
        ("D1", "2", "M 10"),
        ("D2", "1", "M 20"),
    ]
    assert guides(made)[1] == {"DO": "SDTMIG-MD"}


@pytest.mark.parametrize(
    ("klass", "rules"),
    [
        ("INTERVENTIONS", {"XXTRT": "NAME", "XXDOSE": "R", "XXDOSU": "{value: mg}", "XXSTDTC": "{date: D}"}),
        ("EVENTS", {"XXTERM": "NAME", "XXSTDTC": "{date: D}"}),
        ("FINDINGS", {"XXTESTCD": "CODE", "XXTEST": "NAME", "XXORRES": "R", "XXDTC": "{date: D}"}),
        (
            "FINDINGS ABOUT",
            {"XXTESTCD": "CODE", "XXTEST": "NAME", "XXOBJ": "NAME", "XXORRES": "R", "XXDTC": "{date: D}"},
        ),
        ("SPECIAL PURPOSE", {"XXREFID": "CODE", "XXSTDTC": "{date: D}"}),
    ],
)
def test_custom_domain(klass: str, rules: dict[str, str], tmp_path: Path) -> None:
    """A custom domain takes labels, types, roles and order from the model's class; a sponsor's variable goes to SUPP--.

    Of a class that is no general one it stays.
    """
    files = Files()
    files.source("XX", RESULTS, ", subject: NO")
    head = f"class: {klass}\nlabel: Own Domain\nvariables: {{XXOWN: {{label: Own Variable}}}}"
    files.mapping("XX", {"XXOWN": "R", **dict(reversed(rules.items()))}, ["USUBJID", next(iter(rules))], head)
    add(files, "DM", minimal)
    made = outcome(tmp_path, files)
    inside = klass == "SPECIAL PURPOSE"
    valid(made, "XX", *([] if inside else ["SUPPXX"]), leave=NOT_COLLECTED)
    table, model = made.study.tables["XX"], {v.name: v for v in IG.class_variables(klass, "XX")}
    own = [name for name in table.variables if name != "XXOWN"]
    assert own == sorted(own, key=lambda name: model[name].ordinal)
    assert set(rules) | {"STUDYID", "DOMAIN", "USUBJID", "XXSEQ"} <= set(table.variables)
    assert ("XXOWN" in table.variables) == inside
    assert [(table.variables[n].label, table.variables[n].type) for n in own] == [
        (model[n].label, model[n].type) for n in own
    ]
    if inside:
        assert made.values("XX", "DOMAIN", "XXSEQ", "XXOWN") == [("XX", "1", "5"), ("XX", "2", "6"), ("XX", "1", "7")]
    else:
        assert made.values("SUPPXX", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL") == [
            ("XX", "S1-01", "XXSEQ", "1", "XXOWN", "Own Variable", "5"),
            ("XX", "S1-01", "XXSEQ", "2", "XXOWN", "Own Variable", "6"),
            ("XX", "S1-02", "XXSEQ", "1", "XXOWN", "Own Variable", "7"),
        ]
    assert made.study.define is not None
    assert made.study.define.datasets["XX"].klass == klass
    versions, named = guides(made)
    assert (versions, named["XX"]) == ({"SDTMIG": "3.4"}, "")
