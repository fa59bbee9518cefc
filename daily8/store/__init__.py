"""Remember: PostgreSQL, and the only place that speaks SQL or the ORM."""
