"""What bench_against measures with: Tryton in an environment of its own, beside Dock."""
