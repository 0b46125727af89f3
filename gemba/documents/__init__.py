"""Official documents out of data: DOCX, PDF, XLSX."""
