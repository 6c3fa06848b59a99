"""A transformers encoder and its fast tokenizer: from a hub name, a folder, or an archive of ours."""
