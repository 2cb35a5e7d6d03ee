"""Every picture, each with a title that states the finding; exhibits, readable tables, masked addresses."""

from helpers.display.exhibits import link, side_by_side
from helpers.display.masking import addresses, mask
from helpers.display.plots import (
    ambiguous,
    plot_articles,
    plot_calibration,
    plot_coverage,
    plot_crossings,
    plot_kinds,
    plot_paragraphs,
    plot_rates,
    plot_support,
)
from helpers.display.tables import readable
from helpers.report.pictures import plot_composition, plot_power, plot_site_tree, plot_small_multiples, plot_timeline
from helpers.sites.network_picture import plot_network

__all__ = [
    "addresses",
    "ambiguous",
    "link",
    "mask",
    "plot_articles",
    "plot_calibration",
    "plot_composition",
    "plot_coverage",
    "plot_crossings",
    "plot_kinds",
    "plot_network",
    "plot_paragraphs",
    "plot_power",
    "plot_rates",
    "plot_site_tree",
    "plot_small_multiples",
    "plot_support",
    "plot_timeline",
    "readable",
    "side_by_side",
]
