"""What guests send: a hold, or a booking with who they are; every refusal says how to write it."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from core.errors import InvalidInput
from knowledge.booking_files import load_booking
from knowledge.loader import Knowledge
from knowledge.schema_booking import BookingBook, Kind, Period

HOME_REGION = "JP"


def _refuse(code: str, reason: str) -> PydanticCustomError:
    return PydanticCustomError(code, load_booking().texts.refusals[reason])


def _line(text: str) -> str:
    text = text.strip()
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text):
        raise _refuse("invalid_text", "line")
    if not any(unicodedata.category(c)[0] in "LNSP" for c in text):
        raise _refuse("invalid_text", "empty")
    return text


def _lines(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    _line(text.replace("\n", " ").replace("\t", " "))
    return text


def _email(text: str) -> str:
    try:
        return validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        raise _refuse("invalid_value", "email") from error


def _phone(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise _refuse("invalid_value", "phone") from error
    if not phonenumbers.is_possible_number(number):
        raise _refuse("invalid_value", "phone")
    at_home = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def _agreed(value: Any) -> bool:
    if value is not True:
        raise _refuse("consent_required", "consent")
    return True


Line = Annotated[str, AfterValidator(_line)]
OpaqueId = Annotated[str, Field(min_length=1, max_length=128)]


class Guest(BaseModel):
    """Who comes, how and why; nothing else is asked."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    name: Annotated[Line, Field(max_length=100)]
    organization: Annotated[Line, Field(max_length=200)]
    email: Annotated[str, Field(max_length=254), AfterValidator(_email)]
    phone: Annotated[str | None, Field(max_length=40), AfterValidator(_phone)] = None
    prefecture: Annotated[str | None, Field(max_length=20)] = None
    address: Annotated[str | None, Field(max_length=300)] = None
    topic: Annotated[str, Field(max_length=2000), AfterValidator(_lines)]
    consent: Annotated[Any, AfterValidator(_agreed), Field(validate_default=True)] = False


class Wish(BaseModel):
    """A slot to hold for a while."""

    model_config = ConfigDict(extra="forbid")

    slot_id: OpaqueId
    kind: Kind
    conversation_id: OpaqueId | None = None


class BookingRequest(Guest):
    """A booking: the slot, or the hold on it, and the guest."""

    slot_id: OpaqueId | None = None
    hold_id: OpaqueId | None = None
    conversation_id: OpaqueId | None = None

    @model_validator(mode="after")
    def _one_slot(self) -> BookingRequest:
        if (self.slot_id is None) == (self.hold_id is None):
            raise _refuse("invalid_value", "one_slot")
        return self


class NewSlot(BaseModel):
    """Where a booking moves to."""

    model_config = ConfigDict(extra="forbid")

    slot_id: OpaqueId


def as_guest(data: dict[str, Any]) -> Guest:
    """A guest from a task's answers. Raises InvalidInput naming the fields."""
    try:
        return Guest.model_validate(data)
    except ValidationError as error:
        reasons = {
            str(fault["loc"][0]): load_booking().texts.refusals["empty"] if fault["type"] == "missing" else fault["msg"]
            for fault in error.errors()
            if fault["loc"]
        }
        code = "consent_required" if "consent" in reasons else "invalid_value"
        listed = "、".join(dict.fromkeys(reasons.values()))
        raise InvalidInput(f"予約の内容を確かめてください（{listed}）。", code=code, fields=reasons) from error


def place_of_visit(guest: Guest, period: Period, book: BookingBook, knowledge: Knowledge) -> tuple[str, str]:
    """Prefecture and address of a visit. Raises InvalidInput; outside the area it offers what there is instead."""
    said = book.texts.refusals
    if not (guest.prefecture or "").strip():
        raise _wrong("prefecture", said["prefecture_needed"])
    prefecture = _prefecture(knowledge, guest.prefecture or "")
    if prefecture is None:
        raise _wrong("prefecture", said["prefecture_unknown"])
    if prefecture not in period.visit_area:
        desk = knowledge.contacts["national"]
        area = "・".join(period.visit_area)
        reason = said["outside"].format(area=area, name=desk.name, phone=desk.phone, as_of=desk.as_of)
        raise InvalidInput(f"{reason}。", fields={"prefecture": reason})
    if not (guest.address or "").strip():
        raise _wrong("address", said["address_needed"])
    try:
        return prefecture, _line(guest.address or "")
    except PydanticCustomError as error:
        raise _wrong("address", said["line"]) from error


def _wrong(field: str, reason: str) -> InvalidInput:
    return InvalidInput(f"{reason}。", fields={field: reason})


def _prefecture(knowledge: Knowledge, said: str) -> str | None:
    said = unicodedata.normalize("NFKC", said).strip()
    for name, words in knowledge.places.prefectures.items():
        if said == name or said in words or (len(said) > 1 and said in (name[:-1], *(w.rstrip("けん") for w in words))):
            return name
    return None
