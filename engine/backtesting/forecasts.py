"""What a backtest forecasts of a policy, and whether what then happened lies within it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.backtesting.changes import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A figure of the days to come."""

    name: str
    unit: str
    value: float
    low: float
    """It lies between these with 95 %."""
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A forecast beside what happened."""

    forecast: Forecast
    happened: float

    @property
    def held(self) -> bool:
        """Whether it lies within the interval."""
        return self.forecast.low <= self.happened <= self.forecast.high


def forecasts_of(figures: Iterable[Change]) -> tuple[Forecast, ...]:
    """What is forecast of the new policy, where anything is."""
    return tuple(
        Forecast(
            name=each.name,
            unit=each.unit,
            value=each.new,
            low=each.forecast_low,
            high=each.forecast_high,
        )
        for each in figures
        if each.new is not None and each.forecast_low is not None and each.forecast_high is not None
    )


def scored(forecasts: Iterable[Forecast], happened: Mapping[str, float]) -> tuple[Scored, ...]:
    """Forecasts of which it is known what happened, each beside it."""
    return tuple(
        Scored(forecast=each, happened=happened[each.name])
        for each in forecasts
        if each.name in happened
    )
