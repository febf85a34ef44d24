"""What the sensors at the doors have counted."""
