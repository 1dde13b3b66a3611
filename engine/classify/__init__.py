"""Classifiers that score texts: trained with scikit-learn, run without it."""
