{#
    Fails if the rows of an input are not exactly the rows accepted plus the rows rejected of it.
    Returns the three counts.
#}
{% test accounts_for_every_row(model, input, rejected, name_of_input) %}
with counts as (

    select
        (select count(*) from {{ input }}) as rows_in,
        (select count(*) from {{ model }}) as rows_accepted,
        (select count(*) from {{ rejected }} where input = '{{ name_of_input }}') as rows_rejected

)

select * from counts
where rows_in <> rows_accepted + rows_rejected
{% endtest %}
