"""What a slip says, and how it is drawn: as bytes for the printer, as text, PDF and picture."""
