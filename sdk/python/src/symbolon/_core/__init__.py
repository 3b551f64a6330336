"""The rules of a verifier, without I/O."""
