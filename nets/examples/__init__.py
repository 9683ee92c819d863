"""Examples: where inputs and targets come from, and the forms they are brought into."""
