"""Who of an audience is not contacted: the control of an experiment that is not over, and who must not be contacted."""

# One row per customer and campaign that the customer must not get, because it would spoil what the control measures.
CONTROLS = """
    select dataset, customer_id, campaign_id, min(experiment) as experiment
    from campaign_assignments
    semi join (
        select experiment from experiment_audiences where status not in ('finished', 'not assigned')
    ) as open_experiments using (experiment)
    where arm = 'control'
    group by dataset, customer_id, campaign_id
"""
