from .index import SourceIndex as SourceIndex
from .index import describe as describe
from .lost_source import reconstruct as reconstruct
from .lost_source import reconstruct_all as reconstruct_all
from .queries import search_queries as search_queries
from .reconstruction import Reconstruction as Reconstruction
