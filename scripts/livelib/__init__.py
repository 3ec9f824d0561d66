"""A real server for the scripts that kill it, fill its disk and rotate logs under it."""
