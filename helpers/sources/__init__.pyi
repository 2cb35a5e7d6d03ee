from .index import SourceIndex as SourceIndex
from .index import describe as describe
from .queries import search_queries as search_queries
from .spintax import expand as expand
from .spintax import possible as possible
from .templates import Template as Template
from .templates import template as template
from .versions import group_versions as group_versions
