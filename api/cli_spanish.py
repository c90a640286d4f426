"""What the command line says of itself in Spanish: help texts, by their English ones."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HEADINGS: Mapping[str, str] = MappingProxyType(
    {"Options": "Opciones", "Commands": "Órdenes", "Positional arguments": "Argumentos"}
)
FRAME: Mapping[str, str] = MappingProxyType(
    {
        "Show this message and exit.": "Muestra esta ayuda.",
        "Show the version and exit.": "Muestra la versión.",
        "[OPTIONS]": "[OPCIONES]",
        "COMMAND [ARGS]...": "ORDEN [ARGUMENTOS]...",
        "[default: ": "[por omisión: ",
        "required]": "obligatorio]",
    }
)
"""Words that click puts around ours."""

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "Arraigo ranks which good practices would take root in a territory or an organisation, and says "
        "why.": (
            "Arraigo ordena qué buenas prácticas echarían raíces en un territorio o una organización, y "
            "dice por qué."
        ),
        "Settings are environment variables; `arraigo settings` lists them.": (
            "Los ajustes son variables de entorno; `arraigo settings` los enumera."
        ),
        "Language of answers.": "Idioma de las respuestas.",
        "Language of help and answers.": "Idioma de la ayuda y de las respuestas.",
        "Answer in JSON.": "Responde en JSON.",
        "Answer in CSV.": "Responde en CSV.",
        "Write a spreadsheet to FILE.": "Escribe una hoja de cálculo en FILE.",
        "Rows, 1 to 500. [default: 10]": "Filas, de 1 a 500. [por omisión: 10]",
        "Id or name; may be repeated.": "Código o nombre; puede repetirse.",
        "Theme; may be repeated.": "Tema; puede repetirse.",
        "Region of the territories.": "Región de los territorios.",
        "Region of the territories; accents are forgiven.": (
            "Región de los territorios; las tildes no importan."
        ),
        "Country of the territories, ISO 3166-1 alpha-2.": "País de los territorios, ISO 3166-1 alfa-2.",
        "ISO 3166-1 alpha-2.": "ISO 3166-1 alfa-2.",
        "Factor on a feature's weight; may be repeated.": (
            "Factor sobre el peso de un rasgo; puede repetirse."
        ),
        "Text vectors.": "Vectores de los textos.",
        "Choose which practice to fund in which territory under a budget.": (
            "Elige qué práctica financiar en qué territorio con un presupuesto."
        ),
        "Never exceeded.": "Nunca se excede.",
        "Within how many months.": "En cuántos meses.",
        "country, admin1 or admin2. [default: the smallest there is]": (
            "country (país), admin1 (provincia) o admin2 (cantón). [por omisión: el menor que haya]"
        ),
        "Least part of the budget, as region:Costa=0.3; province, region, theme or organisation_type.": (
            "Parte mínima del presupuesto, como region:Costa=0.3; province (provincia), region, theme "
            "(tema) u organisation_type (tipo de organización)."
        ),
        "Most grants of one territory.": "Máximo de subvenciones por territorio.",
        "Most grants of one practice.": "Máximo de subvenciones por práctica.",
        "Assumed cost of a grant where none is recorded, and its range.": (
            "Costo supuesto de una subvención donde no consta ninguno, y su rango."
        ),
        "Weigh by the target population.": "Pondera por la población destinataria.",
        "What would so much more buy?": "¿Qué se lograría con tanto más?",
        "Draws of plausible costs and scores. [default: 50]": (
            "Sorteos de costos y puntajes verosímiles. [por omisión: 50]"
        ),
        "Of the draws. [default: 0]": "Semilla de los sorteos. [por omisión: 0]",
        "Of the search.": "Límite de la búsqueda.",
        "Check data PACKAGES together and print every fault: file, row, column, value, remedy.": (
            "Revisa juntos los paquetes de datos (PACKAGES) e imprime cada error: archivo, fila, columna, "
            "valor, remedio."
        ),
        "Write everything in the registry to FOLDER as a data package. Shelters for survivors are told "
        "by province, as everywhere else.": (
            "Escribe todo el registro en FOLDER como paquete de datos. Las casas de acogida para "
            "sobrevivientes se dan por provincia, como en todas partes."
        ),
        "Name of the package.": "Nombre del paquete.",
        "Title of the package.": "Título del paquete.",
        "Overwrite a package that lies there.": "Reemplaza el paquete que esté allí.",
        "Name the cantons of shelters for survivors too: for a copy that is kept, not handed on.": (
            "Nombra también los cantones de las casas de acogida: para una copia que se guarda y no se "
            "entrega."
        ),
        "Replace the registry's contents by data PACKAGES and compute the vectors of their texts. All or "
        "nothing: a faulty package is refused whole. Without PACKAGES the registry stays as it is (an "
        "empty one gets the packages that come along) and only missing vectors are computed.": (
            "Reemplaza el contenido del registro por los paquetes de datos (PACKAGES) y calcula los "
            "vectores de sus textos. Todo o nada: un paquete con errores se rechaza entero. Sin PACKAGES "
            "el registro queda como está (uno vacío recibe los paquetes que vienen con Arraigo) y solo se "
            "calculan los vectores que faltan."
        ),
        "Rank the territories where a practice would take root, with need and present supply.": (
            "Ordena los territorios donde una práctica echaría raíces, con la necesidad y la oferta presente."
        ),
        "country, admin1 or admin2. [default: the smallest with indicators]": (
            "country (país), admin1 (provincia) o admin2 (cantón). [por omisión: el menor con indicadores]"
        ),
        "fit: an index, what reaches a place anyway held constant; likely: with it, and its probability.": (
            "fit: un índice que deja constante lo que llega a un lugar de todos modos; likely: con ello, y "
            "su probabilidad."
        ),
        "Page of rows. [default: 1]": "Página de filas. [por omisión: 1]",
        "Answer as points of a map.": "Responde como puntos de un mapa.",
        "Rank practices for a territory, an organisation and a need; any one of them is enough.": (
            "Ordena prácticas para un territorio, una organización y una necesidad; basta una de las tres."
        ),
        "Id, name, alias or capital; accents are forgiven.": (
            "Código, nombre, alias o cabecera; las tildes no importan."
        ),
        "What is needed, in your own words.": "Lo que hace falta, en sus propias palabras.",
        "JSON file with the organisation's profile.": "Archivo JSON con el perfil de la organización.",
        "local_government, organisation or cooperation_agency; said back only.": (
            "local_government, organisation o cooperation_agency; solo se repite en la respuesta."
        ),
        "Population group; may be repeated.": "Grupo de población; puede repetirse.",
        "Sustainable Development Goal, 1-17; may be repeated.": (
            "Objetivo de Desarrollo Sostenible, 1-17; puede repetirse."
        ),
        "Global Compact for Migration objective, 1-23; may be repeated.": (
            "Objetivo del Pacto Mundial para la Migración, 1-23; puede repetirse."
        ),
        "Type of the organisation that ran it; may be repeated.": (
            "Tipo de la organización que la llevó; puede repetirse."
        ),
        "Country where it ran, ISO 3166-1 alpha-2; may be repeated.": (
            "País donde se hizo, ISO 3166-1 alfa-2; puede repetirse."
        ),
        "Largest budget; unknown ones stay in.": "Presupuesto máximo; los que no constan quedan.",
        "Earliest start; unknown ones stay in.": "Inicio desde este año; los que no constan quedan.",
        "Latest start; unknown ones stay in.": "Inicio hasta este año; los que no constan quedan.",
        "Re-rank for diversity. [default: yes]": "Reordena para dar variedad. [por omisión: sí]",
        "Rank what already runs in the territory too.": (
            "Ordena también lo que ya se hace en el territorio."
        ),
        "Serve Arraigo over HTTP. Defaults are the settings ARRAIGO_HOST, ARRAIGO_PORT, ARRAIGO_WORKERS "
        "and ARRAIGO_THREADS.": (
            "Sirve Arraigo por HTTP. Por omisión valen los ajustes ARRAIGO_HOST, ARRAIGO_PORT, "
            "ARRAIGO_WORKERS y ARRAIGO_THREADS."
        ),
        "Address to listen on.": "Dirección en la que atiende.",
        "Port to listen on.": "Puerto en el que atiende.",
        "Processes; each holds its own text encoder.": "Procesos; cada uno tiene su modelo de texto.",
        "Requests one process works on at a time.": "Peticiones que un proceso atiende a la vez.",
        "List the settings: environment variable, default, meaning.": (
            "Enumera los ajustes: variable de entorno, valor por omisión, significado."
        ),
        "Data packages loaded when the registry is empty; folders separated by ':'.": (
            "Paquetes de datos que se cargan si el registro está vacío; carpetas separadas por «:»."
        ),
        "Folder of the vocabularies.": "Carpeta de los vocabularios.",
        "Registry database, an SQLAlchemy URL.": "Base de datos del registro, una URL de SQLAlchemy.",
        "Folder of text vectors and of the rebuilt text model.": (
            "Carpeta de los vectores de texto y del modelo de texto reconstruido."
        ),
        "A sentence-transformers model by name or folder; unset: multilingual-e5-small.": (
            "Un modelo de sentence-transformers por nombre o carpeta; sin fijar: multilingual-e5-small."
        ),
        "Learned model: its folder, or the file CURRENT beside the folders; none: the reviewed prior "
        "alone.": (
            "Modelo aprendido: su carpeta, o el archivo CURRENT junto a las carpetas; none: solo los pesos "
            "revisados."
        ),
        "Seconds a text query waits for the text encoder before it is refused.": (
            "Segundos que una consulta con texto espera al modelo de texto antes de ser rechazada."
        ),
        "Largest request body accepted, in bytes.": (
            "Cuerpo de petición más grande que se acepta, en bytes."
        ),
        "How often a running service looks for a changed registry; 0: never.": (
            "Cada cuántos segundos un servicio en marcha mira si cambió el registro; 0: nunca."
        ),
        "Address `arraigo serve` listens on.": "Dirección en la que atiende `arraigo serve`.",
        "Port `arraigo serve` listens on.": "Puerto en el que atiende `arraigo serve`.",
        "Where a correction is asked for, 'mailto:' or 'https://'; unset: the pages say whom.": (
            "Dónde se pide una corrección, «mailto:» o «https://»; sin fijar: las páginas dicen a quién."
        ),
        "Map tiles, https://…/{z}/{x}/{y}.png; unset: the maps draw themselves and call no one.": (
            "Teselas del mapa, https://…/{z}/{x}/{y}.png; sin fijar: los mapas se dibujan solos y no "
            "llaman a nadie."
        ),
        "Processes of `arraigo serve`; each holds its own text encoder (about 0.8 GB).": (
            "Procesos de `arraigo serve`; cada uno tiene su modelo de texto (unos 0,8 GB)."
        ),
        "Measure the ranking on PACKAGE, beside its peers, with 95 % intervals.": (
            "Mide el orden con PACKAGE, junto a métodos de referencia, con intervalos del 95 %."
        ),
        "Learn from the adoptions that PACKAGES record, and measure on those that came later.": (
            "Aprende de las adopciones que constan en PACKAGES y mide con las posteriores."
        ),
    }
)
"""English text -> Spanish text. Options of commands that join from other packages stay English: their
readers measure and train."""
