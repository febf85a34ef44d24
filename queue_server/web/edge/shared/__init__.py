"""Pages of the public that are made once for all who ask alike (ADR 0025)."""
