"""`python -m sdtm_builder`: the same as `sdtm-builder`."""

from .cli import main

main()
