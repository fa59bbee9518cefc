"""What reads strangers' bytes, given bytes without end: ``make fuzz``; a fixed count of them in the tests."""
