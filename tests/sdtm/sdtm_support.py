"""A context as derivations see it, for tables of a few records."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from sdtm_builder.model import Conversion, Kind, Scalar, StudySpec, TestSpec, Vector


class Codelist:
    """A codelist with terms and synonyms, as the engine gives it."""

    def __init__(self, terms, synonyms=None, extensible=True):
        self.terms, self.synonyms, self.extensible = terms, synonyms or {}, extensible

    def find(self, text):
        """The term of a text and how it was found."""
        if text in self.terms:
            return text, "term"
        return (self.synonyms[text], "synonym") if text in self.synonyms else (None, "miss")


UNITS = Codelist(
    ("mg/dL", "g/dL", "g/L", "mg/L", "umol/L", "mmol/L", "ng/L", "F", "C", "LB", "kg", "in", "cm", "%", "L/L", "10^9/L",
     "10^6/L", "U/L", "IU/L", "mEq/L"),
    {"pg/mL": "ng/L", "mg%": "mg/dL"},
)  # fmt: skip


class FakeContext:
    """Subjects, order, codelists and facts given by hand; issues are kept as (rule, row, message)."""

    dataset = "LB"
    domain = "LB"

    def __init__(
        self, n, *, subjects=None, order=None, tests=(), conversions=(), codelists=None, decodes=None, raw=None
    ):
        self.n = n
        self.study = StudySpec("X", Path(), Path(), conversions=tuple(conversions))
        self.tests = {test.testcd: test for test in tests}
        self.lists = {"UNIT": UNITS} | (codelists or {})
        self.decodes, self.raw = decodes or {}, raw or {}
        self._subjects = np.array(subjects if subjects is not None else [0] * n, dtype=np.int64)
        self._order = np.array(order if order is not None else range(n), dtype=np.int64)
        self.issues = []

    def issue(self, rule, rows, message, values=None, about=()):
        """Keep an issue for each row."""
        for row in rows:
            text = values.text_at(int(row)) if values is not None else ""
            self.issues.append((rule, int(row), message.replace("{value}", text)))

    def once(self, name, inputs, make):
        """Nothing is kept."""
        return make()

    def codelist(self, name):
        """A codelist by name."""
        return self.lists.get(name)

    def codelist_of(self, variable):
        """The codelist of a variable."""
        return self.lists.get(variable)

    def decode(self, variable):
        """Decodes of a variable."""
        return self.decodes[variable]

    def subjects(self):
        """Codes of the subjects."""
        return self._subjects

    def owners(self):
        """Codes of what --SEQ numbers the records of: the subjects."""
        return self._subjects

    def order(self):
        """Places of the records."""
        return self._order

    def before(self):
        """No parts before."""
        return np.zeros(self.n, dtype=np.int64)

    def raw_rows(self, what):
        """Facts of raw rows."""
        return self.raw[what]

    def facts(self, name):
        """No facts."""
        return SimpleNamespace()

    @property
    def rules(self):
        """The issues as (rule, row)."""
        return [(rule, row) for rule, row, _ in self.issues]


def texts(*values):
    """A text column."""
    return Vector.of_texts(values)


def dtc(*values):
    """A DTC column."""
    return Vector.of_texts(values, Kind.DTC)


def numbers(*values):
    """A number column; None is missing."""
    return Vector.of_numbers([np.nan if v is None else v for v in values])


def shown(vector):
    """Values as a list, None for missing; whole numbers as int."""
    found = []
    for row, there in enumerate(vector.present()):
        if not there:
            found.append(None)
        elif vector.kind is Kind.NUMBER:
            value = float(vector.data[row])
            found.append(int(value) if value == int(value) else value)
        else:
            found.append(vector.text_at(row))
    return found


def test_spec(testcd, **said):
    """What a study says of a test."""
    return TestSpec(testcd, **said)


test_spec.__test__ = False


def conversion(source, target, factor, offset=None, tests=()):
    """A conversion of a study."""
    return Conversion(
        Scalar(source), Scalar(target), Scalar(factor), Scalar(offset) if offset else None, tuple(map(Scalar, tests))
    )
