"""Files that a build leaves behind: XPT, Dataset-JSON, define.xml, the manifest, and their publication."""
