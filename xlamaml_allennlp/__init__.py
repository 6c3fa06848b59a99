"""Cross-lingual transfer as meta-learning (XLA-MAML), a plugin of AllenNLP 2.10.1."""
