"""The demo's twin for question answering: run `python -m demo.qa`."""
