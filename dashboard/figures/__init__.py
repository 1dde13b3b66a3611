"""Figures as pages show them: cards, charts, tables, and the way to the cases behind them."""
