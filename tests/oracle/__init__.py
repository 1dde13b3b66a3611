"""The naive reference interpreter: what a policy means, a second time, slowly and obviously."""
