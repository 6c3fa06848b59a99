"""How the package is installed. The environment it is developed and tested in is requirements.txt (`make install`)."""

import re
from pathlib import Path

from setuptools import Distribution, find_packages, setup


class WithData(Distribution):
    """A distribution whose data files an editable install takes along: setuptools asks for them by this name."""

    has_data = Distribution.has_data_files


# The one place of the version; importing the package would take everything that it needs.
VERSION_FILE = Path(__file__).with_name("xlamaml_allennlp") / "version.py"
(VERSION,) = re.findall(r'^VERSION = "(.+)"$', VERSION_FILE.read_text(encoding="utf-8"), re.MULTILINE)

setup(
    distclass=WithData,
    name="xlamaml_allennlp",
    version=VERSION,
    description="Cross-lingual transfer as meta-learning (XLA-MAML), a plugin of AllenNLP",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Intended Audience :: Science/Research",
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
    # The configs go along, inside the package: `import 'xlamaml/xnli_xla_maml.jsonnet'` finds them there.
    packages=[*find_packages(include=["xlamaml_allennlp", "xlamaml_allennlp.*"]), "xlamaml_allennlp.training_configs"],
    package_dir={"xlamaml_allennlp.training_configs": "training_configs"},
    package_data={
        "xlamaml_allennlp.training_configs": ["**/*.jsonnet", "**/*.libsonnet"],
        "xlamaml_allennlp.reports": ["paper_tables.json", "layout/*"],
    },
    # The hook that Python runs at its start (see CONTRIBUTING.md) lies beside the package, in an editable install too:
    # from a wheel's data, `../purelib` is where packages go.
    py_modules=["xlamaml_allennlp_hook"],
    data_files=[("../purelib", ["xlamaml_allennlp.pth"])],
    python_requires=">=3.11,<3.14",
    # AllenNLP 2.10.1 is needed as well and is not listed: its own bounds (torch<1.13, transformers<4.21, spacy<3.4)
    # cannot be met on these Pythons, so pip would refuse. `pip install --no-deps -r requirements.txt` brings it.
    install_requires=[
        "higher",
        "huggingface-hub",
        "jsonnet",
        "langcodes",
        "numpy",
        "psutil",
        "pyarrow",
        "rich",
        "tokenizers",
        "torch",
        "transformers>=5.10,<6",
        "xxhash",
    ],
    extras_require={
        "datasets": ["datasets"],
        "onnx": ["onnx", "onnxruntime", "onnxscript"],
        "ray": ["ray"],
        "reports": ["jinja2", "markupsafe", "matplotlib", "pandas", "scipy", "statsmodels"],
    },
)
