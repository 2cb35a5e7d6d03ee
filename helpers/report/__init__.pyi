from .build import build_report as build_report
from .build import build_reports as build_reports
from .captures import capture as capture
from .evidence_folder import evidence as evidence
from .in_notebook import show_report as show_report
from .letter_drafts import letters as letters
from .verification import verify as verify
