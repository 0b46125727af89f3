"""What is answered: the register, making a document, templates, files."""
