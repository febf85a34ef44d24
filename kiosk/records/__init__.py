"""What this kiosk keeps on disk: one database, one writer."""
