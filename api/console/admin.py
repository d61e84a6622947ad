"""`make admin`: makes an admin of the console; asks for what STAFF_ADMIN_EMAIL and STAFF_ADMIN_PASSWORD do not say."""

from __future__ import annotations

import getpass
import sys

from api.console import accounts, house
from api.console.passwords import hashed
from api.db.engine import Database
from core.errors import JCreditError
from core.settings import Settings


def main() -> int:
    """Asks only for what the environment does not say."""
    settings = Settings()
    database = Database(settings.database)
    try:
        email = settings.staff_admin_email or input("メールアドレス: ")
        password = _password(settings)
        with database.write() as session:
            if accounts.by_email(session, email):
                print(f"{accounts.tidy_email(email)} の担当者は、すでにいます。", file=sys.stderr)
                return 1
            house.first_admin(session, email, hashed(password))
    except JCreditError as error:
        print(error.message, file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print("\n何も作りませんでした。", file=sys.stderr)
        return 1
    print(f"✔ 管理者を作りました。{settings.base_url}/console を開いてください。")
    return 0


def _password(settings: Settings) -> str:
    if settings.staff_admin_password:
        return settings.staff_admin_password.get_secret_value()
    password = getpass.getpass("パスワード（12文字以上）: ")
    if getpass.getpass("もう一度: ") != password:
        raise JCreditError("二つのパスワードが同じではありません。もう一度やり直してください。")
    return password


if __name__ == "__main__":
    sys.exit(main())
