"""Projects that people of the demo have in hand today: where each stands and what happened there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """A project: how many days ago it began, the stage at which it stands, what happened there."""

    ago: int
    # A code of a stage, or «draft», «approval», «returned»; «closed» goes through all of them.
    until: str
    twist: str = ""
    ground: str = "Поручение главы округа по итогам аппаратного совещания"
    # Led by the person whose account the demo shows as a leader.
    is_leaders: bool = False
    is_half: bool = False
    is_joint: bool = False
    is_from_proposal: bool = False
    has_fallen: bool = False
    # The stage passed without its check.
    skips: str = ""
    outcome: str = "success"
    reason: str = ""
    note: str = ""


STORIES: tuple[Story, ...] = (
    Story(470, "closed", is_leaders=True, note="Показатель держится, стандарт утверждён."),
    Story(390, "closed", has_fallen=True, reason="Сменились два сотрудника, новых не обучили."),
    Story(300, "closed", outcome="partial", note="Время сократили, возвраты остались: ждём новую программу."),
    Story(178, "closing", "ready", is_leaders=True),
    Story(146, "result_monitoring", "measured", is_joint=True),
    Story(88, "implementation", "edition", is_leaders=True),
    Story(96, "implementation", "doing", skips="target_mapping",
          reason="Помещение одно, целевая карта совпадает с типовой."),
    Story(138, "implementation", "late", reason="Ждём поставку мебели: закупку объявили повторно."),
    Story(66, "defence", "rework", reason="Нет подтверждения первопричин: добавьте данные за три недели."),
    Story(58, "action_plan", "half", ground="Показатель 1.4 плана мероприятий ниже целевого"),
    Story(62, "problem_analysis"),
    Story(24, "current_mapping", is_from_proposal=True, is_leaders=True),
    Story(40, "current_mapping", "paused", reason="Руководитель проекта в отпуске до конца месяца."),
    Story(48, "current_mapping", "cut", reason="Услугу передали в многофункциональный центр, процесса больше нет."),
    Story(3, "approval", is_leaders=True, note="Посмотрите цель: базу уточним после картирования."),
    Story(9, "returned", reason="Цель без цифр за прошлый год. Добавьте и пришлите снова."),
    Story(1, "draft", is_half=True, is_leaders=True),
)  # fmt: skip
