"""The log with its chain of hashes, as it is stored."""
