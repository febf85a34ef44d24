"""The commands of `antrean` for administration."""
