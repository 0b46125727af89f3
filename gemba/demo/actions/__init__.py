"""What the demo and the load data write: whole municipalities, each in one transaction."""
