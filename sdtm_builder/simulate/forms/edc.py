"""The sheets of edc.xlsx, in the order of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from ..record import PersonRecord
from ..tables import FormWriter, Sheet, Workbook
from . import endings, enrolment, history, medication, response, safety, treatment, visits

FillForm = Callable[[FormWriter, PersonRecord], None]
# Sheet name: its empty form, and what writes one person's records.
EDC_SHEETS: dict[str, tuple[Callable[[], Sheet], FillForm]] = {
    "SUBJ": (enrolment.subj_form, enrolment.fill_subj),
    "DM": (enrolment.dm_form, enrolment.fill_dm),
    "ICF": (enrolment.icf_form, enrolment.fill_icf),
    "IE": (history.ie_form, history.fill_ie),
    "MH": (history.mh_form, history.fill_mh),
    "LD": (treatment.ld_form, treatment.fill_ld),
    "INF": (treatment.inf_form, treatment.fill_inf),
    "AE": (safety.ae_form, safety.fill_ae),
    "MEDDRA": (safety.meddra_form, safety.fill_meddra),
    "TOXD": (visits.toxd_form, visits.fill_toxd),
    "CM": (medication.cm_form, medication.fill_cm),
    "WHODD": (medication.whodd_form, medication.fill_whodd),
    "VS": (visits.vs_form, visits.fill_vs),
    "ECOG": (visits.ecog_form, visits.fill_ecog),
    "BMA": (response.bma_form, response.fill_bma),
    "RS": (response.rs_form, response.fill_rs),
    "TR": (response.tr_form, response.fill_tr),
    "SURV": (endings.surv_form, endings.fill_surv),
    "DS": (endings.ds_form, endings.fill_ds),
    "DD": (endings.dd_form, endings.fill_dd),
    "VISIT": (visits.visit_form, visits.fill_visit),
}


def edc_workbook(persons: Iterable[PersonRecord], cutoffs: dict[int, date], forms: Iterable[str]) -> Workbook:
    """The clean sheets.

    Args:
        persons: in the order of the files: copy by copy, by k.
        cutoffs: data cut-off by copy.
        forms: names of the sheets wanted, of EDC_SHEETS.
    """
    wanted = set(forms)
    sheets = {name: make() for name, (make, _) in EDC_SHEETS.items() if name in wanted}
    writers = {(name, copy): FormWriter(sheet, cutoff) for name, sheet in sheets.items()
               for copy, cutoff in cutoffs.items()}
    for record in persons:
        for name in sheets:
            EDC_SHEETS[name][1](writers[name, record.subject.copy], record)
    return sheets
