"""How the package is installed. The environment it is developed and tested in is requirements.txt (`make install`)."""

from pathlib import Path

from setuptools import find_packages, setup

setup(
    name="xlamaml_allennlp",
    version="0.1.0.dev0",
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
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
    packages=find_packages(include=["xlamaml_allennlp", "xlamaml_allennlp.*"]),
    python_requires=">=3.11,<3.13",
    # AllenNLP 2.10.1 is needed as well and is not listed: its own bounds (torch<1.13, transformers<4.21, spacy<3.4)
    # cannot be met on these Pythons, so pip would refuse. `pip install --no-deps -r requirements.txt` brings it.
    install_requires=[
        "higher",
        "langcodes",
        "nltk",
        "numpy",
        "psutil",
        "rich",
        "tokenizers",
        "torch",
        "transformers>=4.42,<4.43",
    ],
    extras_require={"datasets": ["datasets"]},
)
