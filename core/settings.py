"""The one place for settings, all from the environment; docs/settings.md documents each (a test compares)."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ORIGIN = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")


class Settings(BaseSettings):
    """Settings of all processes; unsafe values are refused when ENVIRONMENT=production."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    environment: Literal["development", "production"] = Field(
        "development", description="production では安全でない値を拒みます"
    )
    host: str = Field("127.0.0.1", description="API が待ち受けるアドレス")
    port: int = Field(8000, description="API が待ち受けるポート")
    data_dir: Path = Field(Path("var"), description="動いている間に書くファイルの置き場所")
    public_url: str | None = Field(None, description="外から見たアドレス（https://…）。メールやリンクに使います")
    database_url: str | None = Field(None, description="製品のデータベース。空なら DATA_DIR の SQLite")
    clock: datetime | None = Field(None, description="時計の開始時刻（試験用。production では使えません）")
    release_id: str = Field("checkout", description="知識と学習済みモデルの版（make run が付けます）")
    rasa_url: str = Field("http://127.0.0.1:5005", description="Rasa のアドレス（make run が決めます）")
    actions_url: str = Field("http://127.0.0.1:5055", description="アクションサーバーのアドレス（make run が決めます）")
    actions_port: int = Field(5055, description="アクションサーバーのポート（make run が決めます）")
    internal_secret: SecretStr = Field(
        SecretStr("development"), description="内部の呼び出しの合い言葉（make run が毎回作ります）"
    )
    turn_seconds: float = Field(7.5, description="一回の返事を待つ上限（秒）")
    turns_per_minute: int = Field(60, description="一つの会話が一分間に送れる数")
    requests_per_minute: int = Field(600, description="一つのアドレスが一分間に送れる数")
    trusted_proxies: str = Field("", description="X-Forwarded-For を信じる中継サーバー（カンマ区切り）")
    embed_origins: str = Field(
        "", description="会話画面を置けるサイトのオリジン（例：https://www.example.lg.jp。カンマ区切り）"
    )
    link_secret: SecretStr | None = Field(
        None, description="予約や印刷のリンクを作る鍵。空なら DATA_DIR に作ります（複数台では同じ値を設定します）"
    )
    smtp_host: str | None = Field(None, description="メールを送るサーバー。空なら DATA_DIR/outbox/ に .eml を書きます")
    smtp_port: int = Field(587, description="メールを送るサーバーのポート")
    smtp_user: str | None = Field(None, description="メールを送るサーバーの利用者名")
    smtp_password: SecretStr | None = Field(None, description="メールを送るサーバーのパスワード")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="メールを送るときの暗号化")
    mail_from: str = Field("assistant@localhost", description="メールの差出人のアドレス")
    staff_email: str | None = Field(None, description="担当者への通知の宛先。SMTP_HOST を使うときは必ず設定します")
    staff_admin_email: str | None = Field(
        None, description="最初の管理者のメールアドレス（担当者がまだいないとき、起動時に作ります）"
    )
    staff_admin_password: SecretStr | None = Field(
        None, description="最初の管理者のパスワード（12文字以上。サインイン後に変えられます）"
    )
    line_channel_secret: SecretStr | None = Field(
        None, description="LINE のチャネルシークレット。アクセストークンと両方あるときだけ LINE を使います"
    )
    line_channel_access_token: SecretStr | None = Field(None, description="LINE のチャネルアクセストークン（長期）")
    line_api_base: str = Field("https://api.line.me", description="LINE の API のアドレス（試験のときに替えます）")
    line_data_api_base: str = Field(
        "https://api-data.line.me", description="LINE の画像などを送る API のアドレス（試験のときに替えます）"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack の Signing Secret。トークンと両方あるときだけ Slack を使います"
    )
    slack_bot_token: SecretStr | None = Field(None, description="Slack の Bot User OAuth Token（xoxb-…）")
    slack_api_base: str = Field(
        "https://slack.com/api/", description="Slack の Web API のアドレス（試験のときに替えます）"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="記録の細かさ")

    @cached_property
    def database(self) -> str:
        """SQLAlchemy's address of the product's database."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'assistant.db').resolve()}"

    @cached_property
    def base_url(self) -> str:
        """The address that people see, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @cached_property
    def embedding_sites(self) -> list[str]:
        """The origins that may embed the widget, as browsers send them."""
        return [origin.strip() for origin in self.embed_origins.split(",") if origin.strip()]

    @model_validator(mode="after")
    def _origins_are_origins(self) -> Settings:
        for origin in self.embedding_sites:
            if not ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"EMBED_ORIGINS の「{origin}」はオリジンではありません。"
                    "https://www.example.lg.jp のように、小文字で、末尾の / やパスを付けずに書いてください"
                )
            if self.environment == "production" and not origin.startswith("https://"):
                raise ValueError(f"production では EMBED_ORIGINS の「{origin}」を https:// にしてください")
        return self

    @model_validator(mode="after")
    def _mail_has_ends(self) -> Settings:
        if self.smtp_host and (not self.staff_email or self.mail_from.endswith("@localhost")):
            raise ValueError("SMTP_HOST を使うときは、MAIL_FROM と STAFF_EMAIL も設定してください")
        return self

    @model_validator(mode="after")
    def _safe_in_production(self) -> Settings:
        if self.environment != "production":
            return self
        if self.clock is not None:
            raise ValueError("CLOCK は production では使えません。設定から外してください")
        if self.internal_secret.get_secret_value() == "development":
            raise ValueError("INTERNAL_SECRET が初期値のままです。make run で起動するか、長い乱数を設定してください")
        if not (self.public_url or "").startswith("https://"):
            raise ValueError("production では PUBLIC_URL に https:// で始まるアドレスを設定してください")
        return self

    def trusts(self, address: str) -> bool:
        """Whether a proxy at this address may say who the visitor is."""
        networks = [ipaddress.ip_network(n.strip()) for n in self.trusted_proxies.split(",") if n.strip()]
        return any(ipaddress.ip_address(address) in network for network in networks)
