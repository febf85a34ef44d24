"""What the staff are told of kiosks, screens and printers."""
