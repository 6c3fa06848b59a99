"""
`python -m xlamaml_allennlp`: AllenNLP's command line with this plugin loaded, in whatever folder it is run.

The `allennlp` command finds the plugin, and its subcommands, only where a `.allennlp_plugins` lies.
"""

import runpy

if __name__ == "__main__":
    # Workers of distributed training import the main module again, and so this plugin, unless its name is __main__.
    runpy.run_module("xlamaml_allennlp.command_line", run_name="__main__", alter_sys=True)
