from .index import SourceIndex as SourceIndex
from .index import describe as describe
from .queries import search_queries as search_queries
from .versions import group_versions as group_versions
