"""From notebook to page: engine, executed notebook, build, index, verify."""
