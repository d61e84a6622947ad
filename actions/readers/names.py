"""Names of people and organisations, without the words around them."""

from __future__ import annotations

import re

from actions.readers.common import Context, Reading
from actions.readers.plain_text import plain_text

LEAD = re.compile(
    r"^(?:(?:あの[、ー]?|えっと|ええと|はい|えー)[、。 ]*)?(?:(?:私|わたし|僕|俺|うち|当社|弊社|わたくし)?(?:の)?(?:会社名|法人名|組織名|団体名|会社|社名|名前|氏名|お名前|所属|勤務先|担当者|担当)(?:は|が|:|：|,|、)\s*|(?:私|わたし|僕|俺|うち|当社|弊社|こちら|わたくし|当方)(?:は|の|が)?[、, ]*)"
)
TAIL = re.compile(
    r"(?:と申します|ともうします|といいます|と言います|っていいます|って言います|という(?:会社|者|団体|名前)(?:です)?|です|でございます|だ|になります|じゃ|に勤めて(?:い)?ます|で働いて(?:い)?ます|の者(?:です)?|よろしくお願い(?:いた)?します|宜しくお願い(?:いた)?します|お願いします)[。.!！、,\s]*$"
)
LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合名会社|合資会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人|医療法人(?:社団|財団)?|学校法人|宗教法人|特定非営利活動法人|NPO法人|農事組合法人|独立行政法人|国立大学法人|地方独立行政法人|\(株\)|\(有\)|㈱|㈲"
)
KINDS = re.compile(
    r"(?:組合|協会|財団|法人|会社|市役所|町役場|村役場|県庁|役場|役所|市|町|村|県|大学|学校|高校|病院|医院|クリニック|農園|農場|牧場|ファーム|工業|建設|製作所|工務店|商店|商会|ホテル|旅館|銀行|信用金庫|電機|電気|食品|運輸|運送|林業|製材|森林組合|商工会|商工会議所|センター|研究所|事務所|工場|園|社|堂|屋|課|部|室|グループ|ホールディングス|サービス)$"
)
NONE = re.compile(r"^(?:個人|個人事業(?:主)?|自営(?:業)?|なし|無し|特になし|とくになし|ありません|無所属|フリー|農家|会社ではない|個人で)(?:です|なんです|です。|で)?。?$")
SENTENCE = re.compile(r"(?:ます|ません|ください|下さい|ですか|したい|ほしい|欲しい|ない|教えて)[。.!！?？]*$|[?？]$|^(?:はい|いいえ|うん|ええ|いや)$")
PERSON_NOT = re.compile(r"[0-9@/]|株式会社|有限会社|組合")
HONORIFIC = re.compile(r"(?:さん|様|さま|氏|君)$")


def read_organisation(text: str, context: Context) -> Reading | None:
    """The organisation's name as written; 「個人」 stays that word. None for a sentence."""
    said = plain_text(text).text.strip().strip("。.!！")
    if NONE.match(said):
        return Reading("個人", 0.8, "個人")
    said = _bare(said)
    if not _may_be_name(said, longest=60) or (said.isdigit()):
        return None
    sure = 0.95 if LEGAL.search(said) else 0.8 if KINDS.search(said) else 0.6
    return Reading(said, sure, said)


def read_person(text: str, context: Context) -> Reading | None:
    """A person's name without 「と申します」 and honorifics; None for a sentence or a company."""
    said = _bare(plain_text(text).text.strip())
    if LEGAL.search(said) or (context.values and False):
        said = LEGAL.split(said)[-1].strip()
    said = HONORIFIC.sub("", said.split("の")[-1] if "の" in said and KINDS.search(said.split("の")[0]) else said).strip()
    if not _may_be_name(said, longest=30) or PERSON_NOT.search(said):
        return None
    return Reading(said, 0.85 if len(said) >= 2 else 0.6, said)


def _bare(said: str) -> str:
    said = said.strip().strip("。.!！")
    for _ in range(2):
        said = TAIL.sub("", LEAD.sub("", said)).strip().strip("。.!！、,")
    return said.strip("「」『』\"")


def _may_be_name(said: str, longest: int) -> bool:
    return 0 < len(said) <= longest and not SENTENCE.search(said) and any(letter.isalpha() for letter in said)
