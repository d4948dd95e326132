"""The whole comparison of a transfer with the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..issues import Severity
from .change import FormChange, compare_forms
from .content import of_values
from .findings import Finding, of_columns, of_places, of_reading, of_rows, of_subjects, ordered
from .tables import Transfer, paired


@dataclass(frozen=True, eq=False)
class Acceptance:
    """A new transfer against the last one. forms : those of both; findings : heaviest first; subjects_old,
    subjects_new : all of each side, sorted; weight : what is `of_weight`, None for nothing."""

    old: Transfer
    new: Transfer
    forms: tuple[FormChange, ...]
    findings: tuple[Finding, ...]
    subjects_old: tuple[str, ...]
    subjects_new: tuple[str, ...]
    study: str = ""
    weight: Severity | None = Severity.WARNING

    def count(self, severity: Severity) -> int:
        """How many findings weigh just this."""
        return sum(f.severity is severity for f in self.findings)

    @property
    def of_weight(self) -> Sequence[Finding]:
        """The findings that weigh enough to be looked at before a build."""
        return [f for f in self.findings if self.weight is not None and f.severity.rank >= self.weight.rank]

    @property
    def unusable(self) -> bool:
        """Whether a side has no table, or has a file that could not be read."""
        return bool(self.old.unread or self.new.unread or not self.old.forms or not self.new.forms)


def accept_transfer(
    old: Transfer, new: Transfer, study: str = "", weight: Severity | None = Severity.WARNING
) -> Acceptance:
    """Compare two transfers.

    study : its name, for the heads of reports; weight : findings of this severity and above are of weight
    """
    names = paired(old.forms, new.forms)
    back = set(names.values())
    found: list[Finding] = [*of_places(old, new), *of_reading(old, new)]
    found += [Finding("form-gone", f"{n} can't be read.", n, before=n) for n in old.forms if n not in names]
    found += [Finding("form-new", f"{n} came.", n, after=n) for n in new.forms if n not in back]
    unknown = old.unknown_texts(), new.unknown_texts()
    changes = []
    for a, b in names.items():
        one, two = old.forms[a], new.forms[b]
        if a != b:
            found.append(Finding("file-renamed", f"{b} is taken for {a}.", b, before=a, after=b))
        change = compare_forms(one, two)
        changes.append(change)
        found += of_columns(one, two)
        found += of_rows(change)
        found += of_values(one, two, *unknown)
    before, after = old.subjects(), new.subjects()
    found += of_subjects(before, after)
    return Acceptance(old, new, tuple(changes), tuple(ordered(found)), tuple(sorted(before)), tuple(sorted(after)),
                      study, weight)  # fmt: skip
