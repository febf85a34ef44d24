"""The one source of design tokens, served by the server and by the agents of the kiosk and the
TV.
"""

from pathlib import Path

TOKENS_CSS: Path = Path(__file__).with_name("tokens.css")
