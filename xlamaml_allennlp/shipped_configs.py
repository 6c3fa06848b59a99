"""
Lets a config in any folder import this package's configs by name: `import 'xlamaml/xnli_xla_maml.jsonnet'`.

AllenNLP evaluates configs by the Python binding of Jsonnet, which reads neither JSONNET_PATH nor any library folder
unless its caller says so, and AllenNLP has no setting for it. So it gets an importer; `jsonnet_process.py` runs this
file for it, with nothing of AllenNLP at hand.
"""

from pathlib import Path

# What a name begins with that stands for a config of this package.
PREFIX = "xlamaml/"
PACKAGE = Path(__file__).parent
# In an installed package the configs lie inside of it, in a clone beside it; setup.py says so.
FOLDER = next(
    (folder for folder in (PACKAGE / "training_configs", PACKAGE.parent / "training_configs") if folder.is_dir()),
    PACKAGE / "training_configs",
)


def import_from(folder: str, name: str) -> tuple[str, bytes]:
    """
    Finds what a Jsonnet file imports.

    # Parameters

    folder : `str`
        The folder of the importing file, with a slash at its end; empty for a snippet.
    name : `str`
        What it imports.

    # Returns

    `tuple[str, bytes]`
        The path of the file and its content: beside the importing file, as Jsonnet itself looks for it, else among the
        configs of this package if the name begins with "xlamaml/".

    # Raises

    `FileNotFoundError`
        If there is no such file. Jsonnet adds the name and the place of the import.
    """
    local = Path(folder) / name
    if local.is_file():
        # As Jsonnet puts it together: what a relative path means does not change.
        return str(local), local.read_bytes()
    if not name.startswith(PREFIX):
        raise FileNotFoundError(
            f"it is neither beside the file that imports it nor a config of xlamaml_allennlp ({PREFIX}NAME.jsonnet)."
        )
    shipped = FOLDER / name.removeprefix(PREFIX)
    if not shipped.is_file():
        there = ", ".join(sorted(path.name for path in FOLDER.glob("*.jsonnet"))) or "none"
        raise FileNotFoundError(f"xlamaml_allennlp has no such config. Those that there are: {there}.")
    return str(shipped), shipped.read_bytes()
