"""Simulated reviewers, who work a deployment over its API. See the README."""

from queues.simulation.course import Course, Plan
from queues.simulation.crew import Crew, Member, crew_of, read_crew
from queues.simulation.diary import Diary
from queues.simulation.truths import Right, Truths

__all__ = ["Course", "Crew", "Diary", "Member", "Plan", "Right", "Truths", "crew_of", "read_crew"]
