"""PDF: text by PDFium, put in reading order, with its pages; running headers, footers and page numbers left out."""

from corpus.readers.pdf.reader import read_pdf

__all__ = ["read_pdf"]
