"""The pages: one call down, one value shown. One file a group of addresses."""
