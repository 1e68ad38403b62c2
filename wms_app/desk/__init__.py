"""The Qt window: frame, scanner, work, messages, style, widgets. It knows no room."""
