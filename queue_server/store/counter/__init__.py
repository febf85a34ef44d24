"""Who works at which counter, who waits, and what clerks note."""
