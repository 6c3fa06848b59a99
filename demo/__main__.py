"""The whole method on embedded data and an embedded pretrained encoder, offline, on a CPU."""

from demo.nli import Nli
from demo.program import start

if __name__ == "__main__":
    start(Nli())
