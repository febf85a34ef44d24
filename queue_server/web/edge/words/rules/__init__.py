"""The words of an office's published rules: their names, their groups and their values."""
