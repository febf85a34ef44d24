"""The gate of the live channel: connections, frames, turns."""
