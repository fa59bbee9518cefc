"""The REST interface for programs: what the pages show, as JSON, described by OpenAPI."""
