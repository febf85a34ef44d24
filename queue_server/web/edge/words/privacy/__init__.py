"""Personal data in words: what is kept, and what is said when others may have seen it."""
