"""The demo for question answering."""

from demo.program import start
from demo.qa.task import Qa

if __name__ == "__main__":
    start(Qa())
