"""The blueprint of everything a citizen sees; each page adds its routes to it."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("public", __name__)
