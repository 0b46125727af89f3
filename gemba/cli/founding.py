"""`gemba found`: the first municipality and its first administrator."""

import argparse
import sys
from typing import Any


def add_parser(words: Any) -> None:
    """Add the word."""
    found = words.add_parser("found", help="создать округ и его первого администратора")
    found.add_argument(
        "--region", required=True, metavar="НАЗВАНИЕ", help="регион; создаётся, если его ещё нет"
    )
    found.add_argument(
        "--region-code", default="region", metavar="КОД", help="код нового региона латиницей (region)"
    )
    found.add_argument(
        "--code", required=True, metavar="КОД", help="код округа латиницей: он стоит в адресах и файлах"
    )
    found.add_argument("--name", required=True, metavar="НАЗВАНИЕ", help="полное название")
    found.add_argument("--short-name", required=True, metavar="НАЗВАНИЕ", help="короткое: для шапки страниц")
    found.add_argument(
        "--genitive", required=True, metavar="НАЗВАНИЕ", help="полное в родительном падеже: для документов"
    )
    found.add_argument("--time-zone", default="", metavar="ПОЯС", help="по умолчанию — GEMBA_TIME_ZONE")
    found.add_argument(
        "--administrator", required=True, metavar="ИМЯ", help="имя для входа первого администратора"
    )
    found.add_argument(
        "--administrator-title", default="Администратор системы", metavar="КТО", help="чья это запись"
    )
    found.set_defaults(run=run_found)


def run_found(arguments: argparse.Namespace) -> int:
    """Create them in one transaction and print the password of the first sign-in."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from gemba.cli.running import unapplied
    from gemba.kernel.problems import Refusal
    from gemba.organisation.access import system_actor
    from gemba.organisation.actions import MunicipalityFields, create_municipality, grant_role, invite_user
    from gemba.organisation.models import Region
    from gemba.organisation.roles import Role

    if unapplied():
        sys.exit("База данных не готова. Выполните: gemba migrate")
    at = timezone.now()
    fields = MunicipalityFields(
        name=arguments.name,
        short_name=arguments.short_name,
        genitive=arguments.genitive,
        time_zone=arguments.time_zone or settings.TIME_ZONE,
    )
    try:
        with transaction.atomic():
            region, _ = Region.objects.get_or_create(
                name=arguments.region, defaults={"code": arguments.region_code}
            )
            municipality = create_municipality(
                actor=system_actor(None), region=region, code=arguments.code, fields=fields, at=at
            )
            actor = system_actor(municipality)
            user, password = invite_user(
                actor=actor,
                municipality=municipality,
                login=arguments.administrator,
                person=None,
                title=arguments.administrator_title,
                at=at,
            )
            grant_role(actor=actor, user=user, role=Role.ADMIN, starts_on=timezone.localdate(), at=at)
    except Refusal as refusal:
        sys.exit("\n".join([*(str(problem) for problem in refusal.problems), "Ничего не создано."]))
    print(f"Создано: {municipality.name}.")
    print(f"Первый вход: имя {user.login}, пароль {password} (сменится при входе; больше не будет показан).")
    return 0
