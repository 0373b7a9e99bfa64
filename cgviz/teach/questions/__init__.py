"""Questions before ideas: how a guess is judged, and the widget that asks."""
