"""The sheets of edc.xlsx, in the order of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from ..events import Event
from ..subject import Subject
from ..tables import FormWriter, Sheet, Workbook
from . import endings, enrolment, safety, treatment


@dataclass
class PersonRecord:
    """A person with what was derived for the forms: the events."""

    subject: Subject
    events: list[Event] = field(default_factory=list)


FillForm = Callable[[FormWriter, Subject, list[Event]], None]
# Sheet name: its empty form, and what writes one person's records.
EDC_SHEETS: dict[str, tuple[Callable[[], Sheet], FillForm]] = {
    "SUBJ": (enrolment.subj_form, enrolment.fill_subj),
    "DM": (enrolment.dm_form, enrolment.fill_dm),
    "ICF": (enrolment.icf_form, enrolment.fill_icf),
    "LD": (treatment.ld_form, treatment.fill_ld),
    "INF": (treatment.inf_form, treatment.fill_inf),
    "AE": (safety.ae_form, safety.fill_ae),
    "MEDDRA": (safety.meddra_form, safety.fill_meddra),
    "DS": (endings.ds_form, endings.fill_ds),
    "DD": (endings.dd_form, endings.fill_dd),
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
            EDC_SHEETS[name][1](writers[name, record.subject.copy], record.subject, record.events)
    return sheets
