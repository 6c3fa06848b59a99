"""What a file or a line of data is, before any task: where it lies, how it is packed, whether it is text or JSON."""
