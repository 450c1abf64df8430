"""What a spreadsheet program checks while a person types: drop-downs, types, and the colour of what is missing."""

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from reviewkit.formats.cells import set_text
from reviewkit.model.extractions import STATEMENTS
from reviewkit.model.protocol import Field, FieldType
from reviewkit.model.values import wanted
from reviewkit.steps.extract.layout import FIRST_ROW, HIDDEN
from reviewkit.steps.extract.look import cell_at

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MESSAGE_LIMIT, _TITLE_LIMIT = 225, 32  # characters; with longer ones Excel calls the file damaged
_FIRST_LIST = 4  # the first column of lists on the hidden sheet
_OR_SAY = " or ".join(STATEMENTS)


class Lists:
    """The drop-down lists of a workbook, each in a column of its hidden sheet (a list in a formula ends at 255)."""

    def __init__(self, sheet: "Worksheet") -> None:
        self._sheet = sheet
        self._known: dict[tuple[str, ...], str] = {}

    def reference(self, entries: tuple[str, ...]) -> str:
        """Return the formula that names a list, adding it where it is new."""
        if entries not in self._known:
            number = _FIRST_LIST + len(self._known)
            for row, entry in enumerate(entries, start=1):
                set_text(cell_at(self._sheet, row, number), entry)
            letter = get_column_letter(number)
            self._known[entries] = f"{HIDDEN}!${letter}$1:${letter}${max(len(entries), 1)}"
        return self._known[entries]


def check_field(sheet: "Worksheet", number: int, last: int, field: Field, lists: Lists) -> None:
    """Make a column check what is typed into it; the statements are allowed whatever the type."""
    letter = get_column_letter(number)
    cell = f"{letter}{FIRST_ROW}"
    said = ",".join(f'LOWER(TRIM({cell}))="{text}"' for text in (*STATEMENTS, "nr"))
    match field.type:
        case FieldType.TEXT:
            return
        case FieldType.CHOICE | FieldType.CHOICES | FieldType.YES_NO:
            choices = field.choices or ("yes", "no")
            known = {choice.casefold() for choice in choices}
            entries = (*choices, *(text for text in STATEMENTS if text not in known))
            rule = DataValidation(type="list", formula1=lists.reference(entries))
        case FieldType.INTEGER:
            rule = DataValidation(type="custom", formula1=f"OR(IF(ISNUMBER({cell}),INT({cell})={cell},FALSE),{said})")
        case FieldType.NUMBER:
            rule = DataValidation(type="custom", formula1=f"OR(ISNUMBER({cell}),{said})")
        case FieldType.DATE:
            digits = f'AND(ISNUMBER(VALUE(SUBSTITUTE({cell},"-",""))),OR(LEN({cell})=4,LEN({cell})=7,LEN({cell})=10))'
            rule = DataValidation(type="custom", formula1=f"OR(ISNUMBER({cell}),{digits},{said})")
    asked = wanted(field)
    rule.allowBlank = True
    rule.showErrorMessage = field.type is not FieldType.CHOICES  # several choices stand in one cell
    rule.errorTitle = field.label[:_TITLE_LIMIT]
    rule.error = f"Please write {asked}.\nOr: {_OR_SAY}. Leave it blank while not yet looked at."[:_MESSAGE_LIMIT]
    if field.type not in (FieldType.CHOICE, FieldType.YES_NO):  # there the drop-down says it
        rule.showInputMessage = True
        rule.promptTitle = field.label[:_TITLE_LIMIT]
        rule.prompt = f"{asked[:1].upper()}{asked[1:]}, or: {_OR_SAY}."[:_MESSAGE_LIMIT]
    rule.add(f"{cell}:{letter}{last}")
    sheet.add_data_validation(rule)


def offer(sheet: "Worksheet", number: int, last: int, formula: str, refuse: str = "") -> None:
    """Offer a drop-down in a column; with `refuse`, take nothing else and say this."""
    letter = get_column_letter(number)
    rule = DataValidation(type="list", formula1=formula, allowBlank=True)
    rule.showErrorMessage = bool(refuse)
    rule.error = refuse[:_MESSAGE_LIMIT] or None
    rule.add(f"{letter}{FIRST_ROW}:{letter}{last}")
    sheet.add_data_validation(rule)


def colour_missing(sheet: "Worksheet", number: int, last: int, begun: str) -> None:
    """Colour the blank cells of a required column in rows where the formula `begun` holds."""
    letter = get_column_letter(number)
    cell = f"{letter}{FIRST_ROW}"
    amber = PatternFill(bgColor="FFF2CC", fill_type="solid")
    formula = [f"AND({begun},LEN(TRIM({cell}))=0)"]
    rule = Rule(type="expression", formula=formula, dxf=DifferentialStyle(fill=amber))
    sheet.conditional_formatting.add(f"{cell}:{letter}{last}", rule)


def grey_statements(sheet: "Worksheet", first: int, final: int, last: int) -> None:
    """Show the statements in grey, so that values stand out."""
    corner = f"{get_column_letter(first)}{FIRST_ROW}"
    said = ",".join(f'{corner}="{text}"' for text in STATEMENTS)
    grey = DifferentialStyle(font=Font(italic=True, color="808080"))
    rule = Rule(type="expression", formula=[f"OR({said})"], dxf=grey)
    sheet.conditional_formatting.add(f"{corner}:{get_column_letter(final)}{last}", rule)
