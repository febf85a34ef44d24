"""`python -m queue_server` is `antrean`."""

from .cli import main

main()
