"""SE of LstCAR019 programmed a second time, with plain pandas from the raw workbook, against the build.

The end of participation, which is DM's matter, is taken from the built DM.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from .conftest import Built
from .lstcar import study_of

EPOCHS = {"SCRN": "SCREENING", "LD": "TREATMENT", "CART": "TREATMENT", "FU": "FOLLOW-UP", "LTFU": "LONG-TERM FOLLOW-UP"}


def sheets(raw: Path, *names: str) -> list[pd.DataFrame]:
    """Sheets with the person of each row."""
    book = pd.read_excel(raw / "edc.xlsx", sheet_name=["SUBJ", *names], dtype=str, skiprows=[1], engine="openpyxl")
    person = book["SUBJ"].set_index("SUBJID")["PERSID"]
    return [book[name].assign(PERSON="LSTCAR019-01-" + book[name]["SUBJID"].map(person)) for name in names]


def moment(day: pd.Series, time: pd.Series | None = None, form: str = "%Y-%m-%d") -> pd.Series:
    """ISO 8601 of a date, with its time where there is one."""
    text = pd.to_datetime(day, format=form, errors="coerce").dt.strftime("%Y-%m-%d")
    return text if time is None else text.where(time.isna(), text + "T" + time)


def days_later(text: str, days: int) -> str:
    return str((pd.Timestamp(text[:10]) + pd.Timedelta(days=days)).date())


def elements(raw: Path, ends: dict[str, tuple[str, str]]) -> list[tuple[str, ...]]:
    """(USUBJID, ETCD, EPOCH, SESTDTC, SEENDTC) by the rules of the specification; `ends`: participation, death."""
    consent, screen, lymphodepletion, infusion, response = sheets(raw, "ICF", "SUBJ", "LD", "INF", "RS")
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
def test_elements_agree(built: Built, tmp_path: Path, seed: int, flaws: str | tuple[str, ...]) -> None:
    study = built(seed, flaws) if isinstance(flaws, str) else study_of(tmp_path, seed, flaws, {"DM", "SE"})

    def rows(name: str, *variables: str) -> list[tuple[str, ...]]:
        return list(study.data[name][list(variables)].itertuples(index=False, name=None))

    ends = {u: (end, death) for u, end, death in rows("DM", "USUBJID", "RFPENDTC", "DTHDTC")}
    found = sorted(rows("SE", "USUBJID", "ETCD", "EPOCH", "SESTDTC", "SEENDTC"))
    assert len(found) > 4 * 20
    assert found == elements(study.raw, ends)
    assert not [i for i in study.issues if i.rule in ("element-order", "element-off-path")]
