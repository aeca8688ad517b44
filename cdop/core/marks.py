"""What everything that leaves this system says of itself: whose it is, and that it is invented."""

PANEL = "Pan-Cheshire Child Death Overview Panel"
SYNTHETIC = "Synthetic: no real child"
