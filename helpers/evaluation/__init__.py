"""Known truth: scores, and the simulated spinner with its made-up sites."""
