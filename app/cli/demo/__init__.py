"""The demo: an invented county and the quarter it lived through."""

from app.cli.demo.county import County, DemoMandate, DemoPerson, DemoUnit, Problem, load_county

__all__ = ["County", "DemoMandate", "DemoPerson", "DemoUnit", "Problem", "load_county"]
