"""
`python -m xlamaml_allennlp`: AllenNLP's command line with this plugin loaded, in whatever folder it is run.

The `allennlp` command finds the plugin, and its subcommands, only where a `.allennlp_plugins` lies.
"""

from allennlp.common.util import install_sigterm_handler

from xlamaml_allennlp import quiet

# Not in run(): worker processes import this module again, and load allennlp_models as well.
quiet.downloads_of_allennlp_models()


def run() -> None:
    # As AllenNLP's own entry point does, whose import sets the logging up.
    import allennlp.__main__  # noqa: F401
    from allennlp.commands import main

    install_sigterm_handler()
    main(prog="python -m xlamaml_allennlp")


if __name__ == "__main__":
    run()
