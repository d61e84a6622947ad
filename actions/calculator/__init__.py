"""The methodology calculator: numbers in, tonnes of CO2 out, with every step shown. Pure; no Rasa, no FastAPI.

estimate()       the tonnes of one formula, with steps, factors, assumptions and warnings
methodologies()  all methodologies, a line each
describe()       one methodology with its conditions, formulas, inputs, factors and sources
"""

from actions.calculator.catalogue import describe, methodologies
from actions.calculator.engine import estimate
from actions.calculator.result import Estimate

__all__ = ["Estimate", "describe", "estimate", "methodologies"]
