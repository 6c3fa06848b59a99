"""allennlp_models does not ask the network for data whenever it is imported."""

import types

from xlamaml_allennlp.upstream.nltk import keep_downloads_quiet


def test_only_allennlp_models_is_kept_from_downloading():
    asked = []
    nltk = types.SimpleNamespace(download=lambda name: asked.append(name) or True)
    keep_downloads_quiet(nltk)
    call = "result = nltk.download('punkt')"
    theirs = {"__name__": "allennlp_models.rc.tools.narrativeqa", "nltk": nltk}
    users = {"__name__": "__main__", "nltk": nltk}
    exec(call, theirs)
    assert (theirs["result"], asked) == (False, [])
    exec(call, users)
    assert (users["result"], asked) == (True, ["punkt"])
