"""A variable is there that is for animal studies or forbidden in SDTM.

Why: The model marks these variables as not to be used in human clinical trials.
Remedy: Take the variable out; what it says may have a place in SUPP--.
Source: SDTM 2.0, the notes of the variables.

Bad:
    LB USUBJID LBSEQ LBEXCLFL LBUSCHFL
       S1      1     Y        Y
    DM USUBJID SPECIES
       S1      MAN
    -> LB LBUSCHFL
    -> LB LBEXCLFL
    -> DM SPECIES

Good:
    LB USUBJID LBSEQ LBLOBXFL
       S1      1     Y
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule

ANYWHERE = {
    "--USCHFL": "CG0507", "FETUSID": "CG0509", "RPHASE": "CG0631", "RPPLDY": "CG0632", "RPPLSTDY": "CG0633",
    "RPPLENDY": "CG0634", "--RPDY": "CG0637", "--RPSTDY": "CG0638", "--RPENDY": "CG0639", "--DETECT": "CG0355",
    "--IMPLBL": "CG0508", "--DTHREL": "CG0352", "--EXCLFL": "CG0353", "--REASEX": "CG0354", "--NOMDY": "CG0510",
    "--NOMLBL": "CG0511", "--RSTIND": "CG0623", "--RSTMOD": "CG0624", "--RESLOC": "CG0552",
}  # fmt: skip
IN_DM = {"SPECIES": "CG0356", "STRAIN": "CG0357", "SBSTRAIN": "CG0358", "AGETXT": "CG0641", "RPATHCD": "CG0533"}
SAME = (
    "CG0622", "CG0625", "CG0626", "CG0627", "CG0628", "CG0629", "CG0630", "CG0635", "CG0636", "CG0640", "CG0642",
    "CG0643", "CG0644",
)  # fmt: skip


@rule("error", cdisc=[*ANYWHERE.values(), *IN_DM.values(), *SAME])
def check(study: Study, table: Table) -> Found:
    for name, number in (ANYWHERE | (IN_DM if table.domain == "DM" else {})).items():
        if table.has(name):
            own = table.named(name)
            yield about(table.name, f"{own} is not to be used in human clinical trials ({number})", own)
