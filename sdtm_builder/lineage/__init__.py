"""Reads written lineage: where every value of a build comes from, down to the raw cell."""

from .node import Node
from .reader import Lineage, TraceError
from .trace import trace

__all__ = ["Lineage", "Node", "TraceError", "trace"]
