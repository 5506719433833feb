"""What follows from the record: values."""
