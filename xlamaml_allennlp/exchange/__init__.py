"""Models to transformers' own classes: what `pipeline()` and AutoModel load."""
