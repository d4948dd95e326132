"""Properties: the order of raw rows changes nothing, joins and summaries equal their naive twins, no row is lost."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .support import FOUR, ONE_SOURCE, built, rows, values

SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TYPED = ONE_SOURCE.replace("a.csv, subject: SUBJID", "a.csv, subject: SUBJID, columns: {V: {type: number}}").replace(
    "subjects:", "  B: {file: b.csv, columns: {W: {type: number}}}\nsubjects:"
)
Row = tuple[str, str, str, str]
subject = st.sampled_from(["01", "02", "03", "", "99"])
letter = st.sampled_from(["a", "b", "c", ""])
number = st.sampled_from(["1", "2", "3.5", "", "x"])
day = st.sampled_from(["2020-01-01", "2020-01-02", "2020-01", "2020", "", "no"])
table = st.lists(st.tuples(subject, letter, number, day), max_size=12)
other = st.lists(st.tuples(letter, number), max_size=6)

AE = """\
dataset: AE
records:
  a:
    from: raw.A
    where: "V < 3 OR K = 'a'"
    join:
      j: {with: raw.B, by: K, take: {got: W}}
      p: {with: raw.B, by: K, take: {low: W}, pick: {order: W, keep: first}, unmatched: ok}
    set:
      {AETERM: K, AESER: {from: K, map: {a: Y, b: N}}, AESTDTC: {date: D}, v: V, AELOC: {expr: "text(got)"}, low: low}
  b:
    from: raw.A
    where: "V >= 3 AND K <> 'a'"
    one_per: {by: [SUBJID, K], order: [V, D], keep: last}
    set: {AETERM: K, AESTDTC: {date: D}, v: V}
derive:
  total: {sum: v, missing: ignored}
  n: {count: AE, by: [USUBJID, AETERM]}
  under: {count: AE, where: "v < this.v"}
  top: {max: v}
  flag: {flag_first: [USUBJID, AETERM], order: [v, AESTDTC]}
  AEMODIFY: {expr: "text(total) || '/' || text(n) || '/' || coalesce(flag, '-')"}
keys: [USUBJID, AETERM, AESTDTC]
"""
DM = """\
dataset: DM
records: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID}}}
derive:
  RFSTDTC: {min: AE.AESTDTC, partial: ignored}
  LAST: {last: AE.AETERM, order: [AESTDTC, AETERM]}
variables: {LAST: {label: Last Event}}
keys: USUBJID
"""


def csv(header: str, lines: list[tuple[str, ...]]) -> str:
    return header + "\n" + "".join(",".join(line) + "\n" for line in lines)


def build(a: list[Row], b: list[tuple[str, str]]):  # type: ignore[no-untyped-def]
    raw = {"subj.csv": FOUR, "a.csv": csv("SUBJID,K,V,D", a), "b.csv": csv("K,W", b)}
    with tempfile.TemporaryDirectory() as folder:
        return built(Path(folder), TYPED, {"sdtm/ae.yaml": AE, "sdtm/dm.yaml": DM}, raw)


def everything(made, log):  # type: ignore[no-untyped-def]
    """Datasets as texts, and issues without row numbers."""
    data = {b.name: Counter(rows(made, b.name, *(v.name for v in b.variables))) for b in made.built}
    said = Counter(
        (i.rule, i.message, i.value) if str(i.severity) != "note" else (i.rule, "", "") for i in log
    )  # fmt: skip
    return data, said


@SLOW
@given(table, other, st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_datasets_and_issues(a, b, random) -> None:  # type: ignore[no-untyped-def]
    first = everything(*build(a, b))
    random.shuffle(a)
    random.shuffle(b)
    second = everything(*build(a, b))
    assert first[0] == second[0]
    assert first[1] == second[1]


def number_of(text: str) -> float | None:
    return float(text) if text not in ("", "x") else None


@SLOW
@given(table, other)
def test_joins_summaries_and_counts_equal_their_naive_twins(a: list[Row], b: list[tuple[str, str]]) -> None:
    made, _ = build(a, b)
    known = [r for r in a if r[0] in ("01", "02", "03")]
    kept = []
    for who, k, v, d in known:
        x = number_of(v)
        if (x is not None and x < 3) or k == "a":
            kept.append((who, k, x, d))
    kept = [r for r in kept if r[1]]
    found = values(made, "AE", "USUBJID", "AETERM", "v", "AELOC", "low")[: made.run.frame("AE", "a").n]
    want = []
    for who, k, x, _ in kept:
        fits = {number_of(w) for key, w in b if key == k}
        got = next(iter(fits)) if len(fits) == 1 else None
        some = sorted(f for f in fits if f is not None)
        low = some[0] if some else None
        want.append((who, k, text(x), text(got), text(low)))
    assert found == want
    every = values(made, "AE", "USUBJID", "AETERM", "v", "total", "n", "under", "top")
    for who, k, v, total, n, under, top in every:
        mine = [number_of(r[2]) for r in every if r[0] == who]
        there = [m for m in mine if m is not None]
        assert total == text(sum(there) if there else None)
        assert top == text(max(there, default=None))
        assert n == str(sum(r[0] == who and r[1] == k for r in every))
        x = number_of(v)
        assert under == str(0 if x is None else sum(m < x for m in there))


def text(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


@SLOW
@given(table, other)
def test_every_row_is_a_record_or_counted_and_numbers_are_unique(a: list[Row], b: list[tuple[str, str]]) -> None:
    made, _ = build(a, b)
    for block in ("a", "b"):
        frame = made.run.frame("AE", block)
        assert frame.counts["read"] == len([r for r in a if any(r)])
        assert frame.counts["read"] == frame.n + sum(n for step, n in frame.counts.items() if step != "read")
    numbers = rows(made, "AE", "USUBJID", "AESEQ")
    assert sorted(numbers) == sorted(set(numbers))
    for who in {u for u, _ in numbers}:
        assert [int(n) for u, n in numbers if u == who] == list(range(1, sum(u == who for u, _ in numbers) + 1))
