"""The beginning of a study: raw tables described, mappings proposed from them, a first study that builds."""
