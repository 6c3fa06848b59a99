"""AllenNLP's command line with this plugin loaded before anything else, in the process itself and in its workers."""

from allennlp.common.util import install_sigterm_handler

from xlamaml_allennlp import quiet
from xlamaml_allennlp.meta_training import interruption

# Not in run(): workers import this module again, and load allennlp_models as well.
quiet.downloads_of_allennlp_models()


def run() -> None:
    """As AllenNLP's own entry point does, whose import sets the logging up."""
    import allennlp.__main__  # noqa: F401
    from allennlp.commands import main

    install_sigterm_handler()
    interruption.interrupt_by_signals()
    main(prog="python -m xlamaml_allennlp")


if __name__ == "__main__":
    run()
