"""What a language tag is, where it comes from, and numbers kept per language."""
