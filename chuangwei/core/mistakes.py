"""One mistake in a file somebody handed in: where it is and what is wrong, in a sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    file: str
    sheet: str
    row: int | None
    column: str | None
    message: str

    def as_json(self) -> dict[str, str | int | None]:
        """The shape `chuangwei import --json` promises."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "message": self.message,
        }

    def __str__(self) -> str:
        where = [part for part in (self.file, f"『{self.sheet}』" if self.sheet else "") if part]
        if self.row is not None:
            where.append(f"第 {self.row} 行")
        if self.column:
            where.append(f"『{self.column}』")
        return " ".join(where) + f"：{self.message}" if where else self.message
