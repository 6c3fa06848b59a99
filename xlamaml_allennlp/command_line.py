"""
AllenNLP's command line with this plugin loaded before anything else, as whoever imports this module loads it: the
process itself, and its workers.
"""

from allennlp.common.util import install_sigterm_handler

from xlamaml_allennlp import quiet
from xlamaml_allennlp.resuming import interruption


def run() -> None:
    """As AllenNLP's own entry point does, whose import sets the logging up."""
    import allennlp.__main__  # noqa: F401
    from allennlp.commands import main

    quiet.keep_screens_short()
    install_sigterm_handler()
    interruption.interrupt_by_signals()
    main(prog="python -m xlamaml_allennlp")


if __name__ == "__main__":
    run()
