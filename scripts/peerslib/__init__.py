"""What scripts/peers is made of: the two that are timed, the questions they get, and the tables of what came out."""
