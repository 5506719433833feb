"""What is done to the record, for admin, loader and commands alike."""
