"""What scripts/peers is made of: the two that are timed, the questions they get, and the table of what came out."""
