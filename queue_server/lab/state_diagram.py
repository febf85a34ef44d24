"""Draw the ticket's state diagram from the transition table, so the picture in the docs cannot go
stale.

`python -m queue_server.lab.state_diagram` prints it as Mermaid.
"""

from __future__ import annotations

from queue_server.domain.visit.transitions import TRANSITIONS


def draw_states() -> str:
    """The transition table as a Mermaid state diagram, one line for each source and action."""
    lines = ["stateDiagram-v2"]
    for action, row in TRANSITIONS.items():
        for source in sorted(map(str, row.sources)) or ["[*]"]:
            lines.append(f"    {source} --> {row.target}: {action}")
    ended = sorted(
        {row.target for row in TRANSITIONS.values()}
        - {source for row in TRANSITIONS.values() for source in row.sources}
    )
    lines.extend(f"    {state} --> [*]" for state in ended)
    return "\n".join(lines)


if __name__ == "__main__":
    print(draw_states())
