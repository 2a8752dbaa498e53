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
# One row per customer with an RFM group: the first campaign of the group, and whether the customer may get it.
REACH_OF_RFM_GROUPS = f"""
    select
        rfm_scores.*, offers.campaign_id, offers.campaign, offers.channel, offers.offer,
        controls.experiment as control_of,
        controls.experiment is null and rfm_scores.no_contact_because is null as is_reached
    from rfm_scores
    inner join rfm_groups as offers
        on rfm_scores.dataset = offers.dataset and rfm_scores.rfm_group_id = offers.rfm_group_id
    left join ({CONTROLS}) as controls
        on
            rfm_scores.dataset = controls.dataset
            and rfm_scores.customer_id = controls.customer_id
            and offers.campaign_id = controls.campaign_id
"""
