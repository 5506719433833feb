"""What a page shows of the record, whoever asks."""
