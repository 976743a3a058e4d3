"""Of the judge, the exporter and what they stand on. `python3 -m unittest discover -s eval -t .`"""
