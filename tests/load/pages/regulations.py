"""Reading the regulation."""

from django.urls import reverse

from tests.load.registry import ITEM, LIST, SEARCH, Page, Scene, register


def _at(name: str, **more: str):
    def address(scene: Scene) -> str:
        return reverse(f"regulations:{name}", kwargs={"code": scene.edition.code, **more})

    return address


register(Page("regulations", "Редакция", LIST, _at("edition")))
register(Page("regulations", "Текст документа", LIST, _at("text", document="polozhenie")))
register(Page("regulations", "Пункт", ITEM, _at("clause", ref="polozhenie~3.1")))
register(
    Page("regulations", "Поиск по положению", SEARCH, lambda scene: _at("search")(scene) + "?q=предложение")
)
register(Page("regulations", "Термины", LIST, _at("glossary")))
