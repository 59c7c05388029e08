"""Spreadsheets in and out: one file per workbook of the office, what reads them in, what writes them back."""
