"""What the regulation says of the campaign: the order of a sheet's life, groups, what is missing, pictures."""
