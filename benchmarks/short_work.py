"""`python -m benchmarks.short_work serve …`: the real server, with proofs of work of which each
second takes one or two tries instead of 256.

The clients of a measurement sleep the seconds that the work takes on a phone. So the server checks
true answers, and the processors that it is measured on need not do the work of five hundred phones.
"""

from __future__ import annotations

SECOND_BITS = 0

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()
    from queue_server.cli import main
    from queue_server.web.edge.strangers import proofs

    proofs.SECOND_BITS = SECOND_BITS
    main()
