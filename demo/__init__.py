"""The whole method on data and an encoder that need no network: run `python -m demo`."""
