"""Tables that cost much to make, kept on disk and read by every process from the same pages."""
