"""Settings of the property tests: no deadline, because a shared machine is slow at times and that is no fault."""
from hypothesis import HealthCheck, settings

settings.register_profile("antrean", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("antrean")
