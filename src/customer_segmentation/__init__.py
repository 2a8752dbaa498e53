"""Customer segmentation in the warehouse: what SQL cannot do, by subject.

`clustering`, `evidence`, `personas` and `quality` compute: arrays and frames in, frames out; they neither import dbt
nor open a database. `inputs`, `warehouse` and `publication` touch files and databases. `scoring`, `report` and `cli`
read a publication and nothing else. `datasets` takes up data of your own, `examples` makes the data that comes with
the project.
"""
