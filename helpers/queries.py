def search_queries(text):
    return []
