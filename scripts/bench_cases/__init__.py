"""What is measured, each against the same work written by hand or against its smallest form."""
