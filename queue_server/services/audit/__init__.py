"""The log for those who check it: each day with its chain, and whether the chain holds."""
