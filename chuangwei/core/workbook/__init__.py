"""Workbooks in and out: .xlsx files of offices, read cell by cell with every mistake named, and written back.

guard      is this a real .xlsx that may be read at all
package    the parts of a file that has passed the guard: sheets, strings, formats
markup     XML read without fetching or declaring anything
strings    the texts cells share, kept packed
sheet_rows the rows of one sheet, in one pass that never holds the whole sheet
values     what one cell holds
cells      what a cell means in a column: a code, a word, a day, a number …
tables     whole sheets with heads and columns; all mistakes of a file at once
writer     the same tables written to a file
"""
