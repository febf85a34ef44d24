"""Published distancing rules as named presets: only those whose number has been read at the source.

No two rules agree, so every number is a setting; a preset says where one comes from. Scotland's
figures, the WHO's 10 m2 per person and the figures of KMK HK.01.07/MENKES/382/2020 are not here:
nobody has confirmed them. Shares of an office's own staff at work (Inmendagri 32/2021) say nothing
about visitors.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AreaRule:
    """Net area per person, m2; None means one square cell of the zone's own distance.
    `staff_counted` None: the rule does not say.
    """

    key: str
    area_per_person_m2: float | None
    staff_counted: bool | None
    source: str


@dataclass(frozen=True)
class SpacingRule:
    """Distance between people, m. A rule that means edge to edge has a body width, m, to be
    added.
    """

    key: str
    spacing_m: float
    body_width_m: float
    source: str


@dataclass(frozen=True)
class PercentRule:
    """Share of the licensed capacity, percent."""

    key: str
    percent: float
    source: str


AREA_RULES = {
    each.key: each
    for each in (
        AreaRule(
            "victoria_4m2", 4.0, False, "Victoria (AU), four square metre rule, dhhs.vic.gov.au"
        ),
        AreaRule(
            "nsw_4m2",
            4.0,
            True,
            "New South Wales (AU), 4 m² rule for events and venues, nsw.gov.au",
        ),
        AreaRule(
            "nsw_2m2",
            2.0,
            None,
            "New South Wales (AU), square-metres rules of 2021-01-27, nsw.gov.au",
        ),
        AreaRule(
            "uk_static_4m2",
            4.0,
            None,
            "UK events practice at 2 m, static audience only, doitsafely.uk",
        ),
        AreaRule(
            "square_cell",
            None,
            None,
            "Venue trade, one person per d × d, venuesearchlondon.com (June 2020)",
        ),
    )
}

SPACING_RULES = {
    each.key: each
    for each in (
        SpacingRule("kemendesa_1m", 1.0, 0.0, "Kepmendesa PDTT 63/2020"),
        SpacingRule("bali_1m", 1.0, 0.0, "Bali, SE 3355/2020"),
        SpacingRule("who_1m", 1.0, 0.0, "WHO, workplace annex of 10 May 2020"),
        SpacingRule(
            "singapore_1m", 1.0, 0.0, "Singapore 2020, loose seats and queues, straitstimes.com"
        ),
        SpacingRule(
            "nsw_1_5m",
            1.5,
            0.0,
            "New South Wales (AU), square-metres rules of 2021-01-27, nsw.gov.au",
        ),
        SpacingRule("uk_2m", 2.0, 0.0, "UK events practice, doitsafely.uk"),
        SpacingRule(
            "cdc_6ft",
            1.83,
            0.61,
            "CDC (US), 6 ft between edges = 8 ft between centres, mari-odu.org",
        ),
    )
}

PERCENT_RULES = {
    each.key: each
    for each in (PercentRule("jakarta_50", 50.0, "Jakarta, PSBB transisi, kompaspedia.kompas.id"),)
}
