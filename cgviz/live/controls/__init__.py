"""What a leaf's number is set with: a slider, a box, a reset."""
