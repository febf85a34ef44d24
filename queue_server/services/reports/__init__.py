"""Reports: the figures of offices over days, months and years."""
