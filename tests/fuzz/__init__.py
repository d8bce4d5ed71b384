"""What strangers send, bent and broken, into every parser that takes it."""
