"""Training and calibration: ``python -m training COMMAND``."""
