"""Figures of the analyses as SVG: ink on white, told apart by dashes, signs and words, never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .intervals import intervals_figure
from .lines import lines_figures
from .survival import survival_figures
from .swimmer import swimmer_figures

__all__ = ["figures_of", "intervals_figure"]

_FORMS = {"survival": survival_figures, "swimmer": swimmer_figures, "lines": lines_figures}


def figures_of(plot: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]], name: str, title: str) -> list[str]:
    """The figures of a plot of report/analyses.json, each an `<svg>` element.

    Parameters
    ----------
    plot : a part of kind `plot`, of form survival, swimmer or lines
    groups : id -> group of its analysis
    name : what ids within the figures begin with
    title : of the analysis, for those who do not see the figure

    KeyError for another form.
    """
    return _FORMS[plot["form"]](plot, groups, name, title)
