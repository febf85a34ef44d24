"""Measure Antrean beside its floors, in one run on one machine: `python -m benchmarks --help`."""
