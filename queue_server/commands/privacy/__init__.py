"""`antrean privacy` and `antrean incident`: personal data, from the command line."""
