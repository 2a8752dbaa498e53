"""The data that comes with the project, and the one that it fetches to be tried on: never needed for data of your own."""
