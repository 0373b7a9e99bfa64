"""The exercises, one module a lesson: data, a reference that is right, and hints."""
