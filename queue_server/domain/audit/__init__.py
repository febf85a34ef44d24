"""The chain of hashes over the log: how it is made, and how a changed log is told by it."""
