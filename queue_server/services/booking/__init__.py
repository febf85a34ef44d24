"""Before the visit: holding, booking, moving, waiting for a place."""
