"""Before the visit: slots and their places, who may take them, and who waits for one."""
