"""How well people decide: blind looks, gold items, second looks, calibration. See the README."""
