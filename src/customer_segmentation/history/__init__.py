"""What outlives the warehouse: who was in which segment when, and the models that said so."""
