"""The shapes of knowledge/screening/: the rules that decide whether a plan may become a project, and how to ask."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from knowledge.methodology_schema import MethodologyId
from knowledge.schema import Folded, Status, Strict, Text
from knowledge.schema_tasks import AskType, Box, Bundle, Option, Pattern

Verdict = Literal["likely", "needs_check", "unlikely"]
Scope = Literal["all", "equipment", "renewal", "heat", "paid", "energy_saving"]
"""Which plans a rule is about. renewal: equipment that replaces older equipment; paid: equipment, homes excepted."""
RuleId = Annotated[str, Field(pattern=r"^[CS][A-Z]*\d+[A-Z]?(-\d+)?$")]
PartId = Annotated[str, Field(pattern=r"^[a-z][A-Za-z_]*$")]
MISSING = "missing"
"""The `when` of an outcome for an answer that was asked for and that nobody knows."""


class Outcome(Strict):
    """What an answer means: `when` is a choice's value, `missing`, or a condition over the rule's names."""

    when: Text
    verdict: Verdict
    reason: Folded
    next: Folded | None = None
    instead: list[MethodologyId] = []
    """Other methodologies to look at when this one does not fit."""


class Part(Strict):
    """One of the numbers that a rule needs; asked as `<rule>.<part>`."""

    id: PartId
    label: Text
    unit: Text | None = None
    ask: Folded
    cues: list[Text] = []


class Known(Strict):
    """An answer that follows from other answers."""

    when: Text
    value: Any


class Rule(Strict):
    """One rule: whom it is about, how it is asked, what the answers mean, and where it comes from."""

    id: RuleId
    label: Text
    scope: Scope = "all"
    type: AskType = "choice"
    computed: bool = False
    """Worked out, never asked."""
    ask: Folded | None = None
    again: Folded | None = None
    unit: Text | None = None
    choices: list[Option] = []
    box: Box | None = None
    bundle: Text | None = None
    parts: list[Part] = []
    if_yes: Any = None
    if_no: Any = None
    """What a mere yes or no answers where the choices are other ones."""
    opens: Text | None = None
    """The box's value that only leads to the question itself."""
    known: list[Known] = []
    needed_when: Text | None = None
    """A condition under which another rule waits for this answer, so that it is asked in any case."""
    unless: Text | None = None
    """A condition under which the rule does not apply."""
    outcomes: Annotated[list[Outcome], Field(min_length=1)]
    status: Status
    basis: Annotated[list[Text], Field(min_length=1)]
    why: Text | None = None
    how_to_find: Text | None = None
    todo: Folded | None = None
    """What to see to before registration when the question was not needed for the verdict."""

    @model_validator(mode="after")
    def _can_be_asked(self) -> Rule:
        if not self.computed and not self.ask and not self.known and not self.parts and not self.box:
            raise ValueError(f"「{self.id}」の聞き方（ask）を書いてください")
        return self

    def outcome(self, when: str) -> Outcome | None:
        return next((item for item in self.outcomes if item.when == when), None)

    @property
    def is_asked(self) -> bool:
        """Whether the dialogue may ask for it; the others are worked out or follow from other answers."""
        return not self.computed and bool(self.ask or self.parts or self.box)

    @property
    def excludes(self) -> bool:
        """Whether an answer can rule a plan out. Rules that are not verified never do."""
        return self.status == "verified" and any(item.verdict == "unlikely" for item in self.outcomes)


class RuleSet(Strict):
    """The rules of one methodology and what the dialogue should know about it."""

    methodology: MethodologyId
    home: bool = False
    """Often done by households, so that it is asked who it is when nobody said so."""
    small: bool = False
    """Mostly so small that several are put together."""
    bundles: dict[str, Bundle] = {}
    rules: Annotated[list[Rule], Field(min_length=1)]


class CommonRules(Strict):
    """The rules for every methodology, what is asked together, and the order of asking."""

    bundles: dict[str, Bundle]
    order: list[Text]
    """Rule ids; `own.excluding` and `own.rest` stand for the methodology's own rules."""
    rules: list[Rule]


class RuleSets(Strict):
    """The rule sets of one file."""

    sets: list[RuleSet]


class UsefulLife(Strict):
    """A legal useful life (years), an example of the table, and for which methodologies it is taken."""

    asset: Text
    years: Annotated[int, Field(gt=0)]
    status: Status
    methodologies: list[MethodologyId] = []


class UsefulLives(Strict):
    note: Text
    basis: list[Text]
    items: list[UsefulLife]


class Payback(Strict):
    """(capex - subsidy) / saving a year, in years."""

    expression: Text
    threshold_years: Annotated[int, Field(gt=0)]
    status: Status
    basis: list[Text]


class Logic(Strict):
    """What the verdict logic works from."""

    years_back: Annotated[int, Field(gt=0)]
    """A project may have started at most this long before its application."""
    crediting_years: Annotated[int, Field(gt=0)]
    not_equipment: list[MethodologyId]
    heat: list[MethodologyId]
    """Heat sources and cogeneration."""
    energy_saving_category: Text
    program_below_t: int
    normal_from_t: int
    payback: Payback
    no_own_rules: Text
    """The reason where a methodology has no rules of its own."""
    no_methodology: Text
    not_known: Text
    """The reason where an answer was asked for, matters, and is not known."""
    lowered: Text
    """Added where a rule that is not verified speaks against the plan."""


class BasisSource(Strict):
    """A source of rules beside those of sources.yaml and methodology_sources.yaml."""

    title: Text
    as_of: Text


class Candidates(Strict):
    """Everyday names of methodologies for buttons, and words that lead to several of them."""

    labels: dict[MethodologyId, Text]
    also: dict[Text, list[MethodologyId]] = {}
    """Words that may mean further methodologies, so that the person is asked."""
    target: list[Pattern] = []
    """Where the text names what comes after a change; the group `what` is the place."""
    only_with: dict[MethodologyId, list[Text]] = {}
    """Words that show that a candidate is meant: the others of this list go, then."""
