"""The shapes of knowledge/methodologies/: a methodology reads like its one-page summary, formulas included."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from knowledge.schema import Status, Strict, Text

MethodologyId = Annotated[str, Field(pattern=r"^(EN-[SR]|IN|AG|WA|FO)-\d{3}$")]
FormulaId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]+$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Texts = list[Text]


class Usual(Strict):
    """What is usual for an input, in its unit. Ten thousand times `upto` is refused."""

    start: Decimal = Field(alias="from", ge=0)
    upto: Decimal = Field(gt=0)


class DefaultFrom(Strict):
    """Where a default comes from: a factor by year, a fuel's column, or a row of a table."""

    factor: Text | None = None
    fuel: Text | None = None
    of: Literal["hv", "cef"] | None = None
    table: Text | None = None
    row: Texts = []
    column: Text | None = None


class ChooseFrom(Strict):
    """Where a value may be picked by name: 「A重油」「スギ」「東北・4時間排除・稲わら」「SF6」."""

    fuel: Literal["hv", "cef"] | None = None
    gas: bool = False
    tables: Texts = []
    column: Text | None = None
    young_column: Text | None = None


class Input(Strict):
    """One number the formula needs: what it is, how to find it, and what fits."""

    name: Name
    label_ja: Text
    symbol: Text | None = None
    unit: Text
    meaning: Text
    how_to_find: Text
    example: Text
    usual: Usual
    required: bool = True
    default: Decimal | None = None
    default_from: DefaultFrom | None = None
    choose_from: ChooseFrom | None = None
    accepts: Texts = []
    """The units it may come in, each kept as it is (a fuel in kL or t)."""
    also: dict[Text, Decimal] = {}
    """Other units people use, and how much of `unit` one of them is (water: 1 kL is 1 m3)."""
    above: Decimal | None = None
    at_most: Decimal | None = None
    is_factor: bool = False
    only_with: list[Name] = []
    needed_with: list[Name] = []
    rows: Literal["fuels"] | None = None
    any_unit: bool = False
    plain: bool = False


class Step(Strict):
    """One named line of the working. `baseline`, `project` and `reduction` are the results."""

    id: Name
    label: Text
    expr: Text
    unit: Text


class Check(Strict):
    """A condition between inputs, and what to say when it does not hold."""

    expr: Text
    fields: list[Name]
    message: Text


class Formula(Strict):
    """How tonnes are worked out; ids and input names are those used everywhere."""

    id: FormulaId
    title: Text
    kind: Literal["official_monitored", "screening_estimate"]
    gives: Literal["reduction", "emission", "factor"] = "reduction"
    when: Text
    used_by: list[MethodologyId] = []
    inputs: Annotated[list[Input], Field(min_length=1)]
    together: list[list[Name]] = []
    at_least_one: list[list[Name]] = []
    at_least_one_too: list[list[Name]] = []
    same_unit: list[list[Name]] = []
    checks: list[Check] = []
    constants: dict[Name, Text] = {}
    steps: Annotated[list[Step], Field(min_length=1)]
    rounding: Text
    status: Status
    checked: Literal["published_case", "not_checked", "structure", "guess", "simple"]
    assumptions: Texts = []
    warnings: Texts = []
    what_would_change: Texts = []
    equations: Texts = []
    note: Text | None = None
    sources: Annotated[Texts, Field(min_length=1)]

    @model_validator(mode="after")
    def _named_once(self) -> Formula:
        names = [item.name for item in self.inputs]
        if len(names) != len(set(names)):
            raise ValueError("同じ name の入力が二つあります。どちらかの name を直してください")
        if self.gives == "reduction" and self.steps[-1].id != "reduction":
            raise ValueError("steps の最後は id: reduction にしてください")
        return self

    def input(self, name: str) -> Input:
        return next(item for item in self.inputs if item.name == name)


class Shared(Strict):
    """A formula that stands in methodologies/shared/ because several methodologies use it."""

    use: FormulaId


class Monitored(Strict):
    symbol: Text
    item: Text
    unit: Text
    how: Text


class Baseline(Strict):
    renewal: Text
    new: Text
    treated_as_new: Texts = []
    status: Status
    sources: Texts = []


class Additionality(Strict):
    default: Text
    alternatives: Texts = []
    exempt: Text | None = None
    exempt_for: Texts = []
    """Words for the people whom the exemption concerns (家庭 …); empty: everyone."""
    detail: Text | None = None
    status: Status
    sources: Texts = []


class Registered(Strict):
    """The official list of projects as of January 2024: counts, and expected tonnes a year of normal projects."""

    projects: int
    programs: int
    median_t_per_year: Decimal | None = None
    quarter_low: Decimal | None = None
    quarter_high: Decimal | None = None
    counted: int
    highest_version: Text | None = None
    source: Text


class Methodology(Strict):
    """One methodology, from what it is to how it is worked out."""

    id: MethodologyId
    name: Text
    category: Text
    credit_kind: Text
    status: Literal["active", "repealed"]
    status_note: Text | None = None
    version: Text | None = None
    number_status: Status
    name_status: Status | None = None
    summary: Text
    words: Texts = []
    typical_applicants: Texts = []
    eligibility: Texts
    baseline: Text | Baseline
    additionality: Text | Additionality
    additionality_note: Text | None = None
    monitoring: list[Monitored] = []
    ancillary_emissions: Texts = []
    formulas: list[Formula | Shared] = []
    history: Texts = []
    registered_2024_01: Registered
    examples: Texts = []
    """Projects that the facts name, with the date of the list they stand in."""
    note: Text | None = None
    content_status: Status
    content_note: Text | None = None
    sources: Annotated[Texts, Field(min_length=1)]
    as_of: Text
    review_by: date

    @model_validator(mode="after")
    def _repeal_is_told(self) -> Methodology:
        if self.status == "repealed" and not self.status_note:
            raise ValueError("status が repealed のときは、status_note に、どこまで確かかを書いてください")
        return self


class Common(Strict):
    """What several methodologies share, told once."""

    baselines: dict[str, Baseline]
    additionality: dict[str, Additionality]
    additionality_methods: Texts
    registration: Texts
    ancillary_rule: Text
    rounding: Text
    program_type: Text
    registered_note: Text
    checked: dict[str, Text | None]
    """What is said of a formula by how far it was checked."""


class PriceRange(Strict):
    """A range of prices (JPY a tonne), with its dates: never a promise."""

    id: Text
    name: Text
    credit_kinds: Texts = []
    methodologies: list[MethodologyId] = []
    low: Decimal
    high: Decimal
    period: Text
    status: Status
    source: Text
    facts: Texts


class Prices(Strict):
    caution: Text
    as_of: Text
    review_by: date
    ranges: list[PriceRange]


class CaseEstimate(Strict):
    """One way of reckoning a published case: the inputs, and what comes out."""

    label: Text
    formula_id: FormulaId
    fiscal_year: int | None = None
    inputs: dict[str, object]
    factors: dict[str, object] = {}
    reduction_tco2: Decimal
    arithmetic: Text


class Case(Strict):
    """A published case beside what the formulas give, and an honest line why they differ."""

    id: Text
    title: Text
    methodology_id: MethodologyId
    published_tco2: Decimal
    published: Text
    estimates: Annotated[list[CaseEstimate], Field(min_length=1)]
    why_different: Text
    facts: Texts
    status: Status
    source: Text
    as_of: Text
