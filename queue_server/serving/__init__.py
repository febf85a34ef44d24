"""The server process: connections, workers, memory."""
