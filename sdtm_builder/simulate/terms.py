"""Terms of the adverse events: Chinese and English text, class, simulated codes, and how often they occur."""

from __future__ import annotations

from dataclasses import dataclass

BLOOD = "Blood and lymphatic system disorders"
GASTRO = "Gastrointestinal disorders"
GENERAL = "General disorders and administration site conditions"
IMMUNE = "Immune system disorders"
INFECTION = "Infections and infestations"
INVESTIGATION = "Investigations"
NERVOUS = "Nervous system disorders"
RESPIRATORY = "Respiratory, thoracic and mediastinal disorders"
SKIN = "Skin and subcutaneous tissue disorders"
VASCULAR = "Vascular disorders"
CLASSES = (BLOOD, GASTRO, GENERAL, IMMUNE, INFECTION, INVESTIGATION, NERVOUS, RESPIRATORY, SKIN, VASCULAR)


@dataclass(frozen=True)
class Term:
    """One event term."""

    key: str
    zh: str
    en: str
    soc: str


@dataclass(frozen=True)
class DrawnTerm:
    """A term that occurs by chance: probability, first and last onset day (both included), grades 1-4, days."""

    term: Term
    probability: float
    first: int
    last: int
    grades: tuple[float, float, float, float]
    days: int | None  # None: ongoing


CRS = Term("CRS", "细胞因子释放综合征", "Cytokine release syndrome", IMMUNE)
ICANS = Term("ICANS", "免疫效应细胞相关神经毒性综合征",
             "Immune effector cell-associated neurotoxicity syndrome", NERVOUS)
PNEUMONIA = Term("PNEUMONIA", "肺部感染", "Pneumonia", INFECTION)
SEPSIS = Term("SEPSIS", "脓毒症", "Sepsis", INFECTION)
FEVER = Term("FEVER", "发热", "Fever", GENERAL)
HYPOGAMMA = Term("HYPOGAMMA", "低丙种球蛋白血症", "Hypogammaglobulinaemia", IMMUNE)
GVHD = Term("GVHD", "急性移植物抗宿主病", "Acute graft-versus-host disease", IMMUNE)
NAUSEA = Term("NAUSEA", "恶心", "Nausea", GASTRO)
VOMITING = Term("VOMITING", "呕吐", "Vomiting", GASTRO)
COUGH = Term("COUGH", "咳嗽", "Cough", RESPIRATORY)

DRAWN_TERMS = (
    DrawnTerm(FEVER, 0.25, 0, 10, (0.5, 0.4, 0.1, 0), 3),
    DrawnTerm(PNEUMONIA, 0.20, 5, 60, (0, 0.4, 0.5, 0.1), 12),
    DrawnTerm(SEPSIS, 0.07, 5, 40, (0, 0, 0.6, 0.4), 10),
    DrawnTerm(NAUSEA, 0.35, -5, 3, (0.7, 0.3, 0, 0), 3),
    DrawnTerm(VOMITING, 0.2, -5, 3, (0.7, 0.25, 0.05, 0), 2),
    DrawnTerm(Term("DIARRHOEA", "腹泻", "Diarrhoea", GASTRO), 0.2, -3, 30, (0.6, 0.3, 0.1, 0), 4),
    DrawnTerm(Term("HEADACHE", "头痛", "Headache", NERVOUS), 0.2, 0, 20, (0.8, 0.2, 0, 0), 3),
    DrawnTerm(Term("FATIGUE", "乏力", "Fatigue", GENERAL), 0.4, -3, 40, (0.6, 0.4, 0, 0), 20),
    DrawnTerm(Term("RASH", "皮疹", "Rash", SKIN), 0.12, 3, 60, (0.6, 0.3, 0.1, 0), 10),
    DrawnTerm(Term("ZOSTER", "带状疱疹", "Herpes zoster", INFECTION), 0.06, 40, 200, (0, 0.8, 0.2, 0), 14),
    DrawnTerm(Term("CMV", "巨细胞病毒再激活", "Cytomegalovirus reactivation", INFECTION), 0.12, 14, 60,
              (0.2, 0.6, 0.2, 0), 20),
    DrawnTerm(GVHD, 0.06, 14, 60, (0.3, 0.4, 0.3, 0), 25),
    DrawnTerm(Term("HAEMORRHAGE", "出血", "Haemorrhage", VASCULAR), 0.07, 3, 30, (0.5, 0.3, 0.15, 0.05), 3),
    DrawnTerm(HYPOGAMMA, 0.4, 20, 60, (0, 1, 0, 0), None),
    DrawnTerm(COUGH, 0.15, -10, 60, (0.8, 0.2, 0, 0), 10),
)
LAB_TERMS = {
    "NEUT": Term("NEUT", "中性粒细胞计数降低", "Neutrophil count decreased", INVESTIGATION),
    "PLAT": Term("PLAT", "血小板计数降低", "Platelet count decreased", INVESTIGATION),
    "HGB": Term("HGB", "贫血", "Anaemia", BLOOD),
    "LYM": Term("LYM", "淋巴细胞计数降低", "Lymphocyte count decreased", INVESTIGATION),
    "WBC": Term("WBC", "白细胞计数降低", "White blood cell count decreased", INVESTIGATION),
    "ALT": Term("ALT", "丙氨酸氨基转移酶升高", "Alanine aminotransferase increased", INVESTIGATION),
    "AST": Term("AST", "天门冬氨酸氨基转移酶升高", "Aspartate aminotransferase increased", INVESTIGATION),
    "BILI": Term("BILI", "血胆红素升高", "Blood bilirubin increased", INVESTIGATION),
    "FIBRINO": Term("FIBRINO", "血纤维蛋白原降低", "Blood fibrinogen decreased", INVESTIGATION),
}
CYTOPENIAS = frozenset({"NEUT", "PLAT", "HGB", "LYM", "WBC"})
TERMS = (CRS, ICANS, *(drawn.term for drawn in DRAWN_TERMS), *LAB_TERMS.values())
_ORDER = {term.key: place for place, term in enumerate(TERMS)}
LLT_FROM, PT_FROM, SOC_FROM = 99000001, 99001001, 99002001
DICTIONARY = "SIM-1"


def coding(term: Term) -> dict[str, str]:
    """The coding row of a term, as a coding group returns it; codes are plainly not the dictionary's."""
    place = _ORDER[term.key]
    return {
        "LLT": term.en, "LLTCD": str(LLT_FROM + place), "PT": term.en, "PTCD": str(PT_FROM + place),
        "SOC": term.soc, "SOCCD": str(SOC_FROM + CLASSES.index(term.soc)), "DICTVER": DICTIONARY,
    }


def term_order(term: Term) -> int:
    """Place of a term in the list, to order events of one moment."""
    return _ORDER[term.key]
