"""SE of LstCAR019 programmed a second time, with plain pandas from the raw workbook, against the build.

The end of participation, which is DM's matter, is taken from the built DM.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.issues import IssueLog
from sdtm_builder.registry import load_all
from sdtm_builder.simulate import simulate

SPECS = Path(__file__).resolve().parents[2] / "specs" / "lstcar019"
EPOCHS = {"SCRN": "SCREENING", "LD": "TREATMENT", "CART": "TREATMENT", "FU": "FOLLOW-UP", "LTFU": "LONG-TERM FOLLOW-UP"}


def sheet(raw: Path, name: str) -> pd.DataFrame:
    """A sheet with the person of each row."""
    book = raw / "edc.xlsx"
    subjects = pd.read_excel(book, sheet_name="SUBJ", dtype=str, skiprows=[1], engine="openpyxl")
    person = subjects.set_index("SUBJID")["PERSID"]
    found = pd.read_excel(book, sheet_name=name, dtype=str, skiprows=[1], engine="openpyxl")
    return found.assign(PERSON="LSTCAR019-01-" + found["SUBJID"].map(person))


def moment(day: pd.Series, time: pd.Series | None = None, form: str = "%Y-%m-%d") -> pd.Series:
    """ISO 8601 of a date, with its time where there is one."""
    text = pd.to_datetime(day, format=form, errors="coerce").dt.strftime("%Y-%m-%d")
    return text if time is None else text.where(time.isna(), text + "T" + time)


def days_later(text: str, days: int) -> str:
    return str((pd.Timestamp(text[:10]) + pd.Timedelta(days=days)).date())


def elements(raw: Path, ends: dict[str, tuple[str, str]]) -> list[tuple[str, ...]]:
    """(USUBJID, ETCD, EPOCH, SESTDTC, SEENDTC) by the rules of the specification; `ends`: participation, death."""
    consent, screen = sheet(raw, "ICF"), sheet(raw, "SUBJ")
    lymphodepletion, infusion, response = sheet(raw, "LD"), sheet(raw, "INF"), sheet(raw, "RS")
    first = {
        "ICF": moment(consent["ICFDAT"], consent["ICFTIM"]).groupby(consent["PERSON"]).min(),
        "SCR": moment(screen["SCRDT"]).groupby(screen["PERSON"]).min(),
        "LD": moment(lymphodepletion["LDDAT"], lymphodepletion["LDSTTIM"], "%Y/%m/%d")
        .groupby(lymphodepletion["PERSON"]).min(),
        "CART": moment(infusion["INFDAT"], infusion["INFSTTIM"]).groupby(infusion["PERSON"]).min(),
    }  # fmt: skip
    remission = response[(response["VISCODE"] == "W12") & response["RSP"].isin(["CR", "CRi"])]
    first["W12"] = moment(remission["RSDAT"]).groupby(remission["PERSON"]).min()
    out: list[tuple[str, ...]] = []
    for person, (end, death) in ends.items():
        at = {k: v[person] for k, v in first.items() if person in v.index}
        begins = {"SCRN": at["ICF"] if at["ICF"][:10] <= at["SCR"] else at["SCR"]}
        begins |= {k: at[k] for k in ("LD", "CART") if k in at}
        begins |= {"FU": days_later(at["CART"], 29)} if "CART" in at else {}
        begins |= {"LTFU": days_later(at["W12"], 1)} if "W12" in at else {}
        begins = {k: v for k, v in begins.items() if v[:10] <= end[:10] and (not death or v[:10] <= death[:10])}
        starts = sorted(begins.items(), key=lambda item: (item[1], list(EPOCHS).index(item[0])))
        last = death if death and death[:10] < end[:10] else end
        for (code, start), (_, following) in zip(starts, [*starts[1:], ("", last)], strict=True):
            out.append((person, code, EPOCHS[code], start, following))
    return sorted(out)


@pytest.mark.parametrize(("seed", "flaws"), [(68, "none"), (68, ("F42", "F44")), (4, "none")])
def test_elements_agree(tmp_path: Path, seed: int, flaws: str | tuple[str, ...]) -> None:
    simulate(seed, flaws, out=tmp_path)
    load_all()
    log = IssueLog()
    prepared = prepare(SPECS, tmp_path, log)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(map(str, log))
    made = make(prepared, only={"DM", "SE"})
    built = {b.name: b for b in made.built}

    def rows(name: str, *variables: str) -> list[tuple[str, ...]]:
        columns = [built[name].column(v) for v in variables]
        return [tuple(c.text_at(i) for c in columns) for i in range(built[name].n)]

    ends = {u: (end, death) for u, end, death in rows("DM", "USUBJID", "RFPENDTC", "DTHDTC")}
    found = sorted(rows("SE", "USUBJID", "ETCD", "EPOCH", "SESTDTC", "SEENDTC"))
    assert len(found) > 4 * 20
    assert found == elements(tmp_path, ends)
    assert not [i for i in log if i.rule in ("element-order", "element-off-path")]
