"""A site goes in; its pages come out, kept as web archives with a log, asked for politely and never twice."""
