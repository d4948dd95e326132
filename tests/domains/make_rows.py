"""Values and rules for the variables of a dataset, by what the tables of the IG say of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sdtm_builder.standards import CtPackage, Ig, IgVariable, ct, ig

from .kit import Files

Wanted = Callable[[IgVariable], bool]
IG: Ig = ig("3.4")
CT: CtPackage = ct("sdtm", "2025-03-28")
SUBJECTS = ("01", "01", "02")
"""The subject of each raw row: two records of one, one of another."""
BUILT_IN = ("STUDYID", "DOMAIN", "USUBJID")
VISITS = ("VISITNUM", "VISIT", "VISITDY")
DEFAULTS = ("SEQ", "DY", "STDY", "ENDY", "STRESC", "STRESN", "STRESU", "STNRLO", "STNRHI", "NRIND", "LOBXFL")
DECODES = ("TEST", "PARM")
NO_YES = "C66742"
DM = {
    "SUBJID": ("01", "01", "02"), "SITEID": ("1",), "AGE": ("50",), "COUNTRY": ("USA",),
    "ARMCD": ("A",), "ARM": ("Arm",),
    "ACTARMCD": ("A",), "ACTARM": ("Arm",), "RFSTDTC": ("2024-01-10",), "RFXSTDTC": ("2024-01-10",),
    "RFCSTDTC": ("2024-01-10",), "RFENDTC": ("2024-03-01",), "RFXENDTC": ("2024-03-01",), "RFCENDTC": ("2024-03-01",),
    "RFICDTC": ("2024-01-09",), "RFPENDTC": ("2024-12-31",), "DTHDTC": ("",), "DTHFL": ("",), "ARMNRS": ("",),
    "ACTARMUD": ("",), "BRTHDTC": ("1973-06-01",), "DMDTC": ("2024-01-09",), "AGEU": ("YEARS",), "SEX": ("M", "M", "F"),
}  # fmt: skip
OWN = {
    "DM": DM,
    "TS": {
        "TSPARMCD": ("ADDON", "HLTSUBJI", "RANDOM"), "TSVAL": ("N", "N", "Y"),
        "TSVALCD": ("C49487", "C49487", "C49488"),
        "TSVCDREF": ("CDISC CT",), "TSVCDVER": ("2025-03-28",), "TSVALNF": ("",),
    },
    "AE": {"AEBODSYS": ("SOC1", "SOC2", "SOC3"), "AESOC": ("SOC1", "SOC2", "SOC3"), "AESPID": ("1", "2", "1")},
    "CM": {"CMSPID": ("2", "1", "1")},
    "SS": {"SSORRES": ("ALIVE",), "SSSTRESC": ("ALIVE",)},
    "TA": {"ARMCD": ("A",), "ARM": ("Arm",)},
    "TV": {"VISIT": ("VISIT 1", "VISIT 2", "VISIT 3"), "VISITDY": ("1", "8", "15"), "ARMCD": ("",), "ARM": ("",)},
    "SE": {"SESTDTC": ("2024-01-10", "2024-01-12", "2024-01-10"), "SEENDTC": ("2024-01-12",), "SEUPDES": ("",)},
    "SV": {"SVPRESP": ("Y",), "SVOCCUR": ("Y",), "SVUPDES": ("",), "SVREASOC": ("",)},
    "RELSUB": {"RSUBJID": ("S1-02", "S1-03", "S1-01"), "SREL": ("SIBLING",)},
    "IE": {"IECAT": ("INCLUSION",), "IEORRES": ("N",), "IESTRESC": ("N",)},
}  # fmt: skip
"""Values that must fit together: variable -> value of each raw row, the first for those that are not said."""
KEYS = {
    "DM": ["USUBJID"], "TA": ["ARMCD", "TAETORD"], "TD": ["TDORDER"], "TV": ["VISITNUM"], "OI": ["NHOID", "OIPARMCD"],
    "SV": ["USUBJID", "VISITNUM"], "RELSUB": ["USUBJID", "RSUBJID"], "RELSPEC": ["USUBJID", "REFID"],
    "SE": ["USUBJID", "SESTDTC"],
}  # fmt: skip


def terms(variable: IgVariable) -> list[str]:
    """Submission values of a variable's codelists, those that the package has; flags are Y."""
    if variable.name.endswith(("FL", "PRESP")):
        return ["Y"]
    if variable.codelists == (NO_YES,):
        return ["Y", "N"]
    found = (CT.codelist(code) for code in variable.codelists)
    return [term for codelist in found if codelist is not None for term in codelist.terms]


