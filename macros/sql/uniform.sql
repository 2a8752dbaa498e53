{#
    A number between 0 and 1 (neither is reached) that looks random and depends only on the whole numbers that identify
    the row and the name of the drawn quantity: the same on every engine, in every version, on any number of threads.
    random(), hash() and the seeds of an engine promise none of that.
    Multipliers derived from the name spread the keys over the remainders of a prime. The fifth power then breaks every
    linear pattern; as five does not divide the prime minus one, no two remainders become one. Keys may reach a billion:
    no product exceeds a bigint.
    Draw into a column of its own and compare that: inside `case` and `and` DuckDB computes repeated parts again.
    Example: {{ uniform(['customer_number', 'purchase_number'], 'category') }} as category_draw
#}
{% macro uniform(keys, name) -%}
    {#- 2^31 - 1, a prime whose remainders can be multiplied as bigint -#}
    {%- set prime = 2147483647 -%}
    {%- set spread = namespace(sum=local_md5(name)[:8] | int(base=16) % prime) -%}
    {%- for key in keys -%}
        {%- set multiplier = 1 + local_md5(name ~ ' ' ~ loop.index)[:8] | int(base=16) % (prime - 1) -%}
        {%- set spread.sum = 'cast(' ~ key ~ ' as bigint) * ' ~ multiplier ~ ' + ' ~ spread.sum -%}
    {%- endfor -%}
    {%- set base = '((' ~ spread.sum ~ ') % ' ~ prime ~ ')' -%}
    {%- set square = '(' ~ base ~ ' * ' ~ base ~ ' % ' ~ prime ~ ')' -%}
    ((cast({{ square }} * {{ square }} % {{ prime }} * {{ base }} % {{ prime }} as double) + 0.5) / {{ prime }})
{%- endmacro %}
