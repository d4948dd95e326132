"""Decodes: the long name that a codelist gives a code, as --TEST for --TESTCD."""

from __future__ import annotations

import numpy as np

from ..issues import fault
from ..model import Kind, Vector
from ..registry import Context, OptionalColumns, derivation
from .columns import as_text

fault("missing-decode", "error", "A decode that no codelist gives",
      "Give the term its decode under `add` of the codelist.")  # fmt: skip


@derivation("decode", kind=Kind.TEXT, origin="Assigned", method="Decode of {code} in its codelist.")
def decode(ctx: Context, code: OptionalColumns) -> Vector:
    """Decode of a code: the test name of a test code, the arm of an arm code.

    Arguments
    ---------
    code : a variable of this dataset whose terms have decodes: `--TESTCD`, `--PARMCD`, `PARAMCD`, `ARMCD`, `ETCD`.

    The decodes are those of the variable's codelist in controlled terminology, in which --TESTCD and --TEST are
    paired lists; then those that the study declares, under `add` of the codelist or in its own list of codes.

    Derivation, the first case that fits:
    1. The code is missing: missing.
    2. The codelist has a decode for the code: that, in its exact letters.
    3. Else missing, and an issue.

    Issues: `missing-decode` at each record of case 3.

    Example: `VSTEST: {decode: VSTESTCD}`: SYSBP gives Systolic Blood Pressure.

    Source: SDTMIG 3.4 section 4.2.1 ; --TESTCD and --TEST one to one: FB0901.
    """
    for variable, column in code.items():
        codes, decodes = as_text(column), ctx.decode(variable)
        found = codes.map_texts(decodes.get)
        lost = codes.present() & ~found.present()
        if lost.any():
            ctx.issue("missing-decode", np.flatnonzero(lost), f'{variable} "{{value}}" has no decode.', codes)
        return found
    return Vector.missing_of(Kind.TEXT, ctx.n)
