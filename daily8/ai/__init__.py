"""Models: ports, the gate before them, and providers named by a setting."""
