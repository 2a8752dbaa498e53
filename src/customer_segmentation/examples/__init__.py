"""The data that comes with the project or is fetched to try it on; data of your own never needs it."""
