"""Fetches prices.json from the price list, which wants a token: python fetch.py [FILE WITH THE TOKEN]"""
import json
import os
import pathlib
import sys

file = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/run/secrets/token")
token = os.environ.get("TOKEN") or (file.read_text().strip() if file.is_file() else "")
if len(token) < 8:
    sys.exit(f"401: no token, neither in TOKEN nor in {file}")

# The exercise needs no network: this stands for a request with the header `Authorization: Bearer ...`.
prices = {"coffee": 2, "bread": 3}
pathlib.Path("prices.json").write_text(json.dumps(prices))
print(f"{len(prices)} prices")
