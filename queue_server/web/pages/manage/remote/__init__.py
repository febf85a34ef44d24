"""What an office serves from home."""
