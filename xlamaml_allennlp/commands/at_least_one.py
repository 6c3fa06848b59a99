"""Numbers on a command line that count something."""

import argparse


def at_least_one(text: str) -> int:
    """A whole number from 1 on; argparse tells of others in these words."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: at least 1")
    return number
