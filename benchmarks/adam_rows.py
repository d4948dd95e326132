"""ADSL, ADAE, ADLB and ADTTE of 12,000 subjects with 2.4 million laboratory results, beside the floor.

The SDTM is given as Parquet; the tool reads it, makes the four datasets (last known alive over six dates of five
datasets, treatment-emergent events, baselines, visits by window, CTCAE grades in both directions, worst grades, time to
death and progression) and writes XPT and lineage. The floor: pyarrow reads the same files, numpy puts the distinct
values of each variable, known beforehand, into the records of the four files and writes them: the same bytes, nothing
worked out.

Run: python benchmarks/adam_rows.py [--subjects 12000] [--rows 2400000]. Prints CPU seconds and peak memory of each
part, each in a process of its own, and their ratio in this one run. It is no test. `--part profile --folder DIR` shows
where the time goes.
"""

from __future__ import annotations

from pathlib import Path

from adam_study import DATASETS, GIVEN, write_given, write_specs
from bench import Bench


def make(folder: Path, subjects: int, rows: int) -> None:
    """The given SDTM, and the study that makes ADaM of it."""
    write_given(folder, subjects, rows)
    write_specs(folder)


def read(folder: Path) -> None:
    """pyarrow's reading of the Parquet files."""
    import pyarrow.parquet as pq

    for name in GIVEN:
        pq.read_table(folder / "given" / f"{name}.parquet")


if __name__ == "__main__":
    files = [f"given/{name}.parquet" for name in GIVEN]
    Bench(__file__, {"subjects": 12_000, "rows": 2_400_000}, make, read, DATASETS, files, "Parquet", raw=False).main()