def cell(dataset: str, variable: IgVariable, number: int) -> str:
    """A value for a variable in raw row `number`."""
    own = OWN.get(dataset, {}).get(variable.name)
    if own is not None:
        return own[number] if number < len(own) else own[0]
    if variable.name.endswith("ORRES"):
        standard = IG.variable(dataset, variable.name.replace("ORRES", "STRESC"))
        return cell(dataset, standard, number) if standard is not None and terms(standard) else str(number + 5)
    listed = terms(variable)
    if listed:
        return listed[number % len(listed)]
    if variable.name.endswith("DTC"):
        return f"2024-01-{10 + number}"
    if variable.described.startswith("ISO 8601 duration"):
        return f"P{number + 1}D"
    if variable.type == "Num" or variable.name.endswith(("NRLO", "LLOD")):
        return str(number + 1)
    if variable.name.endswith("TESTCD"):
        return f"TEST{number + 1}"
    if variable.name.endswith("NRHI"):
        return str(number + 10)
    return f"{variable.name[-6:]}{number + 1}"


def by_default(dataset: str, variable: IgVariable) -> bool:
    """Whether a default of the packaged rules makes the variable."""
    suffix = variable.name.removeprefix(dataset[-2:])
    return suffix in DEFAULTS or (suffix in DECODES and bool(variable.codelists))


def is_subjects(dataset: str) -> bool:
    """Whether the dataset has records of subjects."""
    return any(v.name == "USUBJID" for v in IG.variables(dataset))


def chosen(dataset: str, wanted: Wanted) -> list[IgVariable]:
    """The variables of a dataset that need a rule: the wanted ones, names of codes, and one of timing."""
    leave = {*BUILT_IN, *(VISITS if is_subjects(dataset) else ())}
    open_ones = [v for v in IG.variables(dataset) if v.name not in leave and not by_default(dataset, v)]
    found = [v for v in open_ones if wanted(v) or v.name in ("ELEMENT", "ARM")]
    timed = any(v.role == "Timing" for v in found) or not is_subjects(dataset)
    dates = [v for v in open_ones if v.role == "Timing" and v.name.endswith("DTC")]
    return found if timed or not dates else [v for v in open_ones if v in found or v is dates[0]]


def rule(variable: IgVariable) -> str:
    """The rule that takes a variable from the raw column of its name."""
    return f"{{date: {variable.name}}}" if variable.name.endswith("DTC") else variable.name


def rows_of(dataset: str, variables: Sequence[IgVariable], visits: bool) -> list[dict[str, str]]:
    """Raw rows, with the subject under NO and the visit under VIS."""
    found = []
    for number in (0, 2) if dataset == "DM" else (0, 1, 2):
        row = {"NO": SUBJECTS[number]} if is_subjects(dataset) else {}
        row |= {"VIS": f"VISIT {number + 1}"} if visits else {}
        found.append(row | {v.name: cell(dataset, v, number) for v in variables})
    return found


def add(files: Files, dataset: str, wanted: Wanted) -> None:
    """Add a dataset with its raw table to a study."""
    variables = chosen(dataset, wanted)
    subjects = is_subjects(dataset)
    visits = subjects and any(v.name in VISITS for v in IG.variables(dataset))
    options = (", subject: NO" if subjects else "") + (", visit: VIS" if visits else "")
    files.source(dataset, rows_of(dataset, variables, visits), options)
    rules = {v.name: rule(v) for v in variables}
    named = [v.name for v in variables if v.role in ("Topic", "Identifier")]
    files.mapping(dataset, rules, KEYS.get(dataset) or ["USUBJID"] * subjects + named)
