"""What a person has to know: notices in the product, digest, calendar feed."""
