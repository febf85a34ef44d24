"""Personal data: how long each kind is kept, who may look, and what an incident asks for."""
