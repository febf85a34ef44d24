"""The kiosk at the door: a local agent, its journal and its touch page."""
