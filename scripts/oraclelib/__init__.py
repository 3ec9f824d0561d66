"""What scripts/oracle is made of; it knows the raw files and docs/SEMANTICS.md, and nothing of the engine."""
