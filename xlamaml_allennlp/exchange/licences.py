"""What the data sets of the field may be used for, by what their files are called."""

from xlamaml_allennlp.languages.data_use import UNKNOWN

# A part of a path, in lower case -> the data set, and its licence as its authors give it.
LICENCES = {
    "xnli": ("XNLI", "CC BY-NC 4.0: no commercial use"),
    "multinli": ("MultiNLI", "OANC and others, see its paper"),
    "mnli": ("MultiNLI", "OANC and others, see its paper"),
    "mlqa": ("MLQA", "CC BY-SA 3.0"),
    "xquad": ("XQuAD", "CC BY-SA 4.0"),
    "squad": ("SQuAD", "CC BY-SA 4.0"),
    "tydiqa": ("TyDi QA", "Apache 2.0"),
}


def licence_of(path: str) -> str:
    """
    The data set that a path names and its licence; "unknown" where the path names none.
    """
    # A file called mnli may lie in a folder called xnli: the end of a path counts for more.
    for part in reversed(path.lower().replace("!", "/").split("/")):
        for name, (data_set, licence) in LICENCES.items():
            if name in part:
                return f"{data_set} ({licence})"
    return UNKNOWN
