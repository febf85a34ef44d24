"""The report of an office, or of all offices that the reader may see."""
