"""The guide of each source: what it is about, with pages, and questions that the notebook was seen to answer."""
