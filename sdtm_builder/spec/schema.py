"""The one description of every key, under one name: what checks, editors' schemas and the reference are made from."""

from .json_schema import json_schema
from .operations import LANGUAGE_OPERATIONS, META, OperationForm, all_operations
from .reference import key_reference
from .schema_dataset import BLOCK, DATASET_FILE
from .schema_study import STUDY_FILE

__all__ = [
    "BLOCK",
    "DATASET_FILE",
    "LANGUAGE_OPERATIONS",
    "META",
    "STUDY_FILE",
    "OperationForm",
    "all_operations",
    "json_schema",
    "key_reference",
]
