"""PDF out of a Word document, without an office suite: the document is read into a tree, typst lays the tree out.

One source makes both files, so a municipality's own Word template gives a PDF of its own too. What typst cannot show
(floating frames, footnotes, old vector pictures) is told in `Printed.remarks`, never lost silently.
"""

from gemba.documents.printing.laying import Printed, pages_of, pdf_of, stacked

__all__ = ["Printed", "pages_of", "pdf_of", "stacked"]
