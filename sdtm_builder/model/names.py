"""A place in a YAML file, a text with its place, and the letters of a domain."""

from __future__ import annotations

from dataclasses import dataclass

from ..issues import Location


@dataclass(frozen=True, slots=True)
class Mark:
    """File, line and column (from 1) where something was last said; `overrides` is where an inherited one stood."""

    file: str = ""
    line: int = 0
    column: int = 0
    overrides: str = ""

    @property
    def place(self) -> Location:
        """This mark as the location of an issue."""
        return Location(yaml=self.file, line=self.line, char=self.column)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text of the YAML with its place; `plain` says that it stood without quotes."""

    text: str
    mark: Mark = Mark()
    plain: bool = True

    def __str__(self) -> str:
        return self.text


def domain_letters(domain: str) -> str:
    """What `--` stands for in a domain's variables: for associated persons' data (`APMH`) the letters after AP."""
    return domain[2:] if len(domain) == 4 and domain.startswith("AP") else domain
