"""Names of the demo that the journeys count on."""

BELOVO = "Беловский городской округ"
LENINSK = "Ленинск-Кузнецкий муниципальный округ"
PROMYSHLENNAYA = "Промышленновский муниципальный округ"
NOVY_OSKOL = "Новооскольский муниципальный округ"
REGION = "Регион"
EMPLOYEE, COORDINATOR, UNIT_HEAD = "Сотрудник", "Координатор", "Руководитель организации"
MONITOR, HEAD, ADMIN = "Оператор мониторинга", "Глава и заместители главы", "Администратор"
