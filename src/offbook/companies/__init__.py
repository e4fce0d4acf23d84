"""Whose a note is: the companies, their names and slugs, the decks of their cards, and which are chosen."""

from offbook.companies.assign import Assigned, assign
from offbook.companies.by_name import is_by_name, pattern_of, perhaps_topics, subject_of
from offbook.companies.chosen import (
    Gone,
    begun,
    choose,
    company_names,
    ledger_names,
    like_named,
    meant,
    name_in,
    packaged_names,
)
from offbook.companies.names import slug, target, tidy
from offbook.companies.parts import apart
from offbook.companies.renamed import handed_over
from offbook.companies.whose import (
    Place,
    declared,
    holds_companies,
    losing_companies,
    matching_nothing,
    place_of,
)

__all__ = [
    "Assigned", "Gone", "Place", "apart", "assign", "begun", "choose", "company_names", "declared", "handed_over",
    "holds_companies", "is_by_name", "ledger_names", "like_named", "losing_companies", "matching_nothing", "meant",
    "name_in", "packaged_names", "pattern_of", "perhaps_topics", "place_of", "slug", "subject_of", "target", "tidy",
]  # fmt: skip
