"""All sheets of all files, in order: the EDC's forms, the laboratories', the vendors'."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from ..record import PersonRecord
from ..tables import FormWriter, Sheet, Workbook
from . import endings, enrolment, history, laboratory, medication, response, safety, treatment, vendors, visits

FillForm = Callable[[FormWriter, PersonRecord], None]

def _of_no_person(writer: FormWriter, record: PersonRecord) -> None:
    """The sheet holds nothing of persons."""


# Sheet name: its empty form, and what writes one person's records.
FORMS: dict[str, tuple[Callable[[], Sheet], FillForm]] = {
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
    **{name: (partial(laboratory.lab_sheet, name), laboratory.lab_filler(name)) for name in laboratory.LAB_SHEETS},
    laboratory.RANGES_SHEET: (laboratory.ranges_sheet, _of_no_person),
    "cytokine": (vendors.cytokine_sheet, vendors.fill_cytokine),
    "carT_qpcr": (vendors.qpcr_sheet, vendors.fill_qpcr),
    "carT_flow": (vendors.flow_sheet, vendors.fill_flow),
}
ENCODINGS = {vendors.CYTOKINE_FILE: "utf-8-sig", vendors.QPCR_FILE: "gb18030", vendors.FLOW_FILE: "utf-8"}


def all_sheets(persons: Iterable[PersonRecord], cutoffs: dict[int, date], forms: Iterable[str]) -> Workbook:
    """The clean sheets.

    Args:
        persons: in the order of the files: copy by copy, by k.
        cutoffs: data cut-off by copy.
        forms: names of the sheets wanted, of FORMS.
    """
    wanted = set(forms)
    sheets = {name: make() for name, (make, _) in FORMS.items() if name in wanted}
    writers = {(name, copy): FormWriter(sheet, cutoff) for name, sheet in sheets.items()
               for copy, cutoff in cutoffs.items()}
    for record in persons:
        for name in sheets:
            FORMS[name][1](writers[name, record.subject.copy], record)
    return sheets
