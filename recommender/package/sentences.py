"""The sentences a faulty package is answered with, in Spanish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# code -> problem (es, en), remedy (es, en); the fields in braces are filled from the facts
SENTENCES: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "manifest_missing": (
            "la carpeta no tiene datapackage.json",
            "the folder has no datapackage.json",
            "indique la carpeta de un paquete de datos o agregue el archivo",
            "name the folder of a data package, or add the file",
        ),
        "not_json": (
            "no es JSON válido: {detail}",
            "it is not valid JSON: {detail}",
            "corrija el archivo en esa línea",
            "correct the file at that line",
        ),
        "not_object": (
            "se espera un objeto JSON",
            "a JSON object is expected",
            "escriba un objeto con name, title, version y resources",
            "write an object with name, title, version and resources",
        ),
        "manifest_field": (
            "falta «{field}» o no tiene la forma esperada ({expected})",
            "'{field}' is missing or does not have the expected form ({expected})",
            "complete «{field}» en datapackage.json",
            "complete '{field}' in datapackage.json",
        ),
        "resource_path": (
            "la ruta del recurso no es un archivo dentro de la carpeta del paquete",
            "the resource's path is not one file inside the package's folder",
            "use una sola ruta relativa, sin «..»",
            "use a single relative path, without '..'",
        ),
        "resource_twice": (
            "dos recursos describen el mismo archivo",
            "two resources describe the same file",
            "deje un solo recurso por archivo",
            "keep one resource per file",
        ),
        "file_missing": (
            "el archivo está en datapackage.json pero no en la carpeta",
            "the file is listed in datapackage.json but is not in the folder",
            "agregue el archivo o quite el recurso",
            "add the file or remove the resource",
        ),
        "file_unreadable": (
            "el archivo no se puede leer: {detail}",
            "the file cannot be read: {detail}",
            "revise los permisos y que sea un archivo",
            "check its permissions and that it is a file",
        ),
        "encoding": (
            "hay bytes que no son UTF-8",
            "there are bytes that are not UTF-8",
            "guarde el archivo como CSV UTF-8",
            "save the file as CSV UTF-8",
        ),
        "nul": (
            "hay un carácter nulo",
            "there is a null character",
            "quite el carácter y guarde el archivo como texto",
            "remove the character and save the file as text",
        ),
        "csv": (
            "no es CSV correcto (RFC 4180): {detail}; lo que sigue en el archivo no se revisó",
            "it is not correct CSV (RFC 4180): {detail}; what follows in the file was not checked",
            "cierre las comillas y duplique las que están dentro de una celda",
            "close the quotes and double those inside a cell",
        ),
        "no_header": (
            "el archivo no tiene encabezado",
            "the file has no header",
            "escriba los nombres de las columnas en la primera fila",
            "write the names of the columns in the first row",
        ),
        "header_blank": (
            "la columna número {number} no tiene nombre",
            "column number {number} has no name",
            "nombre la columna o quítela",
            "name the column or remove it",
        ),
        "header_twice": (
            "la columna aparece más de una vez",
            "the column appears more than once",
            "deje una sola",
            "keep one of them",
        ),
        "column_missing": (
            "falta una columna necesaria",
            "a required column is missing",
            "agregue la columna al archivo",
            "add the column to the file",
        ),
        "column_declared": (
            "la columna está en datapackage.json pero no en el archivo",
            "the column is declared in datapackage.json but is not in the file",
            "agregue la columna o quítela del esquema",
            "add the column or remove it from the schema",
        ),
        "ragged": (
            "la fila tiene {cells} celdas y el encabezado {columns}",
            "the row has {cells} cells and the header {columns}",
            "complete o quite celdas; ponga entre comillas los textos con comas",
            "add or remove cells; put texts with commas between quotes",
        ),
        "empty": (
            "la celda es obligatoria y está vacía",
            "the cell is required and empty",
            "complete el valor o quite la fila",
            "fill in the value or remove the row",
        ),
        "blank": (
            "la celda solo tiene espacios",
            "the cell holds only spaces",
            "déjela vacía si el valor no se conoce",
            "leave it empty where the value is not known",
        ),
        "not_available": (
            "lo desconocido se deja vacío, no se escribe",
            "what is unknown is left empty, not written out",
            "deje la celda vacía",
            "leave the cell empty",
        ),
        "not_integer": (
            "no es un número entero",
            "it is not a whole number",
            "escriba solo cifras, sin decimales ni separadores; vacío si no se conoce",
            "write digits only, without decimals or separators; empty where not known",
        ),
        "not_number": (
            "no es un número",
            "it is not a number",
            "escriba cifras con punto decimal y sin separador de miles; vacío si no se conoce",
            "write digits with a decimal point and no thousands separator; empty where not known",
        ),
        "not_finite": (
            "no es un número finito",
            "it is not a finite number",
            "deje la celda vacía si el valor no se conoce",
            "leave the cell empty where the value is not known",
        ),
        "range": (
            "está fuera del rango permitido ({range})",
            "it is outside the allowed range ({range})",
            "corrija el valor",
            "correct the value",
        ),
        "not_code": (
            "no es un código del vocabulario",
            "it is not a code of the vocabulary",
            "use uno de: {allowed}",
            "use one of: {allowed}",
        ),
        "item_empty": (
            "la lista tiene un elemento vacío",
            "the list has an empty item",
            "separe los elementos con un solo «;»",
            "separate the items with a single ';'",
        ),
        "item_twice": (
            "la lista repite «{item}»",
            "the list repeats '{item}'",
            "deje el elemento una sola vez",
            "keep the item once",
        ),
        "not_url": (
            "no es una dirección web",
            "it is not a web address",
            "escriba una dirección que empiece por http:// o https://, sin espacios",
            "write an address that starts with http:// or https://, without spaces",
        ),
        "not_date": (
            "no es una fecha",
            "it is not a date",
            "escriba la fecha como AAAA-MM-DD",
            "write the date as YYYY-MM-DD",
        ),
        "text_twice": (
            "contradice a la columna {other}, que trae el texto en el mismo idioma",
            "it contradicts column {other}, which holds the text in the same language",
            "deje el texto en una sola de las dos columnas",
            "keep the text in one of the two columns",
        ),
        "key_twice": (
            "la clave ya está en la fila {other}",
            "the key is already in row {other}",
            "deje una sola fila con esa clave",
            "keep one row with that key",
        ),
        "contradiction": (
            "contradice a {other}, que dice «{said}» para la misma clave {key}",
            "it contradicts {other}, which says '{said}' for the same key {key}",
            "corrija uno de los dos paquetes o cambie la clave",
            "correct one of the two packages or change the key",
        ),
        "reference": (
            "no está en {table} de ninguno de los paquetes dados",
            "it is not in {table} of any of the packages given",
            "corrija el código, agregue la fila que falta o indique también el paquete que la tiene",
            "correct the code, add the missing row, or give the package that holds it as well",
        ),
        "self_parent": (
            "el territorio es su propio superior",
            "the territory is its own parent",
            "indique el territorio que lo contiene o deje la celda vacía",
            "name the territory that contains it, or leave the cell empty",
        ),
        "parent_cycle": (
            "los superiores forman un círculo: {cycle}",
            "the parents form a circle: {cycle}",
            "corrija uno de ellos",
            "correct one of them",
        ),
        "parent_level": (
            "un territorio de nivel {level} no puede estar dentro de uno de nivel {parent}",
            "a territory of level {level} cannot lie inside one of level {parent}",
            "corrija level o parent_id",
            "correct level or parent_id",
        ),
        "half_coordinates": (
            "hay una coordenada sin la otra",
            "there is one coordinate without the other",
            "complete latitude y longitude o deje vacías las dos",
            "fill in both latitude and longitude, or leave both empty",
        ),
        "years_order": (
            "termina antes de empezar ({start})",
            "it ends before it starts ({start})",
            "corrija start_year o end_year",
            "correct start_year or end_year",
        ),
        "self_neighbour": (
            "un territorio no es vecino de sí mismo",
            "a territory is not its own neighbour",
            "quite la fila o corrija el código",
            "remove the row or correct the code",
        ),
        "geometry": (
            "no es un polígono GeoJSON correcto: {detail}",
            "it is not a correct GeoJSON polygon: {detail}",
            "use Polygon o MultiPolygon en WGS 84 con anillos cerrados",
            "use Polygon or MultiPolygon in WGS 84 with closed rings",
        ),
    }
)
