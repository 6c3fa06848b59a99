"""
Cross-lingual transfer as meta-learning (XLA-MAML), a plugin of AllenNLP 2.10.1.

Importing the package registers everything in it, so a line in `.allennlp_plugins` or `--include-package` is enough.
"""

# First of all, for where the hook that an installation brings is not at work: in a clone that is only on the path.
from xlamaml_allennlp import upstream
from xlamaml_allennlp.upstream import deferring
from xlamaml_allennlp.version import VERSION as __version__

deferring.register()
try:
    from xlamaml_allennlp import jsonnet, quiet, version_action

    quiet.warnings_of_other_packages()
    quiet.screens()
    jsonnet.bound_evaluation()
    version_action.name_ours_beside_allennlps()

    from xlamaml_allennlp import (
        adaptation,
        archives,
        caching,
        commands,
        encoders,
        episodes,
        exchange,
        files,
        languages,
        meta_training,
        nli,
        optimization,
        provenance,
        qa,
        reports,
        resuming,
        studies,
    )
except ModuleNotFoundError as error:
    # AllenNLP logs a plugin's ModuleNotFoundError and goes on without the plugin, to fail later over a name
    # that "is not registered". Any other error stops it here, where the reason is known.
    raise ImportError(
        f"xlamaml_allennlp cannot be imported, because there is no module {error.name!r}. "
        "`make install` builds an environment with everything in it; so does pip install --no-deps -r requirements.txt."
    ) from error

__all__ = [
    "__version__",
    "adaptation",
    "archives",
    "caching",
    "commands",
    "encoders",
    "episodes",
    "exchange",
    "files",
    "languages",
    "meta_training",
    "nli",
    "optimization",
    "provenance",
    "qa",
    "reports",
    "resuming",
    "studies",
    "upstream",
]
