"""From notebook to page: engine, exporter, build, index, verify."""
