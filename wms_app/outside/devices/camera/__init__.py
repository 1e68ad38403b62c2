"""Cameras: pictures taken on a thread of their own, the codes in them, and photographs kept."""
