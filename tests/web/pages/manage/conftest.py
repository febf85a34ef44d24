"""A manager who is signed in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.site import Site


@pytest.fixture
def manager(site: Site) -> FlaskClient:
    return site.sign_in(site.browser(), "budi")
